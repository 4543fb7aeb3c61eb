import ArgumentParser
import HTTPAPI
import Pipelines
import Reporting
import Trading

/// Backtests: asked for by a form, watched, and read as a report.
enum BacktestPages {
  @Sendable static func list(_ scope: DashboardScope) async throws -> DashboardPage {
    let jobs = await scope.context.backtests.all
    var sections: [DashboardSection] = []
    if scope.mayOperate { sections.append(DashboardSection("ask", scope.say("A new one", "새 백테스트"), try form(scope))) }
    sections.append(
      DashboardSection(
        "backtests", scope.say("Asked for", "요청한 백테스트"), isLive: true,
        [
          .table(
            DashboardTable(
              scope.say("Backtests", "백테스트"),
              heads: [
                "#", scope.say("State", "상태"), scope.say("Strategies", "전략"), scope.say("Symbol", "종목"),
                scope.say("Asked", "요청"), scope.say("Ended", "종료"),
              ],
              rows: jobs.map { job in
                [
                  DashboardCell("\(job.id)", link: DashboardPath.backtest(job.id)), scope.state(job.state.rawValue),
                  DashboardCell(names(job.question.strategies, scope)),
                  DashboardCell(job.question.symbol ?? scope.say("its own", "전략의 종목")),
                  DashboardCell(scope.stamp(job.askedAt)), DashboardCell(job.endedAt.map(scope.stamp) ?? ""),
                ]
              }, empty: scope.say("None was asked for since the host began.", "호스트 시작 후 요청한 백테스트가 없습니다.")))
        ]))
    return DashboardPage(scope.say("Backtests", "백테스트"), sections: sections)
  }

  static func names(_ strategies: [String], _ scope: DashboardScope) -> String {
    guard !strategies.isEmpty else { return scope.say("all", "전체") }
    let more = strategies.count - 3
    return strategies.prefix(3).joined(separator: ", ") + (more > 0 ? scope.say(" and \(more) more", " 외 \(more)") : "")
  }

  private static func form(_ scope: DashboardScope) throws -> [DashboardBlock] {
    let all = try scope.workspace.files([]).map(Workspace.stem)
    return [
      .form(
        DashboardForm(
          "/backtests", button: scope.say("Run it", "실행"),
          fields: [
            .init(
              "strategies", scope.say("Strategies", "전략"), .choices(all.map { ($0, $0) }),
              value: scope.text("strategy") ?? "",
              hint: scope.say("None means all of them.", "선택하지 않으면 전체입니다.")),
            .init(
              "symbol", scope.say("Symbol", "종목"), .text(placeholder: "^IXIC"), value: scope.text("symbol") ?? "",
              hint: scope.say("Without it, each strategy's own.", "비워 두면 각 전략의 종목입니다.")),
            .init("from", scope.say("From", "시작"), .date), .init("to", scope.say("To", "끝"), .date),
            .init("fee", scope.say("Fee of a fill", "체결 수수료"), .text(placeholder: "0.1%"), value: "0.1%"),
            .init("slippage", scope.say("Slippage", "슬리피지"), .text(placeholder: "0%"), value: "0%"),
            .init(
              "fill", scope.say("Fills", "체결"),
              .choice([
                ("next-open", scope.say("at the next open", "다음 시가")),
                ("close", scope.say("at the close (optimistic)", "종가 (낙관적)")),
              ]), value: "next-open"),
          ]))
    ]
  }

  @Sendable static func ask(_ context: APIContext, _ request: APIRequest) async throws -> String {
    var question = BacktestQuestion()
    question.strategies = request.form.texts("strategies").filter { !$0.isEmpty }
    guard question.strategies.count <= 200 else { throw Problem(422, "a backtest takes 200 strategies at most") }
    for name in question.strategies { _ = try APIRoutes.name(name, in: context) }
    question.symbol = request.form.text("symbol", upTo: 100)
    for field in ["from", "to", "fee", "slippage", "fill"] {
      if let text = request.form.text(field, upTo: 100) { question.options.append("--\(field)=\(text)") }
    }
    do {
      _ = try ReplayOptions.parse(question.options).options()
    } catch {
      throw Problem(422, LogText.line((error as? Failure)?.message ?? ReplayOptions.message(for: error)))
    }
    return DashboardPath.backtest(try await context.backtests.ask(question, context.workspace).id)
  }

  @Sendable static func one(_ scope: DashboardScope) async throws -> DashboardPage {
    guard let id = scope.request.path["id"].flatMap({ Int($0) }), let job = await scope.context.backtests.job(id) else {
      throw Problem(404, "there is no backtest of this number")
    }
    let (done, total) = job.progress.value
    var status: [DashboardBlock] = [
      .facts(
        JobFacts.facts(
          scope, job.state.rawValue, asked: job.askedAt, ended: job.endedAt,
          more: [
            DashboardFact(scope.say("Strategies", "전략"), DashboardCell(names(job.question.strategies, scope)))
          ]))
    ]
    status += JobFacts.rest(
      scope, isRunning: !job.hasEnded, done: done, total: total, reason: job.reason, failures: job.failures,
      cancel: "/backtests/\(id)/cancel")
    var sections = [DashboardSection("status", "", isLive: !job.hasEnded, status)]
    if let answer = job.answer {
      status.append(.links([DashboardCell("JSON", link: BacktestQuestion.place(of: id))]))
      sections[0].blocks = status
      if let report = answer.report {
        sections.append(DashboardSection("report", "", [.fragment(report)]))
      } else if let league = answer.league[scope.language] {
        sections.append(DashboardSection("report", "", LeaguePage.blocks(league, scope)))
      }
    } else if !job.hasEnded {
      // Its place, so that a script can put the report there when it is done.
      sections.append(DashboardSection("report", "", isLive: true, []))
    }
    return DashboardPage(scope.say("Backtest \(id)", "백테스트 \(id)"), sections: sections)
  }
}

/// How work stands that was asked for.
enum JobFacts {
  static func facts(
    _ scope: DashboardScope, _ state: String, asked: Instant, ended: Instant?, more: [DashboardFact]
  ) -> [DashboardFact] {
    [DashboardFact(scope.say("State", "상태"), scope.state(state))] + more + [
      DashboardFact(scope.say("Asked", "요청"), DashboardCell(scope.stamp(asked))),
      DashboardFact(scope.say("Ended", "종료"), DashboardCell(ended.map(scope.stamp))),
    ]
  }

  static func rest(
    _ scope: DashboardScope, isRunning: Bool, done: Int, total: Int, reason: String?, failures: [String], cancel: String
  ) -> [DashboardBlock] {
    var blocks: [DashboardBlock] = []
    if isRunning {
      blocks.append(
        .progress(Double(done) / Double(max(1, total)), scope.say("\(done) of \(total)", "\(total) 중 \(done)")))
      let path = String(scope.request.visit.target.prefix { $0 != "?" })
      blocks.append(.links([DashboardCell(scope.say("Look again", "다시 보기"), link: path)]))
      if scope.mayOperate {
        blocks.append(.lines([.buttons([DashboardButton(scope.say("Give it up", "취소"), cancel)])]))
      }
    }
    if let reason { blocks.append(.note(LogText.line(reason), .bad)) }
    if !failures.isEmpty {
      blocks.append(
        .note(scope.say("Not everything could be run:", "일부는 실행할 수 없었습니다:"), .warn))
      blocks.append(.lines(failures.prefix(20).map { DashboardCell(LogText.line($0)) }))
    }
    return blocks
  }
}
