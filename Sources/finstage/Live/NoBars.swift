import Calendars
import Engine
import Trading

/// For a plan of which only what runs is wanted.
struct NoBars: LiveBars {
  func standing(of names: Set<SeriesName>) async throws(LiveFault) -> [SeriesName: BarStanding] { [:] }

  func bars(of name: SeriesName, after: Instant?) async throws(LiveFault) -> ClosedBars {
    ClosedBars(
      CandleSeries(instrument: Instrument(symbol: name.symbol), timeframe: name.timeframe, times: [], block: []))
  }

  func calendar(of name: SeriesName) -> (any TradingCalendar)? { nil }
}
