import PluginKit

struct Counterattack: CandlePattern {
  static let id = "counterattack"
  static let summary =
    "Counterattack: two long bodies of opposite colors with one close; 100 if the second is white, −100 if black."
  static let bars = 2
  static let averages: CandleAverages = [.bodyLong: [1, 0], .equal: [1]]
  static let glance: [CandleLook] = [.opposite(1, 0), .long(1), .long(0)]
  static let examples: [Example] = [
    .shape([104, 104.5, 99.5, 100], [97, 100.5, 96.5, 100], gives: 100, note: "bodies 4 and 3, both close at 100")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let first = x[1], second = x[0]
    return !first.isSameColor(as: second) && first.isLong && second.isLong
      && Bar.same(second.close, first.close, within: first.equal) ? second.color : 0
  }
}

struct DarkCloudCover: CandlePattern {
  static let id = "dark_cloud_cover"
  static let summary =
    "Dark cloud cover: a long white body, then a black one from above the high to well inside it (−100)."
  static let bars = 2
  static let averages: CandleAverages = [.bodyLong: [1]]
  static let penetration: Double? = 0.5
  static let glance: [CandleLook] = [.white(1), .black(0), .long(1)]
  static let examples: [Example] = [
    .shape(
      [100, 105, 100, 104], [105.5, 106, 101, 101.5], gives: -100,
      note: "opens above 105, closes between 100 and 104 − 4 × 0.5 = 102"),
    .shape(
      [100, 105, 100, 104], [105.5, 106, 101, 101.5], settings: ["penetration": 0.7], gives: 0,
      note: "101.5 is not below 104 − 4 × 0.7 = 101.2"),
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let first = x[1], second = x[0]
    return first.isWhite && first.isLong && second.isBlack && second.open > first.high && second.close > first.open
      && second.close < first.close - first.body * x.penetration ? -100 : 0
  }
}

struct DojiStar: CandlePattern {
  static let id = "doji_star"
  static let summary =
    "Doji star: a doji a gap away from a long body, below a black one (100), above a white one (−100)."
  static let bars = 2
  static let averages: CandleAverages = [.bodyLong: [1], .bodyDoji: [0]]
  static let glance: [CandleLook] = [.long(1), .doji(0), .apart(1, 0)]
  static let examples: [Example] = [
    .shape([105, 106, 100, 101], [100, 100.5, 99, 100], gives: 100, note: "a doji at 100, below 101")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let first = x[1], star = x[0]
    return first.isLong && star.isDoji
      && (first.isWhite ? star.bodyGapsUp(from: first) : star.bodyGapsDown(from: first))
      ? -first.color : 0
  }
}

struct Engulfing: CandlePattern {
  static let id = "engulfing"
  static let summary =
    "Engulfing: a body around the last, of the other color; 100 if white, −100 if black, ±80 where one end is the same."
  static let bars = 2
  static let wait = 1
  static let glance: [CandleLook] = [.opposite(1, 0), .holds(0, 1)]
  static let examples: [Example] = [
    .shape(
      [102, 103, 98, 99], [99, 103, 98, 103], gives: -100, 80,
      note: "99–102 covers 100–101; 99–103 covers 99–102 with one end the same")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let first = x[1], second = x[0]
    guard !first.isSameColor(as: second), second.top >= first.top, second.bottom <= first.bottom else { return 0 }
    if second.top != first.top && second.bottom != first.bottom { return second.color }
    return second.top == first.top && second.bottom == first.bottom ? 0 : second.color * 4 / 5
  }
}

struct Hammer: CandlePattern {
  static let id = "hammer"
  static let summary =
    "Hammer: a small body near or below the last low, a long lower shadow, next to no upper one (100)."
  static let bars = 2
  static let averages: CandleAverages = [.bodyShort: [0], .shadowVeryShort: [0], .near: [1]]
  static let glance: [CandleLook] = [.short(0), .flatOnTop(0), .longLowerShadow(0)]
  static let examples: [Example] = [
    .shape(
      [99.25, 99.75, 97, 99.75], gives: 100, note: "body 0.5, shadows 2.25 and 0, body from 99.25, at most 99 + 0.6")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let before = x[1], bar = x[0]
    return bar.isSmall && bar.hasLongLowerShadow && bar.isFlatOnTop && bar.bottom <= before.low + before.near ? 100 : 0
  }
}

