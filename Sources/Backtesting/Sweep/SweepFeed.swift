import Pipelines
import Trading

/// What all combinations of a sweep read of one block of bars.
struct SweepBlock: Sendable {
  var columns: ColumnBlock
  var prices = PriceBlock()

  init(columns count: Int) { columns = ColumnBlock(columns: count + 1) }
}

/// Works out the columns of a sweep and its prices, block after block.
struct SweepFeed {
  private let run: GraphRun
  /// The nodes of the run whose columns are read.
  private let nodes: [Int]
  private let market: Market
  private let backtest: Backtest
  /// Of the bars so far.
  private var lastClose = 0.0
  /// The block that was prepared, and what went wrong with it. It is made when it is first asked for.
  private var next: SweepBlock?
  private var failure: GraphError?

  init(_ graph: Graph, _ nodes: [Int], _ market: Market, _ backtest: Backtest) {
    run = GraphRun(graph, block: PriceBlock.limit)
    (self.nodes, self.market, self.backtest) = (nodes, market, backtest)
  }

  /// Works out the next block, without a bar where there are no more.
  mutating func fill(_ block: inout SweepBlock) throws(GraphError) {
    let bars = run.count..<max(run.count, min(run.count + PriceBlock.limit, backtest.counted.upperBound))
    if !bars.isEmpty {
      try run.advance(market, rows: bars.count)
      block.columns.take(bars, of: run, nodes)
    }
    block.prices.take(bars, of: backtest, after: lastClose)
    lastClose = block.prices.lastClose
  }

  /// Works out the next block ahead of its time.
  mutating func prepare() {
    var block = next ?? SweepBlock(columns: nodes.count)
    // The only owner of its memory now: else it would be copied.
    next = nil
    do throws(GraphError) { try fill(&block) } catch { failure = error }
    next = block
  }

  /// Gives the block that was prepared for the one that has been read.
  mutating func exchange(_ block: inout SweepBlock) throws(GraphError) {
    if let failure { throw failure }
    guard var prepared = next else { return }
    swap(&prepared, &block)
    next = prepared
  }
}
