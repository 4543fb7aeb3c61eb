internal import PluginKit
internal import Storage
internal import Trading

/// How many commands each user gives; more than a person types are passed over.
struct CommandRates {
  enum Verdict { case within, firstBeyond, beyond }

  let perMinute: Int
  private var moments: [Int64: [Instant]] = [:]
  private var beyond: Set<Int64> = []

  init(perMinute: Int) { self.perMinute = perMinute }

  mutating func verdict(on user: Int64, at now: Instant) -> Verdict {
    let own = (moments[user] ?? []).filter { $0 > now.advanced(by: -60_000) && $0 <= now }
    moments[user] = own
    if own.count >= perMinute { return beyond.insert(user).inserted ? .firstBeyond : .beyond }
    moments[user, default: []].append(now)
    beyond.remove(user)
    return .within
  }
}

/// People who command and are not named. They hear nothing; log and audit hear of all of them together now and then, so
/// that nobody outside fills them.
struct Strangers {
  let every: Int64
  private var count = 0
  private var toldAt: Instant?

  init(every: Int64) { self.every = every }

  /// How many there were since the last time that it was told; nil while it is not time to tell.
  mutating func note(at now: Instant) -> Int? {
    count += 1
    if let toldAt, now < toldAt.advanced(by: every) { return nil }
    defer { (count, toldAt) = (0, now) }
    return count
  }
}
