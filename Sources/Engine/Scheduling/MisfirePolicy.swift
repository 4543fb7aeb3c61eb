import Trading

/// What becomes of slots that could not begin when they were due: the host was not running, or the job was busy.
public struct MisfirePolicy: Hashable, Sendable {
  public enum Rule: String, Sendable, CaseIterable {
    /// Late slots are passed over.
    case skip
    /// Of late slots the last runs, unless one that is not late runs anyway.
    case runOnce = "run_once"
    /// Late slots run one after the other, the latest `catchUp` of them.
    case runAll = "run_all"
  }

  public var rule: Rule
  /// Milliseconds by which a slot may begin later without being late.
  public var grace: Int64
  public var catchUp: Int

  public init(_ rule: Rule = .runOnce, grace: Int64 = 60_000, catchUp: Int = 10) {
    self.rule = rule
    self.grace = max(0, grace)
    self.catchUp = max(1, catchUp)
  }

  /// How many slots are looked at together, at most: those that are late and run, and a thousand that are not late.
  var considered: Int { catchUp + 1_000 }

  /// Which of some slots run now, in their order, and which never.
  ///
  /// - Parameter due: When a slot could have begun; the slots stand in this order.
  func choose<Slot>(among slots: [Slot], now: Instant, due: (Slot) -> Instant) -> (run: [Slot], skip: [Slot]) {
    let firstInTime = slots.firstIndex { due($0).milliseconds >= now.milliseconds - grace } ?? slots.count
    let (late, inTime) = (slots[..<firstInTime], slots[firstInTime...])
    let kept =
      switch rule {
      case .skip: 0
      case .runOnce: inTime.isEmpty ? 1 : 0
      case .runAll: catchUp
      }
    return (Array(late.suffix(kept) + inTime), Array(late.dropLast(kept)))
  }
}
