import ArgumentParser
import HTTPAPI
import Pipelines
import Storage
import StrategyModules
import Trading

/// What is worked out when it is asked for.
extension APIRoutes {
  var work: [Endpoint] {
    let job = Schema.fields([
      ("id", Schema.integer), ("state", Schema.words(["waiting", "running", "done", "failed", "cancelled"])),
      ("progress", Schema.fields([("done", Schema.integer), ("total", Schema.integer)])), ("asked_at", Schema.moment),
      ("result", Schema.optional("string")),
    ])
    let short: JSONValue = .object([("type", "string"), ("minLength", .number(1)), ("maxLength", .number(1_000))])
    return [
      Endpoint(
        .post, "/api/v1/eval", .role(.read), "evaluate", "Evaluates expressions over the prices of a symbol.",
        content: .json(
          Schema.fields([("expressions", Schema.list(Schema.text)), ("rows", Schema.list(Schema.object))])),
        answer: place.at(APIRoutes.evaluate)
      ).with {
        $0.group = "work"
        $0.body = .json(
          Schema.closed(
            [
              (
                "expressions",
                .object([
                  ("type", "array"), ("minItems", .number(1)), ("maxItems", .number(20)), ("items", short),
                ])
              ), ("symbol", short), ("timeframe", short), ("from", short), ("to", short),
            ], required: ["expressions", "symbol", "timeframe"]))
      },
      Endpoint(
        .post, "/api/v1/backtests", .role(.operate), "startBacktest",
        "Starts a backtest; its progress is asked for, or listened to.", content: .json(job),
        answer: place.at(APIRoutes.backtest)
      ).with {
        $0.group = "work"
        $0.status = 202
        $0.body = .json(
          Schema.closed(
            [
              (
                "strategies",
                .object([
                  ("type", "array"), ("minItems", .number(1)), ("maxItems", .number(100)), ("items", short),
                ])
              )
            ] + (["symbol"] + APIRoutes.replayOptions.map(\.field)).map { ($0, short) }, required: ["strategies"]))
      },
      Endpoint(
        .get, "/api/v1/backtests", .role(.read), "listBacktests", "Backtests that were asked for, the latest first.",
        content: .json(Schema.fields([("backtests", Schema.list(job))])),
        answer: place.at { context, _ in
          .json(.object([("backtests", .array(await context.backtests.all.map(\.json)))]))
        }
      ).with { $0.group = "work" },
      Endpoint(
        .get, "/api/v1/backtests/{id:integer}", .role(.read), "getBacktest", "One of them, and how far it is.",
        content: .json(job),
        answer: place.at { context, request in .json(try await APIRoutes.job(context, request).json) }
      ).with { $0.group = "work" },
      Endpoint(
        .get, "/api/v1/backtests/{id:integer}/result", .role(.read), "getBacktestResult",
        "What it found, as finstage backtest --format json prints it.",
        content: .json(Schema.fields([("strategies", Schema.list(Schema.object))])),
        answer: place.at { context, request in
          let job = try await APIRoutes.job(context, request)
          guard let result = job.answer?.text else {
            throw Problem(409, "it is \(job.state.rawValue), and has no result")
          }
          return .json(result)
        }
      ).with {
        $0.group = "work"
        $0.problems = [409]
      },
      Endpoint(
        .delete, "/api/v1/backtests/{id:integer}", .role(.operate), "cancelBacktest", "Gives a backtest up.",
        content: .json(job),
        answer: place.at { context, request in
          let job = try await APIRoutes.job(context, request)
          guard await context.backtests.cancel(job.id) else { throw Problem(409, "it has ended already") }
          return .json(try await APIRoutes.job(context, request).json)
        }
      ).with {
        $0.group = "work"
        $0.problems = [409]
      },
      Endpoint(
        .post, "/analysis-flow", .role(.operate), "runAnalysisFlow",
        "The whole way for one symbol, and nothing is stored or sent: prices, every strategy at the latest bar, messages.",
        content: .json(.object([("type", "object"), ("required", .array(["success"]))])),
        answer: place.at(AnalysisFlow.answer)
      ).with {
        $0.group = "work"
        $0.body = .json(Schema.closed([("symbol", short)], required: ["symbol"]))
      },
    ]
  }

