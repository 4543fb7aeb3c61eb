import PluginKit

struct Breakaway: CandlePattern {
  static let id = "breakaway"
  static let summary =
    "Breakaway: a long body, a gap, two more bars the same way, then one back into the gap; 100 up, −100 down."
  static let bars = 5
  static let averages: CandleAverages = [.bodyLong: [4]]
  static let glance: [CandleLook] = [.alike(4, 3), .alike(3, 1), .opposite(1, 0), .long(4)]
  static let examples: [Example] = [
    .shape(
      [104, 104.5, 99, 100], [99, 99.5, 97, 97.5], [97.5, 98.5, 96, 97], [97, 97.5, 95, 95.5], [95.5, 100, 95, 99.5],
      gives: 100, note: "closes in the gap from 99 to 100")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let first = x[4], second = x[3], third = x[2], fourth = x[1], last = x[0]
    guard first.isSameColor(as: second), second.isSameColor(as: fourth), !fourth.isSameColor(as: last), first.isLong
    else { return 0 }
    return last.isWhite
      ? second.bodyGapsDown(from: first) && third.isLower(than: second) && fourth.isLower(than: third)
        && last.close > second.open && last.close < first.close ? 100 : 0
      : second.bodyGapsUp(from: first) && third.isHigher(than: second) && fourth.isHigher(than: third)
        && last.close < second.open && last.close > first.close ? -100 : 0
  }
}

struct ConcealBabySwallow: CandlePattern {
  static let id = "conceal_baby_swallow"
  static let summary =
    "Concealing baby swallow: two black marubozu, a black bar below that reaches back, a black one around it (100)."
  static let bars = 4
  static let averages: CandleAverages = [.shadowVeryShort: [3, 2, 1]]
  static let glance: [CandleLook] = [.black(3), .black(2), .black(1), .black(0), .flatBelow(3)]
  static let examples: [Example] = [
    .shape(
      [104, 104, 100, 100], [100.5, 100.5, 97, 97], [96, 98, 95, 95.5], [98.5, 99, 94, 94.5], gives: 100,
      note: "95.5–96 below 97, high 98 reaches back, then 94–99 around 95–98")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let first = x[3], second = x[2], third = x[1], last = x[0]
    return first.isBlack && second.isBlack && third.isBlack && last.isBlack && first.isFlatBelow && first.isFlatOnTop
      && second.isFlatBelow && second.isFlatOnTop && third.bodyGapsDown(from: second) && third.showsUpperShadow
      && third.high > second.close && last.high > third.high && last.low < third.low ? 100 : 0
  }
}

struct Hikkake: CandlePattern {
  static let id = "hikkake"
  static let summary =
    "Hikkake: a false break of an inside bar (±100), confirmed in three bars by a close beyond its other end (±200)."
  static let bars = 3
  static let wait = 3
  static let watch = 3
  static let examples: [Example] = [
    .shape(
      [100, 101.5, 99.5, 101], [100, 101, 98.5, 99], [99, 103, 98.75, 102], gives: 0, 100, 200,
      note: "inside bar 99.5–101.5, false break below, close above 101.5")
  ]

  var open = OpenHikkake()

  @inline(__always)
  mutating func match(_ x: borrowing Candles) -> Int {
    let inside = x[1], last = x[0]
    let up = last.isLower(than: inside), down = last.isHigher(than: inside)
    return open.next(inside.isWithin(x[2]) && (up || down), up: up, x)
  }
}

struct HikkakeMod: CandlePattern {
  static let id = "hikkake_mod"
  static let summary =
    "Modified hikkake: a false break of a bar inside one that closed near its end (±100), confirmed in three bars (±200)."
  static let bars = 4
  static let averages: CandleAverages = [.near: [2]]
  static let wait = 2
  static let watch = 3
  static let examples: [Example] = [
    .shape(
      [101, 101.75, 99.25, 99.5], [100, 101, 99.5, 100.5], [100, 100.75, 99, 100], [100, 102, 99.5, 101.5],
      gives: 0, 0, 100, 200, note: "inside bars 99.25–101.75 and 99.5–101, false break below, close above 101")
  ]

