import Trading

/// The account of one combination, walked from fill to fill: what a replay by `Broker` keeps as arrays, as sums. Money
/// is calculated exactly as the broker does it.
struct SweepAccount: Sendable {
  private(set) var cash: Double
  /// What is held, negative when short.
  private(set) var held = 0.0
  /// +1 long, −1 short, 0 without a position: known before the quantity is, so that what comes next need not wait for
  /// the division.
  private(set) var side = 0
  private var entryPrice = 0.0
  private var entryFee = 0.0
  /// The price at which a short can hardly be bought back any more.
  private var limit = Double.infinity
  /// All of the account is in a long position: its returns are the price's.
  private var isWhole = false
  /// The bar of the series up to which the account is reckoned.
  private var at: Int

  private var peak: Double
  /// The lowest value since that peak, and the deepest drawdown under the peaks before it.
  private var lowest: Double
  private(set) var deepest = 0.0
  private(set) var longest = 0
  /// The last bar that was not below the peak.
  private var lastPeak: Int

  private(set) var sums = ReturnSums()
  /// For each calendar block that has ended the sums at its end, of the returns, their squares, and, in the place of the
  /// count, their products with the price's.
  private var ends: [BlockSums] = []
  /// The first bar of the next calendar block.
  private var nextEnd: Int

  private(set) var trades = 0
  private(set) var closed = 0
  private(set) var won = 0
  private(set) var gains = 0.0
  private(set) var losses = 0.0
  /// Closes at which all of the account was held, and at which another share was; the sum over the latter of the share.
  private var wholeCloses = 0
  private var otherCloses = 0
  private var shares = 0.0
  var closesHeld: Int { wholeCloses + otherCloses }
  /// The sum over the closes of what was held as a share of equity.
  var exposures: Double { Double(wholeCloses) + shares }
  /// The account fell to nothing: it has no returns.
  private(set) var isRuined = false
  /// A short may have been bought back because the money was at an end, which only an ordinary replay does.
  private(set) var isCalled = false

  init(start: Double, firstBar: Int, _ ends: BlockEnds) {
    self.ends.reserveCapacity(ends.bars.count + 1)
    nextEnd = ends.bars.first ?? .max
    cash = start
    peak = start
    lowest = start
    at = firstBar
    lastPeak = firstBar - 1
  }

  /// Enters at one bar's open or close; nothing is held.
  mutating func enter(
    _ side: Int, at place: Int, _ terms: SweepTerms, _ block: borrowing PriceBlock, _ ends: borrowing BlockEnds,
    _ moves: inout SweepMoves
  ) {
    let bar = block.first &+ place
    if bar >= nextEnd { closeBlocks(to: bar, block, ends, &moves) }
    if cash >= peak { lastPeak = bar &- 1 }
    enter(side, after: cash, at: place, terms, block, &moves)
  }

  /// Leaves what is held at one bar's open or close.
  mutating func leave(
    at place: Int, _ terms: SweepTerms, _ block: borrowing PriceBlock, _ ends: borrowing BlockEnds,
    _ moves: inout SweepMoves
  ) {
    let before = leave(before: place, terms, block, ends, &moves)
    moves.add(cash, after: before, price: block.rows[place][5])
    mark(cash, block.first &+ place)
    at = block.first &+ place &+ 1
  }

  /// Leaves what is held and enters anew.
  mutating func turn(
    to side: Int, at place: Int, _ terms: SweepTerms, _ block: borrowing PriceBlock, _ ends: borrowing BlockEnds,
    _ moves: inout SweepMoves
  ) {
    let before = leave(before: place, terms, block, ends, &moves)
    enter(side, after: before, at: place, terms, block, &moves)
  }

  /// Sells or buys back, and tells the equity at the close before.
  @inline(__always)
  private mutating func leave(
    before place: Int, _ terms: SweepTerms, _ block: borrowing PriceBlock, _ ends: borrowing BlockEnds,
    _ moves: inout SweepMoves
  ) -> Double {
    reckon(to: place, block, ends, &moves)
    see(place, block)
    let row = block.rows[place]
    let before = cash + held * row[6]
    let price = row[7] * (side > 0 ? terms.sold : terms.bought)
    let fee = abs(held) * price * terms.feeRate
    cash += held * price - fee
    let profit = held * (price - entryPrice) - (entryFee + fee)
    closed &+= 1
    // Which trade wins is not to be foreseen: without a branch. Both sums are exact.
    won &+= profit > 0 ? 1 : 0
    gains += 0.5 * (abs(profit) + profit)
    losses += 0.5 * (abs(profit) - profit)
    (held, side) = (0, 0)
    isWhole = false
    return before
  }

  /// Buys or sells short, and marks the bar; without money it only does the latter.
  @inline(__always)
  private mutating func enter(
    _ entered: Int, after before: Double, at place: Int, _ terms: SweepTerms, _ block: borrowing PriceBlock,
    _ moves: inout SweepMoves
  ) {
    let row = block.rows[place]
    if cash > 0 {
      side = entered
      let price = row[7] * (side > 0 ? terms.bought : terms.sold)
      let quantity = cash * terms.share / (price * (1 + terms.feeRate))
      let fee = quantity * price * terms.feeRate
      held = side > 0 ? quantity : -quantity
      let left = cash - (held * price + fee)
      cash = left > 0 ? left : 0
      isWhole = side > 0 && cash <= quantity * price * 1e-14
      (entryPrice, entryFee) = (price, fee)
      limit = side < 0 ? cash / quantity / (1 + terms.feeRate) * (1 - 1e-9) : .infinity
      if !terms.fillsAtClose { see(place, block) }
    }
    let worth = held * block.rows[place &+ 1][6]
    let value = cash + worth
    moves.add(value, after: before, price: row[5])
    mark(value, block.first &+ place)
    if side != 0 { count(worth, of: value) }
    at = block.first &+ place &+ 1
  }

