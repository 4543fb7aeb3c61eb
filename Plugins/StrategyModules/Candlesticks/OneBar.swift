import PluginKit

struct BeltHold: CandlePattern {
  static let id = "belt_hold"
  static let summary =
    "Belt hold: a long body from its end of the bar: white from the low (100), black from the high (−100)."
  static let bars = 1
  static let averages: CandleAverages = [.bodyLong: [0], .shadowVeryShort: [0]]
  static let glance: [CandleLook] = [.long(0), .flatOnOneSide(0)]
  static let examples: [Example] = [
    .shape(
      [100, 104, 100, 103], [103, 103, 99, 100], gives: 100, -100,
      note: "bodies of 3, opening at the low and at the high")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    x[0].isLong && (x[0].isWhite ? x[0].isFlatBelow : x[0].isFlatOnTop) ? x[0].color : 0
  }
}

struct ClosingMarubozu: CandlePattern {
  static let id = "closing_marubozu"
  static let summary =
    "Closing marubozu: a long body to its end of the bar: white to the high (100), black to the low (−100)."
  static let bars = 1
  static let averages: CandleAverages = [.bodyLong: [0], .shadowVeryShort: [0]]
  static let glance: [CandleLook] = [.long(0), .flatOnOneSide(0)]
  static let examples: [Example] = [
    .shape(
      [100, 103, 99, 103], [103, 104, 100, 100], gives: 100, -100,
      note: "bodies of 3, closing at the high and at the low")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    x[0].isLong && (x[0].isWhite ? x[0].isFlatOnTop : x[0].isFlatBelow) ? x[0].color : 0
  }
}

