/// How numbers are written: grouped by thousands, fixed decimals, percent with a sign. Nothing that is not a number
/// ever comes out as one: an undefined or infinite value is nil here, and `–` where it is shown.
struct Figures: Sendable {
  /// What stands where a figure is not defined.
  static let undefined = "–"
  /// For a terminal, where figures are copied and searched: the keyboard's own minus.
  static let terminal = Figures(minus: "-")
  /// For a page: the typographic minus, as wide as a plus.
  static let page = Figures(minus: "−")

  let minus: String

  func number(_ value: Double?, digits: Int, signed: Bool = false) -> String? {
    guard let value, value.isFinite else { return nil }
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = (value.magnitude * scale).rounded()
    guard scaled < 9e15 else { return (value < 0 ? minus : signed ? "+" : "") + "\(value.magnitude)" }
    let whole = Int(scaled)
    let sign = whole == 0 ? "" : value < 0 ? minus : signed ? "+" : ""
    let unit = Int(scale)
    var text = sign + Figures.grouped(whole / unit)
    if digits > 0 {
      let fraction = String(whole % unit)
      text += "." + String(repeating: "0", count: digits - fraction.count) + fraction
    }
    return text
  }

  /// A fraction as percent: 0.05 is `+5.0%`. From 1,000 % on without decimals, which say nothing there.
  func percent(_ fraction: Double?, digits: Int = 1, signed: Bool = true) -> String? {
    guard let fraction else { return nil }
    return number(fraction * 100, digits: fraction.magnitude >= 10 ? 0 : digits, signed: signed).map { $0 + "%" }
  }

  /// A price or an amount: as many decimals as its size needs.
  func price(_ value: Double?) -> String? {
    guard let value else { return nil }
    let size = value.magnitude
    return number(value, digits: size >= 1 || size == 0 ? 2 : size >= 0.01 ? 4 : 8)
  }

  func count(_ value: Int) -> String { (value < 0 ? minus : "") + Figures.grouped(Int(value.magnitude)) }

  private static func grouped(_ value: Int) -> String {
    let digits = Array(String(value))
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return text
  }
}
