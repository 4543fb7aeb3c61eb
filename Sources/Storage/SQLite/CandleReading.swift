import GRDB
import Trading

/// Reads bars straight into the columns in which they are used.
struct CandleReading {
  let tables: CandleTables
  let series: Int64
  let from, to: Instant?

  /// Some bars of one chunk, and where they go.
  private struct Part {
    let span: CandleTables.Span
    let bars: Range<Int>
    let target: Int
  }

  /// What stands there now.
  func current() throws -> (series: CandleSeries, adjusted: [Double]?) {
    let parts = try parts()
    let count = parts.last.map { $0.target + $0.bars.count } ?? 0
    let hasAdjusted = parts.contains { $0.span.adjusted }
    var block: [Double] = []
    var adjusted: [Double]?
    let times = try [Instant](unsafeUninitializedCapacity: count) { times, timesDone in
      block = try [Double](unsafeUninitializedCapacity: count * 5) { block, blockDone in
        adjusted =
          try hasAdjusted
          ? [Double](unsafeUninitializedCapacity: count) { adjusted, adjustedDone in
            try copy(parts, count, times, block, adjusted)
            adjustedDone = count
          } : nil
        if !hasAdjusted { try copy(parts, count, times, block, nil) }
        blockDone = count * 5
      }
      timesDone = count
    }
    let series = CandleSeries(
      instrument: Instrument(symbol: tables.key.symbol), timeframe: tables.key.timeframe, times: times, block: block)
    return (series, adjusted)
  }

  private func copy(
    _ parts: [Part], _ count: Int, _ times: UnsafeMutableBufferPointer<Instant>,
    _ block: UnsafeMutableBufferPointer<Double>, _ adjusted: UnsafeMutableBufferPointer<Double>?
  ) throws {
    func part<Value>(_ all: UnsafeMutableBufferPointer<Value>, _ range: Range<Int>) -> UnsafeMutableRawBufferPointer {
      UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: all[range]))
    }
    for piece in parts {
      let target = piece.target..<piece.target + piece.bars.count
      try tables.view(series, piece.span) { view in
        view.copyTimes(piece.bars, to: part(times, target))
        for column in 0..<5 {
          let range = column * count + target.lowerBound..<column * count + target.upperBound
          view.copy(column: column, piece.bars, to: part(block, range))
        }
        guard let adjusted else { return }
        if view.flags.contains(.adjusted) {
          view.copy(column: Chunk.adjusted, piece.bars, to: part(adjusted, target))
        } else {
          for bar in target { adjusted[bar] = .nan }
        }
      }
    }
  }

  private func parts() throws -> [Part] {
    var parts: [Part] = []
    var target = 0
    for span in try tables.spans(series, from: from, to: to) {
      let isCut = (from.map { $0 > span.first } ?? false) || (to.map { $0 < span.last } ?? false)
      let bars =
        try isCut
        ? tables.view(series, span) { view in
          let start = from.map(view.index) ?? 0
          return start..<max(start, to.map { view.index(from: $0.advanced(by: 1)) } ?? view.count)
        } : 0..<span.count
      guard !bars.isEmpty else { continue }
      parts.append(Part(span: span, bars: bars, target: target))
      target += bars.count
    }
    return parts
  }

  /// What was known at a moment, given in seconds: bars that came later are not there, and of one that was replaced
  /// later, the edition of that moment is.
  func asOf(_ moment: UInt32) throws -> (series: CandleSeries, adjusted: [Double]?) {
    var known = Chunk()
    for span in try tables.spans(series, from: from, to: to) {
      let chunk = try tables.chunk(series, span)
      for bar in 0..<chunk.count where chunk.fetched[bar] <= moment { known.append(bar: bar, of: chunk) }
    }
    var earlier: [Instant: (chunk: Chunk, bar: Int)] = [:]
    for (_, _, _, chunk) in try tables.replaced(series, from: from, to: to, after: Int64(moment) * 1_000) {
      // The first that was replaced after the moment is the one that stood there then.
      for bar in 0..<chunk.count where chunk.fetched[bar] <= moment && earlier[chunk.times[bar]] == nil {
        earlier[chunk.times[bar]] = (chunk, bar)
      }
    }
    var old = Chunk()
    for (_, edition) in earlier.sorted(by: { $0.key < $1.key }) { old.append(bar: edition.bar, of: edition.chunk) }
    var counts = SavedCandles()
    var dropped = Chunk()
    let all = known.merged(with: old, replaced: &dropped, counts: &counts).chunk
    let bars = (from.map(all.index) ?? 0)..<(to.map { all.index(from: $0.advanced(by: 1)) } ?? all.count)
    let wanted = bars.isEmpty ? Chunk() : all[bars]
    let series = CandleSeries(
      instrument: Instrument(symbol: tables.key.symbol), timeframe: tables.key.timeframe, times: wanted.times,
      block: Array(wanted.columns[..<Chunk.adjusted].joined()))
    return (series, wanted.hasAdjustedClose ? wanted.columns[Chunk.adjusted] : nil)
  }
}
