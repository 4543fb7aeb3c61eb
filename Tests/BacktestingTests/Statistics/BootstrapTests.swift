import Backtesting
import TestSupport
import Testing

@Suite struct BootstrapTests {
  @Test func `weights count the draws of each bar and add up to the bars`() {
    var bootstrap = StationaryBootstrap(bars: 500, meanBlock: 7, seed: 3)
    var weights: [Double] = []
    var totals = Array(repeating: 0.0, count: 500)
    for _ in 0..<400 {
      bootstrap.next(into: &weights)
      #expect(weights.reduce(0, +) == 500)
      #expect(weights.allSatisfy { $0 >= 0 && $0.rounded() == $0 })
      for bar in totals.indices { totals[bar] += weights[bar] }
    }
    // Each bar is drawn once a replication on average, those at the ends too: 400, of a deviation near √400.
    #expect(totals.allSatisfy { abs($0 - 400) < 6 * 20 })
  }

  @Test func `blocks are as long on average as asked`() {
    for mean in [1.0, 2.5, 20] {
      var bootstrap = StationaryBootstrap(bars: 20_000, meanBlock: mean, seed: 9)
      var blocks: [StationaryBootstrap.Block] = []
      var (drawn, bars) = (0, 0)
      for _ in 0..<10 {
        bootstrap.next(blocks: &blocks)
        drawn += blocks.count
        bars += blocks.reduce(0) { $0 + Int($1.length) }
      }
      #expect(bars == 200_000)
      // The last block of a replication is cut short, and one may be parted at the end of the series.
      #expect(abs(Double(bars) / Double(drawn) / mean - 1) < 0.05)
    }
  }

  @Test func `blocks and weights of a seed are the same draws, and another seed's are others`() {
    var blocks: [StationaryBootstrap.Block] = []
    var weights: [Double] = []
    var one = StationaryBootstrap(bars: 100, meanBlock: 5, seed: 1)
    var same = one
    var other = StationaryBootstrap(bars: 100, meanBlock: 5, seed: 2)
    for _ in 0..<5 {
      one.next(blocks: &blocks)
      same.next(into: &weights)
      var counted = Array(repeating: 0.0, count: 100)
      for block in blocks { for bar in block.start..<block.start + block.length { counted[Int(bar)] += 1 } }
      #expect(counted == weights)
      other.next(into: &weights)
      #expect(counted != weights)
    }
  }

  @Test func `a bootstrap of nothing draws nothing`() {
    var bootstrap = StationaryBootstrap(bars: 0, meanBlock: 5, seed: 1)
    var weights = [1.0]
    bootstrap.next(into: &weights)
    #expect(weights.isEmpty)
  }

  @Test func `automatic block lengths are those of arch`() throws {
    let reference = try LuckReference.read()
    let (_, columns, prices) = try LuckReference.columns()
    var series = columns
    series["prices"] = prices
    series["squares"] = prices.map { $0 * $0 }
    #expect(series.count == reference.automaticBlock.count)
    for (name, expected) in reference.automaticBlock {
      let block = StationaryBootstrap.automaticBlock(try #require(series[name]))
      #expect(agree(block, max(1, expected), to: 1e-9), "\(name)")
    }
  }

  // For an autoregression Politis and White's optimum has a closed form: the cube root of (2ρ / (1 − ρ²))² n.
  @Test func `the block length of an autoregression is near the best one`() {
    var random = SplitMix(seed: 4)
    var value = 0.0
    let series = (0..<20_000).map { _ in
      value = 0.7 * value + random.unit() - 0.5
      return value
    }
    let block = StationaryBootstrap.automaticBlock(series)
    let factor = 2 * 0.7 / (1 - 0.7 * 0.7)
    let share = block * block * block / (factor * factor * 20_000)
    #expect(share > 0.5 && share < 2)
  }

  @Test func `what does not vary is resampled bar by bar`() {
    #expect(StationaryBootstrap.automaticBlock(Array(repeating: 1, count: 100)) == 1)
    #expect(StationaryBootstrap.automaticBlock([]) == 1)
  }
}
