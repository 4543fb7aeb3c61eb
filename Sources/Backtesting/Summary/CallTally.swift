import Pipelines
import Trading

/// What became of one strategy's calls so far, counted block by block, and its latest signals.
struct CallTally {
  private(set) var signalCount = 0
  /// For each horizon the calls whose returns are known, those that came true, and the sum of what they brought.
  private var outcomes: [(calls: Int, successes: Int, sum: Double)]
  /// The position that the calls so far make: 1 long, −1 short.
  private var held = 0
  private(set) var latest: SignalRecord?

  init(horizons: Int, latest: SignalRecord?) {
    outcomes = Array(repeating: (0, 0, 0), count: horizons)
    self.latest = latest
  }

  /// Takes the calls of a block of bars.
  ///
  /// - Parameters:
  ///   - hasExits: whether its calls have exits of their own, which are signals too.
  ///   - run: at the bars of the block.
  mutating func take(
    _ rows: borrowing CallRows, hasExits: Bool, _ block: borrowing PriceBlock, _ forward: borrowing ForwardBlock,
    of run: GraphRun
  ) {
    for word in 0..<PriceBlock.words {
      let (buys, sells) = (rows.word(.buys, word) & block.counted[word], rows.word(.sells, word) & block.counted[word])
      let calls = buys | sells
      if calls == 0 { continue }
      signalCount += calls.nonzeroBitCount
      for horizon in outcomes.indices {
        let settled = calls & forward.known(horizon, word)
        outcomes[horizon].calls += settled.nonzeroBitCount
        outcomes[horizon].successes +=
          (settled & (buys & forward.rising(horizon, word) | sells & forward.falling(horizon, word))).nonzeroBitCount
        forward.add(settled, sells: sells, after: horizon, word, to: &outcomes[horizon].sum)
      }
    }
    let found = hasExits ? signals(rows, block) : lastCalls(rows, block)
    if hasExits { signalCount += found.count { $0.direction.sign == 0 } }
    guard let limit = latest?.limit else { return }
    for (place, direction) in found.suffix(limit) {
      latest?.keep(direction, at: block.first + place, of: run)
    }
  }

  /// The last calls of a block, as many as are kept, in the order of their bars.
  private func lastCalls(_ rows: borrowing CallRows, _ block: borrowing PriceBlock) -> [(
    place: Int, direction: Direction
  )] {
    var found: [(place: Int, direction: Direction)] = []
    let limit = latest?.limit ?? 0
    guard limit > 0 else { return found }
    for word in (0..<PriceBlock.words).reversed() {
      let sells = rows.word(.sells, word)
      var left = (rows.word(.buys, word) | sells) & block.counted[word]
      while left != 0 {
        let bit = 63 - left.leadingZeroBitCount
        found.append((word << 6 | bit, sells >> UInt64(bit) & 1 == 1 ? .sell : .buy))
        if found.count == limit { return found.reversed() }
        left &= ~(1 << UInt64(bit))
      }
    }
    return found.reversed()
  }

  /// All signals of a block, exits among them, as `SignalEmitter` makes them.
  private mutating func signals(
    _ rows: borrowing CallRows, _ block: borrowing PriceBlock
  ) -> [(place: Int, direction: Direction)] {
    var found: [(place: Int, direction: Direction)] = []
    var place = 0
    while let next = rows.next(held > 0 ? .whileLong : held < 0 ? .whileShort : .either, from: place) {
      let isCounted = block.isCounted(next)
      if held != 0, rows.holds(held > 0 ? .exitsLong : .exitsShort, at: next) {
        if isCounted { found.append((next, held > 0 ? .exitLong : .exitShort)) }
        held = 0
      }
      let buys = rows.holds(.buys, at: next)
      if buys || rows.holds(.sells, at: next) {
        if isCounted { found.append((next, buys ? .buy : .sell)) }
        held = buys ? 1 : -1
      }
      place = next + 1
    }
    return found
  }

  /// What became of the calls after each horizon.
  func outcomes(after horizons: [Horizon]) -> [OutcomeSummary] {
    zip(horizons, outcomes).map { horizon, outcome in
      guard outcome.calls > 0 else { return OutcomeSummary(horizon: horizon) }
      let count = Double(outcome.calls)
      return OutcomeSummary(
        horizon: horizon, successRate: Double(outcome.successes) / count, meanReturn: finite(outcome.sum / count))
    }
  }
}
