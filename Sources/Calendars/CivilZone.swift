public import Trading

/// A zone of the tz database: what its clocks show at a moment, and when they show a time of day. The whole history of
/// the zone counts, and its rule for the time to come up to the year 2600.
///
/// Local times are seconds since 1970-01-01T00:00 on the zone's own clocks.
public struct CivilZone: Sendable, Hashable {
  /// `America/New_York`, `UTC`, or an offset such as `+09:00`.
  public let name: String
  /// Seconds since 1970 in UTC from which the offset beside it holds; the first stands for all time before.
  let changes: [Int64]
  /// Seconds ahead of UTC.
  let offsets: [Int64]

  public static let utc = CivilZone(name: "UTC", changes: [.min], offsets: [0])

  /// What the clocks show at a moment, in whole seconds.
  public func local(at moment: Instant) -> Int64 {
    let seconds = moment.wholeSeconds
    return seconds + offset(at: seconds)
  }

  /// Seconds ahead of UTC at a moment in seconds since 1970.
  public func offset(at seconds: Int64) -> Int64 { offsets[place(of: seconds)] }

  /// The next change of the clocks after a moment, both in seconds since 1970; nil where none is known.
  public func change(after seconds: Int64) -> Int64? {
    let next = place(of: seconds) + 1
    return next < changes.count ? changes[next] : nil
  }

  /// The first moment at which the clocks show a local time or have gone past it: of a time that they leave out, the
  /// moment at which they do; of one that they show twice, the first.
  public func first(showing local: Int64) -> Instant {
    // No clock has ever been a whole day away from UTC.
    var place = place(of: local - 108_000)
    while true {
      let start = changes[place]
      let offset = offsets[place]
      if start > .min, local < start + offset { return Instant(seconds: start) }
      if place + 1 == changes.count || local < changes[place + 1] + offset { return Instant(seconds: local - offset) }
      place += 1
    }
  }

  private func place(of seconds: Int64) -> Int {
    var (low, high) = (0, changes.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if changes[middle] <= seconds { low = middle } else { high = middle }
    }
    return low
  }
}

extension Instant {
  /// Rounded down.
  var wholeSeconds: Int64 { milliseconds.flooredQuotient(by: 1_000) }
}

extension Int64 {
  /// The quotient, rounded down where the remainder is below zero.
  func flooredQuotient(by divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
