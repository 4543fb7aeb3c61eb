import PluginKit

struct AbandonedBaby: CandlePattern {
  static let id = "abandoned_baby"
  static let summary =
    "Abandoned baby: a doji with gaps on both sides, then a turn well into the long first body; 100 up, −100 down."
  static let bars = 3
  static let averages: CandleAverages = [.bodyLong: [2], .bodyDoji: [1], .bodyShort: [0]]
  static let penetration: Double? = 0.3
  static let glance: [CandleLook] = [.opposite(2, 0), .long(2), .doji(1), .notShort(0)]
  static let examples: [Example] = [
    .shape(
      [101, 102, 95, 96], [94, 94.5, 93, 94], [96, 99.5, 95.5, 99], gives: 100,
      note: "the doji trades at 93–94.5, below 95 and 95.5; closes above 96 + 5 × 0.3")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let first = x[2], baby = x[1], last = x[0]
    guard first.isLong, baby.isDoji, !last.isShort, !first.isSameColor(as: last) else { return 0 }
    return last.isWhite
      ? last.entersUp(first, by: x.penetration) && baby.gapsDown(from: first) && last.gapsUp(from: baby) ? 100 : 0
      : last.entersDown(first, by: x.penetration) && baby.gapsUp(from: first) && last.gapsDown(from: baby) ? -100 : 0
  }
}

struct AdvanceBlock: CandlePattern {
  static let id = "advance_block"
  static let summary =
    "Advance block: three rising white bodies that weaken, by smaller bodies or longer upper shadows (−100)."
  static let bars = 3
  static let averages: CandleAverages = [.bodyLong: [2], .shadowShort: [2, 1, 0], .near: [2, 1], .far: [2, 1]]
  static let glance: [CandleLook] = [.white(2), .white(1), .white(0), .long(2), .closesAbove(0, 1), .closesAbove(1, 2)]
  static let examples: [Example] = [
    .shape(
      [100, 104, 99.5, 104], [102, 106.5, 101.5, 105], [104.5, 107, 104, 105.5], gives: -100,
      note: "bodies 4, 3, 1")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let first = x[2], second = x[1], third = x[0]
    guard first.isWhite, second.isWhite, third.isWhite, third.close > second.close, second.close > first.close,
      second.opensAbove(first), third.opensAbove(second), first.isLong, first.hasShortUpperShadow
    else { return 0 }
    let secondIsFarSmaller = second.body < first.body - first.far && third.body < second.body + second.near
    let thirdIsFarSmaller = third.body < second.body - second.far
    let bodiesShrink =
      third.body < second.body && second.body < first.body
      && (third.upperShadow > third.shortShadow || second.upperShadow > second.shortShadow)
    let thirdIsRefused = third.body < second.body && third.hasLongUpperShadow
    return secondIsFarSmaller || thirdIsFarSmaller || bodiesShrink || thirdIsRefused ? -100 : 0
  }
}

struct EveningDojiStar: CandlePattern {
  static let id = "evening_doji_star"
  static let summary =
    "Evening doji star: a long white body, a doji above it, and a black one that closes well inside the first (−100)."
  static let bars = 3
  static let averages: CandleAverages = [.bodyLong: [2], .bodyDoji: [1], .bodyShort: [0]]
  static let penetration: Double? = 0.3
  static let glance: [CandleLook] = [.white(2), .black(0), .long(2), .doji(1)]
  static let examples: [Example] = [
    .shape(
      [100, 106, 99, 105], [106, 107, 105.5, 106], [106, 106, 102, 103], gives: -100,
      note: "doji at 106 above 105; closes below 105 − 5 × 0.3")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let first = x[2], star = x[1], last = x[0]
    return first.isWhite && last.isBlack && star.bodyGapsUp(from: first) && last.entersDown(first, by: x.penetration)
      && first.isLong && star.isDoji && !last.isShort ? -100 : 0
  }
}

