@testable import Backtesting
import Testing

@Suite struct NullVerdictTests {
  static func trials(_ p: [Double], planted: Double? = nil) -> [NullTrial] {
    p.map { NullTrial(stepdown: $0, realityCheck: $0, superiorPredictiveAbility: $0, best: "s\($0)", planted: planted) }
  }

  static let even = trials((1...100).map { Double($0) / 100 })

  @Test func `alarms at the level and edges found are sound`() throws {
    let verdict = try #require(
      NullVerdict(NullVerdictTests.even, planted: NullVerdictTests.trials([0.01], planted: 0.01), level: 0.05))
    #expect(verdict.alarms.map(\.count) == [5, 5, 5])
    #expect(verdict.isSound)
  }

  @Test func `a test that never rejects does not pass`() throws {
    let planted = NullVerdictTests.trials(Array(repeating: 0.06, count: 10), planted: 0.06)
    let verdict = try #require(NullVerdict(NullVerdictTests.trials([1, 1]), planted: planted, level: 0.05))
    #expect(verdict.keepsLevel && !verdict.findsEdge && !verdict.isSound)
  }

  // 12 of 100 at 5 %: so many or more come with a probability of 0.43 %; 9 or more with 6.3 %.
  @Test(arguments: [(12, false), (9, true)])
  func `more alarms than chance explains do not pass`(alarms: Int, passes: Bool) throws {
    let p = Array(repeating: 0.01, count: alarms) + Array(repeating: 1, count: 100 - alarms)
    let verdict = try #require(
      NullVerdict(NullVerdictTests.trials(p), planted: NullVerdictTests.trials([0.01], planted: 0.01), level: 0.05))
    #expect(verdict.isSound == passes)
    #expect(verdict.named == [.init(strategy: "s0.01", count: alarms)])
  }

  @Test func `without histories there is no verdict`() {
    #expect(NullVerdict([], planted: NullVerdictTests.even, level: 0.05) == nil)
    #expect(NullVerdict(NullVerdictTests.even, planted: [], level: 0.05) == nil)
  }
}
