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

  /// The figures of as many strategies from the first place on as go together; nil for those that an ordinary replay must
  /// do.
  func figures(of places: ArraySlice<Int>, in family: StrategyFamily) throws(GraphError) -> [SweepFigures?] {
    var conditions = ConditionSteps(family.graph)
    var chunks: [SweepChunk] = []
    var chunk = SweepChunk.State()
    var isTaken: [Bool] = []
    for place in places {
      guard conditions.columns.size < SweepColumns.limit else { break }
      let terms = SweepTerms(family.strategies[place].plan, ground.backtest.options)
      isTaken.append(terms != nil)
      guard let terms else { continue }
      let rule = family.strategies[place].rule
      let account = SweepAccount(
        start: ground.backtest.options.start, firstBar: ground.backtest.counted.lowerBound, ground.ends)
      let lane = SweepLane(
        conditions.take(rule), earliest: rule.firstBars(in: family.graph),
        emitsLevels: family.strategies[place].emitsLevels, terms, account)
      chunk.add(lane, conditions.steps)
      if chunk.lanes.count == FastSweep.chunk {
        chunks.append(SweepChunk(chunk))
        chunk = SweepChunk.State()
      }
    }
    if !chunk.lanes.isEmpty { chunks.append(SweepChunk(chunk)) }
    try replay(chunks, conditions.columns)
    var figures = chunks.map(\.figures).joined().makeIterator()
    return isTaken.map { $0 ? figures.next() ?? nil : nil }
  }

  private func replay(_ chunks: [SweepChunk], _ columns: SweepColumns) throws(GraphError) {
    guard !chunks.isEmpty else { return }
    let (graph, nodes, _) = columns.extracted()
    let feed = Mutex(SweepFeed(graph, nodes, market, ground.backtest))
    var block = SweepBlock(columns: nodes.count)
    try feed.withLock { feed throws(GraphError) in try feed.fill(&block) }
    let ends = ground.ends
    while block.prices.count > 0 {
      if jobs == 1 {
        for chunk in chunks { chunk.work(block.columns, block.prices, ends) }
        try feed.withLock { feed throws(GraphError) in try feed.fill(&block) }
      } else {
        // The next block is worked out by whichever thread comes first, while the others work at this one.
        atOnce(chunks.count + 1) { [block] task in
          if task == 0 {
            feed.withLock { $0.prepare() }
          } else {
            chunks[task - 1].work(block.columns, block.prices, ends)
          }
        }
        try feed.withLock { feed throws(GraphError) in try feed.exchange(&block) }
      }
    }
    atOnce(chunks.count) { chunks[$0].finish(ground) }
  }

  /// Does some tasks on as many threads as there are jobs, the first ones first.
  private func atOnce(_ tasks: Int, _ work: @Sendable (Int) -> Void) {
    guard jobs > 1 else {
      for task in 0..<tasks { work(task) }
      return
    }
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: jobs) { _ in
      while true {
        let task = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard task < tasks else { return }
        work(task)
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

    mutating func add(_ lane: SweepLane, _ own: [ConditionSteps.Step]) {
      if lanes.isEmpty { lanes.reserveCapacity(FastSweep.chunk) }
      lanes.append(lane)
      steps += own
      starts.append(steps.count)
      before.append(contentsOf: repeatElement(0, count: own.count))
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
