@testable import Backtesting
import TestSupport
import Testing

@Suite struct MultipleTestsTests {
  /// Returns without skill, each strategy's of its own.
  static func noise(_ strategies: Int, bars: Int, seed: UInt64) -> [ReturnColumn] {
    var random = SplitMix(seed: seed)
    return (0..<strategies).map { strategy in
      // The sum of four evenly spread numbers: near enough to normal.
      ReturnColumn(
        name: "\(strategy)",
        returns: (0..<bars).map { _ in
          (0..<4).reduce(-2) { sum, _ in sum + random.unit() } * 0.01
        })
    }
  }

  /// Whether two estimates of one probability, each from so many replications, differ by no more than chance: four
  /// standard errors, and the step of our own (1 + k) / (1 + n).
  static func agree(_ ours: Double, _ theirs: Double, _ own: Int, _ other: Int) -> Bool {
    let p = max(theirs, 1e-3)
    let error = (p * (1 - min(p, 0.999)) * (1 / Double(own) + 1 / Double(other))).squareRoot()
    return abs(ours - theirs) <= 4 * error + 1 / Double(own)
  }

  @Test func `standard errors are Hansen's sum over all lags`() throws {
    let reference = try LuckReference.read()
    let (order, byName, _) = try LuckReference.columns()
    let columns = try order.map { ReturnColumn(name: $0, returns: try #require(byName[$0])) }
    let tests = try #require(multipleTests(columns, replications: 1, meanBlock: reference.block, seed: 1))
    for (column, studentised) in zip(columns, tests.studentised) {
      let mean = column.returns.reduce(0, +) / Double(column.returns.count)
      #expect(BacktestingTests.agree(mean / studentised, try #require(reference.errors[column.name])), "\(column.name)")
    }
  }

  @Test(arguments: ["all", "mixed", "rules", "weak"])
  func `p-values are those of arch and of a matrix of all resamples`(family: String) throws {
    let reference = try LuckReference.read()
    let theirs = try #require(reference.tests[family])
    let (_, byName, _) = try LuckReference.columns()
    let columns = try theirs.members.map { ReturnColumn(name: $0, returns: try #require(byName[$0])) }
    let replications = 1_000
    let ours = try #require(
      multipleTests(columns, replications: replications, meanBlock: reference.block, seed: 20))
    func same(_ left: Double, _ right: Double) -> Bool {
      MultipleTestsTests.agree(left, right, replications, reference.replications)
    }
    #expect(same(ours.realityCheck, theirs.realityCheck))
    #expect(same(ours.superiorPredictiveAbility.lower, theirs.spa.lower))
    #expect(same(ours.superiorPredictiveAbility.consistent, theirs.spa.consistent))
    #expect(same(ours.superiorPredictiveAbility.upper, theirs.spa.upper))
    for (name, (left, right)) in zip(theirs.members, zip(ours.stepdown, theirs.stepdown)) {
      #expect(same(left, right), "\(name): \(left), \(right)")
    }
    // arch's StepM names those that it finds superior at a level.
    for (level, names) in theirs.superior {
      let level = try #require(Double(level))
      for (name, p) in zip(theirs.members, ours.stepdown) where !same(p, level) {
        #expect((p <= level) == names.contains(name), "\(name) at \(level)")
      }
    }
  }

  @Test func `the order of the strategies changes nothing`() throws {
    var columns = MultipleTestsTests.noise(12, bars: 150, seed: 5)
    columns.append(ReturnColumn(name: "twin", returns: columns[3].returns))
    let straight = try #require(multipleTests(columns, replications: 200, meanBlock: nil, seed: 3))
    let order = [7, 12, 0, 3, 9, 11, 1, 2, 8, 4, 10, 5, 6]
    let turned = try #require(multipleTests(order.map { columns[$0] }, replications: 200, meanBlock: nil, seed: 3))
    #expect(turned.realityCheck == straight.realityCheck)
    #expect(turned.superiorPredictiveAbility == straight.superiorPredictiveAbility)
    #expect(turned.stepdown == order.map { straight.stepdown[$0] })
    #expect(turned.meanBlock == straight.meanBlock)
  }

  @Test func `columns that are made one at a time give the same, and each is asked for twice`() throws {
    let columns = MultipleTestsTests.noise(5, bars: 100, seed: 6)
    var asked = Array(repeating: 0, count: 5)
    let streamed = multipleTests(strategies: 5, bars: 100, replications: 99, meanBlock: 3, seed: 1) { strategy in
      asked[strategy] += 1
      return columns[strategy].returns
    }
    #expect(streamed == multipleTests(columns, replications: 99, meanBlock: 3, seed: 1))
    #expect(asked == [2, 2, 2, 2, 2])
  }

  @Test func `blocks that are drawn anew for each strategy give what kept ones give`() throws {
    let columns = MultipleTestsTests.noise(3, bars: 300, seed: 8)
    func tests(keeping bytes: Int) -> MultipleTests? {
      multipleTests(strategies: 3, bars: 300, replications: 50, meanBlock: 4, seed: 2, keeping: bytes) {
        columns[$0].returns
      }
    }
    let kept = try #require(tests(keeping: 1 << 20))
    #expect(tests(keeping: 0) == kept)
  }

  @Test func `an edge is found among noise and named alone`() throws {
    var columns = MultipleTestsTests.noise(20, bars: 400, seed: 9)
    columns[13].returns = columns[13].returns.map { $0 + 0.0015 }
    let tests = try #require(multipleTests(columns, replications: 300, meanBlock: 1, seed: 4))
    #expect(tests.stepdown[13] < 0.01)
    #expect(tests.stepdown.enumerated().allSatisfy { $0.offset == 13 || $0.element > 0.05 })
    #expect(tests.realityCheck < 0.01)
    #expect(tests.superiorPredictiveAbility.consistent < 0.01)
  }

  @Test func `strategies that only lose are no skill`() throws {
    let columns = MultipleTestsTests.noise(6, bars: 200, seed: 9).map { column in
      ReturnColumn(name: column.name, returns: column.returns.map { $0 - 0.01 })
    }
    let tests = try #require(multipleTests(columns, replications: 99, meanBlock: 2, seed: 4))
    #expect(tests.stepdown.allSatisfy { $0 > 0.9 })
    #expect(tests.superiorPredictiveAbility == .init(lower: 1, consistent: 1, upper: 1))
  }

  @Test func `what never traded has a p-value of 1 and changes no other`() throws {
    let columns = MultipleTestsTests.noise(4, bars: 120, seed: 2)
    let idle = ReturnColumn(name: "idle", returns: Array(repeating: 0.25, count: 120))
    let alone = try #require(multipleTests(columns, replications: 99, meanBlock: 2, seed: 4))
    let beside = try #require(multipleTests(columns + [idle], replications: 99, meanBlock: 2, seed: 4))
    #expect(beside.stepdown == alone.stepdown + [1])
    #expect(beside.realityCheck == alone.realityCheck)
    let nothing = try #require(multipleTests([idle], replications: 99, meanBlock: nil, seed: 4))
    #expect(nothing.stepdown == [1] && nothing.realityCheck == 1)
    #expect(nothing.superiorPredictiveAbility == .init(lower: 1, consistent: 1, upper: 1))
  }

  @Test func `what cannot be tested is nil`() {
    let columns = MultipleTestsTests.noise(2, bars: 50, seed: 1)
    var broken = columns
    broken[1].returns[7] = .nan
    var short = columns
    short[1].returns.removeLast()
    #expect(multipleTests([], replications: 9, meanBlock: 1, seed: 1) == nil)
    #expect(multipleTests(columns, replications: 0, meanBlock: 1, seed: 1) == nil)
    #expect(multipleTests(columns, replications: 9, meanBlock: 0.5, seed: 1) == nil)
    #expect(multipleTests(columns, replications: 9, meanBlock: .nan, seed: 1) == nil)
    #expect(multipleTests(broken, replications: 9, meanBlock: 1, seed: 1) == nil)
    #expect(multipleTests(short, replications: 9, meanBlock: 1, seed: 1) == nil)
  }
}
