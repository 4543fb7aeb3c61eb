public import PluginKit

/// Ichimoku Kinko Hyo: middles of ranges over three spans; two of them make a cloud that is drawn ahead.
///
///     middle(n) = (highest(high, n) + lowest(low, n)) / 2; conversion = middle(conversion); base = middle(base)
///     span_a = (conversion + base) / 2 and span_b = middle(span), both as they were `displacement` bars ago
///
/// The cloud over a bar is thus made of what was known `displacement` bars before it. The lagging line, today's close
/// drawn back, is no value of its bar and is left out. All outputs start together. Source: G. Hosoda, 1968.
public struct Ichimoku: Indicator {
  public static let id = "ichimoku"
  public static let summary = "Ichimoku: middles of ranges over three spans, and the cloud that stands over this bar."
  public static let inputs = ["high", "low"]
  public static let outputs = ["conversion", "base", "span_a", "span_b"]
  public static let measure = Measure.price
  public static let parameters: [Parameter<Ichimoku>] = [
    .integer("conversion", \.conversion, 1...10_000, "bars of the conversion line"),
    .integer("base", \.base, 1...10_000, "bars of the base line"),
    .integer("span", \.span, 1...10_000, "bars of span b"),
    .integer("displacement", \.displacement, 0...10_000, "bars that the cloud is drawn ahead"),
  ]
  public static let examples = [
    Example(
      ["conversion": 1, "base": 2, "span": 2, "displacement": 1], [4, 8, 10, 6], [2, 4, 8, 2],
      gives: [nil, nil, 9, 4], [nil, nil, 7, 6], [nil, nil, 5.5, 8], [nil, nil, 5, 7],
      note: "middles of one bar 3, 6, 9, 4, of two 5, 7, 6; a bar before: (6 + 5) / 2 and 5, (9 + 7) / 2 and 7")
  ]

  public var conversion = 9
  public var base = 26
  public var span = 52
  public var displacement = 26
  @usableFromInline var fast = WindowMiddle(period: 1)
  @usableFromInline var slow = WindowMiddle(period: 1)
  @usableFromInline var slowest = WindowMiddle(period: 1)
  /// The cloud of the last `displacement` bars: rings.
  @usableFromInline var cloudA: [Double] = []
  @usableFromInline var cloudB: [Double] = []
  @usableFromInline var place = 0

  public init() {}

  @inlinable public var warmUp: Int { max(conversion, base, span) - 1 + displacement }
  @inlinable public var reach: Int { 0 }

  @inlinable
  public mutating func start() {
    fast = WindowMiddle(period: conversion)
    slow = WindowMiddle(period: base)
    slowest = WindowMiddle(period: span)
    cloudA = [Double](repeating: 0, count: displacement + 1)
    cloudB = cloudA
  }

  @inlinable
  public mutating func warm(_ x: borrowing View) { _ = next(x) }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Four { next(x) }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Four {
    let conversion = fast.next(high: x[0, 0], low: x[1, 0])
    let base = slow.next(high: x[0, 0], low: x[1, 0])
    cloudA[place] = (conversion + base) / 2
    cloudB[place] = slowest.next(high: x[0, 0], low: x[1, 0])
    place = place == displacement ? 0 : place + 1
    return Four(conversion, base, cloudA[place], cloudB[place])
  }
}
