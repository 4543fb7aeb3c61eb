public import PluginKit
import Trading

/// Ichimoku's conversion line crosses the base line, on the right side of the cloud where that is asked for.
///
///     buy: conversion crosses above base; sell: conversion crosses below base
///     cloud confirms: and the close stands above (below) both spans
///
/// Source: G. Hosoda, 1968.
public struct IchimokuCross: SignalModule {
  public static let id = "ichimoku_cross"
  public static let summary = "Ichimoku's conversion line crosses the base line."
  public static let parameters: [Parameter<IchimokuCross>] = [
    .integer("conversion", \.conversion, 1...10_000, "bars of the conversion line"),
    .integer("base", \.base, 2...10_000, "bars of the base line"),
    .integer("span", \.span, 1...10_000, "bars of span b"),
    .integer("displacement", \.displacement, 0...10_000, "bars that the cloud is drawn ahead"),
    .choice("cloud", \.cloud, ["ignored", "confirms"], "whether the close must stand beyond the cloud"),
  ]
  public static let examples = [
    SignalExample(
      ["conversion": .number(1), "base": .number(2), "span": .number(2), "displacement": .number(0)],
      closes: "10 9 8 10 11 9 7", gives: [(2, .sell), (4, .buy), (6, .sell)],
      note: "middles of one bar 9.5, 8.5, 9, 10.5, 10, 8 and of two 9.5, 9, 9, 9.5, 10, 9"),
    SignalExample(
      [
        "conversion": .number(1), "base": .number(2), "span": .number(2), "displacement": .number(2),
        "cloud": .choice("confirms"),
      ], closes: "10 9 8 10 11 9 7", gives: [(4, .buy), (6, .sell)],
      note: "11 stands above the spans of two bars ago, 8.75 and 9; 7 below 10 and 9.5"),
  ]

  public var conversion = 9
  public var base = 26
  public var span = 52
  public var displacement = 26
  public var cloud = "ignored"

  public init() {}

  public var conflict: String? {
    conversion < base ? nil : "conversion \(conversion) must be below base \(base)"
  }

  public func rule(_ steps: [Step]) -> Rule {
    let settings = [
      "conversion": Double(conversion), "base": Double(base), "span": Double(span),
      "displacement": Double(displacement),
    ]
    let lines = (0..<4).map { Term.indicator("ichimoku", with: settings, output: $0) }
    let (rises, falls) = (lines[0].crossesAbove(lines[1]), lines[0].crossesBelow(lines[1]))
    let confirms = cloud == "confirms"
    return Rule(
      buy: confirms ? rises && .close > lines[2] && .close > lines[3] : rises,
      sell: confirms ? falls && .close < lines[2] && .close < lines[3] : falls,
      confidence: 70, quotes: [("close", .close), ("conversion", lines[0]), ("base", lines[1])],
      buyReason: "conversion {conversion} crossed above base {base} at close {close}",
      sellReason: "conversion {conversion} crossed below base {base} at close {close}")
  }
}
