import Pipelines
import Trading

/// One combination at work: what its calls and its account must remember from one block of bars to the next.
struct SweepLane: Sendable {
  let calls: ConditionSteps.Calls
  let emitsLevels: Bool
  let terms: SweepTerms
  /// The first bars on which they could be known, as far as the graph tells.
  let earliest: (buy: Int?, sell: Int?)
  private(set) var account: SweepAccount
  /// The first bars on which the bullish and the bearish condition were known.
  private(set) var firstBuy, firstSell: Int?
  /// Whether they were true on the last bar that was there: bit 0.
  private var wasBuy: UInt64 = 0
  private var wasSell: UInt64 = 0
  /// The position that the calls so far make, whatever became of them: 1 long, −1 short.
  private var called = 0
  /// What is to be done at the next fill.
  private var isLeaving = false
  private var entering = 0

  init(
    _ calls: ConditionSteps.Calls, earliest: (buy: Int?, sell: Int?), emitsLevels: Bool, _ terms: SweepTerms,
    _ account: SweepAccount
  ) {
    self.calls = calls
    self.earliest = earliest
    self.emitsLevels = emitsLevels
    self.terms = terms
    self.account = account
  }

  /// Whether its calls have exits of their own.
  var hasExits: Bool { if case .positions = calls { true } else { false } }

  /// Its figures at the end of all bars; nil where something happened that an ordinary replay must do.
  mutating func figures(_ ground: SweepGround) -> SweepFigures? {
    account.isCalled ? nil : SweepFigures(&account, firstEntry: firstEntry, ground)
  }

  /// Those of one backtest alone; nil likewise.
  mutating func metrics(_ backtest: Backtest, _ closes: CountedCloses) -> Metrics? {
    guard !account.isCalled else { return nil }
    account.end(at: backtest.counted.upperBound, lastClose: closes.last)
    return Metrics(account, firstEntry: firstEntry, of: backtest, closes)
  }

  /// The first bar at whose close an entry could be known.
  private var firstEntry: Int? {
    func later(_ computed: Int?, _ known: Int?) -> Int? {
      guard let computed, let known else { return nil }
      return max(computed, known)
    }
    let known = SignalRun(
      signals: [], conflicts: 0, firstBuy: later(earliest.buy, firstBuy), firstSell: later(earliest.sell, firstSell))
    return known.firstEntry(of: terms.side)
  }

  /// Hears the calls of a block and trades them.
  mutating func trade(
    _ bits: borrowing ConditionBits, _ rows: inout CallRows, _ block: borrowing PriceBlock, _ ends: borrowing BlockEnds,
    _ moves: inout SweepMoves
  ) {
    let place = isLeaving || entering != 0 ? block.nextPresent(0) : 0
    if isLeaving || entering != 0, place < block.count { fill(at: place, block, ends, &moves) }
    switch calls {
    case .both(let buy, let sell):
      listen(buy, sell, exits: nil, bits, &rows, block)
      tradeTurns(from: place, rows, block, ends, &moves)
    case .positions(let enterLong, let exitLong, let enterShort, let exitShort):
      listen(enterLong, enterShort, exits: (exitLong, exitShort), bits, &rows, block)
      tradePositions(from: place, rows, block, ends, &moves)
    }
    account.reckon(to: block.count, block, ends, &moves)
    account.sum(&moves)
  }

  /// Buys and sells: only those that turn the position round are looked for.
  private mutating func tradeTurns(
    from place: Int, _ rows: borrowing CallRows, _ block: borrowing PriceBlock, _ ends: borrowing BlockEnds,
    _ moves: inout SweepMoves
  ) {
    var place = place
    while true {
      let side = account.side
      let row: CallRows.Row
      switch terms.side {
      case .long: row = side == 0 ? .buys : .sells
      case .short: row = side == 0 ? .sells : .buys
      case .both: row = side == 0 ? .either : side > 0 ? .sells : .buys
      }
      guard let next = rows.next(row, from: place) else { return }
      let buys = row == .buys || (row == .either && rows.holds(.buys, at: next))
      isLeaving = side != 0
      entering = buys ? (terms.side == .short ? 0 : 1) : (terms.side == .long ? 0 : -1)
      guard tradeNext(next, &place, block, ends, &moves) else { return }
    }
  }

