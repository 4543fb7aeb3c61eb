public import Trading

/// A length of time after which something comes again, counted from 1970-01-01T00:00Z, whole weeks from Monday
/// 1970-01-05: so the slots are the same whenever the program was started.
public struct FixedInterval: Hashable, Sendable {
  /// Milliseconds.
  public let length: Int64

  /// Nil where the length is not from a second to a year.
  public init?(milliseconds length: Int64) {
    guard (1_000...366 * 86_400_000).contains(length) else { return nil }
    self.length = length
  }

  public func next(after moment: Instant) -> Instant {
    let shift = origin
    return Instant(milliseconds: (moment.milliseconds - shift).floored(to: length) + length + shift)
  }

  private var origin: Int64 { length % 604_800_000 == 0 ? 345_600_000 : 0 }
}
