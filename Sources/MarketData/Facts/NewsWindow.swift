import Trading

/// The items published in `(now − length, now]` and known by now. Sums are whole numbers, so the way by which a window
/// came to a moment leaves no trace in its value.
struct NewsWindow {
  static let empty = NewsWindow(.none, 0)

  private let facts: Facts
  private let length: Int64
  private var now: Instant?
  /// The first item that was published within the window.
  private var oldest = 0
  /// How many items are known, in the order of their arrival.
  private var arrived = 0
  private var items = 0
  private var scored: Int64 = 0
  private var sum: Int64 = 0

  init(_ facts: Facts, _ length: Int64) {
    self.facts = facts
    self.length = length
  }

  /// How many items; NaN before anything was ever known, when nobody may have been listening.
  var count: Double { arrived == 0 ? .nan : Double(items) }

  /// The mean score; NaN where no item of the window was judged.
  var mean: Double { scored == 0 ? .nan : Double(sum) / (Double(scored) * 1_000_000) }

  mutating func move(to now: Instant) {
    let start = now.milliseconds.subtractingReportingOverflow(length).partialValue
    if let last = self.now, now >= last {
      while oldest < facts.news.count, facts.news[oldest].publishedAt.milliseconds <= start {
        if facts.news[oldest].knownAt <= last { add(facts.news[oldest], -1) }
        oldest += 1
      }
    } else {
      (items, scored, sum) = (0, 0, 0)
      oldest = firstPlace(in: facts.news.count) { facts.news[$0].publishedAt.milliseconds > start }
      arrived = firstPlace(in: facts.arrivals.count) { facts.news[facts.arrivals[$0]].knownAt > now }
      var place = oldest
      while place < facts.news.count, facts.news[place].publishedAt <= now {
        if facts.news[place].knownAt <= now { add(facts.news[place], 1) }
        place += 1
      }
    }
    while arrived < facts.arrivals.count, facts.news[facts.arrivals[arrived]].knownAt <= now {
      // An item that became known when its time had passed already is none of the window's.
      if facts.arrivals[arrived] >= oldest { add(facts.news[facts.arrivals[arrived]], 1) }
      arrived += 1
    }
    self.now = now
  }

  private mutating func add(_ item: ScoredItem, _ sign: Int64) {
    items += Int(sign)
    guard let score = item.millionths else { return }
    scored += sign
    sum += sign * score
  }
}

/// The first place from which on something is true.
func firstPlace(in count: Int, where isTrue: (Int) -> Bool) -> Int {
  var (low, high) = (0, count)
  while low < high {
    let middle = (low + high) / 2
    if isTrue(middle) { high = middle } else { low = middle + 1 }
  }
  return low
}
