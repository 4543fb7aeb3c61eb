import Engine
import HTTPAPI
import MarketData
import Reporting
import Storage
import Trading

/// What prices there are, how far they go, and what is wrong with them.
enum DataPage {
  /// Findings that a page lists.
  private static let most = 300

  @Sendable static func make(_ scope: DashboardScope) async throws -> DashboardPage {
    let (targets, _) = try await scope.workspace.checkTargets([], nil)
    let coverages = Dictionary(
      try await scope.store.coverages().map { ($0.key, $0.coverage) }, uniquingKeysWith: { first, _ in first })
    let rows = targets.compactMap { target -> [DashboardCell]? in
      switch target {
      case .file: return nil
      case .local(let symbol, let timeframe):
        let file = scope.say("a file, read as it is", "파일 (그대로 읽음)")
        return [DashboardCell(symbol), DashboardCell("\(timeframe)"), DashboardCell(file, .quiet)]
          + [.figure(""), DashboardCell(""), DashboardCell("")]
      case .stored(let key):
        let coverage = coverages[key]
        let expected = LateThings.expected(key, scope)
        let isLate = coverage.flatMap { found in expected.map { LateThings.isLate(found, key, $0) } }
        return [
          DashboardCell(key.symbol), DashboardCell("\(key.timeframe)"), DashboardCell(key.source),
          .figure(coverage.map { scope.figures.count($0.count) }),
          DashboardCell(coverage.map { scope.bar($0.last, key.timeframe) }),
          isLate.map {
            $0 ? DashboardCell(scope.say("late", "지연"), .warn) : DashboardCell(scope.say("fresh", "최신"), .good)
          } ?? DashboardCell(scope.say("not collected", "수집 안 함"), .quiet),
        ]
      }
    }
    var sections = [
      DashboardSection(
        "series", scope.say("Series", "가격 자료"),
        [
          .table(
            DashboardTable(
              scope.say("Series", "가격 자료"),
              heads: [
                scope.say("Symbol", "종목"), scope.say("Bars of", "봉 길이"), scope.say("Source", "출처"),
                scope.say("Bars", "봉 수"), scope.say("Last bar", "마지막 봉"), scope.say("State", "상태"),
              ], rows: rows, empty: scope.say("There are no prices.", "가격 자료가 없습니다.")))
        ])
    ]
    let isChecked = scope.request.flag("check")
    sections.append(
      DashboardSection(
        "quality", scope.say("Quality", "품질"),
        isChecked
          ? try await findings(targets, scope)
          : [.links([DashboardCell(scope.say("Look through all prices", "모든 가격 검사"), link: "/data?check=true")])]))
    return DashboardPage(scope.say("Data", "데이터"), sections: sections)
  }

  private static func findings(_ targets: [CheckTarget], _ scope: DashboardScope) async throws -> [DashboardBlock] {
    var found: [(name: String, timeframe: Timeframe, finding: QualityFinding)] = []
    var bars = 0
    for target in targets {
      try Task.checkCancellation()
      guard let prices = try await scope.workspace.checked(target, in: scope.store) else { continue }
      bars += prices.rows.count
      found += prices.report.findings.map { (prices.name, prices.rows.timeframe, $0) }
    }
    found.sort { ($1.finding.severity, $0.name, $0.finding.time) < ($0.finding.severity, $1.name, $1.finding.time) }
    let errors = found.count { $0.finding.severity == .error }
    let count = scope.figures.count
    var blocks: [DashboardBlock] = [
      .note(
        scope.say(
          "\(count(bars)) bars looked through: \(count(errors)) errors, \(count(found.count)) findings in all.",
          "봉 \(count(bars))개 검사: 오류 \(count(errors))건, 전체 \(count(found.count))건."), errors > 0 ? .bad : .good),
      .table(
        DashboardTable(
          scope.say("Findings", "검사 결과"),
          heads: [
            scope.say("Severity", "정도"), scope.say("Series", "자료"), scope.say("Bar", "봉"), scope.say("Kind", "종류"),
            scope.say("Evidence", "근거"),
          ],
          rows: found.prefix(most).map { name, timeframe, finding in
            [
              severity(finding.severity, scope), DashboardCell(name), DashboardCell(scope.bar(finding.time, timeframe)),
              DashboardCell(finding.kind.rawValue), DashboardCell(finding.evidence, detail: finding.proposal ?? ""),
            ]
          }, empty: scope.say("Nothing was found.", "발견된 것이 없습니다."))),
    ]
    if found.count > most {
      blocks.append(
        .text([
          scope.say("The first \(most) are shown; the API lists all.", "처음 \(most)건만 표시합니다. 전체는 API에 있습니다.")
        ]))
    }
    return blocks
  }

  private static func severity(_ severity: QualityFinding.Severity, _ scope: DashboardScope) -> DashboardCell {
    switch severity {
    case .error: DashboardCell(scope.say("error", "오류"), .bad)
    case .warning: DashboardCell(scope.say("warning", "경고"), .warn)
    case .info: DashboardCell(scope.say("info", "정보"), .quiet)
    }
  }
}

extension Workspace {
  /// The prices of a target looked through; nil for a file, which only a command names.
  func checked(_ target: CheckTarget, in store: SQLiteStore, exchange: String? = nil) async throws -> CheckedPrices? {
    switch target {
    case .file: return nil
    case .local(let symbol, let timeframe):
      let source = configuration?.item(for: symbol, timeframe)?.source
      let rules = try rules(for: symbol, timeframe, from: source, exchange: exchange)
      let rows = PriceRows(try await history(of: symbol, timeframe))
      return CheckedPrices(rows: rows, report: QualityReport.check(rows, rules: rules))
    case .stored(let key):
      return CheckedPrices(try await QualityStage.look(at: key, in: store, try rules(for: key, exchange: exchange)))
    }
  }
}
