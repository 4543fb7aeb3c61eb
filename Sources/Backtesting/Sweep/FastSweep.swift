import Dispatch
import Pipelines
import Synchronization
import Trading

/// Replays many combinations at once: the columns that they read are worked out once for each block of bars, conditions
/// are sets of bars, and accounts go from fill to fill.
///
/// It does plans that only enter and leave at the next fill, over prices that fill at every bar that is there; what it
/// gives then is what an ordinary replay gives.
struct FastSweep {
  private let market: Market
  private let jobs: Int
  private let ground: SweepGround

  /// Combinations that one thread takes at a time.
  fileprivate static let chunk = 64

  /// Nil where the prices have bars without a price to fill at.
  init?(_ market: Market, _ backtest: Backtest, _ blocks: CalendarBlocks, jobs: Int) {
    ground = SweepGround(backtest, blocks)
    guard backtest.fillsAtEveryBar else { return nil }
    self.market = market
    self.jobs = jobs
  }

  /// The figures of as many strategies from the first on as go together; nil for those that an ordinary replay must do.
  func figures(of strategies: ArraySlice<Strategy>) throws(GraphError) -> [SweepFigures?] {
    var columns = SweepColumns()
    var chunks: [SweepChunk.State] = []
    var isTaken: [Bool] = []
    for index in strategies.indices {
      guard columns.size < SweepColumns.limit else { break }
      let terms = SweepTerms(strategies[index].plan, ground.backtest.options)
      isTaken.append(terms != nil)
      guard let terms else { continue }
      if (chunks.last?.lanes.count ?? FastSweep.chunk) == FastSweep.chunk { chunks.append(SweepChunk.State()) }
      let account = SweepAccount(
        start: ground.backtest.options.start, firstBar: ground.backtest.counted.lowerBound, ground.ends)
      let conditions = columns.add(strategies[index].graph, strategies[index].rule)
      chunks[chunks.count - 1].add(
        conditions, SweepLane(conditions, emitsLevels: strategies[index].emitsLevels, terms, account))
    }
    var figures = try replay(chunks, columns).joined().makeIterator()
    return isTaken.map { $0 ? figures.next() ?? nil : nil }
  }

  private func replay(_ states: [SweepChunk.State], _ columns: SweepColumns) throws(GraphError) -> [[SweepFigures?]] {
    let chunks = states.map { SweepChunk($0) }
    let run = GraphRun(columns.graph, block: PriceBlock.limit)
    var block = ColumnBlock(columns: columns.nodes.count + 1)
    var prices = PriceBlock()
    let ends = ground.ends
    while run.count < ground.backtest.counted.upperBound, !chunks.isEmpty {
      let bars = run.count..<min(run.count + PriceBlock.limit, ground.backtest.counted.upperBound)
      try run.advance(market, rows: bars.count)
      block.take(bars, of: run, columns.nodes)
      prices.take(bars, of: ground.backtest)
      atOnce(chunks) { [block, prices] chunk in chunk.work(block, prices, ends) }
    }
    atOnce(chunks) { $0.finish(ground) }
    return chunks.map { $0.figures }
  }

  /// Lets each chunk do something, on as many threads as there are jobs.
  private func atOnce(_ chunks: [SweepChunk], _ work: @Sendable (SweepChunk) -> Void) {
    guard jobs > 1 else {
      for chunk in chunks { work(chunk) }
      return
    }
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: jobs) { _ in
      while true {
        let chunk = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard chunk < chunks.count else { return }
        work(chunks[chunk])
      }
    }
  }
}

/// Combinations that one thread takes together. Each block of bars is worked at by one thread at a time.
private final class SweepChunk: Sendable {
  struct State: Sendable {
    var lanes: [SweepLane] = []
    var figures: [SweepFigures?] = []
    var steps: [ConditionSteps.Step] = []
    /// Where the steps of each lane begin.
    var starts = [0]
    /// For each step what it must know of the bar before.
    var before: [UInt8] = []

    mutating func add(_ conditions: ConditionSteps, _ lane: SweepLane) {
      if lanes.isEmpty { lanes.reserveCapacity(FastSweep.chunk) }
      lanes.append(lane)
      steps += conditions.steps
      starts.append(steps.count)
      before.append(contentsOf: repeatElement(0, count: conditions.steps.count))
    }
  }

  private let state: Mutex<State>

  init(_ state: State) { self.state = Mutex(state) }

  var figures: [SweepFigures?] { state.withLock { $0.figures } }

  /// Makes the figures once all bars have been worked.
  func finish(_ ground: SweepGround) {
    state.withLock { state in
      state.figures.reserveCapacity(state.lanes.count)
      var lanes: [SweepLane] = []
      swap(&lanes, &state.lanes)
      for lane in lanes.indices { state.figures.append(lanes[lane].figures(ground)) }
    }
  }

  @inline(never)  // into the loop over all chunks, where its own loops would lack registers
  func work(_ columns: ColumnBlock, _ prices: PriceBlock, _ ends: BlockEnds) {
    state.withLock { state in
      // Taken out of the state while they are at work, so that each is the only owner of its memory.
      let (steps, starts) = (state.steps, state.starts)
      var lanes: [SweepLane] = []
      var before: [UInt8] = []
      swap(&lanes, &state.lanes)
      swap(&before, &state.before)
      var bits = ConditionBits(steps: lanes.indices.map { starts[$0 + 1] - starts[$0] }.max() ?? 0)
      var rows = CallRows()
      var moves = SweepMoves()
      for lane in lanes.indices {
        let range = starts[lane]..<starts[lane + 1]
        var ownBefore = before.mutableSpan
        bits.work(steps.span.extracting(range), before: &ownBefore, from: range.lowerBound, columns)
        var all = lanes.mutableSpan
        all[lane].trade(bits, &rows, prices, ends, &moves)
      }
      swap(&lanes, &state.lanes)
      swap(&before, &state.before)
    }
  }
}
