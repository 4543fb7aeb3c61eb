public import Trading

/// Which slots of a job must and may have been done, told from the slots that there are and from when the host could
/// work: an account that knows no scheduler.
public struct SlotAccount: Sendable {
  public enum Rule: Sendable {
    /// Each slot, however late.
    case all
    /// Those for which the host was there.
    case skip
    /// Those, and the last of each time without it.
    case last
  }

  /// While the host ran and could write, in their order; a jump of the clock parts two of them.
  public var up: [ClosedRange<Instant>] = []

  public init() {}

  /// Sentences on what was done and must not have been, or was not done.
  ///
  /// - Parameters:
  ///   - slots: All that there are within the window, by an oracle.
  ///   - done: Those that were done within the window.
  public func faults(of job: String, _ rule: Rule, slots: [Instant], done: [Instant]) -> [String] {
    let edge: Int64 = 5 * 60_000
    guard rule != .all else {
      let (there, found) = (Set(slots), Set(done))
      return there.subtracting(found).sorted().map { "\(job): \($0) was not done" }
        + found.subtracting(there).sorted().map { "\(job): \($0) is no slot" }
        + (done.count == found.count ? [] : ["\(job): a slot is there twice"])
    }
    let found = Set(done)
    let certain = Set(
      slots.filter { slot in up.contains { $0.lowerBound < slot && slot.advanced(by: edge) < $0.upperBound } })
    var faults = certain.subtracting(found).sorted().map { "\(job): \($0) was not done" }
    var possible = Set(
      slots.filter { slot in
        up.contains { $0.lowerBound.advanced(by: -edge) <= slot && slot <= $0.upperBound.advanced(by: edge) }
      })
    if rule == .last {
      for (before, after) in zip(up, up.dropFirst()) {
        let missed = slots.filter { $0 > before.upperBound && $0 <= after.lowerBound }
        guard let last = missed.last else { continue }
        possible.insert(last)
        let isNear = slots.contains { abs($0.milliseconds - after.lowerBound.milliseconds) <= edge }
        if !isNear, !found.contains(last) { faults.append("\(job): \(last), the last of some that were missed") }
      }
    }
    return faults + found.subtracting(possible).sorted().map { "\(job): \($0) was done, and nobody was there" }
  }
}
