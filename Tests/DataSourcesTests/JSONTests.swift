import Testing

@testable import MarketData

@Suite struct JSONTests {
  private func read(_ text: String) -> Result<JSON, JSON.Fault> {
    do throws(JSON.Fault) { return .success(try JSON.read(Array(text.utf8))) } catch { return .failure(error) }
  }

  @Test func `a document of every kind of value`() throws {
    let text =
      "\u{FEFF} {\"a\" : [1, -2.5e-3, true, false, null], \"b\\u00e9\\n\\\"\": \"\\ud83d\\ude00/\\/\", \"c\":{}}\n"
    let json = try read(text).get()
    #expect(json["a"] == .list([.number(1), .number(-0.0025), .flag(true), .flag(false), .null]))
    #expect(json["bé\n\""] == .text("😀//"))
    #expect(json["c"] == .object([]))
    #expect(json["d"] == nil)
    #expect(json["a"]?[5] == nil)
  }

  /// 0.1 + 0.2 in 17 digits, the greatest integer of a double, and a halfway case that lies beyond it.
  @Test func `numbers are the nearest doubles`() throws {
    #expect(try read("0.30000000000000004").get().number == 0.1 + 0.2)
    #expect(try read("9007199254740993").get().number == 9_007_199_254_740_992)
    #expect(try read("\"34970.90\"").get().number == 34970.90)
    #expect(try read("\"soon\"").get().number == nil)
  }

  @Test(arguments: [
    ("", "ends at byte 0, where a value is wanted"), ("{\"a\": [1, 2", "ends at byte 11, where a comma or ] is wanted"),
    ("<html>", "has \"<\" where a value is wanted, at byte 0"),
    ("[1,]", "has \"]\" where a value is wanted, at byte 3"),
    ("{a:1}", "has \"a\" where a name in quotes is wanted, at byte 1"), ("[1] 2", "goes on behind its end, at byte 4"),
    ("{\"a\" 1}", "has \"1\" where a colon is wanted, at byte 5"), ("\"abc", "ends within a text, at byte 4"),
    ("\"\\x\"", "has an unknown escape in a text, at byte 1"), ("\"\\u12", "ends within a text, at byte 3"),
    ("\"\\u12g4\"", "has an escape without four digits, at byte 3"),
    ("NaN", "has \"N\" where a value is wanted, at byte 0"),
    ("[1e999]", "has a number there that is none, or none that is finite, at byte 1"),
    ("[1-2]", "has a number there that is none, or none that is finite, at byte 1"),
    ("nul", "has \"n\" where a value is wanted, at byte 0"),
  ])
  func `what is no JSON is said to be none, and where`(_ text: String, _ words: String) {
    #expect(throws: JSON.Fault(sentence: words)) { try read(text).get() }
  }

  @Test func `depth is bounded`() throws {
    let fits = String(repeating: "[", count: 32) + String(repeating: "]", count: 32)
    #expect(throws: Never.self) { try read(fits).get() }
    let deep = String(repeating: "[", count: 1_000_000)
    #expect(throws: JSON.Fault(sentence: "is nested more than 32 levels deep, at byte 32")) { try read(deep).get() }
  }

  @Test func `every cut of a document is an error and no trap`() throws {
    let bytes = try Recorded.bytes("yahoo-daily.json")
    let whole = bytes.lastIndex(of: UInt8(ascii: "}")) ?? 0
    for end in 0..<whole { #expect(throws: JSON.Fault.self) { try JSON.read(Array(bytes[..<end])) } }
  }
}
