import SeriesMath
import Testing

@Suite struct OrderTests {
  static func numbers(_ count: Int, seed: UInt64, distinct: Int = 1_000) -> [Double] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in Double(random.below(distinct)) / 8 - 20 }
  }

  // numpy: np.quantile([3, 1, 2, 4], q) for 0, 0.05, 0.25, 0.5, 0.9, 1.
  @Test(arguments: [(0.0, 1.0), (0.05, 1.15), (0.25, 1.75), (0.5, 2.5), (0.9, 3.7), (1.0, 4.0)])
  func `a quantile lies between its two nearest ranks`(share: Double, value: Double) throws {
    var values = [3.0, 1, 2, 4]
    #expect(abs(try #require(quantile(share, of: &values)) - value) < 1e-12)
  }

  @Test(arguments: [1, 2, 3, 20, 257])
  func `a quantile is that of the sorted values`(count: Int) throws {
    for seed in 0..<20 as Range<UInt64> {
      // Few distinct values: equal ones must not confuse the partition.
      for distinct in [2, 5, 1_000] {
        var values = OrderTests.numbers(count, seed: seed, distinct: distinct)
        let sorted = values.sorted()
        for rank in [0, count / 3, count / 2, count - 1] {
          let share = count > 1 ? Double(rank) / Double(count - 1) : 0
          let found = try #require(quantile(share, of: &values))
          #expect(abs(found - sorted[rank]) < 1e-9)
        }
      }
    }
  }

  @Test func `nothing has no quantile`() {
    var none: [Double] = []
    var one = [1.0]
    #expect(quantile(0.5, of: &none) == nil)
    #expect(quantile(1.5, of: &one) == nil && quantile(.nan, of: &one) == nil)
  }

  @Test func `the running median is that of all values so far`() {
    for distinct in [3, 1_000] {
      let values = OrderTests.numbers(300, seed: 7, distinct: distinct)
      var median = RunningMedian()
      #expect(median.value.isNaN)
      for count in 1...values.count {
        median.add(values[count - 1])
        let sorted = values.prefix(count).sorted()
        let middle = count.isMultiple(of: 2) ? (sorted[count / 2 - 1] + sorted[count / 2]) / 2 : sorted[count / 2]
        #expect(median.value == middle && median.count == count)
      }
    }
  }

  @Test func `a moving extreme is the greatest of its window, whatever the window's two ends do`() {
    let values = OrderTests.numbers(400, seed: 3)
    var random = SplitMix64(seed: 9)
    var extreme = MovingExtreme()
    #expect(extreme.value == nil)
    var (first, last) = (0, -1)
    while last + 1 < values.count {
      for _ in 0...random.below(9) where last + 1 < values.count {
        last += 1
        extreme.add(last % 13 == 0 ? .nan : values[last], at: last)
      }
      first = min(first + random.below(9), last + 1)
      extreme.drop(before: first)
      let window = first <= last ? (first...last).filter { $0 % 13 != 0 }.map { values[$0] } : []
      #expect(extreme.value == window.max())
    }
  }
}
