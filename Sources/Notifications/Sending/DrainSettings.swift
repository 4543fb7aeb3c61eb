public import PluginKit
public import Trading

/// The clock by which messages are sent.
public struct DrainClock: Sendable {
  public let now: @Sendable () -> Instant
  /// Ends at once where the moment has gone, and early where the task is cancelled.
  public let sleep: @Sendable (Instant) async -> Void

  public init(now: @escaping @Sendable () -> Instant, sleep: @escaping @Sendable (Instant) async -> Void) {
    self.now = now
    self.sleep = sleep
  }
}

/// How often and how long is tried. Lengths are milliseconds.
public struct DrainSettings: Hashable, Sendable {
  /// Tries of a message that did not arrive, before it is dead.
  public var attempts = 48
  /// Sendings of a message of which nobody knows whether it arrived, before it is left as unknown.
  public var doubts = 5
  /// The wait after the first try; it doubles up to `longestWait`, and half of it is left to chance.
  public var firstWait: Int64 = 1_000
  public var longestWait: Int64 = 900_000
  /// How often a refused channel is asked whether it has been mended.
  public var probeEvery: Int64 = 1_800_000
  /// How often it is looked whether somebody wants that sooner.
  public var probePause: Int64 = 5_000
  /// How often the outbox is looked into where nobody says that there is something.
  public var idle: Int64 = 1_000
  /// Notices that have waited longer go as a digest.
  public var lateAfter: Int64 = 3_600_000
  /// Channels that are told where another is refused; nil is all others.
  public var alarms: [String]?
  /// Notices in a digest.
  public var digest = 50

  public init() {}
}

/// A channel and the rates that it states.
public struct DrainLane: Sendable {
  public let name: String
  public let channel: any NotificationChannel
  /// Of this channel alone.
  public let rates: [SendingRate]
  /// What it shares with other channels: a bot, a chat.
  public let shared: [SharedRate]

  public init(
    name: String, channel: any NotificationChannel, rates: [SendingRate] = [],
    shared: [SharedRate] = []
  ) {
    self.name = name
    self.channel = channel
    self.rates = rates
    self.shared = shared
  }
}

extension DrainLane {
  /// Whether it takes order intents, and nothing that is written for people.
  var takesOrders: Bool { type(of: channel).takesOrders }
}

/// What the host should know of. Sentences show no secret.
public enum DrainEvent: Sendable, Hashable {
  /// A channel was given a message, and has answered after so long.
  case answered(channel: String, milliseconds: Int64)
  case sent(channel: String, codes: [String])
  case waiting(channel: String, codes: [String], until: Instant, reason: String)
  case unknown(channel: String, codes: [String], reason: String)
  case dead(channel: String, codes: [String], reason: String)
  /// They held no longer than that, and were not sent.
  case expired(channel: String, codes: [String])
  case parked(channel: String, reason: String)
  case released(channel: String)
  case storeFailed(String)
}

/// The steps of a message's way, by which tests end the host.
public enum DrainStep: String, Sendable, CaseIterable {
  /// It is noted as `sending`, and no byte has gone out.
  case claimed
  /// The channel has answered, and nothing is noted.
  case answered
  /// What became of it is noted.
  case marked
}
