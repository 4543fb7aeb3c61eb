import PluginKit

/// What oscillators share: a value is, or returns from, where it is rarely.
///
///     on enter: buy while value < oversold, sell while value > overbought
///     on exit:  buy where it crosses back above oversold, sell where it crosses back below overbought
struct LevelReversal {
  static let moments = ["enter", "exit"]
  static let moment = "whether it acts beyond the level or on the way back"

  var name: String
  var value: Term
  var oversold: Double
  var overbought: Double
  var moment: String

  static func conflict(_ oversold: Double, _ overbought: Double) -> String? {
    oversold < overbought
      ? nil : "oversold \(Figure(oversold)) must be below overbought \(Figure(overbought))"
  }

  func rule(confidence: Double) -> Rule {
    let (low, high) = (Term.number(oversold), Term.number(overbought))
    let entering = moment == "enter"
    return Rule(
      buy: entering ? value < low : value.crossesAbove(low),
      sell: entering ? value > high : value.crossesBelow(high),
      confidence: .number(confidence), quotes: [("value", value)],
      buyReason: "\(name) {value} \(entering ? "is below" : "came back above") \(Figure(oversold))",
      sellReason: "\(name) {value} \(entering ? "is above" : "came back below") \(Figure(overbought))")
  }
}