  var open = OpenHikkake()

  @inline(__always)
  mutating func match(_ x: borrowing Candles) -> Int {
    let first = x[2], inside = x[1], last = x[0]
    let up = last.isLower(than: inside) && first.close <= first.low + first.near
    let down = last.isHigher(than: inside) && first.close >= first.high - first.near
    return open.next(first.isWithin(x[3]) && inside.isWithin(first) && (up || down), up: up, x)
  }
}

/// A hikkake that waits for its confirmation.
struct OpenHikkake: Sendable {
  /// 100 or −100.
  var signal = 0
  /// The close that confirms is beyond this.
  var level = 0.0
  var barsLeft = 0

  /// The answer of the last bar: a new hikkake, or the confirmation of the open one.
  mutating func next(_ found: Bool, up: Bool, _ x: borrowing Candles) -> Int {
    if found {
      signal = up ? 100 : -100
      level = up ? x[1].high : x[1].low
      barsLeft = 3
      return signal
    }
    guard barsLeft > 0 else { return 0 }
    barsLeft -= 1
    guard signal > 0 ? x[0].close > level : x[0].close < level else { return 0 }
    barsLeft = 0
    return 2 * signal
  }
}

struct LadderBottom: CandlePattern {
  static let id = "ladder_bottom"
  static let summary =
    "Ladder bottom: three falling black bodies, a black one with an upper shadow, then a white one above it (100)."
  static let bars = 5
  static let averages: CandleAverages = [.shadowVeryShort: [1]]
  static let glance: [CandleLook] = [.black(4), .black(3), .black(2), .black(1), .white(0)]
  static let examples: [Example] = [
    .shape(
      [104, 104.5, 102, 102.5], [103, 103.5, 101, 101.5], [102, 102.5, 100, 100.5], [101, 102.5, 99, 99.5],
      [101.5, 104, 101, 103.5],
      gives: 100, note: "upper shadow 1.5, then an open above 101 and a close above 102.5")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let first = x[4], second = x[3], third = x[2], fourth = x[1], last = x[0]
    return first.isBlack && second.isBlack && third.isBlack && first.open > second.open && second.open > third.open
      && first.close > second.close && second.close > third.close && fourth.isBlack && fourth.showsUpperShadow
      && last.isWhite && last.open > fourth.open && last.close > fourth.high ? 100 : 0
  }
}

struct MatHold: CandlePattern {
  static let id = "mat_hold"
  static let summary =
    "Mat hold: a long white body, a gap, three small falling ones near its top, then a white close above (100)."
  static let bars = 5
  static let averages: CandleAverages = [.bodyLong: [4], .bodyShort: [3, 2, 1]]
  static let penetration: Double? = 0.5
  static let glance: [CandleLook] = [.white(4), .black(3), .white(0), .long(4)]
  static let examples: [Example] = [
    .shape(
      [100, 106, 99.5, 105.5], [106.5, 107, 105.75, 106], [106, 106.25, 104.5, 105], [105, 105.5, 103.5, 104],
      [104.5, 108, 104, 107.5],
      gives: 100, note: "holds above 105.5 − 5.5 × 0.5, then a close above 107")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let first = x[4], second = x[3], third = x[2], fourth = x[1], last = x[0]
    let floor = first.close - first.body * x.penetration
    return first.isWhite && second.isBlack && last.isWhite && second.bodyGapsUp(from: first)
      && third.bottom < first.close && fourth.bottom < first.close && third.bottom > floor && fourth.bottom > floor
      && third.top < second.open && fourth.top < third.top && last.open > fourth.close
      && last.close > max(second.high, third.high, fourth.high)
      && first.isLong && second.isSmall && third.isSmall && fourth.isSmall ? 100 : 0
  }
}

