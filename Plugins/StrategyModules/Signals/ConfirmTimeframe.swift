public import PluginKit
import Trading

/// Lets the input's direction through only where a higher timeframe goes the same way.
///
///     buy: the input says buy and close > average on the higher timeframe; sell: mirror
///
/// The higher timeframe speaks by its last bar that was closed when this one was.
public struct ConfirmTimeframe: SignalModule {
  public static let id = "confirm_timeframe"
  public static let summary = "Lets the input's direction through only where a higher timeframe goes the same way."
  public static let inputs = StepCount.exactly(1)
  public static let parameters: [Parameter<ConfirmTimeframe>] = [
    .choice(
      "timeframe", \.timeframe, ["5m", "15m", "30m", "1h", "4h", "1d", "1w", "1mo"],
      "a timeframe above that of the bars"),
    .integer("period", \.period, 1...100_000, "bars of the average, of the higher timeframe"),
    .choice("average", \.average, MovingAverage.ids, "which average"),
    .number("confidence", \.confidence, 0...100, "confidence of the signal"),
  ]
  public static let examples = [
    SignalExample(
      ["period": .number(2)], closes: "100x7 110x7 99 111 95x7 111 99", inputLevels: [105],
      gives: [(13, .buy), (15, .buy), (20, .sell), (24, .sell)],
      note: "the second week closes at 110, above the mean 105: 110 and 111 pass, 99 and 95 do not; the third closes "
        + "with bar 20 at 95, below the mean 102.5: 95 and 99 pass, 111 does not")
  ]

  public var timeframe = "1w"
  public var period = 10
  public var average = "sma"
  public var confidence = 75.0

  public init() {}

  public var conflict: String? { MovingAverage.fault(average, period) }

  public func rule(_ steps: [Step]) -> Rule {
    let clock = Timeframe(timeframe) ?? .day
    let vote = Term.sum(steps.map(\.vote))
    let close = Term.clock(.close, clock)
    let line = Term.clock(MovingAverage.term(average, period), clock)
    let names = steps.map(\.id).joined()
    return Rule(
      buy: vote.equals(1) && close > line, sell: vote.equals(-1) && close < line, confidence: .number(confidence),
      quotes: [("close", close), ("line", line)],
      buyReason: "\(names) says buy and the \(timeframe) close {close} is above \(average)(\(period)) {line}",
      sellReason: "\(names) says sell and the \(timeframe) close {close} is below \(average)(\(period)) {line}")
  }
}
