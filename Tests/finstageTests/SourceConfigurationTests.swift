import Foundation
import Testing

@Suite struct SourceConfigurationTests {
  private func validate(_ sources: String) throws -> (code: Int32, output: String) {
    let config = "sources:\n  a: { \(sources) }\n"
    var said: (Int32, String) = (-1, "")
    try CommandTests.inFolder(["config.yaml": config, "strategies/.keep": ""]) { folder in
      let answer = try CommandTests.finstage("validate", "config.yaml", in: folder)
      said = (answer.code, answer.output + answer.messages)
    }
    return said
  }

  @Test(arguments: [
    ("type: yahoo, rate: [2/s, often]", "rate is a count from 1 to 1000000 and a length"),
    ("type: yahoo, base_url: yahoo.com", "base_url is https://host or http://host"),
    ("type: yahoo, retries: 99", "retries is a whole number from 0 to 10; found \"99\""),
    ("type: http_csv, url: \"https://v.example/{ticker}\", timeframes: { 1d: d }", "url: has {ticker}"),
    ("type: http_csv, url: \"https://v.example/\", timeframes: { daily: d }", "timeframes: has \"daily\""),
    ("type: http_csv, url: \"https://v.example/\", timeframes: { 1d: d }, separator: dot", "separator: is comma"),
    ("type: yahoo, timout: 3s", "did you mean \"timeout\"?"),
  ])
  func `a source that could never work is a fault of the configuration`(_ source: String, _ words: String) throws {
    let answer = try validate(source)
    #expect(answer.code == 1)
    #expect(answer.output.contains(words), "\(answer.output)")
    #expect(answer.output.contains("config.yaml:2:"), "\(answer.output)")
  }

  @Test func `a key in the file is a fault, and is not repeated`() throws {
    let answer = try validate("type: alpha_vantage, key: ABC123")
    #expect(answer.code == 1)
    #expect(answer.output.contains("E051 literal-secret"), "\(answer.output)")
    #expect(!answer.output.contains("ABC123"))
  }

  @Test func `a key from the environment is none, also where it is not set`() throws {
    let answer = try validate("type: alpha_vantage, key: \"${env:NO_SUCH_KEY_HERE}\"")
    #expect(answer.code == 0)
    #expect(answer.output.contains("W003") && !answer.output.contains("E051"), "\(answer.output)")
  }

  @Test func `a source with a server is asked by fetch alone`() throws {
    let files = [
      "config.yaml":
        "sources: { y: { type: yahoo } }\ncollect: [{ source: y, symbols: [X], timeframe: 1d }]\nlocale: en\n",
      "strategies/s.yaml": """
      name: s
      timeframe: 1d
      symbols: [X]
      pipeline:
        - { id: a, module: ma_breakout }

      """,
    ]
    try CommandTests.inFolder(files) { folder in
      let answer = try CommandTests.finstage("backtest", "s", "--ledger", "none", in: folder)
      #expect(answer.code == 3)
      #expect(
        answer.messages == "X 1d: nothing of it was fetched from y yet; run finstage fetch X\n",
        "\(answer.messages)")
    }
  }
}
