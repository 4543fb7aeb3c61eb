/// Whether a confidence is what it says: when it says 80, how often was it right.
public struct Calibration: Hashable, Sendable {
  /// A call that has come to its end.
  public struct Call: Hashable, Sendable {
    /// What was said, 0 to 1.
    public var confidence: Double
    public var isRight: Bool
    /// The success of acting on every bar in that direction; nil where it is not known.
    public var base: Double?

    public init(confidence: Double, isRight: Bool, base: Double? = nil) {
      self.confidence = confidence
      self.isRight = isRight
      self.base = base
    }
  }

  /// The calls whose confidence lies in a tenth: from `lower` on, below `upper`, or at it in the last one.
  public struct Bin: Hashable, Sendable {
    public var lower, upper: Double
    public var count: Int
    /// The mean of what was said.
    public var confidence: Double
    /// How often it was right.
    public var rate: Double
    /// 95 % interval of that; nil where nobody has reckoned it.
    public var interval: ClosedRange<Double>?
  }

  public var count: Int
  /// Those with a call in them, ascending.
  public var bins: [Bin]
  /// The mean of what was said, and how often it was right.
  public var confidence, rate: Double
  /// The mean squared distance of what was said from what came (1 or 0): 0 is perfect, 0.25 what always saying 50 gets.
  /// Source: G. Brier, Verification of forecasts expressed in terms of probability, Monthly Weather Review 78, 1950.
  public var brier: Double
  /// What saying the base rate each time would have got; nil where that is not known of all.
  public var baseBrier: Double?
  /// Over the bins, weighted by their calls: the distance between what was said and how often it was right. Source:
  /// M. Naeini, G. Cooper and M. Hauskrecht, Obtaining well calibrated probabilities using Bayesian binning, AAAI 2015.
  public var expectedError: Double

  /// The bins' number; a confidence of 80 lies in the one from 80 to 90.
  public static let bins = 10

  /// The bin of a confidence from 0 to 1.
  static func bin(of confidence: Double) -> Int {
    // 0.7 × 10 is less than 7 by a rounding error.
    min(bins - 1, max(0, Int((confidence * Double(bins) + 1e-9).rounded(.down))))
  }

  /// Nil without calls.
  public init?(_ calls: [Call]) {
    guard !calls.isEmpty else { return nil }
    var groups: [Int: [Call]] = [:]
    for call in calls { groups[Calibration.bin(of: call.confidence), default: []].append(call) }
    let total = Double(calls.count)
    func mean(_ calls: [Call], _ value: (Call) -> Double) -> Double {
      calls.reduce(0) { $0 + value($1) } / Double(calls.count)
    }
    count = calls.count
    bins = groups.keys.sorted().map { place in
      let calls = groups[place] ?? []
      return Bin(
        lower: Double(place) / Double(Calibration.bins), upper: Double(place + 1) / Double(Calibration.bins),
        count: calls.count, confidence: mean(calls, \.confidence), rate: mean(calls) { $0.isRight ? 1 : 0 })
    }
    confidence = mean(calls, \.confidence)
    rate = mean(calls) { $0.isRight ? 1 : 0 }
    brier = mean(calls) { call in
      let miss = call.confidence - (call.isRight ? 1 : 0)
      return miss * miss
    }
    let bases = calls.compactMap { call in call.base.map { $0 - (call.isRight ? 1 : 0) } }
    baseBrier = bases.count == calls.count ? bases.reduce(0) { $0 + $1 * $1 } / total : nil
    expectedError = bins.reduce(0) { $0 + Double($1.count) / total * abs($1.rate - $1.confidence) }
  }

  /// What is gained over saying the base rate each time: 1 is all there is to gain, below 0 it is worse.
  public var skill: Double? {
    baseBrier.flatMap { $0 > 0 ? 1 - brier / $0 : nil }
  }
}
