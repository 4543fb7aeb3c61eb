import TestSupport
import Testing
import Trading

@testable import MarketData

@Suite struct StampReaderTests {
  @Test func readsAsInstantDoes() {
    var random = SplitMix(seed: 3)
    let alphabet = Array("0123456789-:TZ .".utf8)
    for _ in 0..<100_000 {
      let date = "\(1_000 + Int.random(in: 0...8_999, using: &random))-\(two(0...13, &random))-\(two(0...32, &random))"
      let clock = "\(two(0...25, &random)):\(two(0...61, &random)):\(two(0...61, &random))"
      var text = Array("\(date)T\(clock)\(zone(&random))".utf8)
      if Bool.random(using: &random) {
        text[Int.random(in: 0..<text.count, using: &random)] = alphabet[Int.random(in: 0..<16, using: &random)]
      }
      let line = text + Array(",        ".utf8)
      var stamps = StampReader()
      var at = 0
      guard let stamp = stamps.fixedWidth(line.span, at: &at), line[at] == UInt8(ascii: ",") else { continue }
      if Instant(text.span) != stamp { Issue.record("\(String(decoding: text, as: UTF8.self)) gave \(stamp)") }
    }
  }

  @Test func keepsADateOnlyForTheSameDate() {
    let line = Array("2024-01-02T09:30:00Z,2024-01-02T09:35:00Z,2024-01-03,2024-01-12 00:00:01,        ".utf8)
    var stamps = StampReader()
    var at = 0
    var found: [String] = []
    while let stamp = stamps.fixedWidth(line.span, at: &at) {
      found.append("\(stamp)")
      at += 1
    }
    #expect(found == ["2024-01-02T09:30:00Z", "2024-01-02T09:35:00Z", "2024-01-03T00:00:00Z", "2024-01-12T00:00:01Z"])
  }

  private func zone(_ random: inout SplitMix) -> String {
    let offset = "\(two(0...25, &random)):\(two(0...61, &random))"
    return ["", "Z", "+\(offset)", "-\(offset)"][Int.random(in: 0..<4, using: &random)]
  }

  private func two(_ range: ClosedRange<Int>, _ random: inout SplitMix) -> String {
    let value = Int.random(in: range, using: &random)
    return value < 10 ? "0\(value)" : "\(value)"
  }
}
