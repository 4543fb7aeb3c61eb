import Backtesting
import SeriesMath

/// How good forecasts of a rise were, once what they forecast was known, beside the base rate that was said with each.
public struct ForecastVerdict: Hashable, Sendable {
  public enum Verdict: String, Hashable, Sendable {
    case better
    case noBetter = "no better than the base rate"
    case tooFew = "too few forecasts to tell"
  }

  /// What was observed where so high a chance was said.
  public struct Bin: Hashable, Sendable {
    /// Tenths of the chance: 0.6 to 0.7.
    public var range: Range<Double>
    public var count: Int
    /// The mean chance that was said, and how often it rose.
    public var said, rose: Double
    /// 95 % interval of how often it rose (C. Clopper and E. Pearson), as if the forecasts did not overlap.
    public var interval: ClosedRange<Double>?
  }

  /// Forecasts whose horizon is over.
  public var count: Int
  /// Mean squared errors (G. Brier, 1950) of the forecasts, and of the base rates beside them.
  public var brier, baseBrier: Double?
  /// 1 − brier / baseBrier: 0 or less is no better.
  public var skill: Double?
  /// The mean of the differences of the squared errors in standard errors (Newey and West, 2 × horizon lags), and the
  /// chance of so much where there is no difference (F. Diebold and R. Mariano, 1995), one-sided.
  public var score, p: Double?
  /// Of the mean of |said − rose| over the bins, weighted by their counts.
  public var calibrationError: Double?
  public var bins: [Bin]
  public var verdict: Verdict

  /// - Parameters:
  ///   - chances: for each bar the chance of a rise that was said; NaN where none was.
  ///   - bases: the base rate beside it.
  ///   - closes: as many; a rise is a close above that of the forecast's bar, `horizon` bars on.
  ///   - level: of the test, one-sided.
  public init(chances: [Double], bases: [Double], closes: [Double], horizon: Int, level: Double = 0.05) {
    var gains = NeweyWestMean(lags: 2 * max(1, horizon))
    var (own, naive) = (0.0, 0.0)
    var tenths = Array(repeating: (count: 0, said: 0.0, rose: 0), count: 10)
    count = 0
    let bars = min(chances.count, bases.count, closes.count)
    for bar in 0..<max(0, bars - max(1, horizon)) {
      let (chance, base, now, then) = (chances[bar], bases[bar], closes[bar], closes[bar + max(1, horizon)])
      guard chance.isFinite, base.isFinite, now.isFinite, then.isFinite, (0...1).contains(chance) else { continue }
      let outcome = then > now ? 1.0 : 0.0
      let (error, naiveError) = ((outcome - chance) * (outcome - chance), (outcome - base) * (outcome - base))
      own += error
      naive += naiveError
      gains.add(naiveError - error)
      count += 1
      let tenth = min(9, Int(chance * 10))
      tenths[tenth].count += 1
      tenths[tenth].said += chance
      tenths[tenth].rose += Int(outcome)
    }
    let size = Double(count)
    brier = count > 0 ? own / size : nil
    baseBrier = count > 0 ? naive / size : nil
    skill = naive > 0 ? 1 - own / naive : nil
    score = count >= ForecastVerdict.fewest ? gains.score : nil
    p = score.map { 1 - normalCDF($0) }
    bins = tenths.enumerated().filter { $0.element.count > 0 }.map { place, tenth in
      Bin(
        range: Double(place) / 10..<Double(place + 1) / 10, count: tenth.count,
        said: tenth.said / Double(tenth.count), rose: Double(tenth.rose) / Double(tenth.count),
        interval: binomialInterval(successes: tenth.rose, of: tenth.count))
    }
    calibrationError =
      count > 0 ? bins.reduce(0) { $0 + Double($1.count) * abs($1.said - $1.rose) } / size : nil
    verdict = p.map { $0 < level ? .better : .noBetter } ?? (count >= ForecastVerdict.fewest ? .noBetter : .tooFew)
  }

  /// Forecasts below which nothing is said.
  public static let fewest = 100
}
