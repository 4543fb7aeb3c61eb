import Backtesting
import TestSupport
import Testing

@Suite struct OverfittingTests {
  // The script joins the bars of each half and works out every Sharpe ratio from them.
  @Test func `probability, logits, slope and losses are those of a plain cross-validation`() throws {
    let reference = try LuckReference.read()
    let (order, byName, _) = try LuckReference.columns()
    let rules = order.filter { !$0.hasPrefix("peek") }
    for (expected, names) in zip(reference.overfitting, [order, rules, rules]) {
      let blocks = try names.map { BlockSums.blocks(of: try #require(byName[$0]), expected.blocks) }
      let ours = try #require(probabilityOfOverfitting(blocks))
      #expect(ours.logits.count == expected.combinations)
      #expect(ours.blocks == expected.blocks)
      #expect(agree(ours.pbo, expected.pbo, to: 1e-12))
      #expect(agree(ours.logits.reduce(0, +) / Double(ours.logits.count), expected.meanLogit))
      #expect(agree(try #require(ours.degradation), expected.degradation))
      #expect(agree(ours.probabilityOfLoss, expected.probabilityOfLoss, to: 1e-12))
    }
  }

  @Test func `choosing among noise overfits in about half of the halvings`() throws {
    var sum = 0.0
    for seed in 1...12 {
      let columns = MultipleTestsTests.noise(20, bars: 80, seed: UInt64(seed))
      sum += try #require(probabilityOfOverfitting(columns.map { BlockSums.blocks(of: $0.returns, 8) })).pbo
    }
    // The mean of twelve, of a deviation near 0.2 each.
    #expect(abs(sum / 12 - 0.5) < 0.2)
  }

  @Test func `an edge that lasts is not overfit`() throws {
    var columns = MultipleTestsTests.noise(20, bars: 240, seed: 1)
    columns[4].returns = columns[4].returns.map { $0 + 0.01 }
    let probability = try #require(probabilityOfOverfitting(columns.map { BlockSums.blocks(of: $0.returns, 8) }))
    #expect(probability.pbo == 0)
    #expect(probability.probabilityOfLoss == 0)
  }

  @Test func `the order of the strategies changes nothing`() throws {
    var columns = MultipleTestsTests.noise(7, bars: 80, seed: 3).map(\.returns)
    columns.append(columns[2])
    columns.append(Array(repeating: 0, count: 80))
    let blocks = columns.map { BlockSums.blocks(of: $0, 6) }
    #expect(probabilityOfOverfitting(blocks) == probabilityOfOverfitting(blocks.reversed()))
  }

  @Test func `uneven, empty and odd blocks are joined to sixteen runs`() throws {
    // As calendar blocks come: 37 of them, weekends empty, the first and the last cut short.
    let columns = MultipleTestsTests.noise(3, bars: 360, seed: 3).map(\.returns)
    let blocks = columns.map { returns in
      var sums = Array(repeating: BlockSums(), count: 37)
      for (bar, value) in returns.enumerated() where bar >= 4 && bar / 10 != 20 { sums[bar / 10].add(value) }
      return sums
    }
    let probability = try #require(probabilityOfOverfitting(blocks))
    #expect(probability.blocks == 16)
    #expect(probability.logits.count == 12_870)
  }

  @Test func `without two strategies of two blocks there is none`() {
    let blocks = MultipleTestsTests.noise(2, bars: 40, seed: 3).map { BlockSums.blocks(of: $0.returns, 4) }
    #expect(probabilityOfOverfitting([]) == nil)
    #expect(probabilityOfOverfitting([blocks[0]]) == nil)
    #expect(probabilityOfOverfitting([blocks[0], []]) == nil)
    #expect(probabilityOfOverfitting([blocks[0], Array(blocks[1].dropLast())]) == nil)
    #expect(probabilityOfOverfitting(blocks.map { Array($0.prefix(1)) }) == nil)
    #expect(probabilityOfOverfitting([blocks[0], blocks[1].map { BlockSums(count: $0.count, sum: .nan) }]) == nil)
    #expect(probabilityOfOverfitting([[BlockSums()], [BlockSums()]]) == nil)
  }
}