struct EveningStar: CandlePattern {
  static let id = "evening_star"
  static let summary =
    "Evening star: a long white body, a short one above it, and a black one that closes well inside the first (−100)."
  static let bars = 3
  static let averages: CandleAverages = [.bodyLong: [2], .bodyShort: [1, 0]]
  static let penetration: Double? = 0.3
  static let glance: [CandleLook] = [.white(2), .black(0), .long(2), .short(1), .notShort(0)]
  static let examples: [Example] = [
    .shape(
      [100, 106, 99, 105], [106, 107, 105.5, 106.5], [106, 106, 102, 103], gives: -100,
      note: "star at 106–106.5 above 105; closes below 105 − 5 × 0.3 = 103.5"),
    .shape(
      [100, 106, 99, 105], [106, 107, 105.5, 106.5], [106, 106, 102, 103], settings: ["penetration": 0.5], gives: 0,
      note: "103 is not below 105 − 5 × 0.5 = 102.5"),
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let first = x[2], star = x[1], last = x[0]
    return first.isWhite && last.isBlack && star.bodyGapsUp(from: first) && last.entersDown(first, by: x.penetration)
      && first.isLong && star.isShort && !last.isShort ? -100 : 0
  }
}

struct GapSideSideWhite: CandlePattern {
  static let id = "gap_side_side_white"
  static let summary =
    "Side-by-side white lines: two like white bodies from one open, a gap above (100) or below (−100) the last."
  static let bars = 3
  static let averages: CandleAverages = [.near: [1], .equal: [1]]
  static let glance: [CandleLook] = [.white(1), .white(0), .apart(2, 1)]
  static let examples: [Example] = [
    .shape([102, 104, 101.5, 103.5], [102, 104, 101.75, 103.5], gives: 100, note: "102–103.5 twice, above 100–101")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let first = x[2], second = x[1], third = x[0]
    let up = second.bodyGapsUp(from: first) && third.bodyGapsUp(from: first)
    let down = second.bodyGapsDown(from: first) && third.bodyGapsDown(from: first)
    guard up || down, second.isWhite, third.isWhite, third.body >= second.body - second.near,
      third.body <= second.body + second.near, Bar.same(third.open, second.open, within: second.equal)
    else { return 0 }
    return up ? 100 : -100
  }
}

struct IdenticalThreeCrows: CandlePattern {
  static let id = "identical_three_crows"
  static let summary =
    "Identical three crows: three falling black bodies, each from the close before to its low (−100)."
  static let bars = 3
  static let averages: CandleAverages = [.shadowVeryShort: [2, 1, 0], .equal: [2, 1]]
  static let glance: [CandleLook] = [.black(2), .black(1), .black(0), .closesAbove(2, 1), .flatBelow(0)]
  static let examples: [Example] = [
    .shape(
      [104, 104.5, 102, 102], [102, 102.5, 100, 100], [100, 100.5, 98, 98], gives: -100,
      note: "each opens where the one before closed")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let first = x[2], second = x[1], third = x[0]
    return first.isBlack && first.isFlatBelow && second.isBlack && second.isFlatBelow && third.isBlack
      && third.isFlatBelow && first.close > second.close && second.close > third.close
      && Bar.same(second.open, first.close, within: first.equal)
      && Bar.same(third.open, second.close, within: second.equal) ? -100 : 0
  }
}

struct MorningDojiStar: CandlePattern {
  static let id = "morning_doji_star"
  static let summary =
    "Morning doji star: a long black body, a doji below it, and a white one that closes well inside the first (100)."
  static let bars = 3
  static let averages: CandleAverages = [.bodyLong: [2], .bodyDoji: [1], .bodyShort: [0]]
  static let penetration: Double? = 0.3
  static let glance: [CandleLook] = [.black(2), .white(0), .long(2), .doji(1)]
  static let examples: [Example] = [
    .shape(
      [101, 102, 95, 96], [95, 95.5, 94, 95], [95, 99, 95, 98.5], gives: 100,
      note: "doji at 95 below 96; closes above 96 + 5 × 0.3")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let first = x[2], star = x[1], last = x[0]
    return first.isBlack && last.isWhite && star.bodyGapsDown(from: first) && last.entersUp(first, by: x.penetration)
      && first.isLong && star.isDoji && !last.isShort ? 100 : 0
  }
}

