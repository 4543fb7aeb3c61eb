import ArgumentParser
import Backtesting
import HTTPAPI
import Pipelines
import Reporting
import Storage
import StrategyModules
import Trading

/// Strategies as their files are: in words, over prices, and in figures with what luck leaves of them.
enum StrategyPages {
  @Sendable static func list(_ scope: DashboardScope) async throws -> DashboardPage {
    let reader = scope.workspace.reader
    let rows = try scope.workspace.files([]).map { path -> [DashboardCell] in
      try Task.checkCancellation()
      let (declared, diagnostics) = reader.declaration(path: path)
      let strategy = declared?.strategy ?? declared?.strategies.first
      let symbols = strategy.map { scope.context.configuration.expand($0.symbols) } ?? []
      let faults = diagnostics.filter { $0.severity == .error }
      let name = declared?.name ?? Workspace.stem(path)
      let shown = symbols.prefix(4).joined(separator: ", ")
      return [
        DashboardCell(name, link: DashboardPath.strategy(name)), DashboardCell(declared?.title ?? ""),
        DashboardCell(declared.map { kind($0.kind, scope) } ?? "", .quiet),
        DashboardCell(strategy.map { "\($0.timeframe)" } ?? ""),
        DashboardCell(
          shown, detail: symbols.count > 4 ? scope.say("and \(symbols.count - 4) more", "외 \(symbols.count - 4)") : ""),
        faults.isEmpty
          ? DashboardCell(scope.say("sound", "정상"), .good)
          : DashboardCell(scope.say("\(faults.count) faults", "오류 \(faults.count)"), .bad),
      ]
    }
    return DashboardPage(
      scope.say("Strategies", "전략"),
      sections: [
        DashboardSection(
          "strategies", "",
          [
            .table(
              DashboardTable(
                scope.say("Strategies", "전략"),
                heads: [
                  scope.say("Name", "이름"), scope.say("Title", "제목"), scope.say("Kind", "종류"), scope.say("Bars", "봉"),
                  scope.say("Symbols", "종목"), scope.say("File", "파일"),
                ], rows: rows, empty: scope.say("There are no strategies.", "전략이 없습니다.")))
          ])
      ])
  }

  private static func kind(_ kind: Declaration.Kind, _ scope: DashboardScope) -> String {
    switch kind {
    case .strategy: scope.say("strategy", "전략")
    case .rotation: scope.say("rotation", "로테이션")
    case .portfolio: scope.say("portfolio", "포트폴리오")
    case .priceAlert: scope.say("price alert", "가격 알림")
    }
  }

  @Sendable static func one(_ scope: DashboardScope) async throws -> DashboardPage {
    let name = try APIRoutes.name(scope.request.path["name"] ?? "", in: scope.context)
    guard let path = try scope.workspace.files([name]).first else {
      throw Problem(404, "there is no strategy of this name")
    }
    let (declared, diagnostics) = scope.workspace.reader.declaration(path: path)
    guard let declared else {
      let faults = diagnostics.filter { $0.severity == .error }.map { DashboardCell($0.description) }
      return DashboardPage(
        name,
        sections: [
          DashboardSection(
            "faults", "", [.note(scope.say("Its file has faults.", "파일에 오류가 있습니다."), .bad), .lines(faults)])
        ])
    }
    var sections: [DashboardSection] = []
    let strategy = declared.strategy ?? declared.strategies.first
    let symbols = strategy.map { scope.context.configuration.expand($0.symbols) } ?? []
    let chosen = scope.text("symbol") ?? symbols.first
    sections.append(
      DashboardSection(
        "way", "",
        [
          .links(
            symbols.prefix(40).map { symbol in
              DashboardCell(
                symbol, symbol == chosen ? .good : .plain, link: DashboardPath.strategy(name, symbol: symbol))
            }),
          .links([
            DashboardCell(
              scope.say("Its signals", "이 전략의 신호"), link: "/signals" + DashboardPath.query([("strategy", name)])),
            DashboardCell(
              scope.say("Backtest it", "백테스트"), link: "/backtests" + DashboardPath.query([("strategy", name)])),
            DashboardCell(
              scope.say("Sweep its parameters", "파라미터 탐색"), link: "/sweeps" + DashboardPath.query([("strategy", name)])),
          ]),
        ]))
    if let chosen, declared.strategy != nil {
      sections += await measured(name, chosen, scope)
    }
    let words = StrategyDescription(of: declared, locale: scope.isKorean ? .ko : .en, registry: bundled).text
    let births = BirthRegister(try await scope.store.births())
    let born = births.current(of: name).map {
      scope.say("Born: ", "만들어진 날: ") + BirthWords(language: scope.language).birth($0)
    }
    let stamped = born ?? scope.say("Its rule has not been stamped.", "규칙이 아직 기록되지 않았습니다.")
    sections.append(DashboardSection("rule", scope.say("The rule in words", "규칙 설명"), [.text([words, stamped])]))
    return DashboardPage(declared.title, subtitle: name, sections: sections)
  }

