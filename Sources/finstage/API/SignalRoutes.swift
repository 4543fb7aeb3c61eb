import Backtesting
import HTTPAPI
import Insights
import Pipelines
import Storage
import Trading

/// What was said, why, and what became of it.
extension APIRoutes {
  var signals: [Endpoint] {
    let signal = Schema.fields([
      ("id", Schema.integer), ("strategy", Schema.text), ("version", Schema.text), ("symbol", Schema.text),
      ("timeframe", Schema.text), ("time", Schema.moment), ("direction", Schema.text),
      ("price", Schema.optional("number")),
      ("confidence", Schema.optional("number")), ("reason", Schema.text), ("source", Schema.optional("string")),
    ])
    return [
      Endpoint(
        .get, "/api/v1/signals", .role(.read), "listSignals",
        "Stored signals, the latest first; next is the cursor of the following page.",
        content: .json(Schema.fields([("signals", Schema.list(signal)), ("next", Schema.optional("string"))])),
        answer: place.at(APIRoutes.signals)
      ).with {
        $0.group = "signals"
        $0.query = [
          QueryParameter("strategy", .text, "A strategy's name."), APIRoutes.symbol, APIRoutes.timeframe,
          QueryParameter("direction", .words(Direction.allCases.map(\.rawValue)), "What was said."), APIRoutes.from,
          APIRoutes.to, APIRoutes.limit, QueryParameter("cursor", .text, "next of the page before."),
        ]
        $0.mark = place.mark
      },
      Endpoint(
        .get, "/api/v1/signals/{id:integer}", .role(.read), "getSignal",
        "One signal: every value, threshold and margin behind it, its messages, the news before it.",
        content: .json(signal),
        answer: place.at { context, request in
          let id = request.path["id"].flatMap { Int64($0) } ?? -1
          guard try await context.store.signal(id) != nil else {
            throw Problem(404, "there is no signal of this number")
          }
          let signal = try await SignalContext(id, context.workspace, context.store)
          // Its strategy may have changed or gone; the signal stands all the same.
          let explained =
            signal.record.source == nil
            ? try? await context.workspace.explanations(
              of: signal.record.strategy, symbol: signal.record.symbol, at: "\(signal.record.signal.time)"
            ).first : nil
          return .json(signal.json(explained ?? nil))
        }
      ).with { $0.group = "signals" },
      Endpoint(
        .get, "/api/v1/explain", .role(.read), "explain",
        "Why a strategy spoke at a bar, or why it did not: every value, threshold and margin.",
        content: .json(.object([("type", .array(["object", "array"]))])),
        answer: place.at { context, request in
          let name = try APIRoutes.name(request.text("strategy") ?? "", in: context)
          let all = try await context.workspace.explanations(
            of: name, symbol: request.text("symbol"), at: request.text("at") ?? ""
          ).map(\.json)
          return .json(all.count == 1 ? all[0] : .array(all))
        }
      ).with {
        $0.group = "signals"
        $0.problems = [404, 422]
        $0.query = [
          QueryParameter("strategy", .text, "A strategy's name.", isRequired: true),
          QueryParameter("symbol", .text, "The symbol; without it the strategy's only one."),
          QueryParameter("at", .moment, "The bar: a date or a time, its label.", isRequired: true),
        ]
      },
      Endpoint(
        .get, "/api/v1/outcomes", .role(.read), "listOutcomes", "What became of the stored signals.",
        content: .json(
          Schema.fields([
            ("horizon", Schema.text), ("min_samples", Schema.integer), ("groups", Schema.list(Schema.object)),
          ])), answer: place.at(APIRoutes.outcomes)
      ).with {
        $0.group = "signals"
        $0.problems = [422]
        $0.query = [
          QueryParameter("horizon", .text, "When a signal is judged: 1h, 4h, 1d, 1w, 1mo, or bars, 5b. Default: 1d"),
          QueryParameter("strategies", .list([]), "Names of strategies; without one, all."),
          QueryParameter("symbols", .list([]), "Symbols; without one, all."),
          QueryParameter("min_samples", .integer(1...1_000_000), "Rows of fewer outcomes are not rated."),
          QueryParameter(
            "by", .list(Performance.Dimension.allCases.map(\.rawValue)), "What rows are put together by."),
        ]
      },
    ]
  }

  private static func signals(_ context: APIContext, _ request: APIRequest) async throws -> Answer {
    let limit = request.integer("limit") ?? 50
    var query = SignalQuery(strategy: request.text("strategy"), symbol: request.text("symbol"), limit: limit + 1)
    query.timeframe = try APIRoutes.timeframe(request.text("timeframe"))
    query.direction = request.text("direction").flatMap { Direction(rawValue: $0) }
    query.from = request.moment("from")
    query.to = request.text("to").flatMap(CandlesCommand.end)
    if let cursor = request.text("cursor") {
      guard let place = SignalListing.place(cursor) else {
        throw Problem(
          400, "the query is not as it is to be", faults: [Problem.Fault("query/cursor", "it is none of this list")])
      }
      query.behind = place
    }
    let found = try await context.store.signals(query)
    let page = Array(found.prefix(limit))
    let next = found.count > limit ? page.last.map(SignalListing.cursor) : nil
    return .json(SignalListing.json(page, next: next))
  }

  private static func outcomes(_ context: APIContext, _ request: APIRequest) async throws -> Answer {
    let word = request.text("horizon") ?? "1d"
    guard let horizon = Horizon(word) else {
      throw Problem(
        400, "the query is not as it is to be",
        faults: [Problem.Fault("query/horizon", "it is no horizon; write 1h, 4h, 1d, 1w, 1mo or 5b")])
    }
    var question = StoredPerformance.Question(horizon: horizon)
    question.strategies = request.list("strategies")
    question.symbols = request.list("symbols")
    if let least = request.integer("min_samples") { question.minSamples = least }
    question.by = request.list("by").compactMap { Performance.Dimension(rawValue: $0) }
    return .json(try await StoredPerformance(question, context.workspace, context.store).json)
  }
}
