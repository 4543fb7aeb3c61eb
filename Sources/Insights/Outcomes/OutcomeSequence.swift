public import Storage
public import Trading

/// The outcomes of one strategy in the order of time, such that none begins before the one before it has ended: what
/// comes between is left out, so that no two share bars. Of calls at one time on several symbols the share that came
/// true is one outcome.
public struct OutcomeSequence: Sendable {
  public struct Outcome: Hashable, Sendable {
    /// The label of the calls' bar.
    public var time: Instant
    /// 0 to 1.
    public var value: Double
  }

  public let outcomes: [Outcome]

  public init(_ ended: [EndedOutcome]) {
    let ended = ended.sorted { ($0.time, $0.end) < ($1.time, $1.end) }
    var outcomes: [Outcome] = []
    var free: Instant?
    var next = 0
    while next < ended.count {
      let time = ended[next].time
      var last = next
      while last < ended.count, ended[last].time == time { last += 1 }
      let together = ended[next..<last]
      if free.map({ time >= $0 }) ?? true {
        let right = together.count { $0.result > 0 }
        outcomes.append(Outcome(time: time, value: Double(right) / Double(together.count)))
        free = together.map(\.end).max()
      }
      next = last
    }
    self.outcomes = outcomes
  }

  /// The share that came true; nil without any.
  public var rate: Double? {
    outcomes.isEmpty ? nil : outcomes.reduce(0) { $0 + $1.value } / Double(outcomes.count)
  }
}
