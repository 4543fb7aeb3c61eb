/// A number as a person reads it: at most four decimals, no trailing zeros; large ones with two, tiny ones with four
/// significant digits.
public struct Figure: CustomStringConvertible, Sendable {
  public let description: String

  public init(_ value: Double) {
    guard value.isFinite else {
      description = value.isNaN ? "–" : value < 0 ? "-∞" : "∞"
      return
    }
    let size = abs(value)
    if size >= 1e15 || (size > 0 && size < 1e-6) {
      description = "\(value)"
    } else {
      let decimals = size >= 1_000 ? 2 : size >= 0.01 || size == 0 ? 4 : 8
      description = Figure.fixed(value, decimals: decimals, trimmed: true)
    }
  }

  /// A number with a set count of decimals (0 to 9), rounded half away from zero.
  public static func fixed(_ value: Double, decimals: Int, trimmed: Bool = false) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (abs(value) * scale).rounded()
    guard scaled < 9e18 else { return "\(value)" }
    let digits = UInt64(scaled)
    let unit = UInt64(scale)
    var text = "\(digits / unit)"
    if decimals > 0 {
      let rest = "\(digits % unit)"
      var fraction = String(repeating: "0", count: decimals - rest.count) + rest
      if trimmed { while fraction.hasSuffix("0") { fraction.removeLast() } }
      if !fraction.isEmpty { text += "." + fraction }
    }
    return value < 0 && digits > 0 ? "-" + text : text
  }
}
