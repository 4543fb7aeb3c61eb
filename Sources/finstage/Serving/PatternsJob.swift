import Engine
import Insights
import Pipelines
import Storage
import Trading

extension Host {
  /// Computes the insights into every symbol that strategies act on, and keeps them for the reports.
  func discover() async throws -> String {
    let (workspace, store) = (workspace, store)
    let gathering = InsightsGathering(workspace, [], .adjusted, until: nil, SymbolInsights.Settings())
    let gathered = try await gathering.insights(strategies: [], symbols: []) { _ in }
    try Task.checkCancellation()
    let now = surroundings.clock.now()
    for insights in gathered.insights {
      guard let last = insights.to else { continue }
      let record = InsightRecord(
        symbol: insights.symbol, timeframe: insights.timeframe, last: last, madeAt: now, document: insights.json.line)
      try await storing { () async throws(StoreError) in try await store.save(record) }
    }
    tell(gathered.failures, under: "patterns")
    if let first = gathered.failures.first, gathered.insights.isEmpty { throw Failure(.unusable, first) }
    let found = gathered.insights.reduce(0) { $0 + $1.patterns.tested }
    let text = "\(gathered.insights.count) symbols, \(found) patterns tested"
    return gathered.failures.isEmpty ? text : "\(text); \(gathered.failures.count) failed: \(gathered.failures[0])"
  }
}
