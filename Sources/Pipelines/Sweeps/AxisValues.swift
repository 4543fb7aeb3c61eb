import PluginKit

/// The values of an axis as written: `2..100`, `5..50:5`, `1%..3%:0.5%`, `10,20,50..200:50`, `sma|ema`.
enum AxisValues {
  /// More values than any sweep is run over.
  static let limit = 1_000_000

  /// The values in the order of the text, none twice.
  static func read(_ text: String, of name: String, words: Bool) throws(AxisFault) -> [Setting] {
    var values: [Setting] = []
    var seen: Set<Setting> = []
    for part in text.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "," || $0 == "|" }) {
      let part = part.trimmed
      guard !part.isEmpty else {
        throw AxisFault("\(name): a value is missing in \"\(text)\"", hint: form(words: words))
      }
      if words {
        if part.contains("..") {
          throw AxisFault("\(name) takes words, which have no range; found \"\(part)\"", hint: form(words: true))
        }
        if seen.insert(.choice(part)).inserted { values.append(.choice(part)) }
      } else {
        for number in try numbers(part, of: name) where seen.insert(.number(number)).inserted {
          values.append(.number(number))
        }
      }
      guard values.count <= limit else { throw AxisFault("\(name) has more than \(limit) values") }
    }
    return values
  }

  private static func numbers(_ text: String, of name: String) throws(AxisFault) -> [Double] {
    guard let dots = text.firstRange(of: "..") else {
      guard let value = Decimal(text) else {
        throw AxisFault("\(name): \"\(text)\" is not a number", hint: form(words: false))
      }
      return [value.value]
    }
    let rest = text[dots.upperBound...].split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard rest.count <= 2, let low = Decimal(String(text[..<dots.lowerBound])),
      let high = rest.first.flatMap(Decimal.init)
    else { throw AxisFault("\(name): \"\(text)\" is no range", hint: form(words: false)) }
    guard low.isPercent == high.isPercent || low.units == 0 || high.units == 0 else {
      throw AxisFault("\(name): \"\(text)\" has a percentage at one end only", hint: "write both ends as percentages")
    }
    let isPercent = low.isPercent || high.isPercent
    var step = Decimal(units: 1, places: isPercent ? 2 : 0, isPercent: isPercent)
    if rest.count == 2 {
      guard let given = Decimal(rest[1]) else {
        throw AxisFault("\(name): the step \"\(rest[1])\" is not a number", hint: form(words: false))
      }
      guard given.units > 0 else {
        throw AxisFault("\(name): the step \(rest[1]) is not above 0", hint: "write A..B:STEP, 5..50:5")
      }
      step = given
    } else if !low.isWhole(as: step) || !high.isWhole(as: step) {
      throw AxisFault("\(name): \"\(text)\" does not say its step", hint: "write \(text):0.1, say")
    }
    return try steps(from: low, to: high, by: step, text, name)
  }

  /// Counted in whole units of the finest decimal place, so that 0.1, 0.2, 0.3 are the numbers that one would write.
  private static func steps(
    from low: Decimal, to high: Decimal, by step: Decimal, _ text: String, _ name: String
  ) throws(AxisFault) -> [Double] {
    let places = max(low.places, high.places, step.places)
    guard let first = low.units(at: places), let last = high.units(at: places), let stride = step.units(at: places)
    else { throw AxisFault("\(name): \"\(text)\" has too many digits") }
    guard first <= last else {
      throw AxisFault("\(name): the range \(text) is empty", hint: "A..B goes upwards")
    }
    guard (last - first) / stride < limit else { throw AxisFault("\(name) has more than \(limit) values") }
    return Swift.stride(from: first, through: last, by: stride).map { Decimal.value($0, places) }
  }

  static func form(words: Bool) -> String {
    words ? "write words with | between them, sma|ema" : "write A..B, A..B:STEP, or numbers with commas between them"
  }
}

/// A decimal number in whole units of its last place.
private struct Decimal {
  var units: Int
  var places: Int
  var isPercent: Bool

  init(units: Int, places: Int, isPercent: Bool) {
    (self.units, self.places, self.isPercent) = (units, places, isPercent)
  }

  init?(_ text: String) {
    let text = text.trimmed
    guard Diagnostics.number(text, percent: true) != nil, !text.contains(where: { $0 == "e" || $0 == "E" }) else {
      return nil
    }
    isPercent = text.hasSuffix("%")
    let digits = isPercent ? String(text.dropLast()) : text
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    let fraction = parts.count > 1 ? parts[1] : ""
    guard parts.count <= 2, parts.first?.isEmpty == false, let units = Int((parts.first ?? "") + fraction),
      abs(units) < 1 << 53
    else { return nil }
    self.units = units
    places = fraction.count + (isPercent ? 2 : 0)
    if places > 15 { return nil }
  }

  var value: Double { Decimal.value(units, places) }

  static func value(_ units: Int, _ places: Int) -> Double {
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    return Double(units) / scale
  }

  func units(at places: Int) -> Int? {
    var result = units
    for _ in self.places..<max(self.places, places) {
      let (product, overflow) = result.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      result = product
    }
    return abs(result) < 1 << 53 ? result : nil
  }

  func isWhole(as step: Decimal) -> Bool {
    guard let own = units(at: max(places, step.places)), let unit = step.units(at: max(places, step.places)) else {
      return false
    }
    return own % unit == 0
  }
}

extension StringProtocol {
  /// Without spaces at either end.
  var trimmed: String {
    var text = Substring(self)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
