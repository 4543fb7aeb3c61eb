import Backtesting
import Engine
import Trading

/// How symbols have moved together lately, by the daily bars that are stored; each symbol is read once.
actor Correlations {
  private let bars: any LiveBars
  private let sessions: Int
  private let since: Instant
  private var series: [String: CandleSeries?] = [:]

  /// - Parameter sessions: how many daily returns are compared; with less than half of them nothing is known.
  init(_ bars: any LiveBars, sessions: Int, now: Instant) {
    self.bars = bars
    self.sessions = sessions
    // Weekends and holidays are no sessions.
    since = now.advanced(by: -Int64(2 * sessions + 15) * 86_400_000)
  }

  func value(_ one: String, _ other: String) async -> Double? {
    guard let first = await daily(one), let second = await daily(other) else { return nil }
    return first.recentCorrelation(with: second, returns: sessions, atLeast: sessions / 2)
  }

  private func daily(_ symbol: String) async -> CandleSeries? {
    if let known = series[symbol] { return known }
    let found = try? await bars.bars(of: SeriesName(symbol, .day), after: since).series
    series[symbol] = .some(found)
    return found
  }
}
