/// The measures of a chart in its own units. All charts share the width and the margins, so that one moment stands at
/// one place in each of them. The right margin holds the labels of values, also in the larger type of a phone.
struct ChartFrame: Sendable {
  static let width = 720.0
  static let left = 5.0
  static let right = 640.0

  let height: Double
  let top: Double
  let bottom: Double

  static let price = ChartFrame(height: 320, top: 14, bottom: 290)
  static let equity = ChartFrame(height: 210, top: 12, bottom: 182)
  static let drawdown = ChartFrame(height: 96, top: 10, bottom: 86)

  var viewBox: String { "0 0 720 \(Int(height))" }
}

/// Numbers as SVG takes them: tenths of a unit, as short as they can be written.
enum ChartNumber {
  static func tenths(_ value: Double) -> Int { Int((value.isFinite ? value : 0).rounded(.toNearestOrEven)) }

  static func text(_ value: Double) -> String { text(tenths: tenths(value * 10)) }

  static func text(tenths: Int) -> String {
    let (whole, rest) = tenths.magnitude.quotientAndRemainder(dividingBy: 10)
    let sign = tenths < 0 ? "-" : ""
    if rest == 0 { return sign + String(whole) }
    return sign + (whole == 0 ? "" : String(whole)) + "." + String(rest)
  }
}
