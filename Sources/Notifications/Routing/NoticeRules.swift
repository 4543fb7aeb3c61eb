public import PluginKit
public import Storage
internal import Trading

/// What the configuration says of notices. Lengths are milliseconds.
public struct NoticeRules: Hashable, Sendable {
  /// Which of the routes that hold a signal count.
  public enum Matching: String, Sendable, CaseIterable { case first, all }

  /// By what messages of the same minute are put together.
  public enum Grouping: String, Sendable, CaseIterable {
    case strategy, category, direction
    /// Symbols that have moved together.
    case correlation
  }

  /// When symbols are said to move together.
  public struct Correlation: Hashable, Sendable {
    /// The least coefficient, 0 to 1.
    public var above = 0.7
    /// How many of the latest daily returns are compared.
    public var sessions = 60

    public init() {}
  }

  public var routes: [Route] = []
  public var matching = Matching.all
  public var filters = SignalFilters()
  public var quietHours: QuietHours?
  public var silences: [Silence] = []
  /// Of one strategy, symbol and direction, where neither strategy nor route names one; 0 is none.
  public var cooldown: Int64 = 3_600_000
  /// Messages about one symbol within an hour and a channel.
  public var hourlyCap = 3
  /// How long messages of medium priority are gathered.
  public var digestEvery: Int64 = 3_600_000
  /// From when on a signal is late, counted from the close of its bar; nil is the length of one bar.
  public var maxAge: Int64?
  public var groupBy: Set<Grouping> = []
  public var correlation = Correlation()
  /// Channels that are told of the host itself; nil is all of them.
  public var alarms: [String]?
  /// Channels that get the reports; nil is all of them.
  public var reports: [String]?
  /// How long a group is gathered.
  public var groupWait: Int64 = 60_000
  public var policy = Notice.Policy.atLeastOnce

  public init() {}

  /// The end of the stretch of a length in which a moment lies; stretches are counted from 1970.
  static func end(of length: Int64, at moment: Instant) -> Instant {
    guard length > 0 else { return moment }
    let (whole, rest) = moment.milliseconds.quotientAndRemainder(dividingBy: length)
    return Instant(milliseconds: (whole + (rest < 0 ? 0 : 1)) * length)
  }
}

/// What a strategy says of its own notices.
public struct StrategyNotices: Hashable, Sendable {
  public var title: String?
  public var priority: ChannelMessage.Priority
  /// Where they go instead of by routes; empty leaves it to the routes.
  public var channels: [String]
  /// Milliseconds.
  public var cooldown: Int64?

  public init(
    title: String? = nil, priority: ChannelMessage.Priority = .medium, channels: [String] = [], cooldown: Int64? = nil
  ) {
    self.title = title
    self.priority = priority
    self.channels = channels
    self.cooldown = cooldown
  }
}
