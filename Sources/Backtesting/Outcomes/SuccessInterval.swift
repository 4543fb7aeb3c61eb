/// How often calls succeeded, and how surely.
///
/// Calls whose horizons overlap share bars and are no independent trials. Their rate is resampled in blocks of bars, each
/// three times as long as the horizon, that begin anywhere (circular block bootstrap, D. N. Politis and J. P. Romano,
/// 1992). The variance that infinitely many replications would show has a closed form: products of the deviations of
/// each two calls d bars apart, weighted by 1 − d / block. So nothing is drawn at random, and the cost is one pass.
struct SuccessRate {
  private(set) var count = 0
  private(set) var successes = 0
  /// Calls that come no earlier than the horizon of the last such one has ended, from the first on.
  private(set) var apart = 0
  /// The number of independent trials whose rate varies as the resampled one does; nil where no two horizons overlap,
  /// and where every call succeeded, or none.
  private(set) var trials: Double?

  /// - Parameters:
  ///   - calls: in the order of their bars.
  ///   - span: bars of the longest horizon.
  init(of calls: Span<SettledCall>, span: Int) {
    count = calls.count
    var freeFrom = Int.min
    for index in calls.indices {
      let call = calls[index]
      if call.value > 0 { successes += 1 }
      if call.bar >= freeFrom {
        apart += 1
        freeFrom = call.end
      }
    }
    guard apart < count, successes > 0, successes < count else { return }
    let products = SuccessRate.products(of: calls, rate: rate, block: 3 * max(1, span))
    guard products > 0 else { return }
    trials = min(max(rate * (1 - rate) * Double(count) * Double(count) / products, 1), Double(count))
  }

  /// Successes over calls; not a number without any.
  var rate: Double { Double(successes) / Double(count) }

  /// The 95 % interval of the rate: Wilson's with the number of independent trials. Where every call succeeded, or none
  /// did, nothing varies, and the calls that lie apart are counted.
  var interval: ClosedRange<Double>? {
    let normal = 1.959963984540054
    guard apart < count else { return wilsonInterval(of: rate, count: Double(count), z: normal) }
    // Few stretches of calls say little about how much the rate varies: Student's quantile is wider.
    let z = apart > 1 ? studentQuantile(degrees: apart - 1) : normal
    return wilsonInterval(of: rate, count: trials ?? Double(apart), z: z)
  }

  /// Over all pairs of calls, both orders and each with itself: the product of their deviations from the rate, times
  /// 1 − distance / block where that is above nothing.
  private static func products(of calls: Span<SettledCall>, rate: Double, block: Int) -> Double {
    let success = 1 - rate
    let length = Double(block)
    var total = 0.0
    // Of the calls of the last block: the sum of their deviations, and of those times block − distance.
    var (sum, weighted) = (0.0, 0.0)
    var oldest = 0
    var before = 0
    for index in calls.indices {
      let bar = calls[index].bar
      let deviation = calls[index].value > 0 ? success : -rate
      weighted -= sum * Double(bar - before)
      before = bar
      while calls[oldest].bar <= bar - block {
        let old = calls[oldest].value > 0 ? success : -rate
        sum -= old
        weighted -= old * (length - Double(bar - calls[oldest].bar))
        oldest += 1
      }
      // What rounding leaves of nothing goes.
      if oldest == index { (sum, weighted) = (0, 0) }
      total += deviation * (2 * weighted + deviation * length)
      sum += deviation
      weighted += deviation * length
    }
    return total / length
  }
}

/// The score interval of a rate (E. B. Wilson, 1927), from which a rate near 0 or 1 with few trials does not fall out.
///
/// - Parameter z: the quantile of the confidence, 1.96 for 95 %.
public func wilsonInterval(of rate: Double, count: Double, z: Double) -> ClosedRange<Double>? {
  guard count > 0, (0...1).contains(rate) else { return nil }
  let scale = 1 + z * z / count
  let middle = (rate + z * z / (2 * count)) / scale
  let half = z / scale * (rate * (1 - rate) / count + z * z / (4 * count * count)).squareRoot()
  return max(0, middle - half)...min(1, middle + half)
}

/// The 97.5 % quantile of Student's distribution: below ten degrees of freedom from the tables, from there on by the
/// expansion 26.7.5 of Abramowitz and Stegun, right to four decimals at ten and to more with each degree.
func studentQuantile(degrees: Int) -> Double {
  let tabled = [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622]
  guard degrees > tabled.count else { return tabled[max(0, degrees - 1)] }
  let degrees = Double(degrees)
  let z = 1.959963984540054
  let (z3, z5, z7) = (z * z * z, z * z * z * z * z, z * z * z * z * z * z * z)
  let first = (z3 + z) / 4
  let second = (5 * z5 + 16 * z3 + 3 * z) / 96
  let third = (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / 384
  let fourth = (79 * z7 * z * z + 776 * z7 + 1_482 * z5 - 1_920 * z3 - 945 * z) / 92_160
  return z + (first + (second + (third + fourth / degrees) / degrees) / degrees) / degrees
}
