import Foundation
import PluginKit
import Pipelines
import StrategyModules
import Testing
import Trading

/// Where signals stand: edges, levels, virtual positions, conflicts.
@Suite struct EdgeTests {
  /// `buy 3, sell 5` of a strategy's steps over closes.
  private func signals(
    _ pipeline: String, _ more: String = "", over closes: String, volumes: String? = nil
  ) throws -> (text: String, conflicts: Int) {
    let made = try #require(strategy(pipeline, more))
    let result = try #require(try run([made], over: candles(closes, volumes: volumes)).first)
    return (result.signals.map { "\($0.direction.rawValue) \($0.bar)" }.joined(separator: ", "), result.conflicts)
  }

  @Test("a signal is the bar on which its condition becomes true") func edges() throws {
    let step = "  - { id: s, buy: close > 10, sell: close < 10 }"
    #expect(try signals(step, over: "10 11 12 10 13 9 8 10 9").text == "buy 1, buy 4, sell 5, sell 8")
  }

  @Test("from unknown to true is an edge") func unknownToTrue() throws {
    #expect(try signals("  - { id: s, buy: close > 10 }", over: "11 12").text == "buy 0")
    #expect(try signals("  - { id: s, buy: 'close > sma(close, 3)' }", over: "1+1x5").text == "buy 2")
    // The quotient has no value on bar 2, and the condition is true again on bar 3.
    #expect(try signals("  - { id: s, buy: 1 / (close - 5) > 0 }", over: "6 6 5 6").text == "buy 0, buy 3")
  }

  @Test("a missing bar ends no state") func missingBars() throws {
    #expect(try signals("  - { id: s, buy: close > 10 }", over: "9 11 _x3 11 9 11").text == "buy 1, buy 7")
    let position = "  - { id: s, long: { enter: close > 10, exit: close < 5 } }"
    #expect(try signals(position, over: "11 _ 4 11").text == "buy 0, exit_long 2, buy 3")
  }

  @Test("buy and sell true on one bar are neither, and counted") func conflicts() throws {
    let (text, conflicts) = try signals("  - { id: s, buy: close > 10, sell: close > 11 }", over: "10 11 12 13 11 9 12")
    #expect(text == "buy 1")
    #expect(conflicts == 3)
  }

