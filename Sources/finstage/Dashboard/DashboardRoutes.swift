import HTTPAPI
import Reporting
import Storage
import Trading

/// The pages of the dashboard, each a row of the table that requests are matched against.
struct DashboardRoutes {
  let place: APIPlace
  let signIn: SignInParts?
  private let assets = DashboardAssets()

  /// What signing in takes.
  struct SignInParts {
    let sessions: Sessions
    let tokens: TokenCheck
    let now: @Sendable () -> Instant
  }

  init(_ place: APIPlace, signIn: SignInParts? = nil) {
    self.place = place
    self.signIn = signIn
  }

  var all: [Endpoint] { pages + changes + data + entrance }

  // MARK: - Pages

  typealias Body = @Sendable (DashboardScope) async throws -> DashboardPage

  private func page(
    _ path: String, _ id: String, _ summary: String, query: [QueryParameter] = [], patience: Int64 = 20_000,
    _ body: @escaping Body
  ) -> Endpoint {
    let (place, assets) = (place, assets)
    return Endpoint(
      .get, path, .role(.read), id, summary, content: .page,
      answer: place.at { context, request in
        let scope = DashboardScope(context, request)
        let html = try DashboardRoutes.frame(scope, assets).render(try await body(scope))
        let answer = Answer.page(html)
        guard let language = request.text(QueryParameter.language.name) else { return answer }
        return SignIn.remembering(language, answer, isOverTLS: request.visit.isOverTLS)
      }
    ).with {
      $0.group = "pages"
      $0.query = query
      $0.patience = patience
    }
  }

  private var pages: [Endpoint] {
    let symbol = APIRoutes.symbol
    let strategy = QueryParameter("strategy", .text, "A strategy's name.")
    return [
      page("/", "pageOverview", "How the host is, what fired, what is late.", OverviewPage.make),
      page(
        "/signals", "pageSignals", "Stored signals.",
        query: [strategy, symbol, QueryParameter("cursor", .text, "Where the page begins.")], SignalPages.list),
      page("/signals/{id:integer}", "pageSignal", "Why a signal was given.", patience: 60_000, SignalPages.one),
      page("/strategies", "pageStrategies", "The strategies.", StrategyPages.list),
      page(
        "/strategies/{name}", "pageStrategy", "A strategy in words, over prices, in figures.", query: [symbol],
        patience: 120_000, StrategyPages.one),
      page("/league", "pageLeague", "All strategies beside each other.", patience: 60_000, LeaguePage.make),
      page(
        "/backtests", "pageBacktests", "Backtests that were asked for.", query: [strategy, symbol], BacktestPages.list),
      page("/backtests/{id:integer}", "pageBacktest", "One of them.", BacktestPages.one),
      page("/sweeps", "pageSweeps", "Sweeps that were asked for.", query: [strategy], SweepPages.list),
      page("/sweeps/{id:integer}", "pageSweep", "One of them, as a heat map.", SweepPages.one),
      page(
        "/news", "pageNews", "Stored news.", query: [QueryParameter("search", .text, "Words to look for."), symbol],
        NewsPage.make),
      page("/schedule", "pageSchedule", "Jobs.", SchedulePage.make),
      page(
        "/outbox", "pageOutbox", "Messages.",
        query: [QueryParameter("state", .words(OutboxEntry.State.allCases.map(\.rawValue)), "Only these.")],
        OutboxPage.make),
      page(
        "/data", "pageData", "What prices there are, and what is wrong with them.",
        query: [QueryParameter("check", .flag, "Whether they are looked through.")], patience: 120_000, DataPage.make),
      page("/reports", "pageReports", "Reports that were made.", ReportPages.list),
      page("/reports/{kind}/{slot}", "pageReport", "One of them.", ReportPages.one),
    ]
  }

  // MARK: - What pages change

  /// A form's answer: it leads to a page, which a reload does not send again.
  private func change(
    _ path: String, _ id: String, _ summary: String,
    _ body: @escaping @Sendable (APIContext, APIRequest) async throws -> String
  ) -> Endpoint {
    Endpoint(
      .post, path, .role(.operate), id, summary, content: .page,
      answer: place.at { context, request in .seeOther(try await body(context, request)) }
    ).with {
      $0.group = "pages"
      $0.body = .form
    }
  }

  private var changes: [Endpoint] {
    let jobs: [(String, String, @Sendable (APIContext, String) async throws -> String)] = [
      ("run", "formRunJob", HostChanges.run), ("pause", "formPauseJob", HostChanges.pause),
      ("resume", "formResumeJob", HostChanges.resume),
    ]
    let schedule = jobs.map { word, id, body in
      change("/schedule/{job}/\(word)", id, "What the button says.") { context, request in
        _ = try await HostChanges.job(context, request.path["job"] ?? "", body)
        return "/schedule"
      }
    }
    let messages: [(String, String, HostChanges.OfMessage)] = [
      ("retry", "formRetryMessage", HostChanges.retry), ("drop", "formDropMessage", HostChanges.drop),
    ]
    let outbox = messages.map { word, id, body in
      change("/outbox/{id}/\(word)", id, "What the button says.") { context, request in
        _ = try await HostChanges.message(context, request.path["id"] ?? "", body)
        return "/outbox"
      }
    }
    return schedule + outbox + [
      change("/backtests", "formBacktest", "Starts a backtest.", BacktestPages.ask),
      change("/backtests/{id:integer}/cancel", "formCancelBacktest", "Gives a backtest up.") { context, request in
        let id = request.path["id"].flatMap { Int($0) } ?? -1
        guard await context.backtests.job(id) != nil else { throw Problem(404, "there is no backtest of this number") }
        _ = await context.backtests.cancel(id)
        return DashboardPath.backtest(id)
      },
      change("/sweeps", "formSweep", "Starts a sweep.", SweepPages.ask),
      change("/sweeps/{id:integer}/cancel", "formCancelSweep", "Gives a sweep up.") { context, request in
        let id = request.path["id"].flatMap { Int($0) } ?? -1
        guard await context.sweeps.job(id) != nil else { throw Problem(404, "there is no sweep of this number") }
        _ = await context.sweeps.cancel(id)
        return DashboardPath.sweep(id)
      },
    ]
  }

