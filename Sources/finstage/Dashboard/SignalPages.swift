import HTTPAPI
import Pipelines
import Reporting
import Storage
import Trading

/// Stored signals, and why each was given.
enum SignalPages {
  private static let size = 50

  static func table(_ signals: [StoredSignal], _ scope: DashboardScope) -> DashboardTable {
    DashboardTable(
      scope.say("Signals", "신호"),
      heads: [
        scope.say("Bar", "봉"), scope.say("Signal", "신호"), scope.say("Symbol", "종목"), scope.say("Strategy", "전략"),
        scope.say("Price", "가격"), scope.say("Confidence", "신뢰도"), scope.say("Why", "이유"),
      ],
      rows: signals.map { stored in
        let (record, signal) = (stored.record, stored.record.signal)
        var call = scope.figures.call(signal.direction)
        call.link = DashboardPath.signal(stored.id)
        if stored.retractedAt != nil { call.detail = scope.say("taken back", "취소됨") }
        return [
          DashboardCell(scope.bar(signal.time, record.timeframe)), call, DashboardCell(record.symbol),
          strategy(of: record),
          .figure(scope.figures.price(signal.price)), .figure(scope.figures.confidence(signal.confidence)),
          DashboardCell(signal.reason, .quiet),
        ]
      }, empty: scope.say("There are no signals yet.", "아직 신호가 없습니다."))
  }

  @Sendable static func list(_ scope: DashboardScope) async throws -> DashboardPage {
    let (strategy, symbol) = (scope.text("strategy"), scope.text("symbol"))
    var query = SignalQuery(strategy: strategy, symbol: symbol, limit: size + 1)
    if let cursor = scope.text("cursor") {
      guard let place = SignalListing.place(cursor) else { throw Problem(400, "the page begins at no signal") }
      query.behind = place
    }
    let found = try await scope.store.signals(query)
    let shown = Array(found.prefix(size))
    var blocks: [DashboardBlock] = [.table(table(shown, scope))]
    if found.count > size, let last = shown.last {
      let next = DashboardPath.query([
        ("strategy", strategy), ("symbol", symbol), ("cursor", SignalListing.cursor(behind: last)),
      ])
      blocks.append(.links([DashboardCell(scope.say("Earlier signals", "이전 신호"), link: "/signals" + next)]))
    }
    return DashboardPage(
      scope.say("Signals", "신호"),
      sections: [
        DashboardSection(
          "filter", "",
          [
            .form(
              DashboardForm(
                "/signals", button: scope.say("Show", "보기"), isQuestion: true,
                fields: [
                  .init("strategy", scope.say("Strategy", "전략"), .text(placeholder: ""), value: strategy ?? ""),
                  .init("symbol", scope.say("Symbol", "종목"), .text(placeholder: "^IXIC"), value: symbol ?? ""),
                ]))
          ]), DashboardSection("signals", "", isLive: scope.text("cursor") == nil, blocks),
      ])
  }

  @Sendable static func one(_ scope: DashboardScope) async throws -> DashboardPage {
    let id = scope.request.path["id"].flatMap { Int64($0) } ?? -1
    guard try await scope.store.signal(id) != nil else { throw Problem(404, "there is no signal of this number") }
    let signal = try await SignalContext(id, scope.workspace, scope.store)
    let (record, said) = (signal.record, signal.record.signal)
    let figures = scope.figures
    var sections = [
      DashboardSection(
        "signal", "",
        [
          .facts([
            DashboardFact(scope.say("Signal", "신호"), figures.call(said.direction)),
            record.source == nil
              ? DashboardFact(scope.say("Bar", "봉"), DashboardCell(scope.bar(said.time, record.timeframe)))
              : DashboardFact(scope.say("Received", "수신"), DashboardCell("\(said.time)")),
            DashboardFact(scope.say("Price", "가격"), .figure(figures.price(said.price))),
            DashboardFact(scope.say("Confidence", "신뢰도"), .figure(figures.confidence(said.confidence))),
            DashboardFact(scope.say("Strategy", "전략"), strategy(of: record)),
          ]), .text([said.reason]),
        ])
    ]
    sections.append(DashboardSection("why", "", try await why(signal, scope)))
    return DashboardPage(
      "\(record.strategy) · \(record.symbol)", subtitle: scope.say("Signal \(id)", "신호 \(id)"), sections: sections)
  }

  /// What is said from outside has no page of a strategy.
  private static func strategy(of record: Storage.SignalRecord) -> DashboardCell {
    DashboardCell(
      record.strategy,
      link: record.source == nil ? DashboardPath.strategy(record.strategy, symbol: record.symbol) : nil)
  }

  /// The values behind it; where its strategy has changed or gone, what is kept without them.
  private static func why(_ signal: SignalContext, _ scope: DashboardScope) async throws -> [DashboardBlock] {
    let around = signal.sections(isKorean: scope.isKorean)
    let record = signal.record
    do {
      if let source = record.source {
        throw Failure(
          .usage, scope.say("it came from outside, by \(source)", "외부 \(source)에서 온 신호입니다"))
      }
      let found = try await scope.workspace.explanations(
        of: record.strategy, symbol: record.symbol, at: "\(record.signal.time)", data: [], prices: .adjusted, facts: nil
      ) { explanation, strategy, market in try SignalEvidence(explanation, of: strategy, over: market) }
      guard let evidence = found.first else { throw Failure(.unusable, "the strategy says nothing of it") }
      let page = ExplanationPage(
        evidence, name: scope.workspace.names(locale: scope.language)[record.symbol], surroundings: around,
        locale: scope.language, version: Finstage.version)
      return [.fragment(try page.fragment())]
    } catch let failure as Failure {
      let reason = LogText.line(failure.message)
      var blocks: [DashboardBlock] = [
        .note(scope.say("Its values cannot be shown: \(reason)", "값을 표시할 수 없습니다: \(reason)"), .warn)
      ]
      for section in around { blocks += [.text([section.heading]), .lines(section.lines.map { DashboardCell($0) })] }
      return blocks
    }
  }
}
