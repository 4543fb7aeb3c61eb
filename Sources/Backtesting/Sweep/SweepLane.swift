import Pipelines
import Trading

/// One combination at work: what its calls and its account must remember from one block of bars to the next.
struct SweepLane: Sendable {
  let calls: ConditionSteps.Calls
  let emitsLevels: Bool
  let terms: SweepTerms
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

  init(_ strategy: Strategy, _ calls: ConditionSteps.Calls, _ terms: SweepTerms, _ account: SweepAccount) {
    self.calls = calls
    self.emitsLevels = strategy.emitsLevels
    self.terms = terms
    self.account = account
  }

  /// Hears the calls of a block and trades them.
  mutating func trade(
    _ bits: borrowing ConditionBits, _ words: inout CallWords, _ block: borrowing PriceBlock,
    _ ends: borrowing BlockEnds
  ) {
    listen(bits, &words, block)
    var place = 0
    if isLeaving || entering != 0 {
      place = block.nextPresent(0)
      if place < block.count { fill(at: place, block, ends) }
    }
    while let next = words.next(from: place, wanted: wanted) {
      hear(next, words, block)
      guard isLeaving || entering != 0 else {
        place = next &+ 1
        continue
      }
      place = terms.fillsAtClose ? next : block.nextPresent(next &+ 1)
      guard place < block.count else { break }
      fill(at: place, block, ends)
      if terms.fillsAtClose { place &+= 1 }
    }
    account.reckon(to: block.count, block, ends)
  }

  @inline(__always)
  private mutating func fill(at place: Int, _ block: borrowing PriceBlock, _ ends: borrowing BlockEnds) {
    account.fill(at: place, leaving: isLeaving, entering: entering, terms, block, ends)
    (isLeaving, entering) = (false, 0)
  }

  /// Which of the four sets of calls can change anything as things stand.
  private var wanted: SIMD4<UInt64> {
    guard case .both = calls else { return SIMD4(~0, ~0, called > 0 ? ~0 : 0, called < 0 ? ~0 : 0) }
    let side = account.side
    switch terms.side {
    case .long: return side == 0 ? SIMD4(~0, 0, 0, 0) : SIMD4(0, ~0, 0, 0)
    case .short: return side == 0 ? SIMD4(0, ~0, 0, 0) : SIMD4(~0, 0, 0, 0)
    case .both: return SIMD4(side > 0 ? 0 : ~0, side < 0 ? 0 : ~0, 0, 0)
    }
  }

  /// Takes the calls of one bar, as `SignalEmitter` makes them and `Orders` hears them. Every bar that is there fills, so
  /// orders of different bars never meet.
  private mutating func hear(_ place: Int, _ words: borrowing CallWords, _ block: borrowing PriceBlock) {
    let call = words.calls(at: place)
    let held = account.side
    var leaves = false
    if called > 0, call[2] {
      called = 0
      leaves = held > 0
    } else if called < 0, call[3] {
      called = 0
      leaves = held < 0
    }
    var entry = 0
    if call[0] || call[1] {
      let side = call[0] ? 1 : -1
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
    _ bits: borrowing ConditionBits, _ words: inout CallWords, _ block: borrowing PriceBlock
  ) {
    let (buy, sell, exitLong, exitShort): (Int, Int, Int?, Int?)
    switch calls {
    case .both(let bullish, let bearish): (buy, sell, exitLong, exitShort) = (bullish, bearish, nil, nil)
    case .positions(let enterLong, let leaveLong, let enterShort, let leaveShort):
      (buy, sell, exitLong, exitShort) = (enterLong, enterShort, leaveLong, leaveShort)
    }
    for word in 0..<PriceBlock.words {
      let present = block.present[word]
      guard present != 0 else {
        words.set(word, .zero)
        continue
      }
      let (bullish, bearish) = (bits.isTrue(buy, word), bits.isTrue(sell, word))
      if firstBuy == nil { firstBuy = first(word, (bullish | bits.isFalse(buy, word)) & present, block) }
      if firstSell == nil { firstSell = first(word, (bearish | bits.isFalse(sell, word)) & present, block) }
      let (buys, sells) = (standing(bullish, present, &wasBuy), standing(bearish, present, &wasSell))
      // Both at once is a conflict, and neither.
      let counted = exitLong == nil ? block.counted[word] : present
      words.set(
        word,
        SIMD4(
          bullish & ~bearish & (emitsLevels ? ~0 : ~buys) & counted,
          bearish & ~bullish & (emitsLevels ? ~0 : ~sells) & counted,
          exitLong.map { bits.isTrue($0, word) & present } ?? 0,
          exitShort.map { bits.isTrue($0, word) & present } ?? 0))
    }
  }

  /// For each bar whether a condition was true on the last bar before it that was there.
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

/// The calls of one combination over a block: for 64 bars at a time where it buys, sells, may leave a long position, may
/// leave a short one.
struct CallWords {
  private var words = [SIMD4<UInt64>](repeating: .zero, count: PriceBlock.words)

  mutating func set(_ word: Int, _ calls: SIMD4<UInt64>) { words[word] = calls }

  /// The first bar from a place on that has one of the wanted calls.
  @inline(__always)
  func next(from place: Int, wanted: SIMD4<UInt64>) -> Int? {
    guard place < PriceBlock.limit else { return nil }
    var word = place &>> 6
    var bits = any(words[word] & wanted) & (~0 &<< UInt64(place & 63))
    while bits == 0 {
      word &+= 1
      guard word < PriceBlock.words else { return nil }
      bits = any(words[word] & wanted)
    }
    return word &<< 6 | bits.trailingZeroBitCount
  }

  @inline(__always)
  func calls(at place: Int) -> SIMDMask<SIMD4<Int64>> {
    (words[place &>> 6] &>> SIMD4(repeating: UInt64(place & 63)) & 1) .== 1
  }

  @inline(__always)
  private func any(_ calls: SIMD4<UInt64>) -> UInt64 { (calls[0] | calls[1]) | (calls[2] | calls[3]) }
}
