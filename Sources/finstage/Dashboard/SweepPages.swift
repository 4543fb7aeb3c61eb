import Backtesting
import HTTPAPI
import Pipelines
import Reporting
import Trading

/// Sweeps: a strategy over many values of its parameters, as a heat map.
enum SweepPages {
  @Sendable static func list(_ scope: DashboardScope) async throws -> DashboardPage {
    let jobs = await scope.context.sweeps.all
    var sections: [DashboardSection] = []
    if scope.mayOperate {
      sections.append(DashboardSection("ask", scope.say("A new one", "새 탐색"), try form(scope)))
    }
    sections.append(
      DashboardSection(
        "sweeps", scope.say("Asked for", "요청한 탐색"), isLive: true,
        [
          .table(
            DashboardTable(
              scope.say("Sweeps", "탐색"),
              heads: [
                "#", scope.say("State", "상태"), scope.say("Strategy", "전략"), scope.say("Values", "값"),
                scope.say("Asked", "요청"),
              ],
              rows: jobs.map { job in
                [
                  DashboardCell("\(job.id)", link: DashboardPath.sweep(job.id)), scope.state(job.state.rawValue),
                  DashboardCell(job.question.strategy), DashboardCell(job.question.axes.joined(separator: "  ")),
                  DashboardCell(scope.stamp(job.askedAt)),
                ]
              }, empty: scope.say("None was asked for since the host began.", "호스트 시작 후 요청한 탐색이 없습니다.")))
        ]))
    return DashboardPage(
      scope.say("Sweeps", "탐색"),
      subtitle: scope.say("One strategy over many values of its parameters", "한 전략을 여러 파라미터 값으로"), sections: sections)
  }

  private static func form(_ scope: DashboardScope) throws -> [DashboardBlock] {
    let reader = scope.workspace.reader
    let names = try scope.workspace.files([]).filter { reader.declaration(path: $0).declaration?.strategy != nil }
      .map(Workspace.stem)
    let chosen = scope.text("strategy").flatMap { names.contains($0) ? $0 : nil }
    guard let chosen else {
      return [
        .form(
          DashboardForm(
            "/sweeps", button: scope.say("Go on", "다음"), isQuestion: true,
            fields: [
              .init("strategy", scope.say("Strategy", "전략"), .choice(names.map { ($0, $0) }), value: names.first ?? "")
            ]))
      ]
    }
    let parameters = try scope.workspace.template(chosen).parameterNames
    let ranks = ["sharpe", "total_return", "cagr", "calmar", "max_drawdown", "profit_factor", "win_rate"]
    return [
      .text([
        parameters.isEmpty
          ? scope.say("\(chosen) has no parameters.", "\(chosen)에는 파라미터가 없습니다.")
          : scope.say("Parameters of \(chosen): ", "\(chosen)의 파라미터: ") + parameters.joined(separator: ", ")
      ]),
      .form(
        DashboardForm(
          "/sweeps", button: scope.say("Run it", "실행"),
          fields: [
            .init("strategy", "", .hidden, value: chosen),
            .init(
              "axes", scope.say("Values, a parameter a line", "값 (한 줄에 하나)"), .lines,
              value: suggested(parameters).joined(separator: "\n"),
              hint: scope.say(
                "name=A..B:STEP, or name=1,2,5; \(SweepQuestion.most) combinations at most",
                "이름=A..B:간격 또는 이름=1,2,5; 조합은 최대 \(SweepQuestion.most)개"), isRequired: true),
            .init("where", scope.say("Only where", "조건"), .text(placeholder: "a.fast < a.slow")),
            .init("symbol", scope.say("Symbol", "종목"), .text(placeholder: "^IXIC")),
            .init("rank", scope.say("Order by", "정렬"), .choice(ranks.map { ($0, $0) }), value: "sharpe"),
          ])),
      .links([DashboardCell(scope.say("Another strategy", "다른 전략"), link: "/sweeps")]),
    ]
  }

  /// Lengths in bars, of which a beginning is as good as another.
  private static func suggested(_ parameters: [String]) -> [String] {
    let values = ["period": "10..50:5", "fast": "10..50:10", "slow": "100..250:50"]
    return parameters.compactMap { name in
      values[name.split(separator: ".").last.map(String.init) ?? ""].map { "\(name)=\($0)" }
    }
  }

  @Sendable static func ask(_ context: APIContext, _ request: APIRequest) async throws -> String {
    let name = try APIRoutes.name(request.form.text("strategy") ?? "", in: context)
    let lines = (request.form.text("axes", upTo: 4_000) ?? "").split(whereSeparator: \.isNewline)
      .map { $0.filter { $0 != " " } }.filter { !$0.isEmpty }
    guard !lines.isEmpty, lines.count <= 8 else { throw Problem(422, "a sweep takes 1 to 8 parameters, a line each") }
    var question = SweepQuestion(config: context.host.path, strategy: name, axes: lines)
    question.condition = request.form.text("where")
    question.symbol = request.form.text("symbol", upTo: 100)
    if let rank = request.form.text("rank", upTo: 100) { question.rank = rank }
    if let fault = question.fault { throw Problem(422, LogText.line(fault)) }
    return DashboardPath.sweep(try await context.sweeps.ask(question, context.workspace).id)
  }

  @Sendable static func one(_ scope: DashboardScope) async throws -> DashboardPage {
    guard let id = scope.request.path["id"].flatMap({ Int($0) }), let job = await scope.context.sweeps.job(id) else {
      throw Problem(404, "there is no sweep of this number")
    }
    let (done, total) = job.progress.value
    var status: [DashboardBlock] = [
      .facts(
        JobFacts.facts(
          scope, job.state.rawValue, asked: job.askedAt, ended: job.endedAt,
          more: [
            DashboardFact(
              scope.say("Strategy", "전략"),
              DashboardCell(job.question.strategy, link: DashboardPath.strategy(job.question.strategy))),
            DashboardFact(scope.say("Values", "값"), DashboardCell(job.question.axes.joined(separator: "  "))),
          ]))
    ]
    status += JobFacts.rest(
      scope, isRunning: !job.hasEnded, done: done, total: total, reason: job.reason, failures: job.failures,
      cancel: "/sweeps/\(id)/cancel")
    var sections = [DashboardSection("status", "", isLive: !job.hasEnded, status)]
    sections.append(
      DashboardSection("report", "", isLive: !job.hasEnded, job.answer.map { [.fragment($0.map)] } ?? []))
    return DashboardPage(scope.say("Sweep \(id)", "탐색 \(id)"), sections: sections)
  }
}
