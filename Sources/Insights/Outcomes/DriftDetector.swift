import Backtesting

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Watches whether calls go on to come true as often as their history gave, outcome by outcome, and says when they do
/// not any more.
///
/// The null is that each outcome comes true with a chance of `floor` or more, whatever came before it; `floor` is the
/// lower end of the 95 % interval (Wilson) of the history's rate. For each of some lower rates q a bet is laid against
/// it that pays 1 + λ (floor − x) for an outcome x, λ = (floor − q) / (floor (1 − floor)): the likelihood ratio of q for
/// outcomes 0 and 1. Under the null it is worth 1 at most before the outcome is known. The bets of all starting points
/// are added up, M ← (M + 1) × payment, and averaged over the q. As M − n is then a supermartingale, a sound strategy is
/// alarmed after `patience` outcomes on average or later, and within n outcomes with a chance of n / patience at most.
///
/// Sources: A. Shiryaev, On optimum methods in quickest detection problems, Theory of Probability and Its Applications 8,
/// 1963, and S. Roberts, A comparison of some control chart procedures, Technometrics 8, 1966 (the sum); J. Shin,
/// A. Ramdas and A. Rinaldo, E-detectors: a nonparametric framework for sequential change detection, New England Journal
/// of Statistics in Data Science 2, 2024 (that it holds whatever hangs together with what); I. Waudby-Smith and A. Ramdas,
/// Estimating means of bounded random variables by betting, JRSS B 86, 2024 (the bet).
public struct DriftDetector: Sendable {
  /// Under so many outcomes a history gives no rate to hold to.
  public static let leastHistory = 30

  /// The mean number of outcomes to a false alarm, at least, where nothing else is asked for.
  public static let patience = 2_000.0

  /// The rate of the history, and the least that its interval admits.
  public let history, floor: Double
  /// The mean number of outcomes to a false alarm, at least.
  public let patience: Double
  /// How many outcomes were watched.
  public private(set) var count = 0
  /// The wealth of the bets; the alarm is at `patience`.
  public private(set) var evidence = 0.0
  private var bets: [Bet]

  private struct Bet {
    var stake: Double
    var wealth = 0.0
    /// The logarithm of the wealth of the best starting point, and which outcome that is.
    var best = 0.0
    var start = 0
  }

  /// - Parameters:
  ///   - rate: how often the history's outcomes came true.
  ///   - count: of so many.
  ///   - patience: 1 or more.
  /// Nil where the history is too short, and where its rate admits nearly none.
  public init?(rate: Double, of count: Int, patience: Double = DriftDetector.patience) {
    guard count >= DriftDetector.leastHistory,
      let interval = wilsonInterval(of: rate, count: Double(count), z: 1.959963984540054)
    else { return nil }
    self.init(history: rate, floor: interval.lowerBound, patience: patience)
  }

  /// The same by a floor that is known.
  init?(history: Double, floor: Double, patience: Double) {
    guard floor > 0.02, floor < 1, patience >= 1 else { return nil }
    self.history = history
    self.floor = floor
    self.patience = patience
    let rates = [0.9, 0.8, 0.65, 0.5, 0.3].map { $0 * floor }
    bets = rates.map { Bet(stake: (floor - $0) / (floor * (1 - floor))) }
  }

  /// Takes the next outcome, 0 to 1. True where the evidence has come to the alarm.
  public mutating func take(_ outcome: Double) -> Bool {
    let outcome = min(1, max(0, outcome))
    for place in bets.indices {
      let payment = 1 + bets[place].stake * (floor - outcome)
      bets[place].wealth = (bets[place].wealth + 1) * payment
      if bets[place].best <= 0 { (bets[place].best, bets[place].start) = (0, count) }
      bets[place].best += log(payment)
    }
    count += 1
    evidence = bets.reduce(0) { $0 + $1.wealth } / Double(bets.count)
    return evidence >= patience
  }

  /// The outcome, from 0, from which on the rate is most likely lower.
  public var start: Int { bets.max { $0.wealth < $1.wealth }?.start ?? 0 }
}