  @Test("with emit: level every bar is a signal") func levels() throws {
    #expect(
      try signals("  - { id: s, buy: close > 10 }", "emit: level", over: "9 11 12 _ 13 9").text == "buy 1, buy 2, buy 4"
    )
  }

  @Test("an exit is a level that counts only while in the position") func positions() throws {
    let long = "  - { id: s, long: { enter: close > 10, exit: close < 8 } }"
    // No exit before the first entry, one for each position, and none on the bar of the entry.
    #expect(try signals(long, over: "7 9 11 9 7 6 11 12 7").text == "buy 2, exit_long 4, buy 6, exit_long 8")
    let always = "  - { id: s, long: { enter: close > 10, exit: close > 0 } }"
    #expect(try signals(always, over: "9 11 11 9 11").text == "buy 1, exit_long 2, buy 4")
    let both =
      "  - { id: s, long: { enter: close > 10, exit: close < 9 }, short: { enter: close < 5, exit: close > 6 } }"
    #expect(
      try signals(both, over: "9 11 8 4 5 7 11 4").text
        == "buy 1, exit_long 2, sell 3, exit_short 5, buy 6, exit_long 7, sell 7")
  }

  @Test("exit signals carry no call and the bar's own close") func exitsAreSignals() throws {
    let made = try #require(strategy("  - { id: s, long: { enter: close > 10, exit: close < 8 }, confidence: 65 }"))
    let found = try #require(try run([made], over: candles("11 7")).first).signals
    #expect(found.map(\.price) == [11, 7])
    #expect(found.map(\.direction.sign) == [1, 0])
    #expect(found.map(\.confidence) == [65, 65])
    #expect(found.first?.reason == "close > 10 (close = 11)")
  }

  @Test("three silent voices agree on nothing") func silence() throws {
    let pipeline = """
        - { id: a, module: ma_breakout, with: { period: 3 } }
        - { id: b, module: volume_surge, with: { period: 3 } }
        - { id: c, buy: close > 1000, sell: close > 1000 }
        - { id: agree, module: confirm_all, inputs: [a, b, c], with: { within: 5 } }
      """
    #expect(try signals(pipeline, over: "100x30").text == "")
  }

  @Test("voices agree within their window, the latest of each counting") func agreement() throws {
    func pipeline(_ within: Int) -> String {
      """
        - { id: high, buy: high > 110, sell: low < 90 }
        - { id: close, buy: close > 100, sell: close < 100 }
        - { id: agree, module: confirm_all, inputs: [high, close], with: { within: \(within) } }
      """
    }
    // Bar 1 reaches 111 and falls to 99 in bar 2; bar 3 rises to 101.
    #expect(try signals(pipeline(1), over: "100 111 99 101").text == "buy 1")
    #expect(try signals(pipeline(3), over: "100 111 99 101").text == "buy 1, buy 3")
    // The window is over on bar 5.
    #expect(try signals(pipeline(3), over: "100 111 99 99 99 101").text == "buy 1")
  }

  @Test("a missing bar ends no direction that a combinator remembers") func rememberedDirections() throws {
    let pipeline = """
        - { id: high, buy: high > 110 }
        - { id: close, buy: close == 101 }
        - { id: agree, module: confirm_all, inputs: [high, close], with: { within: 4 } }
      """
    #expect(try signals(pipeline, over: "100 111 _ 101").text == "buy 3")
  }

  @Test("one strategy's signals do not depend on which others run beside it") func mergedGraphs() throws {
    let shipped = try EdgeTests.shipped()
    let market = try samples("GSPC")
    let together = try run(shipped, over: market)
    for (strategy, result) in zip(shipped, together) {
      #expect(try run([strategy], over: market).first?.signals == result.signals, "\(strategy.name)")
    }
  }

  @Test("the block size changes nothing: live and backtest are one", arguments: [1, 7, 64, 1_023, 10_000])
  func blockSize(_ block: Int) throws {
    let shipped = try EdgeTests.shipped()
    let market = try samples("IXIC")
    let expected = try run(shipped, over: market, block: 1_024)
    let found = try run(shipped, over: market, block: block)
    for (index, strategy) in shipped.enumerated() {
      #expect(found[index].signals == expected[index].signals, "\(strategy.name)")
      #expect(found[index].conflicts == expected[index].conflicts, "\(strategy.name)")
    }
  }

  @Test("the original rule never fires on either sample, its better form does") func seedNeverFires() throws {
    let shipped = try EdgeTests.shipped().filter { $0.name.hasPrefix("triple-confirmation") }
    for name in ["IXIC", "GSPC"] {
      let counts = try run(shipped, over: samples(name)).map(\.signals.count)
      let seed = try #require(shipped.firstIndex { $0.name == "triple-confirmation-seed" })
      #expect(counts[seed] == 0)
      #expect(counts[1 - seed] > 0)
    }
  }

  @Test("every other shipped strategy speaks on a sample at least once") func othersFire() throws {
    let shipped = try EdgeTests.shipped()
    let runs = try ["IXIC", "GSPC"].map { try run(shipped, over: samples($0)) }
    for (index, strategy) in shipped.enumerated() where strategy.name != "triple-confirmation-seed" {
      // Of news and statements there are none here: who reads them is silent.
      let isSilent = strategy.graph.readsNews || strategy.graph.readsStatements
      #expect(runs.contains { !$0[index].signals.isEmpty } == !isSilent, "\(strategy.name)")
    }
  }

  static func shipped() throws -> [Strategy] {
    try FaultTests.shipped().map { name in
      let bytes = [UInt8](try Data(contentsOf: repositoryFile("strategies/\(name).yaml")))
      return try #require(read(bytes, file: "\(name).yaml").strategy)
    }
  }
}