struct MorningStar: CandlePattern {
  static let id = "morning_star"
  static let summary =
    "Morning star: a long black body, a short one below it, and a white one that closes well inside the first (100)."
  static let bars = 3
  static let averages: CandleAverages = [.bodyLong: [2], .bodyShort: [1, 0]]
  static let penetration: Double? = 0.3
  static let glance: [CandleLook] = [.black(2), .white(0), .long(2), .short(1), .notShort(0)]
  static let examples: [Example] = [
    .shape(
      [101, 102, 95, 96], [95, 95.5, 94, 94.5], [95, 99, 95, 98.5], gives: 100,
      note: "star at 94.5–95 below 96; closes above 96 + 5 × 0.3 = 97.5"),
    .shape(
      [101, 102, 95, 96], [95, 95.5, 94, 94.5], [95, 99, 95, 98.5], settings: ["penetration": 0.5], gives: 0,
      note: "98.5 is not above 96 + 5 × 0.5 = 98.5"),
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let first = x[2], star = x[1], last = x[0]
    return first.isBlack && last.isWhite && star.bodyGapsDown(from: first) && last.entersUp(first, by: x.penetration)
      && first.isLong && star.isShort && !last.isShort ? 100 : 0
  }
}

struct StalledPattern: CandlePattern {
  static let id = "stalled_pattern"
  static let summary =
    "Stalled pattern: two long rising white bodies, then a small white one at the shoulder of the second (−100)."
  static let bars = 3
  static let averages: CandleAverages = [.bodyLong: [2, 1], .shadowVeryShort: [1], .near: [2, 1], .bodyShort: [0]]
  static let glance: [CandleLook] = [.white(2), .white(1), .white(0), .long(2), .short(0)]
  static let examples: [Example] = [
    .shape(
      [100, 103, 99.5, 103], [102, 105, 101.5, 105], [105, 106, 104.75, 105.5], gives: -100,
      note: "bodies 3, 3 and 0.5, the last opening at the close before")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let first = x[2], second = x[1], third = x[0]
    return first.isWhite && second.isWhite && third.isWhite && third.close > second.close
      && second.close > first.close && first.isLong && second.isLong && second.isFlatOnTop && second.opensAbove(first)
      && third.isSmall && third.open >= second.close - third.body - second.near ? -100 : 0
  }
}

struct StickSandwich: CandlePattern {
  static let id = "stick_sandwich"
  static let summary =
    "Stick sandwich: two black bars with one close, and between them a white one that trades above it (100)."
  static let bars = 3
  static let averages: CandleAverages = [.equal: [2]]
  static let glance: [CandleLook] = [.black(2), .white(1), .black(0)]
  static let examples: [Example] = [
    .shape(
      [103, 103.5, 99.5, 100], [101, 104, 100.5, 103], [103.5, 104, 99.5, 100], gives: 100,
      note: "black closes at 100, white between trades above it")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let first = x[2], second = x[1], third = x[0]
    return first.isBlack && second.isWhite && third.isBlack && second.low > first.close
      && Bar.same(third.close, first.close, within: first.equal) ? 100 : 0
  }
}

struct TasukiGap: CandlePattern {
  static let id = "tasuki_gap"
  static let summary =
    "Tasuki gap: after a gap up (100) or down (−100), a like body of the other color that closes inside the gap."
  static let bars = 3
  static let averages: CandleAverages = [.near: [1]]
  static let glance: [CandleLook] = [.opposite(1, 0), .apart(2, 1)]
  static let examples: [Example] = [
    .shape(
      [102, 104, 101.75, 103.5], [103, 103.5, 101.25, 101.5], gives: 100,
      note: "closes at 101.5, in the gap from 101 to 102; bodies of 1.5")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let first = x[2], second = x[1], third = x[0]
    guard !second.isSameColor(as: third), third.opensInside(second), abs(second.body - third.body) < second.near else {
      return 0
    }
    return second.isWhite
      ? second.bodyGapsUp(from: first) && third.close < second.open && third.close > first.top ? 100 : 0
      : second.bodyGapsDown(from: first) && third.close > second.open && third.close < first.bottom ? -100 : 0
  }
}

struct ThreeInside: CandlePattern {
  static let id = "three_inside"
  static let summary =
    "Three inside: a short body inside a long one, then a close beyond the first open; 100 up, −100 down."
  static let bars = 3
  static let averages: CandleAverages = [.bodyLong: [2], .bodyShort: [1]]
  static let glance: [CandleLook] = [.opposite(2, 0), .holds(2, 1), .long(2)]
  static let examples: [Example] = [
    .shape(
      [104, 104.5, 99.5, 100], [101, 102.5, 100.5, 102], [102, 105.5, 101.5, 105], gives: 100,
      note: "101–102 inside 100–104, then a close above 104")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let first = x[2], second = x[1], third = x[0]
    return second.bodyIsInside(first) && !first.isSameColor(as: third)
      && (third.isWhite ? third.close > first.open : third.close < first.open) && first.isLong && second.isShort
      ? third.color : 0
  }
}

