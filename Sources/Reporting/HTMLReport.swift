public import Backtesting
public import Trading

/// A backtest as one HTML page that needs nothing else: no request, no script. Charts are inline SVG.
///
/// ```swift
/// let html = try HTMLReport(results: results, candles: ["^IXIC": series], version: "0.1.0").render()
/// ```
public struct HTMLReport: Sendable {
  /// What was backtested, in the order in which the strategies are to stand.
  public var results: [BacktestResult]
  /// What luck leaves of them, where they were corrected for it.
  public var selections: [Selection]
  /// The prices by symbol; a symbol without prices gets no price chart.
  public var candles: [String: CandleSeries]
  /// Title and description by strategy name.
  public var strategies: [String: (title: String, description: String)]
  /// How it was run, as the reader should see it: `("Fees", "0.1 % of each fill")`.
  public var settings: [(label: String, value: String)]
  /// When the page was made; without it the page is the same from run to run.
  public var generatedAt: Instant?
  /// Of the program.
  public var version: String

  public init(
    results: [BacktestResult], selections: [Selection] = [], candles: [String: CandleSeries],
    strategies: [String: (title: String, description: String)] = [:],
    settings: [(label: String, value: String)] = [], generatedAt: Instant? = nil, version: String
  ) {
    self.results = results
    self.selections = selections
    self.candles = candles
    self.strategies = strategies
    self.settings = settings
    self.generatedAt = generatedAt
    self.version = version
  }

  /// The page.
  public func render() throws(ReportingError) -> String { try PageTemplates.render(page, with: "report") }

  /// The same without what stands around it, for a page of the dashboard.
  public func fragment() throws(ReportingError) -> DashboardFragment {
    let page = page
    let drawings =
      "<svg class=\"definitions\" aria-hidden=\"true\" width=\"0\" height=\"0\"><defs>\(page.definitions.html)</defs></svg>"
    return DashboardFragment(
      Markup(trusted: drawings + (try PageTemplates.render(page, with: "report-body"))), language: "en")
  }

  private var page: ReportPage {
    var anchors = Anchors()
    let standings = Standings(results.map(\.summary), selections: selections)
    let symbols = unique(results.map(\.symbol))
    let prices = priceCharts(of: symbols, anchors: &anchors)
    let shared = sharedNotes

    var sections: [ReportPage.Strategy] = []
    var places: [Place: String] = [:]
    for name in unique(results.map(\.strategy)) {
      let place = anchors.name("strategy", name)
      let pages = results.filter { $0.strategy == name }.map { result in
        let anchor = anchors.name("result", result.strategy, result.symbol)
        places[Place(result.summary)] = anchor
        let writer = ResultWriter(result: result, price: prices[result.symbol], sharedNotes: shared)
        return writer.page(anchor: anchor, isOpen: result.strategy == standings.rows.first?.strategy)
      }
      let words = strategies[name]
      sections.append(
        ReportPage.Strategy(
          anchor: place, name: name, title: words?.title ?? name, description: words?.description ?? "",
          isTitled: words.map { $0.title != name } ?? false, results: pages))
    }

    let league = LeagueWriter(standings: standings)
    let latest = LatestSignals(results, count: 12).entries.map(ResultWriter.row)
    let drawings = PriceChart.markers + symbols.compactMap { prices[$0]?.definition }.joined()
    return ReportPage(
      title: "Backtest report", subtitle: subtitle(symbols: symbols), origin: origin,
      style: Markup(trusted: PageTemplates.style), definitions: Markup(trusted: drawings),
      run: settings.map { ReportPage.Fact(label: $0.label, value: Markup(text: $0.value)) },
      verdicts: standings.verdicts + [BirthWords().league(standings.rows)].compactMap(\.self),
      caution: standings.caution, order: standings.order,
      isCorrected: standings.isCorrected, hasResults: !results.isEmpty,
      hasHorizons: !standings.horizons.isEmpty, horizons: standings.horizons.map(\.label),
      horizonCount: standings.horizons.count, league: league.rows { places[Place($0)] ?? "" },
      hasLatest: !latest.isEmpty, latest: latest, strategies: sections, hasPageNotes: !shared.isEmpty,
      pageNotes: shared)
  }

  private struct Place: Hashable {
    let strategy, symbol: String
    let timeframe: Timeframe

    init(_ result: BacktestSummary) {
      strategy = result.strategy
      symbol = result.symbol
      timeframe = result.timeframe
    }
  }

  private func priceCharts(of symbols: [String], anchors: inout Anchors) -> [String: PriceChart] {
    var charts: [String: PriceChart] = [:]
    for symbol in symbols {
      let times = results.filter { $0.symbol == symbol }.flatMap { [$0.times.first, $0.times.last].compactMap(\.self) }
      guard let series = candles[symbol], let first = times.min(), let last = times.max() else { continue }
      charts[symbol] = PriceChart(id: anchors.name("prices", symbol), candles: series, from: first, through: last)
    }
    return charts
  }

  /// Notes that every result bears stand once, at the top.
  private var sharedNotes: [String] {
    guard let first = results.first else { return [] }
    return first.notes.filter { note in results.allSatisfy { $0.notes.contains(note) } }
  }

  private func subtitle(symbols: [String]) -> String {
    let names = unique(results.map(\.strategy)).count
    var parts = [names == 1 ? "1 strategy" : "\(names) strategies"]
    parts.append(symbols.count <= 5 ? symbols.joined(separator: ", ") : "\(symbols.count) symbols")
    parts.append(unique(results.map(\.timeframe.description)).joined(separator: ", "))
    if let first = results.compactMap(\.times.first).min(), let last = results.compactMap(\.times.last).max() {
      parts.append("\(first.dateText) to \(last.dateText)")
    }
    if let bars = results.map(\.bars).max() { parts.append("\(Figures.page.count(bars)) bars") }
    return parts.filter { !$0.isEmpty }.joined(separator: " · ")
  }

  private var origin: String {
    let program = version.isEmpty ? "Finstage" : "Finstage \(version)"
    guard let generatedAt else { return program }
    return "\(program) · \(generatedAt.dateText) \(generatedAt.description.dropFirst(11).prefix(5)) UTC"
  }

  private func unique<Value: Hashable>(_ values: [Value]) -> [Value] {
    var seen: Set<Value> = []
    return values.filter { seen.insert($0).inserted }
  }
}
