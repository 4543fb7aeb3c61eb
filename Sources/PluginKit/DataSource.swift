public import Trading

/// A place that candles come from: files, a venue's API. The config names it by its id (`type: csv`).
///
/// One file a source in `Plugins/DataSources`, one line in the list there.
public protocol DataSource: Sendable {
  /// The word after `type:`.
  static var id: String { get }
  /// One line on where the candles come from.
  static var summary: String { get }
  /// The keys that the config admits besides `type`, and besides those of the web client where there is one.
  static var settings: [PluginSetting] { get }
  /// How its server may be asked where the config says nothing; nil where the source needs no network.
  static var web: WebManners? { get }

  /// Takes the settings by name. The host has checked names, presence and kinds. Touches neither files nor network.
  init(settings: PluginSettings, host: SourceHost) throws(DataSourceError)

  /// What one request for a timeframe may ask; throws where the source has no such timeframe, and names those it has.
  func reach(_ timeframe: Timeframe) throws(DataSourceError) -> SourceReach

  /// What the source says of the candles that open from `from` on (inclusive) and before `to` (exclusive), oldest
  /// first; nil leaves that side open. A range without candles gives an empty series. The bar that is still forming may
  /// be among them: the host leaves it out.
  func history(
    of instrument: Instrument, timeframe: Timeframe, from: Instant?, to: Instant?
  ) async throws(DataSourceError) -> PriceHistory
}

extension DataSource {
  public static var web: WebManners? { nil }
}

/// What the host gives to a source: never a clock or a connection of its own.
public struct SourceHost: Sendable {
  /// The folder of the config, to which relative paths are relative.
  public let baseDirectory: String
  /// Keeps to the source's rate, retries, and refuses what the configuration does not allow.
  public let web: any WebClient
  public let now: @Sendable () -> Instant

  public init(baseDirectory: String, web: any WebClient, now: @escaping @Sendable () -> Instant) {
    self.baseDirectory = baseDirectory
    self.web = web
    self.now = now
  }
}

/// How a server may be asked, where the config does not say otherwise.
public struct WebManners: Hashable, Sendable {
  /// The address that paths are appended to, without a slash at its end; empty where the config names whole addresses.
  public let baseURL: String
  /// Requests by length of window: `["2/s", "60/m", "25/d"]`.
  public let rate: [String]

  public init(baseURL: String, rate: [String]) {
    self.baseURL = baseURL
    self.rate = rate
  }
}

/// What one request to a source may ask, and how long its answers may still change.
public struct SourceReach: Hashable, Sendable {
  /// The most bars that an answer holds; nil without a limit.
  public var bars: Int?
  /// The longest range of one request, in milliseconds; nil without a limit.
  public var span: Int64?
  /// How far back from now the source has the timeframe, in milliseconds; nil without a limit.
  public var depth: Int64?
  /// How long after its close a bar may still change, in milliseconds.
  public var settle: Int64

  public init(bars: Int? = nil, span: Int64? = nil, depth: Int64? = nil, settle: Int64 = 0) {
    self.bars = bars
    self.span = span
    self.depth = depth
    self.settle = settle
  }
}

/// Why a source gives no candles. Each case is said in a sentence.
public enum DataSourceError: Error, Sendable, Hashable {
  /// A setting cannot be used; the sentence says what was found and what is admitted.
  case badSetting(name: String, String)
  /// The source does not have the instrument at that timeframe.
  case notFound(Instrument, String)
  /// What the source holds or answers cannot be used as it is; a later try will meet the same.
  case unusable(String)
  /// The source could not be reached or refused for now; a later try may work, after so many seconds where it says so.
  case unavailable(String, retryAfter: Double? = nil)

  /// Whether a later try may work.
  public var isTransient: Bool {
    if case .unavailable = self { true } else { false }
  }
}

extension DataSourceError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .badSetting(let name, let sentence): "\(name): \(sentence)"
    case .notFound(let instrument, let sentence): "\(instrument.symbol): \(sentence)"
    case .unusable(let sentence), .unavailable(let sentence, _): sentence
    }
  }
}