  /// Brings the account to the bar at a place, that bar not included.
  @inline(__always)
  mutating func reckon(
    to place: Int, _ block: borrowing PriceBlock, _ ends: borrowing BlockEnds, _ moves: inout SweepMoves
  ) {
    let bar = block.first &+ place
    if bar >= nextEnd { closeBlocks(to: bar, block, ends, &moves) }
    if side != 0 { hold(to: place, block, &moves) }
  }

  /// Takes the sums of what happened since the last time.
  mutating func sum(_ moves: inout SweepMoves) {
    if !moves.drain(into: &sums) { isRuined = true }
  }

  private mutating func closeBlocks(
    to bar: Int, _ block: borrowing PriceBlock, _ ends: borrowing BlockEnds, _ moves: inout SweepMoves
  ) {
    while nextEnd <= bar {
      // Between two fills the sums of a whole position, or of none, need no walk.
      let end = nextEnd &- block.first
      if side != 0, !isWhole { hold(to: end, block, &moves) }
      sum(&moves)
      let isOpen = isWhole && nextEnd > at
      self.ends.append(sums.snapshot(with: isOpen ? block.rows[end] - block.rows[at &- block.first] : .zero))
      nextEnd = self.ends.count < ends.bars.count ? ends.bars[self.ends.count] : .max
    }
  }

  /// Marks a position at the closes up to a place.
  @inline(__always)
  private mutating func hold(to place: Int, _ block: borrowing PriceBlock, _ moves: inout SweepMoves) {
    let from = at &- block.first
    guard from < place else { return }
    at = block.first &+ place
    guard isWhole else {
      walk(from..<place, block, &moves)
      return
    }
    sums.add(block.rows[place] - block.rows[from])
    wholeCloses &+= block.closes(from..<place)
    let (greatest, least) = block.extremes(from..<place)
    if cash + held * greatest < peak {
      mark(cash + held * least, block.first &+ from)
    } else {
      climb(from..<place, block)
    }
  }

  /// Marks bars one by one where one of them is above the peak.
  private mutating func climb(_ places: Range<Int>, _ block: borrowing PriceBlock) {
    for bar in places { mark(cash + held * block.rows[bar &+ 1][6], block.first &+ bar) }
  }

  /// A position beside which there is cash or debt: its returns are not the price's.
  private mutating func walk(_ places: Range<Int>, _ block: borrowing PriceBlock, _ moves: inout SweepMoves) {
    var before = cash + held * block.rows[places.lowerBound][6]
    for place in places {
      let worth = held * block.rows[place &+ 1][6]
      let value = cash + worth
      moves.add(value, after: before, price: block.rows[place][5])
      mark(value, block.first &+ place)
      if block.isPresent(place) {
        count(worth, of: value)
        see(place, block)
      }
      before = value
    }
  }

  /// The block sums of its returns less `e` times the price's; `prices` are those of the price's, block by block. The
  /// account gives up its own.
  mutating func blockSums(_ e: Double, _ prices: [BlockSums]) -> [BlockSums] {
    var blocks: [BlockSums] = []
    swap(&blocks, &ends)
    blocks.append(sums.snapshot())
    var before = BlockSums()
    for index in blocks.indices where index < prices.count {
      let (end, price) = (blocks[index], prices[index])
      let products = end.count - before.count
      blocks[index] = BlockSums(
        count: price.count, sum: end.sum - before.sum - e * price.sum,
        squares: max(0, end.squares - before.squares - 2 * e * products + e * e * price.squares))
      before = end
    }
    return blocks
  }

  /// The end of the counted bars.
  mutating func end(at bar: Int, lastClose: Double) {
    trades = closed
    if held != 0 {
      trades += 1
    } else {
      if cash >= peak { lastPeak = bar - 1 }
      // Bars after the one on which the last of the money was lost.
      if cash <= 0, at < bar { isRuined = true }
    }
    longest = max(longest, bar - 1 - lastPeak)
    deepest = min(deepest, lowest / peak - 1)
    if held != 0 { cash += held * lastClose }
  }

  @inline(__always)
  private mutating func count(_ worth: Double, of value: Double) {
    if isWhole {
      wholeCloses &+= 1
    } else {
      otherCloses &+= 1
      if value > 0 { shares += worth / value }
    }
  }

  /// Sees how high a bar has gone.
  @inline(__always)
  private mutating func see(_ place: Int, _ block: borrowing PriceBlock) {
    if side < 0, block.highs[place] >= limit { isCalled = true }
  }

  /// Sees an equity at a close.
  @inline(__always)
  private mutating func mark(_ value: Double, _ bar: Int) {
    guard value >= peak else {
      lowest = value < lowest ? value : lowest
      return
    }
    longest = max(longest, bar &- 1 &- lastPeak)
    deepest = min(deepest, lowest / peak - 1)
    (peak, lowest) = (value, value)
    lastPeak = bar
  }
}

/// The bars at which the calendar blocks of the counted bars end, the last one's not included.
struct BlockEnds: Sendable {
  /// The first bar of the series that is in no earlier block.
  let bars: [Int]
}
