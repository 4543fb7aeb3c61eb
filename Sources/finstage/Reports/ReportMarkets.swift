import Backtesting
import Calendars
import Engine
import Insights
import Reporting
import Storage
import StrategyModules
import Trading

/// What a report says of markets: how far their prices go, what they are like, and what is known around them.
extension ReportCollector {
  var freshness: [DailyReport.Freshness] {
    Set(prices.names).union(prices.faults.keys).sorted(by: SeriesName.precedes).map { name in
      guard let candles = prices.candles[name], let last = candles.times.indices.last else {
        return DailyReport.Freshness(
          symbol: name.symbol, timeframe: name.timeframe, state: .missing, fault: prices.faults[name])
      }
      let closes = candles.column(.close)
      let (close, before) = (closes.last.flatMap(finite), closes.dropLast().last.flatMap(finite))
      let knownAt = candles.knownAt(last)
      let expected = calendar(of: name)?.session(before: at)?.close
      let length = max(name.timeframe.milliseconds, 86_400_000)
      let isStale =
        expected.map { name.timeframe.milliseconds > 86_400_000 ? knownAt.advanced(by: length) < $0 : knownAt < $0 }
        ?? (knownAt.advanced(by: length) < at)
      return DailyReport.Freshness(
        symbol: name.symbol, timeframe: name.timeframe, state: isStale ? .stale : .fresh, last: candles.times[last],
        close: close, change: close.flatMap { now in before.flatMap { $0 > 0 ? now / $0 - 1 : nil } },
        expected: expected)
    }
  }

  private func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }

  private func calendar(of name: SeriesName) -> ExchangeCalendar? {
    markets.bars.calendar(of: name) as? ExchangeCalendar
  }

  /// Nil where no series has a calendar that could say.
  func hadSession(since from: Instant) -> Bool? {
    let calendars = prices.names.map { calendar(of: $0) }
    let closes = calendars.compactMap { $0?.session(before: at)?.close }
    if closes.contains(where: { $0 > from }) { return true }
    let isOpen = calendars.contains { $0?.isOpen(at: at) ?? false }
    return isOpen ? true : calendars.isEmpty || calendars.contains { $0 == nil } ? nil : false
  }

  /// Of each symbol its longest bars that are a day at most; those that are told of, indices first.
  private var told: [SeriesName] {
    var chosen: [String: SeriesName] = [:]
    for name in prices.names where name.timeframe.milliseconds <= 86_400_000 && (prices.candles[name]?.count ?? 0) > 0 {
      chosen[name.symbol] = name
    }
    return Array(
      chosen.values.sorted { (rank($0.symbol), $0.symbol) < (rank($1.symbol), $1.symbol) }
        .prefix(ReportWords.most))
  }

  /// What each market is like at its last bar.
  var readings: [DailyReport.Reading] {
    get throws {
      try told.compactMap { name in
        guard let candles = prices.candles[name], let last = candles.times.last else { return nil }
        let closes = candles.column(.close)
        let (close, before) = (closes.last.flatMap(finite), closes.dropLast().last.flatMap(finite))
        let high = candles.column(.high).filter(\.isFinite).max()
        return DailyReport.Reading(
          symbol: name.symbol, last: last, close: close,
          change: close.flatMap { now in before.flatMap { $0 > 0 ? now / $0 - 1 : nil } },
          fromHigh: close.flatMap { now in high.flatMap { $0 > 0 ? now / $0 - 1 : nil } },
          regime: RegimeReading(of: candles, horizon: .session),
          sentiment: try SentimentScore(of: candles, registry: bundled))
      }
    }
  }

  /// What the job `patterns` had kept by then, indices first.
  func insights() async throws -> [InsightsDigest] {
    let at = at
    let kept = try await storing { () async throws(StoreError) in try await store.insights(knownAt: at) }
    let own = Set(prices.names.map { "\($0)" })
    return kept.filter { own.contains("\($0.symbol) \($0.timeframe)") && $0.last <= at }
      .compactMap { InsightsDigest(document: $0.document) }
      .sorted { (rank($0.symbol), $0.symbol) < (rank($1.symbol), $1.symbol) }
  }

  func news(since from: Instant, about own: Set<String>) async throws -> DailyReport.News? {
    let at = at
    guard !live.configuration.feeds.isEmpty else { return nil }
    let found = try await storing { () async throws(StoreError) in
      try await store.news(broughtAfter: from, knownAt: at, limit: 5_000)
    }
    var counts: [String: Int] = [:]
    for symbol in found.flatMap(\.symbols) where own.contains(symbol) { counts[symbol, default: 0] += 1 }
    var stories: Set<Int64> = []
    let told = found.filter { one in one.story.map { stories.insert($0).inserted } ?? true }
    let isOwn = { (one: KnownNews) in one.symbols.contains(where: own.contains) }
    return DailyReport.News(
      count: found.count,
      symbols: counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        .map { DailyReport.News.Share(symbol: $0.key, count: $0.value) },
      items: (told.filter(isOwn) + told.filter { !isOwn($0) }).prefix(6).map {
        DailyReport.News.Item(
          title: $0.title, feed: $0.feed, url: $0.url, publishedAt: $0.publishedAt,
          symbols: $0.symbols.filter(own.contains))
      })
  }

  /// Symbols of new signals first, then those that performance is told of.
  func drawn(_ report: DailyReport, _ replayed: [JudgedSignals], _ most: Int) -> [DailyReport.Chart] {
    var symbols: [String] = []
    for symbol in report.fired.map(\.symbol) + report.markets.map(\.symbol) where !symbols.contains(symbol) {
      symbols.append(symbol)
    }
    let charts = symbols.compactMap { symbol -> DailyReport.Chart? in
      guard let name = prices.names.first(where: { $0.symbol == symbol }), let candles = prices.candles[name],
        candles.count > 0
      else { return nil }
      let new = report.fired.filter { $0.symbol == symbol && $0.timeframe == name.timeframe }.map(\.signal)
      let best = report.markets.first { $0.symbol == symbol }?.best?.strategy
      let said = replayed.filter { $0.symbol == symbol && $0.timeframe == name.timeframe }.flatMap(\.signals)
        .filter { $0.stored.record.strategy == best }.map(\.stored.record.signal)
      return DailyReport.Chart(
        candles, averages: [20, 50], signals: new.isEmpty ? said : new, strategy: new.isEmpty ? best : nil,
        name: names[symbol])
    }
    return Array(charts.prefix(most))
  }
}

extension DailyReport.Chart {
  /// The last 90 bars with the means of so many closes, which look back beyond what is drawn.
  fileprivate init(
    _ candles: CandleSeries, averages: [Int], signals: [Signal], strategy: String?, name: String?
  ) {
    let shown = max(0, candles.count - 90)..<candles.count
    let closes = Array(candles.column(.close))
    let lines = averages.map { length in
      CandlePicture.Line(
        name: "MA\(length)",
        values: shown.map { bar in
          guard bar + 1 >= length else { return .nan }
          return closes[(bar + 1 - length)...bar].reduce(0, +) / Double(length)
        })
    }
    self.init(candles.bars(shown), lines: lines, signals: signals, strategy: strategy, name: name)
  }
}
