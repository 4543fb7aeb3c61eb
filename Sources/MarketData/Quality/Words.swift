/// Figures and lists in sentences.
enum Words {
  /// A number to six digits, without needless ones.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "nothing" : value > 0 ? "infinite" : "minus infinite" }
    let size = abs(value)
    guard size >= 1e-6, size < 1e15 else { return FieldText.number(value) }
    var (scale, rest) = (1.0, size)
    while rest < 100_000, scale < 1e11 { (rest, scale) = (rest * 10, scale * 10) }
    return FieldText.number((value * scale).rounded() / scale)
  }

  static func percent(_ share: Double) -> String { "\(number((share * 1e5).rounded() / 1e3)) %" }

  static func list(_ items: [String]) -> String {
    guard let last = items.last, items.count > 1 else { return items.first ?? "" }
    return items.dropLast().joined(separator: ", ") + " and " + last
  }
}
