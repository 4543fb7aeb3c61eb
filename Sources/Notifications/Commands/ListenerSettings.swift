public import Trading

/// How a source of commands is heard. Lengths are milliseconds.
public struct ListenerSettings: Hashable, Sendable {
  /// Seconds that the server waits for the first update of an answer.
  public var wait = 25
  /// An answer with nothing in it that came sooner than the server was asked to wait is not asked for again before this.
  public var pause: Int64 = 1_000
  /// The wait after a fault; it doubles up to the longest, and half of it is left to chance.
  public var firstWait: Int64 = 1_000
  public var longestWait: Int64 = 300_000
  /// The same where somebody else hears in our place.
  public var firstContest: Int64 = 30_000
  public var longestContest: Int64 = 600_000
  /// How long is waited where the bot is refused.
  public var refusedWait: Int64 = 1_800_000
  /// How often it is looked whether this host leads.
  public var leadEvery: Int64 = 5_000
  /// Strangers are told of once in this time, all together.
  public var strangersEvery: Int64 = 600_000
  /// Commands of one user within a minute; more are passed over.
  public var perMinute = 20
  /// How often a command is tried at which the process ends.
  public var tries = 3
  /// After so long without an update Telegram's numbers may begin anew ("at least a week").
  public var renumbering: Int64 = 6 * 86_400_000

  public init() {}
}

/// What the host should know of. Sentences show no secret.
public enum ListenerEvent: Sendable, Hashable {
  case listening(source: String)
  /// This host does not lead, and leaves it to the one that does.
  case resting(source: String)
  case contested(source: String, until: Instant, reason: String)
  case refused(source: String, until: Instant, reason: String)
  case failing(source: String, until: Instant, reason: String)
  case carriedOut(actor: String, action: String, subject: String)
  /// So many updates of people who are not named since the last such event; the last of them.
  case strangers(source: String, count: Int, user: Int64?, place: Int64?)
  case storeFailed(String)
}
