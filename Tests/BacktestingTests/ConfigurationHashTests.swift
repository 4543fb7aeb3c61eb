import Foundation
import Backtesting
import Pipelines
import StrategyModules
import Testing

@Suite struct ConfigurationHashTests {
  /// A strategy from the text below its head.
  func strategy(_ body: String, name: String = "s") throws -> Strategy {
    let head = "name: \(name)\ntimeframe: 1d\nsymbols: [X]\n"
    let (strategy, faults) = StrategyReader(registry: bundled).read(
      file: "\(name).yaml", bytes: Array((head + body).utf8))
    return try #require(strategy, "\(faults.map(\.description))")
  }

  func hash(_ strategy: Strategy, _ change: (inout BacktestOptions) -> Void = { _ in }) -> ConfigurationHash {
    var options = BacktestOptions()
    change(&options)
    var configurations = TrialConfigurations(options)
    return configurations.configuration(of: strategy).hash
  }

  let cross = """
    pipeline:
      - id: trend
        buy: close > sma(close, 20)
        sell: close < sma(close, 20)
    """

  /// The examples of FIPS 180-4, cut to 128 bits.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb924"), ("abc", "ba7816bf8f01cfea414140de5dae2223"),
  ]) func `the hash is the beginning of SHA-256`(text: String, digits: String) {
    let hash = ConfigurationHash(of: Array(text.utf8))
    #expect(hash.description == digits && ConfigurationHash(digits) == hash)
  }

  @Test func `a name, comments, layout, confidence and unused steps make no other configuration`() throws {
    let first = hash(try strategy(cross))
    #expect(try first == hash(strategy("# a word\ntitle: T\ndescription: D\n" + cross, name: "copy")))
    #expect(try first == hash(strategy(cross + "\n    confidence: 55\n    reason: because")))
    let other = """
      let: { mean: 'sma(close, 20)' }
      signal: trend
      pipeline:
        - { id: unused, buy: 'rsi(close, 5) > 70' }
        - { id: trend, buy: close > mean, sell: close < mean }
      """
    #expect(try first == hash(strategy(other)))
  }

  @Test(arguments: [
    ("20", "21"), ("buy: close >", "buy: close >="), ("sma", "ema"), ("close, 20", "open, 20"),
    ("pipeline:", "emit: level\npipeline:"), ("pipeline:", "trade: { side: both }\npipeline:"),
    ("pipeline:", "trade: { stop: 8% }\npipeline:"), ("pipeline:", "trade: { max_bars: 3 }\npipeline:"),
  ]) func `what changes a signal or a trade makes another configuration`(old: String, new: String) throws {
    let changed = cross.replacingOccurrences(of: old, with: new)
    #expect(changed != cross)
    #expect(try hash(strategy(cross)) != hash(strategy(changed)))
  }

  @Test func `what the trade plan reads is part of it, wherever it stands in the graph`() throws {
    func traded(_ period: Int) -> String {
      cross + "\ntrade: { stop: { distance: 2 * entry(atr(\(period))) } }"
    }
    let hashes = try [traded(20), traded(21), cross].map { hash(try strategy($0)) }
    #expect(Set(hashes).count == 3)
    let more =
      "let: { first: 'ema(close, 9)' }\n"
      + traded(20).replacingOccurrences(
        of: "pipeline:", with: "signal: trend\npipeline:\n  - { id: unused, buy: first > 3 }")
    #expect(try hash(strategy(more)) == hashes[0])
  }

  @Test func `what a fill costs is part of it, and what is only shown is not`() throws {
    let strategy = try strategy(cross)
    let plain = hash(strategy)
    #expect(plain != hash(strategy) { $0.feeRate = 0 })
    #expect(plain != hash(strategy) { $0.slippage = 0.001 })
    #expect(plain != hash(strategy) { $0.fill = .close })
    #expect(plain == hash(strategy) { $0.horizons = [.bars(3)] })
    #expect(plain == hash(strategy) { $0.from = day(3) })
  }

  /// An option that is not named here must be put where it belongs: part of the hash, unless it is only shown.
  @Test func `every option is part of it or passed over on purpose`() {
    let options = Mirror(reflecting: BacktestOptions()).children.compactMap(\.label)
    let hashed: Set = [
      "fill", "feeRate", "feePerShare", "feeMinimum", "slippage", "slippageOfRange", "borrowRate", "start",
      "adjustsPrices",
    ]
    #expect(Set(options) == hashed.union(["horizons", "outcomesInDetail", "from", "to", "periodsPerYear"]))
  }

  @Test func `the options of a trial are those that differ from the defaults`() throws {
    var options = BacktestOptions()
    #expect(try TrialConfigurations.one(strategy(cross), options).options == "")
    (options.fill, options.feeRate, options.horizons) = (.close, 0, [.bars(1)])
    #expect(try TrialConfigurations.one(strategy(cross), options).options == "fill=close feeRate=0.0")
  }

  @Test func `a series of another symbol or timeframe makes another configuration`() throws {
    func text(_ clock: String) -> String { "pipeline:\n  - { id: s, buy: 'close > \(clock)', sell: 'close < 1' }" }
    let hashes = try ["sma(close, 20)", "sma(close, 20) @ 1w", "symbol(\"^VIX\").close", "symbol(\"^VXN\").close"].map {
      hash(try strategy(text($0)))
    }
    #expect(Set(hashes).count == 4)
  }

  /// Written out by hand: rows of older ledgers are found again only as long as the text stays what it is.
  @Test func `the canonical text lists each node once, after those that it reads`() throws {
    var canonical = CanonicalText()
    let text = String(
      decoding: canonical.bytes(
        of: try strategy("pipeline:\n  - { id: s, buy: 'close > 1.5 * open', sell: 'close < 1.5 * open' }")),
      as: UTF8.self)
    #expect(
      text
        == """
        series close
        number 1.5
        series open
        operation multiply 1 2
        operation greater 0 3
        buy=4
        operation less 0 3
        sell=5
        edge

        """, "\(text)")
  }
}

extension TrialConfigurations {
  fileprivate static func one(_ strategy: Strategy, _ options: BacktestOptions) -> TrialConfiguration {
    var configurations = TrialConfigurations(options)
    return configurations.configuration(of: strategy)
  }
}
