import Pipelines
public import Trading

extension LiveStrategy {
  /// What the strategy says on a market over all closed bars, and those bars.
  public func replay(
    on market: LiveMarket, over prices: any LiveBars
  ) async throws(LiveFault) -> (series: CandleSeries, signals: [Signal]) {
    func series(_ name: SeriesName) async throws(LiveFault) -> CandleSeries {
      let series = try await prices.bars(of: name, after: nil).series
      return prices.calendar(of: name).map { series.keeping($0) } ?? series
    }
    var whole = Market(try await series(market.deciding))
    for (name, other) in market.others(of: strategy.graph) { whole.others[name] = try await series(other) }
    do throws(GraphError) {
      return (whole.deciding, try run([strategy], over: whole)[0].signals)
    } catch {
      throw LiveFault("\(name) on \(market)", "\(error)")
    }
  }
}
