public import Storage
public import Trading

/// Whether a strategy has left what its history gave.
public struct DriftFinding: Hashable, Sendable {
  /// The rate of the history, and the least that its interval admits.
  public var history, floor: Double
  /// Outcomes that were watched.
  public var watched: Int
  /// The wealth of the bets against the floor; the alarm is at `patience`.
  public var evidence, patience: Double
  /// Since which bar the rate is lower, and what it is since then of so many; nil where there is no alarm.
  public var since: Instant?
  public var rate: Double?
  public var count: Int

  /// Watches outcomes one after another until the alarm. Nil where the history is too short: the first outcomes are
  /// then taken to it, until it is long enough.
  public init?(_ reference: DriftReference, recent: OutcomeSequence, patience: Double = DriftDetector.patience) {
    let lacking = max(0, DriftDetector.leastHistory - reference.count)
    guard recent.outcomes.count >= lacking else { return nil }
    let taken = recent.outcomes.prefix(lacking)
    let count = reference.count + taken.count
    let sum = taken.reduce((reference.rate ?? 0) * Double(reference.count)) { $0 + $1.value }
    guard var detector = DriftDetector(rate: sum / Double(count), of: count, patience: patience) else { return nil }
    (history, floor, self.patience) = (detector.history, detector.floor, patience)
    self.count = 0
    let watched = Array(recent.outcomes.dropFirst(lacking))
    for (place, outcome) in watched.enumerated() where detector.take(outcome.value) {
      let since = watched[detector.start...place]
      self.since = since.first?.time
      rate = since.reduce(0) { $0 + $1.value } / Double(since.count)
      self.count = since.count
      break
    }
    self.watched = detector.count
    evidence = detector.evidence
  }
}
