import GRDB
import Trading

/// Puts bars in the place of others, or takes them away, and keeps what was there.
struct CandleRevising {
  let tables: CandleTables
  let series: Int64
  /// What stood there before, ascending.
  private(set) var replaced = Chunk()
  /// The openings of bars where none was.
  private(set) var added: [Instant] = []

  init(tables: CandleTables, series: Int64) {
    self.tables = tables
    self.series = series
  }

  var changes: Int { replaced.count + added.count }

  /// - Parameters:
  ///   - bars: What is to stand there.
  ///   - gone: What is to stand there no more.
  ///   - isMeant: Whether a bar that stands there may be replaced or taken away; where it may not, it stays.
  mutating func put(
    _ bars: Chunk, takingAway gone: Set<Instant>, where isMeant: (Chunk, Int) -> Bool
  ) throws {
    let gone = gone.sorted()
    guard let first = [bars.times.first, gone.first].compactMap({ $0 }).min() else { return }
    let spans = try tables.spans(series, from: nil, to: nil)
    if spans.isEmpty {
      added = bars.times
      for part in bars.fullParts { try tables.insert(series, part) }
      return
    }
    // A chunk owns the time from its first bar to that of the next one; the first and the last own what lies outside.
    for (place, span) in spans.enumerated() {
      let next = place + 1 < spans.count ? spans[place + 1].first : nil
      if let next, next <= first { continue }
      let from = place == 0 ? 0 : bars.index(from: span.first)
      let to = next.map { bars.index(from: $0) } ?? bars.count
      let leaving = gone.filter { time in
        (place == 0 || time >= span.first) && (next.map { time < $0 } ?? true)
      }
      guard from < to || !leaving.isEmpty else { continue }
      try rewrite(span, bars[from..<max(from, to)], Set(leaving), isMeant)
    }
  }

  private mutating func rewrite(
    _ span: CandleTables.Span, _ arriving: Chunk, _ gone: Set<Instant>, _ isMeant: (Chunk, Int) -> Bool
  ) throws {
    let there = try tables.chunk(series, span)
    var result = Chunk()
    var (old, new) = (0, 0)
    var differs = false
    while old < there.count || new < arriving.count {
      if new == arriving.count || (old < there.count && there.times[old] < arriving.times[new]) {
        if gone.contains(there.times[old]), isMeant(there, old) {
          replaced.append(bar: old, of: there)
          differs = true
        } else {
          result.append(bar: old, of: there)
        }
        old += 1
      } else if old < there.count, there.times[old] == arriving.times[new] {
        if there.says(old, arriving, new) || !isMeant(there, old) {
          result.append(bar: old, of: there)
        } else {
          replaced.append(bar: old, of: there)
          result.append(bar: new, of: arriving)
          differs = true
        }
        old += 1
        new += 1
      } else {
        added.append(arriving.times[new])
        result.append(bar: new, of: arriving)
        differs = true
        new += 1
      }
    }
    guard differs else { return }
    try tables.remove(series, span)
    for part in result.parts where part.count > 0 { try tables.insert(series, part) }
  }
}

extension Chunk {
  /// The same bars as if they had been fetched at another moment.
  func fetched(at moment: Instant) -> Chunk {
    var copy = self
    copy.fetched = Array(repeating: UInt32(clamping: moment.milliseconds / 1_000), count: count)
    return copy
  }

  /// Whether a bar holds the same as one of another chunk: prices, volume and adjusted close, bit for bit.
  func says(_ bar: Int, _ other: Chunk, _ otherBar: Int, passingOverNoAdjustedClose: Bool = false) -> Bool {
    for column in columns.indices {
      let (mine, others) = (columns[column][bar], other.columns[column][otherBar])
      if mine.bitPattern == others.bitPattern || (mine.isNaN && others.isNaN) { continue }
      if passingOverNoAdjustedClose, column == Chunk.adjusted, others.isNaN { continue }
      return false
    }
    return true
  }

  /// The place of a bar by its opening; nil where none opens then.
  func place(of time: Instant) -> Int? {
    let place = index(from: time)
    return place < count && times[place] == time ? place : nil
  }
}
