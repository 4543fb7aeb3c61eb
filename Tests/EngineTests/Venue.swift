import PluginKit
import Synchronization
import Trading

/// A venue in memory: daily bars that a test lays down, requests that it can look at, faults that it can set.
final class Venue: DataSource {
  static let id = "venue"
  static let summary = "Bars of a test."
  static let settings: [PluginSetting] = []

  struct State {
    var bars: [Instant: Double] = [:]
    var actions: [CorporateAction] = []
    var requests: [Range<Instant>] = []
    /// The number of answers after which each further request fails.
    var answersLeft = Int.max
  }

  let state = Mutex(State())
  let limits: SourceReach

  init(reach: SourceReach = SourceReach()) { limits = reach }

  init(settings: PluginSettings, host: SourceHost) { limits = SourceReach() }

  func reach(_ timeframe: Timeframe) -> SourceReach { limits }

  func history(
    of instrument: Instrument, timeframe: Timeframe, from: Instant?, to: Instant?
  ) async throws(DataSourceError) -> PriceHistory {
    let range = (from ?? Instant(seconds: 0))..<(to ?? Instant(seconds: 4_000_000_000))
    let found: State? = state.withLock { state in
      state.requests.append(range)
      guard state.answersLeft > 0 else { return nil }
      state.answersLeft -= 1
      return state
    }
    guard let found else { throw .unavailable("the venue is closed for repairs") }
    let candles = found.bars.filter { range.contains($0.key) }.sorted { $0.key < $1.key }
      .map { Candle(time: $0.key, open: $0.value, high: $0.value, low: $0.value, close: $0.value, volume: 1) }
    let series = CandleSeries(instrument: instrument, timeframe: timeframe, candles: candles)
    return PriceHistory(
      series: series, adjustedClose: candles.map(\.close), actions: found.actions.filter { range.contains($0.time) })
  }

  /// The requests since this was last asked.
  var requests: [Range<Instant>] {
    state.withLock { state in
      defer { state.requests = [] }
      return state.requests
    }
  }

  func set(_ time: Instant, _ price: Double?) { state.withLock { $0.bars[time] = price } }
}
