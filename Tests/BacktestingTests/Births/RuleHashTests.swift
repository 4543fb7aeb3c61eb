import Backtesting
import Pipelines
import StrategyModules
import Testing

@Suite struct RuleHashTests {
  private func strategy(_ body: String, timeframe: String = "1d", symbols: String = "[X]", name: String = "s") throws
    -> Strategy
  {
    let head = "name: \(name)\ntimeframe: \(timeframe)\nsymbols: \(symbols)\n"
    let (strategy, faults) = StrategyReader(registry: bundled).read(
      file: "\(name).yaml", bytes: Array((head + body).utf8))
    return try #require(strategy, "\(faults.map(\.description))")
  }

  private func hash(_ strategy: Strategy) -> ConfigurationHash {
    var hashes = RuleHashes()
    return hashes.hash(of: strategy)
  }

  private let rule = "pipeline: [{ id: trend, buy: 'close > sma(close, 20)' }]\n"

  @Test func `how a rule is written and what it is called is no part of it`() throws {
    let first = try hash(strategy(rule))
    #expect(try first == hash(strategy("# a word\n" + rule)))
    #expect(try first == hash(strategy("title: T\ndescription: other words\n" + rule)))
    #expect(try first == hash(strategy(rule, symbols: "[Y, Z]")))
    #expect(try first == hash(strategy(rule, name: "t")))
    #expect(try first == hash(strategy("notify: { priority: high }\n" + rule)))
    #expect(try first == hash(strategy("pipeline:\n  - buy: close > sma(close,   20.0)\n    id: other\n")))
  }

  @Test func `a period, a threshold, a side, a stop and a timeframe are`() throws {
    let all = try [
      strategy(rule), strategy(rule.replacing("20", with: "21")), strategy(rule.replacing("close >", with: "open >")),
      strategy("emit: level\n" + rule), strategy("trade: { side: both }\n" + rule),
      strategy("trade: { stop: 8% }\n" + rule), strategy("trade: { stop: 9% }\n" + rule),
      strategy(rule, timeframe: "1w"),
    ].map(hash)
    #expect(Set(all).count == all.count)
  }

  /// The text of a rule is fixed: another one of the same rule would be the birth of everything. SHA-256 of the text by
  /// coreutils: `printf 'rule 1\ntimeframe 1d\n…edge\n' | sha256sum | cut -c1-32`.
  @Test func `the hash is that of the text that it is documented to be`() throws {
    let text = RuleHashTests.text
    #expect(try hash(strategy("pipeline: [{ id: a, buy: close > 100 }]\n")) == ConfigurationHash(of: Array(text.utf8)))
    #expect(ConfigurationHash(of: Array(text.utf8)).description == RuleHashTests.sum)
  }

  private static let text =
    "rule 1\ntimeframe 1d\nseries close\nnumber 100.0\noperation greater 0 1\nbuy=2\nnumber 0.0\nsell=3\nedge\n"
  private static let sum = "fe83095b6bdc94646ff7ee6ce455d154"
}
