import Trading

/// Some neighbouring bars of one key as columns, and when each was fetched: what a save works on.
struct Chunk: Sendable {
  /// The most bars that are kept in one blob. An append rewrites no more than that.
  static let capacity = 4_096

  /// Openings, ascending strictly.
  var times: [Instant] = []
  /// Open, high, low, close, volume and adjusted close, each as long as `times`; an adjusted close that is not there is
  /// NaN.
  var columns: [[Double]] = Array(repeating: [], count: Chunk.width)
  /// Seconds since 1970 at which the bar was fetched.
  var fetched: [UInt32] = []

  static let width = 6
  static let adjusted = 5
  private static let close = CandleSeries.Column.close.rawValue

  init() {}

  /// The bars of a history that are there.
  init(_ history: PriceHistory, fetched moment: UInt32) {
    let series = history.series
    let isThere = series.column(.close).map { !$0.isNaN }
    let isWhole = !isThere.contains(false)
    func present<Value>(_ values: some Sequence<Value>) -> [Value] {
      isWhole ? Array(values) : zip(values, isThere).filter(\.1).map(\.0)
    }
    times = present(series.times)
    columns = CandleSeries.Column.allCases.map { present(series.column($0)) }
    columns.append(history.adjustedClose.map { present($0) } ?? Array(repeating: .nan, count: times.count))
    fetched = Array(repeating: moment, count: times.count)
  }

  var count: Int { times.count }
  var hasAdjustedClose: Bool { columns[Chunk.adjusted].contains { !$0.isNaN } }

  subscript(range: Range<Int>) -> Chunk {
    var part = Chunk()
    part.times = Array(times[range])
    part.columns = columns.map { Array($0[range]) }
    part.fetched = Array(fetched[range])
    return part
  }

  mutating func append(_ other: Chunk) {
    times += other.times
    for column in columns.indices { columns[column] += other.columns[column] }
    fetched += other.fetched
  }

  mutating func append(bar: Int, of other: Chunk) {
    times.append(other.times[bar])
    for column in columns.indices { columns[column].append(other.columns[column][bar]) }
    fetched.append(other.fetched[bar])
  }

  /// The first bar that opens at or after a moment; `count` where none does.
  func index(from moment: Instant) -> Int { times.firstIndex(from: moment) }

  /// The same bars in parts of nearly one length, none longer than the capacity.
  var parts: [Chunk] {
    let parts = max(1, (count + Chunk.capacity - 1) / Chunk.capacity)
    return (0..<parts).map { self[count * $0 / parts..<count * ($0 + 1) / parts] }
  }

  /// The same bars in full chunks, and what is over.
  var fullParts: [Chunk] {
    stride(from: 0, to: count, by: Chunk.capacity).map { self[$0..<min(count, $0 + Chunk.capacity)] }
  }

  /// Bars that arrive for a chunk, put among those that are there. Bars that are replaced go to `replaced`.
  func merged(with arriving: Chunk, replaced: inout Chunk, counts: inout SavedCandles) -> (chunk: Chunk, differs: Bool)
  {
    var result = Chunk()
    var differs = false
    var (old, new) = (0, 0)
    while old < count || new < arriving.count {
      if new == arriving.count || (old < count && times[old] < arriving.times[new]) {
        result.append(bar: old, of: self)
        old += 1
        continue
      }
      if old < count, times[old] == arriving.times[new] {
        let kept = keep(old, against: arriving, new, counts: &counts)
        if kept {
          result.append(bar: old, of: self)
        } else {
          replaced.append(bar: old, of: self)
          result.append(bar: new, of: arriving)
          let last = result.count - 1
          // Whoever does not say what the adjusted close is does not take it back, as long as the close stands.
          if result.columns[Chunk.adjusted][last].isNaN,
            columns[Chunk.close][old].bitPattern == arriving.columns[Chunk.close][new].bitPattern
          {
            result.columns[Chunk.adjusted][last] = columns[Chunk.adjusted][old]
          }
          differs = true
        }
        old += 1
      } else {
        result.append(bar: new, of: arriving)
        counts.new += 1
        differs = true
      }
      new += 1
    }
    return (result, differs)
  }

  /// Whether the bar that is there says all that the arriving one says; counts what the arriving one is.
  private func keep(_ old: Int, against arriving: Chunk, _ new: Int, counts: inout SavedCandles) -> Bool {
    for column in 0..<Chunk.adjusted {
      let (there, here) = (columns[column][old], arriving.columns[column][new])
      if there.bitPattern != here.bitPattern, !(there.isNaN && here.isNaN) {
        counts.corrected += 1
        return false
      }
    }
    let (there, here) = (columns[Chunk.adjusted][old], arriving.columns[Chunk.adjusted][new])
    if here.isNaN || there.bitPattern == here.bitPattern {
      counts.unchanged += 1
      return true
    }
    counts.readjusted += 1
    return false
  }
}

extension RandomAccessCollection where Element == Instant, Index == Int {
  /// The first of ascending moments at or after one; `endIndex` where none is.
  func firstIndex(from moment: Instant) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = low + (high - low) / 2
      if self[middle] < moment { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
