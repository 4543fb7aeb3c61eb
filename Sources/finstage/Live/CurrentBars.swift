import Calendars
import Engine
import MarketData
import Synchronization
import Trading

/// The bars of the strategies that run, wherever they are by now: a strategy that came later may act on symbols that
/// none had before.
final class CurrentBars: LiveBars {
  private let current: Mutex<ConfiguredBars>

  init(_ bars: ConfiguredBars) { current = Mutex(bars) }

  func replace(by bars: ConfiguredBars) { current.withLock { $0 = bars } }

  private var bars: ConfiguredBars { current.withLock { $0 } }

  func standing(of names: Set<SeriesName>) async throws(LiveFault) -> [SeriesName: BarStanding] {
    try await bars.standing(of: names)
  }

  func fault(of name: SeriesName) async -> LiveFault? { await bars.fault(of: name) }

  func bars(of name: SeriesName, after: Instant?) async throws(LiveFault) -> ClosedBars {
    try await bars.bars(of: name, after: after)
  }

  func facts(of symbol: String) async throws(LiveFault) -> Facts { try await bars.facts(of: symbol) }

  func calendar(of name: SeriesName) -> (any TradingCalendar)? { bars.calendar(of: name) }
}
