/// How often signals succeeded, and how surely: counts that signals with overlapping horizons share no more than once.
///
/// Signals whose horizons overlap share bars and are no independent trials. Their rate is resampled in blocks of bars,
/// each three times as long as the horizon, that begin anywhere (circular block bootstrap, D. N. Politis and J. P.
/// Romano, 1992). The variance that infinitely many replications would show has a closed form: products of
/// the deviations of each two signals d bars apart, weighted by 1 − d / block. So nothing is drawn at random, and the
/// cost is one pass over the signals.
struct SuccessTally {
  /// Bars of a block.
  private let block: Int
  private(set) var count = 0
  private(set) var successes = 0
  /// Signals that begin no earlier than the horizon of the last such one has ended.
  private(set) var apart = 0
  private var freeFrom = Int.min
  /// The calls of the last block, oldest first from `head` on, with their sums for `weight = block − distance`.
  private var recent: [(bar: Int, success: Double)] = []
  private var head = 0
  private var calls = 0.0
  private var callBars = 0.0
  private var won = 0.0
  private var wonBars = 0.0
  /// Over pairs of calls, both orders and each with itself, the weights: of all, of those in which the one and the
  /// other succeeded, and of those in which both did.
  private var pairs = 0.0
  private var halfWon = 0.0
  private var bothWon = 0.0

  /// - Parameter span: bars of the longest horizon.
  init(span: Int) { block = 3 * max(1, span) }

  /// Takes a signal; those before it have bars that are not greater.
  mutating func add(bar: Int, end: Int, success: Bool) {
    count += 1
    if success { successes += 1 }
    if bar >= freeFrom {
      apart += 1
      freeFrom = end
    }
    while head < recent.count, recent[head].bar <= bar - block {
      let old = recent[head]
      calls -= 1
      callBars -= Double(old.bar)
      won -= old.success
      wonBars -= old.success * Double(old.bar)
      head += 1
    }
    if head == recent.count || head > 4_096 {
      recent.removeFirst(head)
      head = 0
    }
    let value: Double = success ? 1 : 0
    let reach = Double(block - bar)
    let weightOfAll = calls * reach + callBars
    let weightOfWon = won * reach + wonBars
    pairs += 2 * weightOfAll + Double(block)
    halfWon += weightOfWon + value * weightOfAll + value * Double(block)
    bothWon += value * (2 * weightOfWon + Double(block))
    recent.append((bar, value))
    calls += 1
    callBars += Double(bar)
    won += value
    wonBars += value * Double(bar)
  }

  /// Successes over signals; nil without any.
  var rate: Double? { count > 0 ? Double(successes) / Double(count) : nil }

  /// The 95 % interval of the rate: Wilson's with the number of independent trials that would vary as the resampled rate
  /// does. Where every signal succeeded, or none did, nothing varies, and the signals that lie apart are counted.
  var interval: ClosedRange<Double>? {
    guard let rate else { return nil }
    let normal = 1.959963984540054
    guard apart < count else { return wilsonInterval(of: rate, count: Double(count), z: normal) }
    // Few stretches of signals say little about how much the rate varies: Student's quantile is wider.
    let z = apart > 1 ? studentQuantile(degrees: Double(apart - 1)) : normal
    return wilsonInterval(of: rate, count: trials(at: rate) ?? Double(apart), z: z)
  }

  /// The number of independent trials whose rate varies as the resampled one does.
  private func trials(at rate: Double) -> Double? {
    let products = (bothWon - 2 * rate * halfWon + rate * rate * pairs) / Double(block)
    let spread = rate * (1 - rate)
    guard spread > 0, products > 0 else { return nil }
    let trials = spread * Double(count) * Double(count) / products
    return min(max(trials, 1), Double(count))
  }
}

/// The score interval of a rate (E. B. Wilson, 1927), from which a rate near 0 or 1 with few trials does not fall out.
///
/// - Parameter z: the quantile of the confidence, 1.96 for 95 %.
func wilsonInterval(of rate: Double, count: Double, z: Double) -> ClosedRange<Double>? {
  guard count > 0, (0...1).contains(rate) else { return nil }
  let scale = 1 + z * z / count
  let middle = (rate + z * z / (2 * count)) / scale
  let half = z / scale * (rate * (1 - rate) / count + z * z / (4 * count * count)).squareRoot()
  return max(0, middle - half)...min(1, middle + half)
}

/// The 97.5 % quantile of Student's distribution. From five degrees of freedom on by the expansion 26.7.5 of Abramowitz
/// and Stegun, right to three digits there and to more with each degree; below, from their table 26.10.
func studentQuantile(degrees: Double) -> Double {
  guard degrees >= 5 else { return [12.706, 12.706, 4.303, 3.182, 2.776][max(1, Int(degrees))] }
  let z = 1.959963984540054
  let (z3, z5, z7) = (z * z * z, z * z * z * z * z, z * z * z * z * z * z * z)
  let first = (z3 + z) / 4
  let second = (5 * z5 + 16 * z3 + 3 * z) / 96
  let third = (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / 384
  let fourth = (79 * z7 * z * z + 776 * z7 + 1_482 * z5 - 1_920 * z3 - 945 * z) / 92_160
  return z + (first + (second + (third + fourth / degrees) / degrees) / degrees) / degrees
}
