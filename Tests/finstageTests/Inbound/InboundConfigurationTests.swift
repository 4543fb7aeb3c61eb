import Foundation
import Testing

/// Sources of signals from outside as a configuration declares them.
@Suite struct InboundConfigurationTests {
  private static let whole =
    "type: inbound, secret: \"${env:HOME}\", symbol: s, direction: d, price: p, strategy: n, timeframe: 1d"

  private func validate(_ source: String, name: String = "desk", more: String = "api: { listen: \"127.0.0.1:0\" }\n")
    throws -> CommandTests.Answer
  {
    var answer = CommandTests.Answer(code: -1, output: "", messages: "")
    let config = "sources:\n  \(name): { \(source) }\n\(more)"
    try CommandTests.inFolder(["config.yaml": config, "strategies/.keep": ""]) { folder in
      answer = try CommandTests.run(["validate", "config.yaml"], in: folder)
    }
    return answer
  }

  @Test(arguments: [
    ("type: inbond", "did you mean \"inbound\"?"),
    ("type: inbound, symbol: s, price: p", "secret: is missing"),
    ("type: inbound, secret: \"${env:UNSET_A}\", price: p", "needs the key \"symbol\""),
    (whole + ", token: \"${env:UNSET_A}\"", "token: stands beside secret"),
    (whole + ", channels: [nobody]", "there is no channel \"nobody\""),
    (whole + ", directions: { long: up }", "\"up\" is none of buy, sell"),
    (whole + ", tolerance: soon", "tolerance is a duration"), (whole + ", rate: 0", "rate: is a number from 0.1"),
    (whole + ", defaults: { price: 1 }", "\"price\" has no default"), (whole + ", smbol: s", "has no key \"smbol\""),
    (whole + ", id: a..b", "id: is a path"),
  ])
  func `a source that could never work is a fault of its line`(_ source: String, _ words: String) throws {
    // The variable that is set everywhere is too short for a secret.
    let answer = try validate(source.replacing("${env:HOME}", with: "${env:UNSET_SECRET}"))
    #expect(answer.code == 1 && answer.output.contains(words), "\(answer.output)")
    #expect(answer.output.contains("config.yaml:2:"), "\(answer.output)")
  }

  @Test func `a secret in the file or too short is a fault, and is not repeated`() throws {
    let literal = try validate(Self.whole.replacing("${env:HOME}", with: "CANARY0123456789abcdef"))
    #expect(literal.code == 1 && literal.output.contains("E051 literal-secret"), "\(literal.output)")
    #expect(!literal.output.contains("CANARY"), "\(literal.output)")
    var answer = CommandTests.Answer(code: -1, output: "", messages: "")
    let config = "sources:\n  desk: { \(Self.whole.replacing("${env:HOME}", with: "${file:short}")) }\n"
    try CommandTests.inFolder(["config.yaml": config, "short": "CANARY", "strategies/.keep": ""]) { folder in
      answer = try CommandTests.run(["validate", "config.yaml"], in: folder)
    }
    #expect(answer.code == 1 && answer.output.contains("it has 6 bytes, and 16 is the least"), "\(answer.output)")
    #expect(!answer.output.contains("CANARY"), "\(answer.output)")
  }

  @Test func `it brings no candles, is written to by a plain name, and wants somebody who listens`() throws {
    let source = Self.whole.replacing("${env:HOME}", with: "${env:UNSET_SECRET}")
    let collected = try validate(
      source, more: "api: { listen: \"127.0.0.1:0\" }\ncollect: [{ source: desk, symbols: [X], timeframe: 1d }]\n")
    #expect(collected.code == 1 && collected.output.contains("and no candles"), "\(collected.output)")
    let named = try validate(source, name: "\"a/b\"")
    #expect(named.code == 1 && named.output.contains("is no name for a source that is written to"), "\(named.output)")
    let silent = try validate(source, more: "")
    #expect(silent.code == 0 && silent.output.contains("nobody can send to desk"), "\(silent.output)")
    let sound = try validate(source)
    #expect(sound.code == 0 && sound.output.contains("W003"), "\(sound.output)")
  }

  @Test func `the sample is sound, and the page shows it as it is`() throws {
    // With the strategies that it names.
    let answer = try CommandTests.finstage("validate", "--no-stamp", "--config", "Samples/inbound/config.yaml")
    #expect(answer.code == 0 && answer.output.contains(" 0 errors"), "\(answer.output)")
    func text(_ path: String) throws -> String {
      try String(contentsOf: CommandTests.root.appending(path: path), encoding: .utf8)
    }
    let (page, sample) = (try text("docs/inbound.md"), try text("Samples/inbound/config.yaml"))
    for name in ["tradingview", "freqtrade"] {
      let begin = try #require(page.range(of: "```yaml\n\(name):\n"))
      let shown = page[begin.upperBound...].prefix { $0 != "`" }
      let lines = shown.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
      #expect(sample.contains("  \(name):\n\(lines)\n"), "\(name)")
    }
    #expect(page.contains("```json\n\(try text("Samples/inbound/tradingview-alert.json"))```"))
  }
}