  private static func job(_ context: APIContext, _ request: APIRequest) async throws -> BacktestJobs.Job {
    guard let id = request.path["id"].flatMap({ Int($0) }), let job = await context.backtests.job(id) else {
      throw Problem(404, "there is no backtest of this number")
    }
    return job
  }

  /// Fields of a backtest that are options of the command.
  private static let replayOptions: [(field: String, option: String)] = [
    ("from", "--from"), ("to", "--to"), ("horizons", "--horizons"), ("fill", "--fill"),
    ("fee", "--fee"), ("slippage", "--slippage"), ("prices", "--prices"),
  ]

  private static func backtest(_ context: APIContext, _ request: APIRequest) async throws -> Answer {
    var fields = try BodyFields(request.body)
    var question = BacktestQuestion()
    question.strategies = fields.texts("strategies", count: 1...100, upTo: 200) ?? []
    if question.strategies.isEmpty { fields.report("strategies", "it is missing") }
    question.symbol = fields.text("symbol")
    for (field, option) in replayOptions {
      if let text = fields.text(field) { question.options += ["\(option)=\(text)"] }
    }
    for name in question.strategies where (try? APIRoutes.name(name, in: context)) == nil {
      fields.report("strategies", "there is no strategy \"\(LogText.line(String(name.prefix(100))))\"")
    }
    do {
      _ = try ReplayOptions.parse(question.options).options()
    } catch {
      let said = (error as? Failure)?.message ?? ReplayOptions.message(for: error)
      fields.report("options", LogText.line(said))
    }
    try fields.finish()
    let job = try await context.backtests.ask(question, context.workspace)
    return .json(job.json, status: 202).with("Location", "/api/v1/backtests/\(job.id)").noting("backtest \(job.id)")
  }

  private static func evaluate(_ context: APIContext, _ request: APIRequest) async throws -> Answer {
    var fields = try BodyFields(request.body)
    let expressions = fields.texts("expressions", count: 1...20, upTo: 1_000)
    if expressions == nil { fields.report("expressions", "it is missing, or no list of 1 to 20 texts") }
    let symbol = fields.required("symbol")
    let word = fields.required("timeframe")
    let timeframe = Timeframe(word)
    if timeframe == nil, !word.isEmpty { fields.report("timeframe", "it is none; write 1m 5m 15m 1h 4h 1d 1w 1mo") }
    var ends: [Instant?] = []
    for (name, isEnd) in [("from", false), ("to", true)] {
      let text = fields.text(name)
      let moment = text.flatMap { isEnd ? CandlesCommand.end($0) : Instant($0) }
      if text != nil, moment == nil { fields.report(name, "it is no time; write 2008-01-31 or 2008-01-31T15:00Z") }
      ends.append(moment)
    }
    let evaluation: Evaluation?
    do throws(Evaluation.Faults) {
      evaluation = try expressions.map { texts throws(Evaluation.Faults) in
        try Evaluation(texts, registry: bundled)
      }
    } catch {
      for fault in error.diagnostics { fields.report("expressions", fault.message) }
      evaluation = nil
    }
    try fields.finish()
    guard let evaluation, let expressions, let timeframe else { throw Problem(422, "nothing is to be evaluated") }
    let candles = try await context.workspace.candles(of: symbol, timeframe)
    let columns: [[Double]]
    do throws(GraphError) {
      columns = try evaluation.columns(over: Market(candles))
    } catch {
      throw Problem(422, LogText.line("\(error)"))
    }
    let first = ends[0].map { from in candles.times.firstIndex { $0 >= from } ?? candles.count } ?? 0
    let last = ends[1].map { to in candles.times.lastIndex { $0 <= to }.map { $0 + 1 } ?? 0 } ?? candles.count
    var listing = EvaluatedColumns(expressions: expressions, candles: candles, columns: columns)
    listing.bars = first..<max(first, last)
    return .json(listing.json)
  }
}