struct HangingMan: CandlePattern {
  static let id = "hanging_man"
  static let summary =
    "Hanging man: a small body near or above the last high, a long lower shadow, next to no upper one (−100)."
  static let bars = 2
  static let averages: CandleAverages = [.bodyShort: [0], .shadowVeryShort: [0], .near: [1]]
  static let glance: [CandleLook] = [.short(0), .flatOnTop(0), .longLowerShadow(0)]
  static let examples: [Example] = [
    .shape(
      [101.5, 102, 99, 102], gives: -100, note: "body 0.5, shadows 2.5 and 0, body from 101.5, at least 102 − 0.6")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let before = x[1], bar = x[0]
    return bar.isSmall && bar.hasLongLowerShadow && bar.isFlatOnTop && bar.bottom >= before.high - before.near
      ? -100 : 0
  }
}

struct Harami: CandlePattern {
  static let id = "harami"
  static let summary =
    "Harami: a short body inside a long black (100) or white (−100) one, ±80 where one end is the same."
  static let bars = 2
  static let averages: CandleAverages = [.bodyLong: [1], .bodyShort: [0]]
  static let glance: [CandleLook] = [.long(1), .short(0), .holds(1, 0)]
  static let examples: [Example] = [
    .shape(
      [105, 106, 100, 101], [102, 104, 101, 103], gives: 0, 100,
      note: "102–103 is inside 101–105; body 1 against (9 × 1 + 4) / 10"),
    .shape([105, 106, 100, 101], [101, 103, 101, 102], gives: 0, 80, note: "101–102 ends where 101–105 does"),
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int { x[1].isLong && x[0].isShort ? -x[1].holds(x[0]) : 0 }
}

struct HaramiCross: CandlePattern {
  static let id = "harami_cross"
  static let summary =
    "Harami cross: a doji inside a long black (100) or white (−100) body, ±80 where one end is the same."
  static let bars = 2
  static let averages: CandleAverages = [.bodyLong: [1], .bodyDoji: [0]]
  static let glance: [CandleLook] = [.long(1), .doji(0), .holds(1, 0)]
  static let examples: [Example] = [
    .shape([105, 106, 100, 101], [102, 103, 101, 102], gives: 100, note: "a doji at 102, inside 101–105")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int { x[1].isLong && x[0].isDoji ? -x[1].holds(x[0]) : 0 }
}

struct HomingPigeon: CandlePattern {
  static let id = "homing_pigeon"
  static let summary = "Homing pigeon: a short black body inside a long black one (100)."
  static let bars = 2
  static let averages: CandleAverages = [.bodyLong: [1], .bodyShort: [0]]
  static let glance: [CandleLook] = [.black(1), .black(0), .long(1), .short(0)]
  static let examples: [Example] = [
    .shape([104, 104.5, 99.5, 100], [102, 102.5, 101, 101.5], gives: 100, note: "101.5–102 inside 100–104")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let first = x[1], second = x[0]
    return first.isBlack && second.isBlack && first.isLong && second.isShort && second.bodyIsInside(first) ? 100 : 0
  }
}

struct InNeck: CandlePattern {
  static let id = "in_neck"
  static let summary =
    "In-neck: a long black body, then a white one from below its low to its close or just above (−100)."
  static let bars = 2
  static let averages: CandleAverages = [.bodyLong: [1], .equal: [1]]
  static let glance: [CandleLook] = [.black(1), .white(0), .long(1)]
  static let examples: [Example] = [
    .shape([104, 104.5, 99.5, 100], [99, 100.5, 98.5, 100], gives: -100, note: "opens below 99.5, closes at 100")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let first = x[1], second = x[0]
    return first.isBlack && first.isLong && second.isWhite && second.open < first.low
      && second.close <= first.close + first.equal && second.close >= first.close ? -100 : 0
  }
}

struct InvertedHammer: CandlePattern {
  static let id = "inverted_hammer"
  static let summary =
    "Inverted hammer: a small body with a long upper shadow and next to no lower one, gapping down (100)."
  static let bars = 2
  static let averages: CandleAverages = [.bodyShort: [0], .shadowVeryShort: [0]]
  static let glance: [CandleLook] = [.short(0), .flatBelow(0), .longUpperShadow(0)]
  static let examples: [Example] = [
    .shape([99, 101.5, 98.75, 99.5], gives: 100, note: "body 99–99.5 below 100–101, shadows 2 and 0.25")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let bar = x[0]
    return bar.bodyGapsDown(from: x[1]) && bar.isSmall && bar.hasLongUpperShadow && bar.isFlatBelow ? 100 : 0
  }
}

struct Kicking: CandlePattern {
  static let id = "kicking"
  static let summary =
    "Kicking: two marubozu of opposite colors, a gap between; 100 if the second is white, −100 if black."
  static let bars = 2
  static let averages: CandleAverages = [.bodyLong: [1, 0], .shadowVeryShort: [1, 0]]
  static let glance: [CandleLook] = [.opposite(1, 0), .long(1), .long(0), .flatOnTop(0)]
  static let examples: [Example] = [
    .shape([100, 100, 96, 96], [101, 104, 101, 104], gives: 100, note: "black 96–100, white 101–104, no shadows")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int { x[0].kicks(x[1]) ? x[0].color : 0 }
}

struct KickingByLength: CandlePattern {
  static let id = "kicking_by_length"
  static let summary =
    "Kicking by length: two marubozu of opposite colors, a gap between; 100 if the longer is white, −100 if black."
  static let bars = 2
  static let averages: CandleAverages = [.bodyLong: [1, 0], .shadowVeryShort: [1, 0]]
  static let glance: [CandleLook] = [.opposite(1, 0), .long(1), .long(0), .flatOnTop(0)]
  static let examples: [Example] = [
    .shape(
      [100, 100, 96, 96], [101, 104, 101, 104], gives: -100, note: "the black body is the longer one: 4 against 3")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    guard x[0].kicks(x[1]) else { return 0 }
    return x[0].body > x[1].body ? x[0].color : x[1].color
  }
}

struct MatchingLow: CandlePattern {
  static let id = "matching_low"
  static let summary = "Matching low: two black bodies with the same close (100)."
  static let bars = 2
  static let averages: CandleAverages = [.equal: [1]]
  static let glance: [CandleLook] = [.black(1), .black(0)]
  static let examples: [Example] = [
    .shape([103, 103.5, 99.5, 100], [102, 102.5, 99.5, 100], gives: 100, note: "both close at 100")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let first = x[1], second = x[0]
    return first.isBlack && second.isBlack && Bar.same(second.close, first.close, within: first.equal) ? 100 : 0
  }
}

struct OnNeck: CandlePattern {
  static let id = "on_neck"
  static let summary = "On-neck: a long black body, then a white one from below its low to that low (−100)."
  static let bars = 2
  static let averages: CandleAverages = [.bodyLong: [1], .equal: [1]]
  static let glance: [CandleLook] = [.black(1), .white(0), .long(1)]
  static let examples: [Example] = [
    .shape(
      [104, 104.5, 99.5, 100], [99, 100, 98.5, 99.5], gives: -100, note: "opens below the low 99.5, closes at it")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let first = x[1], second = x[0]
    return first.isBlack && first.isLong && second.isWhite && second.open < first.low
      && Bar.same(second.close, first.low, within: first.equal) ? -100 : 0
  }
}

struct Piercing: CandlePattern {
  static let id = "piercing"
  static let summary =
    "Piercing line: a long black body, then a long white one from below its low to its upper half (100)."
  static let bars = 2
  static let averages: CandleAverages = [.bodyLong: [1, 0]]
  static let glance: [CandleLook] = [.black(1), .white(0), .long(1), .long(0)]
  static let examples: [Example] = [
    .shape(
      [105, 105, 100, 101], [99.5, 104, 99, 103.5], gives: 100,
      note: "opens below 100, closes between 101 + 4 / 2 = 103 and 105")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let first = x[1], second = x[0]
    return first.isBlack && first.isLong && second.isWhite && second.isLong && second.open < first.low
      && second.close < first.open && second.close > first.close + first.body * 0.5 ? 100 : 0
  }
}

struct SeparatingLines: CandlePattern {
  static let id = "separating_lines"
  static let summary =
    "Separating lines: a belt hold, white (100) or black (−100), from the open of the last bar, of the other color."
  static let bars = 2
  static let averages: CandleAverages = [.bodyLong: [0], .shadowVeryShort: [0], .equal: [1]]
  static let glance: [CandleLook] = [.opposite(1, 0), .long(0), .flatOnOneSide(0)]
  static let examples: [Example] = [
    .shape([100, 100.5, 97, 98], [100, 104.5, 100, 104], gives: 100, note: "both open at 100")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let first = x[1], second = x[0]
    return !first.isSameColor(as: second) && Bar.same(second.open, first.open, within: first.equal) && second.isLong
      && (second.isWhite ? second.isFlatBelow : second.isFlatOnTop) ? second.color : 0
  }
}

struct ShootingStar: CandlePattern {
  static let id = "shooting_star"
  static let summary =
    "Shooting star: a small body with a long upper shadow and next to no lower one, gapping up (−100)."
  static let bars = 2
  static let averages: CandleAverages = [.bodyShort: [0], .shadowVeryShort: [0]]
  static let glance: [CandleLook] = [.short(0), .flatBelow(0), .longUpperShadow(0)]
  static let examples: [Example] = [
    .shape([101.5, 104, 101.25, 102], gives: -100, note: "body 101.5–102 above 100–101, shadows 2 and 0.25")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let bar = x[0]
    return bar.bodyGapsUp(from: x[1]) && bar.isSmall && bar.hasLongUpperShadow && bar.isFlatBelow ? -100 : 0
  }
}

struct Thrusting: CandlePattern {
  static let id = "thrusting"
  static let summary =
    "Thrusting: a long black body, then a white one from below its low to above its close, not its middle (−100)."
  static let bars = 2
  static let averages: CandleAverages = [.bodyLong: [1], .equal: [1]]
  static let glance: [CandleLook] = [.black(1), .white(0), .long(1)]
  static let examples: [Example] = [
    .shape(
      [104, 104.5, 99.5, 100], [99, 102, 98.5, 101.5], gives: -100, note: "closes between 100 and the middle 102")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let first = x[1], second = x[0]
    return first.isBlack && first.isLong && second.isWhite && second.open < first.low
      && second.close > first.close + first.equal && second.close <= first.close + first.body * 0.5 ? -100 : 0
  }
}

extension Bar {
  /// A long body with next to no shadows.
  var isMarubozu: Bool { @inline(__always) get { isLong && isFlatOnTop && isFlatBelow } }

  /// The color of this bar if it holds the body of `other`, 4/5 of it where an end is the same; else 0.
  @inline(__always)
  func holds(_ other: borrowing Bar) -> Int {
    if other.bodyIsInside(self) { return color }
    return other.top <= top && other.bottom >= bottom ? color * 4 / 5 : 0
  }

  /// Whether this marubozu gaps away from one of the other color, to its own side.
  @inline(__always)
  func kicks(_ other: borrowing Bar) -> Bool {
    !isSameColor(as: other) && other.isMarubozu && isMarubozu && (isWhite ? gapsUp(from: other) : gapsDown(from: other))
  }
}