struct Doji: CandlePattern {
  static let id = "doji"
  static let summary = "Doji: the close is next to the open; 100, whatever the trend."
  static let bars = 1
  static let averages: CandleAverages = [.bodyDoji: [0]]
  static let glance: [CandleLook] = [.doji(0)]
  static let examples: [Example] = [
    .shape(
      [100, 102, 99, 100.25], [100, 102, 99, 100.5], gives: 100, 0, note: "bodies 0.25 and 0.5 against 0.1 × 3 = 0.3")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int { x[0].isDoji ? 100 : 0 }
}

struct DragonflyDoji: CandlePattern {
  static let id = "dragonfly_doji"
  static let summary = "Dragonfly doji: a doji at the high of its bar, with a lower shadow (100)."
  static let bars = 1
  static let averages: CandleAverages = [.bodyDoji: [0], .shadowVeryShort: [0]]
  static let glance: [CandleLook] = [.doji(0), .flatOnTop(0)]
  static let examples: [Example] = [
    .shape([101, 101, 98, 101], gives: 100, note: "no body, no upper shadow, a lower one of 3")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    x[0].isDoji && x[0].isFlatOnTop && x[0].showsLowerShadow ? 100 : 0
  }
}

struct GravestoneDoji: CandlePattern {
  static let id = "gravestone_doji"
  static let summary = "Gravestone doji: a doji at the low of its bar, with an upper shadow (100)."
  static let bars = 1
  static let averages: CandleAverages = [.bodyDoji: [0], .shadowVeryShort: [0]]
  static let glance: [CandleLook] = [.doji(0), .flatBelow(0)]
  static let examples: [Example] = [
    .shape([100, 103, 100, 100], gives: 100, note: "no body, no lower shadow, an upper one of 3")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    x[0].isDoji && x[0].isFlatBelow && x[0].showsUpperShadow ? 100 : 0
  }
}

struct HighWave: CandlePattern {
  static let id = "high_wave"
  static let summary = "High wave: a small body between two very long shadows; 100 if white, −100 if black."
  static let bars = 1
  static let averages: CandleAverages = [.bodyShort: [0]]
  static let glance: [CandleLook] = [.short(0), .longUpperShadow(0), .longLowerShadow(0)]
  static let examples: [Example] = [
    .shape([100.5, 102.5, 98, 100], gives: -100, note: "black body 0.5, both shadows 2, above 2 × 0.5")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    x[0].isSmall && x[0].hasVeryLongUpperShadow && x[0].hasVeryLongLowerShadow ? x[0].color : 0
  }
}

struct LongLeggedDoji: CandlePattern {
  static let id = "long_legged_doji"
  static let summary = "Long-legged doji: a doji with a long shadow on one side at least (100)."
  static let bars = 1
  static let averages: CandleAverages = [.bodyDoji: [0]]
  static let glance: [CandleLook] = [.doji(0)]
  static let examples: [Example] = [
    .shape([100, 102, 99, 100.25], gives: 100, note: "body 0.25, shadows 1.75 and 1")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    x[0].isDoji && (x[0].hasLongLowerShadow || x[0].hasLongUpperShadow) ? 100 : 0
  }
}

struct LongLine: CandlePattern {
  static let id = "long_line"
  static let summary = "Long line: a long body with short shadows; 100 if white, −100 if black."
  static let bars = 1
  static let averages: CandleAverages = [.bodyLong: [0], .shadowShort: [0]]
  static let glance: [CandleLook] = [.long(0), .shortUpperShadow(0), .shortLowerShadow(0)]
  static let examples: [Example] = [
    .shape([100, 103.5, 99.5, 103], gives: 100, note: "body 3, shadows 0.5; short is below 1")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    x[0].isLong && x[0].hasShortUpperShadow && x[0].hasShortLowerShadow ? x[0].color : 0
  }
}

struct Marubozu: CandlePattern {
  static let id = "marubozu"
  static let summary = "Marubozu: a long body with next to no shadows; 100 if white, −100 if black."
  static let bars = 1
  static let averages: CandleAverages = [.bodyLong: [0], .shadowVeryShort: [0]]
  static let glance: [CandleLook] = [.long(0), .flatOnTop(0), .flatBelow(0)]
  static let examples: [Example] = [
    .shape([100, 103, 100, 103], gives: 100, note: "body 3, no shadows")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int { x[0].isMarubozu ? x[0].color : 0 }
}

struct RickshawMan: CandlePattern {
  static let id = "rickshaw_man"
  static let summary = "Rickshaw man: a doji in the middle of its bar, with long shadows on both sides (100)."
  static let bars = 1
  static let averages: CandleAverages = [.bodyDoji: [0], .near: [0]]
  static let glance: [CandleLook] = [.doji(0), .longUpperShadow(0), .longLowerShadow(0)]
  static let examples: [Example] = [
    .shape([100, 102, 98, 100.25], gives: 100, note: "body 0.25 around the middle 100")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    let bar = x[0]
    let middle = bar.low + (bar.high - bar.low) / 2
    return bar.isDoji && bar.hasLongLowerShadow && bar.hasLongUpperShadow && bar.bottom <= middle + bar.near
      && bar.top >= middle - bar.near ? 100 : 0
  }
}

struct ShortLine: CandlePattern {
  static let id = "short_line"
  static let summary = "Short line: a small body with short shadows; 100 if white, −100 if black."
  static let bars = 1
  static let averages: CandleAverages = [.bodyShort: [0], .shadowShort: [0]]
  static let glance: [CandleLook] = [.short(0), .shortUpperShadow(0), .shortLowerShadow(0)]
  static let examples: [Example] = [
    .shape([100, 100.75, 99.75, 100.5], gives: 100, note: "body 0.5, shadows 0.25; short is below 1")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    x[0].isSmall && x[0].hasShortUpperShadow && x[0].hasShortLowerShadow ? x[0].color : 0
  }
}

struct SpinningTop: CandlePattern {
  static let id = "spinning_top"
  static let summary =
    "Spinning top: a small body between two shadows that are longer than it; 100 if white, −100 if black."
  static let bars = 1
  static let averages: CandleAverages = [.bodyShort: [0]]
  static let glance: [CandleLook] = [.short(0), .longUpperShadow(0), .longLowerShadow(0)]
  static let examples: [Example] = [
    .shape([100, 101.5, 99.25, 100.5], gives: 100, note: "body 0.5, shadows 1 and 0.75")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    x[0].isSmall && x[0].hasLongUpperShadow && x[0].hasLongLowerShadow ? x[0].color : 0
  }
}

struct Takuri: CandlePattern {
  static let id = "takuri"
  static let summary = "Takuri: a doji at the high of its bar, with a very long lower shadow (100)."
  static let bars = 1
  static let averages: CandleAverages = [.bodyDoji: [0], .shadowVeryShort: [0]]
  static let glance: [CandleLook] = [.doji(0), .flatOnTop(0)]
  static let examples: [Example] = [
    .shape([101, 101, 98, 101], gives: 100, note: "no body, no upper shadow, a lower one of 3")
  ]

  @inline(__always)
  func match(_ x: borrowing Candles) -> Int {
    x[0].isDoji && x[0].isFlatOnTop && x[0].hasVeryLongLowerShadow ? 100 : 0
  }
}
