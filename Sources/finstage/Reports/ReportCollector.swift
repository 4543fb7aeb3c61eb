import Backtesting
import Calendars
import Engine
import Insights
import Reporting
import Storage
import Trading

/// Computes a report from the store and the bars, by what was known at a moment.
struct ReportCollector {
  let kind: DailyReport.Kind
  let at: Instant
  let live: LiveWorkspace
  let store: SQLiteStore
  let names: [String: String]
  let prices: ReportPrices
  let markets: OutcomeMarkets
  private let previous: PreviousReport?
  private let standings: [SignalStanding]
  private let known: [SeriesName: [KnownSignal]]

  /// - Parameters:
  ///   - slot: which of the reports it is; the one before it is the last.
  ///   - locale: of the names; nil is that of the configuration.
  init(
    _ workspace: Workspace, _ store: SQLiteStore, _ kind: DailyReport.Kind, at: Instant, slot: Instant,
    locale: String? = nil
  ) async throws {
    self.kind = kind
    self.at = at
    self.store = store
    live = try LiveWorkspace(workspace)
    let name = ReportName(kind, slot: slot)
    let (previous, known, standings, profiles) = try await storing { () async throws(StoreError) in
      (
        try await store.lastNotice(keyFrom: name.first, before: name.key), try await store.signals(knownAt: at),
        try await store.signalStandings(), try await store.profiles()
      )
    }
    names = workspace.names(kept: profiles, locale: locale)
    self.previous = previous.flatMap { PreviousReport($0.notice.fields) }.flatMap { $0.at < at ? $0 : nil }
    self.known = Dictionary(grouping: known) { SeriesName($0.stored.record.symbol, $0.stored.record.timeframe) }
    let own = self.known
    self.standings = standings.filter { own[SeriesName($0.symbol, $0.timeframe)] != nil }
    let markets = try OutcomeMarkets(live, store, self.standings, now: { at })
    self.markets = markets
    prices = try await ReportPrices(
      Set(self.standings.map(markets.series)).union(live.found.compactMap(\.strategy).flatMap(\.names)),
      from: markets.bars)
  }

  /// - Parameter charts: how many symbols are drawn at most.
  func report(charts: Int = 0) async throws -> DailyReport {
    let length: Int64 = kind == .weekly ? 7 * 86_400_000 : 86_400_000
    var report = DailyReport(
      kind: kind, at: at, from: previous?.at ?? at.advanced(by: -length), followsReport: previous != nil,
      leastSamples: Grade.leastSignals)
    report.names = names
    let judged = stored(report.horizon)
    let names = Set(known.values.joined().map(\.stored.record.strategy))
      .union(live.found.compactMap { $0.strategy?.name })
    let samples = try await SignalSamples(names.sorted(), store, knownAt: at)
    let figures = ReportFigures(judged, report.horizon, least: report.leastSamples, samples)
    report.total = figures.total
    report.closed = closed(since: report.from, judged)
    report.freshness = freshness
    report.hadSession = hadSession(since: report.from)
    report.next = next
    var replay: ReportReplay?
    var replayed: ReportFigures?
    if kind != .signals {
      let strategies = live.found.compactMap(\.strategy)
      let found = try await ReportReplay(strategies, over: prices, facts: markets.bars, horizon: report.horizon)
      let own = ReportFigures(found.judged, report.horizon, least: report.leastSamples, samples)
      (replay, replayed) = (found, own)
      report.replayed = own.total
      report.markets = own.markets.sorted(by: precedes)
      report.readings = try readings
      report.drifts = try await drifts()
      report.insights = try await insights()
      report.news = try await news(since: report.from, about: Set(prices.names.map(\.symbol)))
    }
    (report.fired, report.alerts) = fired(since: report.from, replayed, figures)
    if charts > 0 { report.charts = drawn(report, replay?.judged ?? [], charts) }
    report.missing = missing(report, figures, judged, replay)
    return report
  }

  /// How far the bars of each symbol with signals went, for the next report.
  func through(_ report: DailyReport) -> String {
    PreviousReport.through(report.freshness.compactMap { one in one.last.map { (one.symbol, one.timeframe, $0) } })
  }

  /// What was stored, judged over the bars of now.
  private func stored(_ horizon: Horizon) -> [JudgedSignals] {
    standings.compactMap { standing in
      guard let candles = prices.candles[markets.series(standing)] else { return nil }
      let own = known[SeriesName(standing.symbol, standing.timeframe)] ?? []
      return JudgedSignals(
        standing.symbol, own.map(\.stored).filter { $0.record.alert == nil }, over: candles, horizons: [horizon])
    }
  }