struct ThreeOutside: CandlePattern {
  static let id = "three_outside"
  static let summary =
    "Three outside: a body that engulfs the one before, then a close further that way; 100 up, −100 down."
  static let bars = 3
  static let wait = 1
  static let glance: [CandleLook] = [.opposite(2, 1), .holds(1, 2)]
  static let examples: [Example] = [
    .shape(
      [101, 101.5, 99.5, 100], [99.5, 103, 99, 102], [102, 104, 101.5, 103], gives: 100,
      note: "99.5–102 covers 100–101, then a close above 102")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let first = x[2], second = x[1], third = x[0]
    return !first.isSameColor(as: second) && first.bodyIsInside(second)
      && (second.isWhite ? third.close > second.close : third.close < second.close) ? second.color : 0
  }
}

struct ThreeStarsInSouth: CandlePattern {
  static let id = "three_stars_in_south"
  static let summary =
    "Three stars in the south: three ever smaller black bars with higher lows, the first with a long tail (100)."
  static let bars = 3
  static let averages: CandleAverages = [.bodyLong: [2], .shadowVeryShort: [1, 0], .bodyShort: [0]]
  static let glance: [CandleLook] = [.black(2), .black(1), .black(0), .long(2)]
  static let examples: [Example] = [
    .shape(
      [104, 104.5, 95, 100], [102, 102.5, 96, 100.5], [99.5, 99.5, 99, 99], gives: 100,
      note: "bodies 4, 1.5, 0.5, lows 95, 96, 99")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let first = x[2], second = x[1], third = x[0]
    return first.isBlack && second.isBlack && third.isBlack && first.isLong && first.hasLongLowerShadow
      && second.body < first.body && second.open > first.close && second.open <= first.high
      && second.low < first.close && second.low >= first.low && second.showsLowerShadow
      && third.isSmall && third.isFlatBelow && third.isFlatOnTop && third.low > second.low && third.high < second.high
      ? 100 : 0
  }
}

struct ThreeWhiteSoldiers: CandlePattern {
  static let id = "three_white_soldiers"
  static let summary =
    "Three white soldiers: three rising white bodies of a size, each from in or near the last to its high (100)."
  static let bars = 3
  static let averages: CandleAverages = [
    .shadowVeryShort: [2, 1, 0], .near: [2, 1], .far: [2, 1], .bodyShort: [0],
  ]
  static let glance: [CandleLook] = [.white(2), .white(1), .white(0), .flatOnTop(2), .flatOnTop(0)]
  static let examples: [Example] = [
    .shape(
      [100, 103, 99.5, 103], [102, 105, 101.5, 105], [104, 107, 103.5, 107], gives: 100,
      note: "bodies of 3 without upper shadows, each opening inside the one before")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let first = x[2], second = x[1], third = x[0]
    return first.isWhite && first.isFlatOnTop && second.isWhite && second.isFlatOnTop && third.isWhite
      && third.isFlatOnTop && third.close > second.close && second.close > first.close && second.opensAbove(first)
      && third.opensAbove(second) && second.body > first.body - first.far && third.body > second.body - second.far
      && !third.isShort ? 100 : 0
  }
}

struct Tristar: CandlePattern {
  static let id = "tristar"
  static let summary = "Tristar: three doji, the middle one a gap away; 100 if it is below, −100 if above."
  static let bars = 3
  static let averages: CandleAverages = [.bodyDoji: [2]]
  static let glance: [CandleLook] = [.doji(2)]
  static let examples: [Example] = [
    .shape(
      [100, 101, 99, 100], [101, 102, 100.5, 101], [100.5, 101.5, 100, 100.5], gives: -100,
      note: "doji at 100, 101, 100.5")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let first = x[2], second = x[1], third = x[0]
    // All three are held against the average before the first.
    guard first.isDoji, second.body <= first.dojiBody, third.body <= first.dojiBody else { return 0 }
    if second.bodyGapsUp(from: first) && third.top < second.top { return -100 }
    return second.bodyGapsDown(from: first) && third.bottom > second.bottom ? 100 : 0
  }
}

