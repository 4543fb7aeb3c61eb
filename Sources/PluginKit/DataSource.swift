public import Trading

/// A place that candles come from: files, a venue's API. The config names it by its id (`type: csv`).
///
/// One file a source in `Plugins/DataSources`, one line in the list there.
public protocol DataSource: Sendable {
  /// The word after `type:`.
  static var id: String { get }
  /// One line on where the candles come from.
  static var summary: String { get }
  /// The keys that the config admits besides `type`.
  static var settings: [SourceSetting] { get }

  /// Takes the settings by name. The host has checked names, presence and kinds; `baseDirectory` is the folder of the
  /// config, to which relative paths are relative. Touches neither files nor network.
  init(settings: [String: String], baseDirectory: String) throws(DataSourceError)

  /// The candles that open from `from` on (inclusive) and before `to` (exclusive), oldest first; nil leaves that side
  /// open. A range without candles gives an empty series.
  func candles(
    of instrument: Instrument, timeframe: Timeframe, from: Instant?, to: Instant?
  ) async throws(DataSourceError) -> CandleSeries
}

/// Why a source gives no candles. Each case is said in a sentence.
public enum DataSourceError: Error, Sendable, Hashable {
  /// A setting cannot be used; the sentence says what was found and what is admitted.
  case badSetting(name: String, String)
  /// The source does not have the instrument at that timeframe.
  case notFound(Instrument, String)
  /// What the source holds or answers cannot be used as it is; a later try will meet the same.
  case unusable(String)
  /// The source could not be reached or refused for now; a later try may work.
  case unavailable(String)

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
    case .unusable(let sentence), .unavailable(let sentence): sentence
    }
  }
}
