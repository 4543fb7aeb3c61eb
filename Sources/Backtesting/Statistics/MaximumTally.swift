#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Takes the resampled means of one strategy after another, worst first, and keeps of each replication only the largest.
struct MaximumTally {
  private let summaries: [ColumnSummary]
  private let bars: Int
  private var largest: Largest
  private var steps: StepDown

  /// One number a replication for each test.
  private struct Largest {
    var mean, lower, consistent: [Double]

    init(_ replications: Int) {
      mean = Array(repeating: -.infinity, count: replications)
      (lower, consistent) = (mean, mean)
    }
  }

  init(_ summaries: [ColumnSummary], replications: Int, bars: Int) {
    self.summaries = summaries
    self.bars = bars
    steps = StepDown(summaries.map(\.studentised), replications: replications) { summaries[$0].error > 0 }
    largest = Largest(replications)
  }

  /// Strategies whose returns vary, by their studentised means, the worst first.
  var ascending: [Int] { steps.ascending }

  /// `means` are those of the resampled returns less the mean of the returns themselves, a replication each.
  mutating func take(_ strategy: Int, _ means: [Double]) {
    let own = summaries[strategy]
    let studentised = own.studentised
    // Bad beyond doubt: more than √(2 ln ln n) standard errors below nothing. Such a one is not lifted to 0.
    let doubt = -(2 * log(log(Double(bars)))).squareRoot()
    let consistent = studentised >= doubt ? 0 : studentised
    let lower = min(0, studentised)
    for (replication, mean) in means.enumerated() {
      let z = mean / own.error
      largest.mean[replication] = max(largest.mean[replication], mean)
      largest.consistent[replication] = max(largest.consistent[replication], z + consistent)
      largest.lower[replication] = max(largest.lower[replication], z + lower)
    }
    steps.take(strategy) { means[$0] / own.error }
  }

  func tests(meanBlock: Double) -> MultipleTests {
    let replications = largest.mean.count
    func p(_ beaten: Int) -> Double { Double(1 + beaten) / Double(1 + replications) }
    let best = max(0, ascending.last.map { summaries[$0].studentised } ?? 0)
    let bestMean = ascending.map { summaries[$0].mean }.max() ?? 0
    // Hansen's statistic is never below 0, neither that of the data nor those of the replications.
    func hansen(_ largest: [Double]) -> Double { p(largest.count { max(0, $0) >= best }) }
    return MultipleTests(
      realityCheck: ascending.isEmpty ? 1 : p(largest.mean.count { $0 >= bestMean }),
      superiorPredictiveAbility: .init(
        lower: hansen(largest.lower), consistent: hansen(largest.consistent), upper: hansen(steps.largest)),
      stepdown: steps.adjusted, studentised: summaries.map(\.studentised), meanBlock: meanBlock,
      replications: replications)
  }
}

/// The same replications for every column.
struct Resamples {
  private let bars: Int
  private let replications: Int
  private let bootstrap: StationaryBootstrap
  /// All blocks, those of replication r up to `ends[r]`; empty where they would not fit.
  private var kept: [StationaryBootstrap.Block] = []
  private var ends: [Int] = []

  init(bars: Int, meanBlock: Double, replications: Int, seed: UInt64, keeping most: Int) {
    self.bars = bars
    self.replications = replications
    bootstrap = StationaryBootstrap(bars: bars, meanBlock: meanBlock, seed: seed)
    let blocks = (Double(bars) / bootstrap.meanBlock + 2) * Double(replications)
    guard blocks * Double(MemoryLayout<StationaryBootstrap.Block>.size) <= Double(most) else { return }
    kept.reserveCapacity(Int(blocks))
    var drawing = bootstrap
    var drawn: [StationaryBootstrap.Block] = []
    for _ in 0..<replications {
      drawing.next(blocks: &drawn)
      kept += drawn
      ends.append(kept.count)
    }
  }

  /// The mean of each replication less the mean of the column. A block's sum is the difference of two running sums.
  func centredMeans(of column: [Double], mean: Double, into means: inout [Double]) {
    var running = [0.0]
    running.reserveCapacity(bars + 1)
    var sum = 0.0
    for value in column {
      sum += value - mean
      running.append(sum)
    }
    if ends.isEmpty {
      var drawing = bootstrap
      var drawn: [StationaryBootstrap.Block] = []
      for replication in 0..<replications {
        drawing.next(blocks: &drawn)
        means[replication] = Resamples.sum(drawn[...], running) / Double(bars)
      }
    } else {
      var start = 0
      for replication in 0..<replications {
        means[replication] = Resamples.sum(kept[start..<ends[replication]], running) / Double(bars)
        start = ends[replication]
      }
    }
  }

  private static func sum(_ blocks: ArraySlice<StationaryBootstrap.Block>, _ running: [Double]) -> Double {
    var sum = 0.0
    let running = running.span
    for block in blocks {
      let start = Int(block.start)
      sum += running[start + Int(block.length)] - running[start]
    }
    return sum
  }
}