  private func fired(
    since from: Instant, _ replayed: ReportFigures?, _ figures: ReportFigures
  ) -> ([DailyReport.Fired], [DailyReport.Alert]) {
    var fired: [DailyReport.Fired] = []
    var alerts: [DailyReport.Alert] = []
    let new = known.values.joined().filter { $0.savedAt > from && $0.stored.retractedAt == nil }
    for one in new.sorted(by: {
      ($0.stored.record.signal.time, $0.stored.id) < ($1.stored.record.signal.time, $1.stored.id)
    }) {
      let record = one.stored.record
      let signal = record.signal
      let candles = prices.candles[SeriesName(record.symbol, record.timeframe)]
      let knownAt =
        candles?.times.firstIndex(of: signal.time).flatMap { candles?.knownAt($0) }
        ?? record.knownAt
      if let rule = record.alert, let base = signal.base {
        alerts.append(
          DailyReport.Alert(
            id: one.stored.id, strategy: record.strategy, rule: rule, symbol: record.symbol, price: signal.price,
            base: base, knownAt: knownAt))
      } else {
        fired.append(
          DailyReport.Fired(
            id: one.stored.id, strategy: record.strategy, symbol: record.symbol, timeframe: record.timeframe,
            signal: signal, knownAt: knownAt, record: replayed?.rating(record.symbol, record.strategy),
            stored: figures.rating(record.symbol, record.strategy)))
      }
    }
    return (fired, alerts)
  }

  private func closed(since from: Instant, _ judged: [JudgedSignals]) -> [DailyReport.Closed] {
    var closed: [DailyReport.Closed] = []
    for judged in judged {
      let (candles, through) = (judged.series.candles, previous?.through[SeriesName(judged.symbol, judged.timeframe)])
      for one in judged.signals {
        guard let call = one.calls.first ?? nil else { continue }
        let isNew = through.map { candles.times[call.end] > $0 } ?? (candles.knownAt(call.end) > from)
        guard isNew else { continue }
        let record = one.stored.record
        closed.append(
          DailyReport.Closed(
            id: one.stored.id, strategy: record.strategy, symbol: record.symbol, direction: record.signal.direction,
            time: record.signal.time, end: candles.times[call.end], price: judged.series.close(one.bar),
            endPrice: judged.series.close(call.end), result: call.value))
      }
    }
    return closed.sorted { ($0.time, $0.id) < ($1.time, $1.id) }
  }

  private func drifts() async throws -> [DailyReport.Drift] {
    let at = at
    return try await storing { () async throws(StoreError) in try await store.drifts() }
      .filter { $0.raisedAt <= at && $0.raisedAt > (previous?.at ?? at.advanced(by: -7 * 86_400_000)) }
      .map {
        DailyReport.Drift(
          strategy: $0.strategy, since: $0.since, rate: $0.rate, history: $0.history, count: $0.count)
      }
  }

  private var next: Instant? {
    live.configuration.schedule.filter { $0.job == kind.job }.compactMap { $0.plan.recurrence?.next(after: at) }.min()
  }

  /// Indices first, then by symbol.
  func precedes(_ one: DailyReport.Market, _ other: DailyReport.Market) -> Bool {
    (rank(one.symbol), one.symbol) < (rank(other.symbol), other.symbol)
  }

  func rank(_ symbol: String) -> Int { live.configuration.instruments[symbol]?.category == "index" ? 0 : 1 }

  private func missing(
    _ report: DailyReport, _ figures: ReportFigures, _ judged: [JudgedSignals], _ replay: ReportReplay?
  ) -> [DailyReport.Missing] {
    var missing: [DailyReport.Missing] = []
    if known.isEmpty { missing.append(.noSignals) }
    for found in live.found {
      if case .faulty(let name, let faults) = found {
        missing.append(.notReplayed(strategy: name, reason: faults.first ?? "it cannot be read"))
      }
    }
    if kind != .signals, report.replayed == nil { missing.append(.noReplay) }
    for market in report.markets where market.best == nil {
      missing.append(.tooFew(symbol: market.symbol, count: market.all.count, least: report.leastSamples))
    }
    for (name, fault) in prices.faults.sorted(by: { SeriesName.precedes($0.key, $1.key) }) {
      missing.append(.noPrices(symbol: name.symbol, reason: fault))
    }
    missing += (replay?.faults ?? []).map { .notReplayed(strategy: $0.strategy, reason: $0.reason) }
    if figures.tooLong > 0 { missing.append(.tooLong(figures.tooLong)) }
    let unplaced = judged.reduce(0) { $0 + $1.unplaced }
    if unplaced > 0 { missing.append(.withoutBar(unplaced)) }
    guard kind != .signals else { return missing }
    if report.insights.isEmpty { missing.append(.noInsights) }
    for insights in report.insights {
      let current = report.freshness.first { $0.symbol == insights.symbol && "\($0.timeframe)" == insights.timeframe }
      guard let last = insights.last, let bar = current?.last, last < bar else { continue }
      missing.append(.olderInsights(symbol: insights.symbol, last: last))
    }
    if live.configuration.feeds.isEmpty { missing.append(.noFeeds) }
    if report.next == nil { missing.append(.noSchedule) }
    return missing
  }
}

extension DailyReport.Kind {
  /// What the schedule calls it; nil where it is not scheduled.
  var job: JobKind? {
    switch self {
    case .daily: .dailyReport
    case .weekly: .weeklyReport
    case .signals: nil
    }
  }
}
