import TestSupport
import Testing

@testable import MarketData

@Suite struct DecimalNumberTests {
  @Test func readsAsTheStandardLibraryDoes() throws {
    var random = SplitMix(seed: 42)
    for _ in 0..<100_000 {
      let text = Self.decimal(&random)
      let expected = try #require(Double(text), "\(text)")
      let field = Array(text.utf8)
      let found = DecimalNumber.read(field.span)
      if found != (expected.isFinite ? .number(expected) : .notFinite) {
        Issue.record("\(text) gave \(found), not \(expected)")
      }
      var at = 0
      let line = field + Array(",        ".utf8)
      if let plain = DecimalNumber(line.span).plain(at: &at), at == field.count, plain != expected {
        Issue.record("\(text) gave \(plain) the plain way, not \(expected)")
      }
    }
  }

  @Test func halvesRoundToEven() {
    // 2^53 + 1 and its neighbours lie on or beside the middle between two doubles.
    let texts = [
      "9007199254740993", "900719925474099.3", "9007199254740993.0", "9007199254740993.001", "0.9007199254740993",
      "4503599627370496.5", "4503599627370497.5", "9223372036854775807", "9999999999999999999",
      "1844674407370955161.5",
    ]
    for text in texts {
      #expect(DecimalNumber.read(Array(text.utf8).span) == .number(Double(text) ?? .nan), "\(text)")
    }
  }

  @Test(arguments: ["", ".", "-", "+", "e5", "1e", "1e+", "1.2.3", "0x10", "1,5", "1_000", "--1", "1 2", "１"])
  func refusesWhatIsNoDecimal(_ text: String) {
    #expect(DecimalNumber.read(Array(text.utf8).span) == .notANumber)
  }

  @Test(arguments: ["inf", "-inf", "Infinity", "1e999", "-1e999", "1e99999999999999999999"])
  func tellsWhatIsNotFinite(_ text: String) {
    #expect(DecimalNumber.read(Array(text.utf8).span) == .notFinite)
  }

  @Test(arguments: ["5.", ".5", "+7", "-0", "00012.50", "1E3", "1e-400"])
  func readsOddForms(_ text: String) {
    #expect(DecimalNumber.read(Array(text.utf8).span) == .number(Double(text) ?? .nan))
  }

  /// Prices, shortest forms of random doubles, and strings of random digits.
  private static func decimal(_ random: inout SplitMix) -> String {
    func digits(_ count: Int) -> String {
      String((0..<count).map { _ in Character(String(Int.random(in: 0...9, using: &random))) })
    }
    switch Int.random(in: 0..<5, using: &random) {
    case 0: return "\(Int.random(in: 0...99_999, using: &random)).\(digits(Int.random(in: 1...6, using: &random)))"
    case 1: return "\(Double.random(in: 0...100_000, using: &random))"
    case 2:
      let value = Double(bitPattern: random.next() & 0x7FFF_FFFF_FFFF_FFFF)
      return value.isFinite ? "\(value)" : "1.5e308"
    case 3: return digits(Int.random(in: 1...18, using: &random)) + "." + digits(Int.random(in: 1...18, using: &random))
    default:
      let exponent = Int.random(in: -330...320, using: &random)
      return "\(digits(Int.random(in: 1...25, using: &random)))e\(exponent)"
    }
  }
}
