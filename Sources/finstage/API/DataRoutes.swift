import Engine
import HTTPAPI
import MarketData
import Pipelines
import Storage
import Trading

/// Prices and news as they are stored.
extension APIRoutes {
  /// Bars of one answer: with more, a request names dates.
  private static let mostBars = 50_000

  var data: [Endpoint] {
    let finding = Schema.fields([
      ("kind", Schema.text), ("time", Schema.moment), ("severity", Schema.words(["error", "warning", "info"])),
      ("evidence", Schema.text),
    ])
    let report = Schema.fields([
      ("kind", Schema.text), ("slot", Schema.text), ("at", Schema.optional("string")),
      ("title", Schema.optional("string")), ("parts", Schema.integer), ("channels", Schema.list(Schema.object)),
    ])
    return [
      Endpoint(
        .get, "/api/v1/candles", .role(.read), "listSeries", "Which prices are stored.",
        content: .json(Schema.fields([("series", Schema.list(Schema.object))])),
        answer: place.at { context, request in
          let kept = try await context.store.profiles()
          let timeframe = try APIRoutes.timeframe(request.text("timeframe"))
          let all = try await context.store.coverages(
            symbol: nil, source: request.text("source"), timeframe: timeframe)
          return .json(CoverageListing(all, names: context.workspace.names(kept: kept)).text(.json))
        }
      ).with {
        $0.group = "data"
        $0.query = [APIRoutes.timeframe, QueryParameter("source", .text, "A source.")]
        $0.mark = place.mark
      },
      Endpoint(
        .get, "/api/v1/candles/{symbol}", .role(.read), "getCandles", "The stored candles of a symbol.",
        content: .json(
          Schema.fields([
            ("symbol", Schema.text), ("source", Schema.text), ("timeframe", Schema.text),
            ("candles", Schema.list(Schema.object)), ("actions", Schema.list(Schema.object)),
          ])), answer: place.at(APIRoutes.candles)
      ).with {
        $0.group = "data"
        $0.problems = [409, 422]
        $0.query = [
          APIRoutes.timeframe, QueryParameter("source", .text, "The source; needed where there are several."),
          APIRoutes.from, APIRoutes.to, QueryParameter("as_of", .moment, "What was known at that moment."),
        ]
        $0.mark = place.mark
      },
      Endpoint(
        .get, "/api/v1/news", .role(.read), "listNews", "Stored news, the latest first.",
        content: .json(Schema.fields([("news", Schema.list(Schema.object))])), answer: place.at(APIRoutes.news)
      ).with {
        $0.group = "data"
        $0.problems = [422]
        $0.query = [
          QueryParameter("search", .text, "Words to look for."), APIRoutes.symbol,
          QueryParameter("feed", .text, "A feed's name."), APIRoutes.from, APIRoutes.to, APIRoutes.limit,
        ]
        // Words of one's own are read from files.
        $0.mark = place.mark { $0.configuration.lexicon.isEmpty }
      },
      Endpoint(
        .get, "/api/v1/reports", .role(.read), "listReports", "Reports that were made, the latest first.",
        content: .json(Schema.fields([("reports", Schema.list(report))])),
        answer: place.at { context, request in
          let all = try await StoredReports.all(context.store, limit: request.integer("limit") ?? 50)
          return .json(.object([("reports", .array(all.map { .object($0.item) }))]))
        }
      ).with {
        $0.group = "data"
        $0.query = [APIRoutes.limit]
        $0.mark = place.mark
      },
      Endpoint(
        .get, "/api/v1/reports/{kind}/{slot}", .role(.read), "getReport", "One of them, as it went out.",
        content: .json(report),
        answer: place.at { context, request in
          let (kind, slot) = (request.path["kind"] ?? "", request.path["slot"] ?? "")
          guard let report = try await StoredReports.one(context.store, kind: kind, slot: slot) else {
            throw Problem(404, "there is no report of this kind and slot")
          }
          return .json(report.json)
        }
      ).with {
        $0.group = "data"
        $0.mark = place.mark
      },
      Endpoint(
        .get, "/api/v1/data-check", .role(.read), "checkData", "What is wrong with stored prices. Nothing is mended.",
        content: .json(Schema.fields([("findings", Schema.list(finding))])), answer: place.at(APIRoutes.check)
      ).with {
        $0.group = "data"
        $0.problems = [422]
        $0.query = [
          QueryParameter("symbols", .list([]), "Symbols; without one, all."), APIRoutes.timeframe,
          QueryParameter("exchange", .text, "The calendar by which gaps are told."),
        ]
      },
    ]
  }

  private static func candles(_ context: APIContext, _ request: APIRequest) async throws -> Answer {
    let symbol = request.path["symbol"] ?? ""
    let timeframe = try APIRoutes.timeframe(request.text("timeframe"))
    let all = try await context.store.coverages(symbol: symbol, source: nil, timeframe: nil)
    guard !all.isEmpty else { throw Problem(404, "there are no candles of this symbol") }
    let key: CandleKey
    do throws(Failure) {
      key = try await context.store.key(of: symbol, source: request.text("source"), timeframe: timeframe)
    } catch {
      throw Problem(error.code == .usage ? 409 : 404, LogText.line(error.message))
    }
    let (from, to) = (request.moment("from"), request.text("to").flatMap(CandlesCommand.end))
    if from == nil, to == nil, let count = all.first(where: { $0.key == key })?.coverage.count, count > mostBars {
      throw Problem(422, "there are \(count) bars, and one answer has \(mostBars): name from and to")
    }
    let history = try await context.store.history(
      key, from: from, to: to, asOf: request.text("as_of").flatMap(CandlesCommand.end))
    guard history.series.count <= mostBars else {
      throw Problem(422, "these are \(history.series.count) bars, and one answer has \(mostBars): name fewer")
    }
    return .json(CandleListing(key: key).text(history, .json))
  }

  private static func news(_ context: APIContext, _ request: APIRequest) async throws -> Answer {
    let query = NewsQuery(
      search: request.text("search"), symbol: request.text("symbol"), feed: request.text("feed"),
      from: request.moment("from"), to: request.text("to").flatMap(CandlesCommand.end),
      limit: request.integer("limit") ?? 50)
    var found: [(StoredNews, [NewsSource])] = []
    for news in try await context.store.news(query) {
      found.append((news, try await context.store.sources(of: news.id)))
    }
    return .json(NewsListing.json(found, judgedBy: try context.workspace.lexicon()))
  }

  private static func check(_ context: APIContext, _ request: APIRequest) async throws -> Answer {
    let workspace = context.workspace
    let exchange = request.text("exchange")
    if let exchange { _ = try workspace.known(exchange) }
    let (targets, lacking) = try await workspace.checkTargets(
      request.list("symbols"), try APIRoutes.timeframe(request.text("timeframe")))
    if let first = lacking.first { throw first }
    var answer = ""
    var text = QualityText(.json) { answer += $0 }
    for target in targets {
      try Task.checkCancellation()
      if let prices = try await workspace.checked(target, in: context.store, exchange: exchange) { text.show(prices) }
    }
    text.finish()
    return .json(answer)
  }
}