  // MARK: - Over prices

  private struct Measured {
    let result: BacktestResult
    let candles: CandleSeries
  }

  /// One strategy over one symbol, recorded in the ledger as every backtest is: who looks has tried.
  private static func measure(_ name: String, _ symbol: String, _ workspace: Workspace) async throws -> Measured {
    var options = try ReplayOptions.parse([]).options()
    options.outcomesInDetail = true
    var plan = try BacktestPlan(
      workspace, strategies: [name], data: [], symbol: symbol, tryingAt: try await workspace.lengths(of: symbol))
    let outcome = try await plan.run(options) { _ in }
    try Task.checkCancellation()
    let (results, _) = try LedgerOption.parse([]).place(in: workspace).correct(outcome)
    guard let result = results.first, let candles = outcome.candles[result.symbol] else {
      throw Failure(.unusable, plan.failures.joined(separator: "\n"))
    }
    return Measured(result: result, candles: candles)
  }

  private static func measured(_ name: String, _ symbol: String, _ scope: DashboardScope) async -> [DashboardSection] {
    do {
      let found = try await measure(name, symbol, scope.workspace)
      let (result, figures) = (found.result, scope.figures)
      var blocks: [DashboardBlock] = []
      if let drawing = figures.chart(found.candles, result) {
        blocks.append(
          .chart(
            DashboardChart(
              source: DashboardPath.prices(name, symbol: symbol) + "&lang=\(scope.language)",
              caption: scope.say(
                "\(symbol), bars of \(result.timeframe), with the signals", "\(symbol), \(result.timeframe) 봉과 신호"),
              drawing: drawing)))
      }
      let period = [result.times.first, result.times.last].compactMap { $0?.dateText }.joined(separator: " – ")
      return [
        DashboardSection("chart", scope.say("Price and signals", "가격과 신호"), blocks),
        DashboardSection(
          "figures", scope.say("Figures", "통계"),
          [
            .text([
              scope.say(
                "A backtest over \(period). The deflated Sharpe is the probability that luck alone does not explain it; the p-value is adjusted for everything that was tried.",
                "\(period) 백테스트. 보정 샤프는 운만으로 설명되지 않을 확률이고, p값은 지금까지의 모든 시도에 맞춰 보정한 값입니다.")
            ]), .facts(figures.facts(result)), .table(figures.outcomes(result)),
          ]),
      ]
    } catch {
      let reason = LogText.line((error as? Failure)?.message ?? "\(error)")
      return [
        DashboardSection(
          "figures", scope.say("Figures", "통계"),
          [.note(scope.say("There is nothing to show: \(reason)", "표시할 것이 없습니다: \(reason)"), .warn)])
      ]
    }
  }

  // MARK: - What the chart loads

  /// Bars that a chart is given, the latest.
  private static let mostBars = 20_000

  @Sendable static func prices(_ context: APIContext, _ request: APIRequest) async throws -> Answer {
    let name = try APIRoutes.name(request.text("strategy") ?? "", in: context)
    let found = try await measure(name, request.text("symbol") ?? "", context.workspace)
    let scope = DashboardScope(context, request)
    let (candles, first) = (found.candles, max(0, found.candles.count - mostBars))
    let bars = first..<candles.count
    func column(_ column: CandleSeries.Column) -> JSONValue {
      .array(
        bars.map { bar in
          let value = candles.value(column, at: bar)
          return value.isFinite ? .number(value) : .null
        })
    }
    let signals = found.result.signals.filter { bars.contains($0.bar) }.map { signal in
      JSONValue.object([
        ("bar", .number(Double(signal.bar - first))), ("direction", .string(signal.direction.rawValue)),
        ("words", .string(scope.figures.direction(signal.direction))), ("reason", .string(signal.reason)),
      ])
    }
    let names: [(String, String)] = [
      ("open", scope.say("open", "시가")), ("high", scope.say("high", "고가")), ("low", scope.say("low", "저가")),
      ("close", scope.say("close", "종가")), ("closer", scope.say("Closer", "확대")), ("wider", scope.say("Wider", "축소")),
      ("earlier", scope.say("Earlier", "이전")), ("later", scope.say("Later", "이후")), ("all", scope.say("All", "전체")),
    ]
    return .json(
      JSONValue.object([
        ("daily", .bool(candles.timeframe.milliseconds >= Timeframe.day.milliseconds)),
        ("names", .object(names.map { ($0, .string($1)) })),
        ("times", .array(bars.map { .string("\(candles.times[$0])") })), ("open", column(.open)),
        ("high", column(.high)), ("low", column(.low)), ("close", column(.close)), ("signals", .array(signals)),
      ]).line)
  }
}
