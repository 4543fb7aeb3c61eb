#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The probability that the true Sharpe ratio is above `benchmark`, both of one bar (not annualised): a Sharpe ratio of
/// skewed, heavy-tailed returns is less certain than its size says.
///
/// Φ((SR − benchmark) √(count − 1) / √(1 − γ₃ SR + (γ₄ − 1)/4 SR²)) with skewness γ₃ and raw kurtosis γ₄. Nil where the
/// moments leave no positive variance. Source: D. Bailey and M. López de Prado, The Sharpe Ratio Efficient Frontier,
/// Journal of Risk 15(2), 2012.
public func probabilisticSharpe(_ moments: ReturnMoments, above benchmark: Double = 0) -> Double? {
  guard moments.count > 1, let variance = moments.sharpeVariance else { return nil }
  let z = (moments.sharpe - benchmark) * (Double(moments.count - 1) / variance).squareRoot()
  return z.isNaN ? nil : normalCDF(z)
}

/// The largest Sharpe ratio (of one bar) to be expected among independent trials without skill, whose estimated Sharpe
/// ratios have mean 0 and that variance: √variance ((1 − γ) Φ⁻¹(1 − 1/N) + γ Φ⁻¹(1 − 1/(N e))), γ the Euler–Mascheroni
/// constant.
///
/// 0 for one trial, of which nothing was chosen. `trials` may be a fraction. Nil under one trial and for a variance below 0.
/// Source: D. Bailey and M. López de Prado, The Deflated Sharpe Ratio, Journal of Portfolio Management 40(5), 2014.
public func expectedMaximumSharpe(trials: Double, variance: Double) -> Double? {
  guard trials >= 1, variance >= 0, variance.isFinite else { return nil }
  guard let ordinary = normalQuantile(1 - 1 / trials), let far = normalQuantile(1 - exp(-1) / trials) else {
    return trials == 1 ? 0 : nil
  }
  let euler = 0.577_215_664_901_532_9
  // The approximation falls below 0 just above one trial, where the largest of several cannot.
  return max(0, variance.squareRoot() * ((1 - euler) * ordinary + euler * far))
}

/// The deflated Sharpe ratio: the probability that the true Sharpe ratio is above the largest one that so many trials
/// without skill would have been expected to show.
///
/// `trials` is the number of independent trials (see `effectiveTrials`), `varianceOfSharpes` the variance of the Sharpe
/// ratios of one bar over all trials. Source: Bailey and López de Prado 2014.
public func deflatedSharpe(_ moments: ReturnMoments, trials: Double, varianceOfSharpes: Double) -> Double? {
  guard let chance = expectedMaximumSharpe(trials: trials, variance: varianceOfSharpes) else { return nil }
  return probabilisticSharpe(moments, above: chance)
}

/// How many bars of such returns it takes until the Sharpe ratio is above `benchmark` with that confidence:
/// 1 + (1 − γ₃ SR + (γ₄ − 1)/4 SR²) (Φ⁻¹(confidence) / (SR − benchmark))².
///
/// Nil where the Sharpe ratio is not above the benchmark, which no number of bars then shows, and unless
/// ½ ≤ confidence < 1. Source: Bailey and López de Prado 2012.
public func minimumTrackRecord(
  _ moments: ReturnMoments, above benchmark: Double = 0, confidence: Double = 0.95
) -> Double? {
  guard confidence >= 0.5, let z = normalQuantile(confidence), let variance = moments.sharpeVariance else { return nil }
  let above = moments.sharpe - benchmark
  guard above > 0 else { return nil }
  let bars = 1 + variance * (z / above) * (z / above)
  return bars.isFinite ? bars : nil
}

extension ReturnMoments {
  /// The variance of the estimated Sharpe ratio, times count − 1.
  fileprivate var sharpeVariance: Double? {
    let variance = 1 - skewness * sharpe + (kurtosis - 1) / 4 * sharpe * sharpe
    return variance > 0 && variance.isFinite ? variance : nil
  }
}
