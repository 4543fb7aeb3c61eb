import Backtesting
import TestSupport
import Testing

@Suite struct EffectiveTrialsTests {
  static func blocks(_ columns: [[Double]], _ count: Int = 32) -> [[BlockSums]] {
    columns.map { BlockSums.blocks(of: $0, count) }
  }

  @Test func `identical trials are one`() {
    let column = MultipleTestsTests.noise(1, bars: 320, seed: 1)[0].returns
    #expect(effectiveTrials(EffectiveTrialsTests.blocks(Array(repeating: column, count: 50))) == 1)
    // Twice the stake is the same trial.
    #expect(effectiveTrials(EffectiveTrialsTests.blocks([column, column.map { 2 * $0 }])) == 1)
  }

  @Test(arguments: [16, 32, 64]) func `independent trials are as many as they are`(blocks: Int) {
    let columns = MultipleTestsTests.noise(120, bars: 192, seed: 2).map(\.returns)
    // One pair in all of them is merged by chance with a probability of 5 %.
    #expect(effectiveTrials(EffectiveTrialsTests.blocks(columns, blocks)) >= 119)
  }

  @Test func `variations of a few ideas are as many as the ideas`() {
    let ideas = MultipleTestsTests.noise(6, bars: 640, seed: 3).map(\.returns)
    let wobbles = MultipleTestsTests.noise(60, bars: 640, seed: 4).map(\.returns)
    // A correlation of 1 / √1.04 with the idea, and of 0.96 with one another.
    let trials = wobbles.enumerated().map { place, wobble in
      zip(ideas[place % 6], wobble).map { $0 + 0.2 * $1 }
    }
    #expect(effectiveTrials(EffectiveTrialsTests.blocks(trials)) == 6)
  }

  @Test func `opposites are two trials, and those that never trade one together`() {
    let column = MultipleTestsTests.noise(1, bars: 320, seed: 1)[0].returns
    let idle = Array(repeating: 0.0, count: 320)
    #expect(effectiveTrials(EffectiveTrialsTests.blocks([column, column.map { -$0 }])) == 2)
    #expect(effectiveTrials(EffectiveTrialsTests.blocks([column, idle, idle])) == 2)
    #expect(effectiveTrials(EffectiveTrialsTests.blocks([idle])) == 1)
    #expect(effectiveTrials([]) == 0)
    #expect(effectiveTrials([[], []]) == 1)
  }

  @Test func `the order of the trials changes nothing`() {
    let ideas = MultipleTestsTests.noise(9, bars: 320, seed: 5).map(\.returns)
    // Neighbours are near one another, the ends far: where a cluster ends depends on who leads.
    let trials = (0..<80).map { place in
      let (left, share) = (place / 10, Double(place % 10) / 10)
      return zip(ideas[left], ideas[left + 1]).map { (1 - share) * $0 + share * $1 }
    }
    let blocks = EffectiveTrialsTests.blocks(trials)
    let straight = effectiveTrials(blocks)
    #expect(straight > 8 && straight < 40)
    #expect(effectiveTrials(blocks.reversed()) == straight)
    #expect(effectiveTrials((0..<80).map { blocks[$0 * 27 % 80] }) == straight)
  }

  @Test func `blocks that one trial lacks bring it no nearer to another`() {
    let column = MultipleTestsTests.noise(1, bars: 320, seed: 7)[0].returns
    let whole = BlockSums.blocks(of: column, 32)
    let late = whole.enumerated().map { $0.offset < 24 ? BlockSums() : $0.element }
    #expect(effectiveTrials([whole, late]) == 2)
    #expect(effectiveTrials([whole, Array(whole.prefix(31))]) == 1)
  }
}