struct TwoCrows: CandlePattern {
  static let id = "two_crows"
  static let summary =
    "Two crows: a long white body, a black one above it, and a black one from that into the first (−100)."
  static let bars = 3
  static let averages: CandleAverages = [.bodyLong: [2]]
  static let glance: [CandleLook] = [.white(2), .black(1), .black(0), .long(2)]
  static let examples: [Example] = [
    .shape(
      [100, 104, 99.5, 103.5], [105, 105.5, 104, 104.25], [104.5, 104.75, 101.5, 102], gives: -100,
      note: "104.25–105 above 103.5, then from inside it to inside 100–103.5")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let first = x[2], second = x[1], third = x[0]
    return first.isWhite && first.isLong && second.isBlack && second.bodyGapsUp(from: first) && third.isBlack
      && third.opensInside(second) && third.closesInside(first) ? -100 : 0
  }
}

struct UniqueThreeRiver: CandlePattern {
  static let id = "unique_three_river"
  static let summary =
    "Unique three river: a long black body, a black one in it with a lower low, a small white one above that low (100)."
  static let bars = 3
  static let averages: CandleAverages = [.bodyLong: [2], .bodyShort: [0]]
  static let glance: [CandleLook] = [.black(2), .black(1), .white(0), .long(2)]
  static let examples: [Example] = [
    .shape(
      [104, 104.5, 99, 100], [102, 102.5, 98, 101], [99, 100, 98.75, 99.5], gives: 100,
      note: "101–102 inside 100–104, low 98 below 99, white body 0.5 above it")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let first = x[2], second = x[1], third = x[0]
    return first.isBlack && second.isBlack && third.isWhite && second.close > first.close && second.open <= first.open
      && second.low < first.low && third.open > second.low && first.isLong && third.isSmall ? 100 : 0
  }
}

struct UpsideGapTwoCrows: CandlePattern {
  static let id = "upside_gap_two_crows"
  static let summary =
    "Upside gap two crows: a long white body, a short black one above it, a black one around that (−100)."
  static let bars = 3
  static let averages: CandleAverages = [.bodyLong: [2], .bodyShort: [1]]
  static let glance: [CandleLook] = [.white(2), .black(1), .black(0), .long(2), .short(1)]
  static let examples: [Example] = [
    .shape(
      [100, 104, 99.5, 103.5], [105, 105.5, 104, 104.5], [105.5, 106, 103.5, 104], gives: -100,
      note: "104–105.5 covers 104.5–105 and stays above 103.5")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let first = x[2], second = x[1], third = x[0]
    return first.isWhite && first.isLong && second.isBlack && second.isShort && second.bodyGapsUp(from: first)
      && third.isBlack && second.bodyIsInside(third) && third.close > first.close ? -100 : 0
  }
}

struct XsideGapThreeMethods: CandlePattern {
  static let id = "xside_gap_three_methods"
  static let summary =
    "Gap three methods: two white (100) or black (−100) bodies with a gap between, then one back through the gap."
  static let bars = 3
  static let glance: [CandleLook] = [.alike(2, 1), .opposite(1, 0), .apart(2, 1)]
  static let examples: [Example] = [
    .shape(
      [102, 104, 101.75, 103.5], [103, 103.5, 100, 100.5], gives: 100,
      note: "from inside 102–103.5 to inside 100–101")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let first = x[2], second = x[1], third = x[0]
    return first.isSameColor(as: second) && !second.isSameColor(as: third) && third.opensInside(second)
      && third.closesInside(first)
      && (first.isWhite ? second.bodyGapsUp(from: first) : second.bodyGapsDown(from: first)) ? first.color : 0
  }
}

extension Bar {
  /// Whether the close is more than this share of the first body above its lower end, where it closed.
  @inline(__always)
  func entersUp(_ first: borrowing Bar, by share: Double) -> Bool { close > first.close + first.body * share }
  @inline(__always)
  func entersDown(_ first: borrowing Bar, by share: Double) -> Bool { close < first.close - first.body * share }

  /// Whether a bar opens in the white body before it, or near above.
  @inline(__always)
  func opensAbove(_ before: borrowing Bar) -> Bool { open > before.open && open <= before.close + before.near }
  @inline(__always)
  func opensInside(_ other: borrowing Bar) -> Bool { open < other.top && open > other.bottom }
  @inline(__always)
  func closesInside(_ other: borrowing Bar) -> Bool { close < other.top && close > other.bottom }
}
