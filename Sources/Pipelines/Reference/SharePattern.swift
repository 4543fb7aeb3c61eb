/// Regular expressions of percentages, for what a schema says of `8%`: to its eyes that is a text.
enum SharePattern {
  static let number = "[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)"

  /// Percentages of shares within a range, where it begins at 0 and ends at a whole percentage; else any percentage.
  static func text(_ range: ClosedRange<Double>) -> String {
    let limit = (range.upperBound * 100).rounded()
    guard range.lowerBound == 0, abs(limit - range.upperBound * 100) < 1e-9, limit >= 1, limit < 1e9 else {
      return "\(number)%"
    }
    return "\\+?(\(below(Int(limit)))(\\.[0-9]*)?|\\.[0-9]+|0*\(Int(limit))(\\.0*)?)%"
  }

  /// The same above 0.
  static func positive(upTo limit: Double) -> String { "(?=[^1-9]*[1-9])\(text(0...limit))" }

  /// Whole numbers from 0 to below a limit.
  private static func below(_ limit: Int) -> String {
    let digits = "\(limit)".compactMap(\.wholeNumberValue)
    var forms = digits.count > 1 ? ["[0-9]{1,\(digits.count - 1)}"] : []
    for (place, digit) in digits.enumerated() {
      let least = place == 0 && digits.count > 1 ? 1 : 0
      guard digit > least else { continue }
      let start = digits[..<place].map(String.init).joined()
      let rest = digits.count - place - 1
      forms.append("\(start)[\(least)-\(digit - 1)]" + (rest > 0 ? "[0-9]{\(rest)}" : ""))
    }
    return "0*(\(forms.joined(separator: "|")))"
  }
}
