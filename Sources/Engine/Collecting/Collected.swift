import PluginKit
public import Storage
import Trading

/// What one run brought of one instrument.
public struct Collected: Sendable {
  public let key: CandleKey
  public var requests = 0
  public var saved = SavedCandles()
  /// Bars that the calendar expects and that are not there, except holes.
  public var gaps = 0
  /// Bars that the source was asked for in vain, remembered in this run.
  public var holes = 0
  /// What there is now; nil where nothing is.
  public var coverage: Coverage?
  /// Whether bars are missing at the end that the source should have had; nil where nothing is.
  public var isStale: Bool?
  /// What the quality stage found in the prices; nil where nothing came or there is no such stage.
  public var check: CandleCheck?
  /// What it mended.
  public var repair: CandleRepair?
  /// Why it ended early; what had been brought is kept.
  public var fault: CollectFault?

  init(key: CandleKey) { self.key = key }

  mutating func add(_ more: SavedCandles) {
    saved.new += more.new
    saved.unchanged += more.unchanged
    saved.corrected += more.corrected
    saved.readjusted += more.readjusted
    saved.actions += more.actions
  }
}

/// Why a back-fill ended early: the source, the symbol and the cause.
public struct CollectFault: Error, Hashable, Sendable {
  public enum Kind: Sendable, Hashable {
    /// A later run may bring it.
    case unavailable
    /// The source does not have it, or answers what cannot be used.
    case unusable
    case store
    case cancelled
  }

  public let kind: Kind
  public let key: CandleKey
  public let cause: String

  init(_ key: CandleKey, _ kind: Kind, _ cause: String) {
    self.key = key
    self.kind = kind
    self.cause = cause
  }

  init(_ key: CandleKey, _ error: DataSourceError) {
    self.init(key, error.isTransient ? .unavailable : .unusable, "\(error)")
  }

  init(_ key: CandleKey, _ error: StoreError) {
    self.init(key, error == .cancelled ? .cancelled : .store, "\(error)")
  }
}

extension CollectFault: CustomStringConvertible {
  public var description: String {
    let place = "\(key.source), \(key.symbol) \(key.timeframe)"
    return cause.hasPrefix(key.source) ? cause : "\(place): \(cause)"
  }
}

extension Backfill {
  func storing<Value: Sendable>(
    _ body: () async throws(StoreError) -> Value
  ) async throws(CollectFault) -> Value {
    do throws(StoreError) { return try await body() } catch { throw CollectFault(key, error) }
  }

  func reach() throws(CollectFault) -> SourceReach {
    do throws(DataSourceError) { return try source.reach(key.timeframe) } catch { throw CollectFault(key, error) }
  }
}

extension PriceHistory {
  /// The bars that open in a stretch, with the actions of it. Refuses what does not ascend.
  func opening(in stretch: Range<Instant>, _ key: CandleKey) throws(CollectFault) -> PriceHistory {
    let times = series.times
    for bar in times.indices.dropFirst() where times[bar] <= times[bar - 1] {
      throw CollectFault(key, .unusable, "the bar of \(times[bar]) came behind that of \(times[bar - 1])")
    }
    let kept = times.indices.filter { stretch.contains(times[$0]) && !series.isMissing($0) }
    var part = self
    part.series = CandleSeries(
      instrument: series.instrument, timeframe: series.timeframe, candles: kept.map { series[$0] })
    part.adjustedClose = adjustedClose.map { closes in kept.map { closes[$0] } }
    part.actions = actions.filter { stretch.contains($0.time) }
    return part
  }
}
