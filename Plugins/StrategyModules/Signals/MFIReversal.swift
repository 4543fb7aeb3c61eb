public import PluginKit
import Trading

/// The money flow index is, or returns from, where it is rarely.
///
///     on enter: buy while MFI < oversold, sell while MFI > overbought
///     on exit:  buy where MFI crosses back above oversold, sell where it crosses back below overbought
public struct MFIReversal: SignalModule {
  public static let id = "mfi_reversal"
  public static let summary = "MFI is beyond its oversold or overbought level, or returns from there."
  public static let parameters: [Parameter<MFIReversal>] = [
    .integer("period", \.period, 1...100_000, "bars of the MFI"),
    .number("oversold", \.oversold, 0...100, "level below which it is oversold"),
    .number("overbought", \.overbought, 0...100, "level above which it is overbought"),
    .choice("on", \.moment, LevelReversal.moments, LevelReversal.moment),
  ]
  public static let examples = [
    SignalExample(
      ["period": .number(2)], closes: "10 11 10 9 10 12", gives: [(3, .buy), (5, .sell)],
      note: "money flows up, down, down, up, up: 51, 0, 51, 100 of the last two")
  ]

  public var period = 14
  public var oversold = 20.0
  public var overbought = 80.0
  public var moment = "enter"

  public init() {}

  public var conflict: String? { LevelReversal.conflict(oversold, overbought) }

  public func rule(_ steps: [Step]) -> Rule {
    let mfi = Term.indicator("mfi", with: ["period": Double(period)])
    return LevelReversal(
      name: "mfi(\(period))", value: mfi, oversold: oversold, overbought: overbought, moment: moment
    ).rule(confidence: 65)
  }
}
