import Engine
import HTTPAPI
import Pipelines
import Storage
import Trading

/// The whole way for one symbol as the host goes it, without storing or sending: its prices, every strategy that acts on
/// it at the latest bar, the messages about what they say.
enum AnalysisFlow {
  static func answer(_ context: APIContext, _ request: APIRequest) async throws -> Answer {
    var fields = try BodyFields(request.body)
    let symbol = fields.required("symbol")
    try fields.finish()
    let clock = ContinuousClock()
    let began = clock.now
    do {
      let result = try await run(symbol, context)
      let length = clock.now - began
      let seconds = Double(length.components.seconds) + Double(length.components.attoseconds) / 1e18
      return .json(
        .object([
          ("success", true), ("execution_time", .number(seconds)),
          (
            "result",
            .object([
              ("candles_count", .number(Double(result.candles))),
              ("signals_count", .number(Double(result.signals.count))),
              ("notification_prepared", .bool(result.isPrepared)), ("signals", .array(result.signals)),
              ("failures", .array(result.failures.map { .string($0) })),
            ])
          ),
        ])
      ).with("Cache-Control", "no-store")
    } catch let failure as Failure {
      return .json(.object([("success", false), ("error", .string(LogText.line(failure.message)))]))
        .with("Cache-Control", "no-store")
    }
  }

  private struct Result {
    /// Bars of the longest series that was read.
    var candles = 0
    var signals: [JSONValue] = []
    var isPrepared = false
    var failures: [String] = []
  }

  private static func run(_ symbol: String, _ context: APIContext) async throws -> Result {
    let workspace = context.workspace
    var plan = try BacktestPlan(
      workspace, strategies: [], data: [], symbol: symbol, tryingAt: try await workspace.lengths(of: symbol))
    let now = context.now
    let notices = PassNotices(context.configuration, context.store, now: now)
    var found: [LiveSignal] = []
    var result = Result()
    try await plan.each { strategies, market in
      let candles = market.deciding
      result.candles = max(result.candles, candles.count)
      guard let last = candles.times.last else { return }
      for (strategy, run) in zip(strategies, try Pipelines.run(strategies, over: market)) {
        for signal in run.signals where signal.time == last {
          let live = LiveStrategy(strategy, symbols: [symbol])
          let record = Storage.SignalRecord(
            strategy: live.name, version: live.version, symbol: symbol, timeframe: strategy.timeframe, signal: signal)
          found.append(
            LiveSignal(
              record: record, knownAt: strategy.timeframe.knownAt(open: signal.time), occasion: .new,
              title: strategy.title, notify: strategy.notify.of(signal), plan: TradePlan(), planned: []))
        }
      }
    }
    result.isPrepared = await notices.of(found.map { .signal($0) }).contains { !$0.isEmpty }
    result.signals = found.map { SignalListing.item($0) }
    result.failures = plan.failures
    return result
  }
}