  // MARK: - What pages load

  private var data: [Endpoint] {
    let assets = assets
    return [
      Endpoint(
        .get, "/charts/prices", .role(.read), "chartPrices", "The bars of a chart, and the signals on them.",
        content: .json(Schema.object), answer: place.at(StrategyPages.prices)
      ).with {
        $0.group = "pages"
        $0.patience = 120_000
        $0.query = [
          QueryParameter("strategy", .text, "A strategy's name.", isRequired: true),
          QueryParameter("symbol", .text, "A symbol.", isRequired: true), .language,
        ]
      },
      Endpoint(
        .get, "/assets/{name}", .open, "getAsset", "The style, the script, the icon.", content: .text("text/css")
      ) {
        request in
        guard let kind = DashboardAssets.Kind(rawValue: request.path["name"] ?? "") else {
          throw Problem(404, "there is no such file")
        }
        let answer = Answer(type: kind.type, body: .bytes(assets.bytes(of: kind)))
        // Under another mark these bytes are not those that were meant.
        guard request.text("v") == assets.mark(of: kind) else { return answer }
        return answer.with("Cache-Control", "private, max-age=31536000, immutable")
      }.with {
        $0.group = "pages"
        $0.isQuick = true
        $0.query = [QueryParameter("v", .text, "What tells its bytes from others.")]
      },
    ]
  }

  // MARK: - Signing in

  private var entrance: [Endpoint] {
    guard let signIn else { return [] }
    let (place, assets) = (place, assets)
    return SignIn(signIn.sessions, signIn.tokens, now: signIn.now) { request, next, isRefused in
      let language = request.visit.language ?? place.context?.configuration.locale ?? "en"
      var frame = DashboardFrame(language: language, version: Finstage.version, assets: assets)
      frame.ticket = request.visit.ticket
      frame.path = SignIn.path
      frame.otherLanguage = DashboardPath.target(request.visit.target, in: language == "ko" ? "en" : "ko")
      let answer = Answer.page(try frame.render(LoginPage.make(language, next, isRefused: isRefused)))
      guard let language = request.text(QueryParameter.language.name) else { return answer }
      return SignIn.remembering(language, answer, isOverTLS: request.visit.isOverTLS)
    }.endpoints
  }

  /// A problem as a page.
  func problem(_ problem: Problem, _ visit: PageVisit) -> Answer {
    let language = visit.language ?? place.context?.configuration.locale ?? "en"
    var frame = DashboardFrame(language: language, version: Finstage.version, assets: assets)
    frame.places = DashboardRoutes.places(language)
    frame.path = ""
    frame.ticket = visit.ticket
    frame.otherLanguage = DashboardPath.target(visit.target, in: language == "ko" ? "en" : "ko")
    guard let html = try? frame.render(LoginPage.problem(problem, language)) else { return problem.answer }
    var answer = Answer.page(html, status: problem.status)
    for header in problem.headers where header.count == 2 { answer.headers.append((header[0], header[1])) }
    return answer
  }

  // MARK: - What stands around

  static func places(_ language: String) -> [DashboardFrame.Place] {
    let all: [(String, String, String)] = [
      ("Overview", "개요", "/"), ("Signals", "신호", "/signals"), ("Strategies", "전략", "/strategies"),
      ("League", "순위", "/league"), ("Backtests", "백테스트", "/backtests"), ("Sweeps", "탐색", "/sweeps"),
      ("News", "뉴스", "/news"), ("Reports", "보고서", "/reports"), ("Schedule", "일정", "/schedule"),
      ("Outbox", "발송함", "/outbox"), ("Data", "데이터", "/data"),
    ]
    return all.map { english, korean, path in .init(language == "ko" ? korean : english, path) }
  }

  private static func frame(_ scope: DashboardScope, _ assets: DashboardAssets) -> DashboardFrame {
    let (request, caller) = (scope.request, scope.request.caller)
    var frame = DashboardFrame(language: scope.language, version: Finstage.version, assets: assets)
    frame.places = places(scope.language)
    frame.path = String(request.visit.target.prefix { $0 != "?" })
    frame.otherLanguage = DashboardPath.target(request.visit.target, in: scope.isKorean ? "en" : "ko")
    frame.ticket = request.visit.ticket
    frame.isSignedIn = caller.isSignedIn
    frame.isLive = true
    frame.reader = caller.token.map { "\($0) (\(caller.role.rawValue))" } ?? ""
    return frame
  }
}
