#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The rates that are not refuted by `successes` of `trials`: at the lower end so many or more, at the upper end so many
/// or fewer come with a probability of (1 − confidence) / 2. Nil without trials, and unless 0 < confidence < 1.
///
/// Source: C. Clopper and E. Pearson, The Use of Confidence or Fiducial Limits Illustrated in the Case of the Binomial,
/// Biometrika 26, 1934.
public func binomialInterval(
  successes: Int, of trials: Int, confidence: Double = 0.95
) -> ClosedRange<Double>? {
  guard trials > 0, (0...trials).contains(successes), confidence > 0, confidence < 1 else { return nil }
  let tail = (1 - confidence) / 2
  // The chance of so many or more rises with the rate, that of so many or fewer falls.
  let lower =
    successes == 0
    ? 0 : bisect { binomialProbability(upTo: successes - 1, of: trials, rate: $0) > 1 - tail }
  let upper = successes == trials ? 1 : bisect { binomialProbability(upTo: successes, of: trials, rate: $0) > tail }
  return min(lower, upper)...upper
}

/// The probability of at most `successes` in `trials`, each with that rate.
func binomialProbability(upTo successes: Int, of trials: Int, rate: Double) -> Double {
  guard rate > 0 else { return 1 }
  guard rate < 1 else { return successes < trials ? 0 : 1 }
  // Each term from the one before, in logarithms, for (1 − rate)ⁿ alone may be below every number.
  var term = Double(trials) * log1p(-rate)
  let odds = log(rate) - log1p(-rate)
  var sum = exp(term)
  for count in stride(from: 1, through: successes, by: 1) {
    term += odds + log(Double(trials - count + 1) / Double(count))
    sum += exp(term)
  }
  return min(1, sum)
}

/// The rate up to which a condition holds.
private func bisect(_ holds: (Double) -> Bool) -> Double {
  var (low, high) = (0.0, 1.0)
  for _ in 0..<60 {
    let middle = (low + high) / 2
    if holds(middle) { low = middle } else { high = middle }
  }
  return (low + high) / 2
}