struct RiseFallThreeMethods: CandlePattern {
  static let id = "rise_fall_three_methods"
  static let summary =
    "Rising (100), falling (−100) three methods: a long body, three small ones back in its range, a long one on."
  static let bars = 5
  static let averages: CandleAverages = [.bodyLong: [4, 0], .bodyShort: [3, 2, 1]]
  static let glance: [CandleLook] = [.opposite(4, 3), .alike(3, 2), .alike(2, 1), .opposite(1, 0), .long(4)]
  static let examples: [Example] = [
    .shape(
      [100, 105, 100, 105], [104.5, 105, 103.5, 104], [104, 104.5, 103, 103.5], [103.5, 104, 102.5, 103],
      [103.5, 107, 103, 106.5],
      gives: 100, note: "three bodies of 0.5 down in 100–105, then a close above 105")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let first = x[4], second = x[3], third = x[2], fourth = x[1], last = x[0]
    guard !first.isSameColor(as: second), second.isSameColor(as: third), third.isSameColor(as: fourth),
      !fourth.isSameColor(as: last), second.bodyTouches(first), third.bodyTouches(first), fourth.bodyTouches(first),
      first.isLong, second.isSmall, third.isSmall, fourth.isSmall, last.isLong
    else { return 0 }
    let goesOn =
      first.isWhite
      ? third.close < second.close && fourth.close < third.close && last.open > fourth.close && last.close > first.close
      : third.close > second.close && fourth.close > third.close && last.open < fourth.close && last.close < first.close
    return goesOn ? first.color : 0
  }
}

struct ThreeBlackCrows: CandlePattern {
  static let id = "three_black_crows"
  static let summary =
    "Three black crows: after a white bar, three falling black bodies, each from inside the last to its low (−100)."
  static let bars = 4
  static let averages: CandleAverages = [.shadowVeryShort: [2, 1, 0]]
  static let glance: [CandleLook] = [.white(3), .black(2), .black(1), .black(0), .flatBelow(0)]
  static let examples: [Example] = [
    .shape(
      [101, 101.5, 98, 98], [100, 100.5, 96, 96], [98, 98.5, 94, 94], gives: -100,
      note: "no lower shadows, each opening inside the body before, the first closing below 102")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let before = x[3], first = x[2], second = x[1], third = x[0]
    return before.isWhite && first.isBlack && second.isBlack && third.isBlack && second.opensInside(first)
      && third.opensInside(second) && before.high > first.close && first.close > second.close
      && second.close > third.close && first.isFlatBelow && second.isFlatBelow && third.isFlatBelow ? -100 : 0
  }
}

struct ThreeLineStrike: CandlePattern {
  static let id = "three_line_strike"
  static let summary =
    "Three-line strike: three white (100) or black (−100) bodies in step, then one back beyond them all."
  static let bars = 4
  static let averages: CandleAverages = [.near: [3, 2]]
  static let glance: [CandleLook] = [.alike(3, 2), .alike(2, 1), .opposite(1, 0)]
  static let examples: [Example] = [
    .shape(
      [100, 102, 99.5, 101.5], [101, 103, 100.5, 102.5], [102, 104, 101.5, 103.5], [104, 104.5, 99, 99.5], gives: 100,
      note: "opens above 103.5, closes below 100")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let first = x[3], second = x[2], third = x[1], last = x[0]
    guard first.isSameColor(as: second), second.isSameColor(as: third), !third.isSameColor(as: last),
      second.opensInOrNear(first), third.opensInOrNear(second)
    else { return 0 }
    return third.isWhite
      ? third.close > second.close && second.close > first.close && last.open > third.close && last.close < first.open
        ? 100 : 0
      : third.close < second.close && second.close < first.close && last.open < third.close && last.close > first.open
        ? -100 : 0
  }
}

extension Bar {
  @inline(__always)
  func isHigher(than other: borrowing Bar) -> Bool { high > other.high && low > other.low }
  @inline(__always)
  func isLower(than other: borrowing Bar) -> Bool { high < other.high && low < other.low }
  @inline(__always)
  func isWithin(_ other: borrowing Bar) -> Bool { high < other.high && low > other.low }

  /// Whether a part of the body is within the range of `other`.
  @inline(__always)
  func bodyTouches(_ other: borrowing Bar) -> Bool { bottom < other.high && top > other.low }

  /// Whether a bar opens in the body of `other`, or near it.
  @inline(__always)
  func opensInOrNear(_ other: borrowing Bar) -> Bool {
    open >= other.bottom - other.near && open <= other.top + other.near
  }
}
