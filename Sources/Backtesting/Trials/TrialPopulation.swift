public import Trading

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// How many trials a figure is the best of: what `deflatedSharpe` wants to know.
public struct TrialPopulation: Hashable, Sendable {
  /// Configurations tried on the same instrument and timeframe over some of the same dates.
  public var raw: Int
  /// How many of them are really different: see `effectiveTrials`.
  public var effective: Double
  /// The sample variance of their Sharpe ratios of one bar; 0 under two trials that have one.
  public var varianceOfSharpes: Double

  public init(raw: Int, effective: Double, varianceOfSharpes: Double) {
    self.raw = raw
    self.effective = effective
    self.varianceOfSharpes = varianceOfSharpes
  }

  /// Beyond so many trials their effective number is estimated from so many of them.
  static let sample = 2_000
}

extension TrialLedger {
  /// The trials that a result on that instrument and timeframe over those dates is one of. The order in which they were
  /// recorded changes nothing.
  ///
  /// Of more than 2,000 trials those with the 2,000 least hashes, which have nothing to do with the results, are
  /// clustered; the clusters among all are taken to grow on as they grew from the first half of the sample to the whole.
  public mutating func population(
    of data: TrialData, over dates: ClosedRange<Instant>
  ) throws(TrialLedgerError) -> TrialPopulation {
    guard let file = try LedgerFile.reading(path) else {
      return TrialPopulation(raw: 0, effective: 0, varianceOfSharpes: 0)
    }
    try index.update(from: file)
    let places = places(of: data, overlapping: dates)
    var blocks: [TrialBlocks?] = []
    for place in places.prefix(TrialPopulation.sample) {
      blocks.append(LedgerText.trial(try read(place, file))?.trial.blocks)
    }
    let aligned = TrialBlocks.aligned(blocks, over: dates)
    var effective = effectiveTrials(aligned)
    if aligned.count < places.count {
      let half = effectiveTrials(Array(aligned.prefix(aligned.count / 2)))
      effective = grown(from: half, to: effective, sample: aligned.count, of: places.count)
    }
    return TrialPopulation(
      raw: places.count, effective: effective,
      varianceOfSharpes: variance(places.map { index.entries[$0].sharpe }.filter(\.isFinite)))
  }
}

/// Clusters among all trials where a sample has `whole` of them and its half `half`: as a power of the number of trials
/// (H. Heaps, Information Retrieval, 1978, of the distinct words in a text), never fewer than the sample has and never
/// more than there are trials.
func grown(from half: Double, to whole: Double, sample: Int, of all: Int) -> Double {
  guard half > 0, whole > half else { return whole }
  let exponent = min(1, log2(whole / half))
  return min(Double(all), whole * pow(Double(all) / Double(sample), exponent))
}

private func variance(_ values: [Double]) -> Double {
  guard values.count > 1 else { return 0 }
  let mean = values.reduce(0, +) / Double(values.count)
  return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
}