  /// Entries and exits: which exit is looked at depends on the calls so far, not on what became of them.
  private mutating func tradePositions(
    from place: Int, _ rows: borrowing CallRows, _ block: borrowing PriceBlock, _ ends: borrowing BlockEnds,
    _ moves: inout SweepMoves
  ) {
    var place = place
    while let next = rows.next(called > 0 ? .whileLong : called < 0 ? .whileShort : .either, from: place) {
      hear(next, rows, block)
      if isLeaving || entering != 0 {
        guard tradeNext(next, &place, block, ends, &moves) else { return }
      } else {
        place = next &+ 1
      }
    }
  }

  /// Fills what is waiting after the calls of a bar, and tells whether that was in this block.
  @inline(__always)
  private mutating func tradeNext(
    _ next: Int, _ place: inout Int, _ block: borrowing PriceBlock, _ ends: borrowing BlockEnds,
    _ moves: inout SweepMoves
  ) -> Bool {
    place = terms.fillsAtClose ? next : block.nextPresent(next &+ 1)
    guard place < block.count else { return false }
    fill(at: place, block, ends, &moves)
    if terms.fillsAtClose { place &+= 1 }
    return true
  }

  @inline(__always)
  private mutating func fill(
    at place: Int, _ block: borrowing PriceBlock, _ ends: borrowing BlockEnds, _ moves: inout SweepMoves
  ) {
    if !isLeaving {
      account.enter(entering, at: place, terms, block, ends, &moves)
    } else if entering == 0 {
      account.leave(at: place, terms, block, ends, &moves)
    } else {
      account.turn(to: entering, at: place, terms, block, ends, &moves)
    }
    (isLeaving, entering) = (false, 0)
  }

  /// Takes the calls of one bar, as `SignalEmitter` makes them and `Orders` hears them. Every bar that is there fills, so
  /// orders of different bars never meet.
  private mutating func hear(_ place: Int, _ rows: borrowing CallRows, _ block: borrowing PriceBlock) {
    let held = account.side
    let (buys, sells) = (rows.holds(.buys, at: place), rows.holds(.sells, at: place))
    var leaves = false
    if called > 0, rows.holds(.exitsLong, at: place) {
      called = 0
      leaves = held > 0
    } else if called < 0, rows.holds(.exitsShort, at: place) {
      called = 0
      leaves = held < 0
    }
    var entry = 0
    if buys || sells {
      let side = buys ? 1 : -1
      called = side
      if (side > 0 && terms.side == .short) || (side < 0 && terms.side == .long) {
        leaves = leaves || held == -side
      } else {
        entry = side
        leaves = held != 0 && (held != side || leaves)
      }
    }
    guard block.isCounted(place) else { return }
    isLeaving = leaves
    // With a position of this side already, a further call has nothing to do.
    entering = entry != 0 && (held == 0 || leaves) ? entry : 0
  }

  private mutating func listen(
    _ buy: Int, _ sell: Int, exits: (long: Int, short: Int)?, _ bits: borrowing ConditionBits, _ rows: inout CallRows,
    _ block: borrowing PriceBlock
  ) {
    rows.fill { word in
      let (bullish, bearish) = (bits.isTrue(buy, word), bits.isTrue(sell, word))
      let present = block.present[word]
      if firstBuy == nil { firstBuy = first(word, (bullish | bits.isFalse(buy, word)) & present, block) }
      if firstSell == nil { firstSell = first(word, (bearish | bits.isFalse(sell, word)) & present, block) }
      let (bought, sold) = (standing(bullish, present, &wasBuy), standing(bearish, present, &wasSell))
      // Both at once is a conflict, and neither.
      let heard = (exits == nil ? block.counted[word] : present) & ~(bullish & bearish)
      return (
        bullish & heard & (emitsLevels ? ~0 : ~bought), bearish & heard & (emitsLevels ? ~0 : ~sold),
        exits.map { (bits.isTrue($0.long, word) & present, bits.isTrue($0.short, word) & present) }
      )
    }
  }

  /// For each bar whether a condition was true on the last bar before it that was there.
  @inline(__always)
  private func standing(_ bits: UInt64, _ present: UInt64, _ was: inout UInt64) -> UInt64 {
    if present == ~0 {
      let before = bits &<< 1 | was
      was = bits &>> 63
      return before
    }
    var before: UInt64 = 0
    for bar in 0..<UInt64(64) {
      before |= was &<< bar
      if present &>> bar & 1 == 1 { was = bits &>> bar & 1 }
    }
    return before
  }

  private func first(_ word: Int, _ known: UInt64, _ block: borrowing PriceBlock) -> Int? {
    known == 0 ? nil : block.first + 64 * word + known.trailingZeroBitCount
  }
}
