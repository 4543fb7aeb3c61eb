import SeriesMath

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Where a figure would lie if the same returns had come in another order and number: percentile intervals over
/// replications of the stationary bootstrap (B. Efron, 1979; D. N. Politis and J. P. Romano, 1994).
public struct BootstrapIntervals: Hashable, Sendable {
  /// Of one figure: nine, or nineteen, of twenty replications lie within.
  public struct Interval: Hashable, Sendable {
    public var ninety, ninetyFive: ClosedRange<Double>
  }

  public var replications: Int
  /// The mean length of the blocks in bars: the greater of those that suit the returns and their squares, whose
  /// persistence is what makes drawdowns deep.
  public var meanBlock: Double
  public var seed: UInt64
  /// Nil where the figure itself is not defined, or is not in one of twenty replications.
  public var sharpe, cagr, maxDrawdown: Interval?

  /// Replays the returns of a result, in time proportional to bars × replications. Nil under two bars, without a
  /// replication, and where the account fell to nothing.
  ///
  /// - Parameter meanBlock: the mean length of the blocks in bars; nil takes what suits the series.
  public init?(of result: BacktestResult, replications: Int = 1_000, seed: UInt64 = 1, meanBlock: Double? = nil) {
    guard let own = returns(of: result.equity, from: result.start), own.count > 1, replications > 0 else { return nil }
    let squares = own.map { $0 * $0 }
    self.meanBlock =
      meanBlock ?? max(StationaryBootstrap.automaticBlock(own), StationaryBootstrap.automaticBlock(squares))
    self.replications = replications
    self.seed = seed
    let years = years(from: result.times.first, to: result.times.last)
    let perYear = result.periodsPerYear?.squareRoot()

    var bootstrap = StationaryBootstrap(bars: own.count, meanBlock: self.meanBlock, seed: seed)
    var blocks: [StationaryBootstrap.Block] = []
    var sharpes: [Double] = []
    var growths: [Double] = []
    var drawdowns: [Double] = []
    for _ in 0..<replications {
      bootstrap.next(blocks: &blocks)
      let path = Path(of: own, in: blocks)
      if let perYear, let sharpe = path.sharpe { sharpes.append(sharpe * perYear) }
      if let years { growths.append(pow(path.growth, 1 / years) - 1) }
      drawdowns.append(path.drawdown)
    }
    sharpe = Interval(of: &sharpes, among: replications)
    cagr = Interval(of: &growths, among: replications)
    maxDrawdown = Interval(of: &drawdowns, among: replications)
  }

  /// One replication, walked bar by bar.
  private struct Path {
    private var sum = 0.0
    private var squares = 0.0
    private var count = 0.0
    private(set) var growth = 1.0
    private(set) var drawdown = 0.0

    init(of returns: [Double], in blocks: [StationaryBootstrap.Block]) {
      let returns = returns.span
      var peak = 1.0
      for block in blocks {
        for bar in Int(block.start)..<Int(block.start) + Int(block.length) {
          let value = returns[bar]
          sum += value
          squares += value * value
          growth *= 1 + value
          peak = max(peak, growth)
          drawdown = min(drawdown, growth / peak - 1)
        }
        count += Double(block.length)
      }
    }

    /// Of one bar; nil where the returns do not vary.
    var sharpe: Double? {
      let variance = (squares - sum * sum / count) / (count - 1)
      // What the subtraction leaves of equal returns is rounding.
      guard variance > squares / count * 1e-12 else { return nil }
      return finite(sum / count / variance.squareRoot())
    }
  }
}

extension BootstrapIntervals.Interval {
  fileprivate init?(of values: inout [Double], among replications: Int) {
    values.removeAll { !$0.isFinite }
    guard values.count * 20 > replications * 19, let low = quantile(0.05, of: &values),
      let high = quantile(0.95, of: &values), let lower = quantile(0.025, of: &values),
      let higher = quantile(0.975, of: &values)
    else { return nil }
    ninety = low...max(low, high)
    ninetyFive = lower...max(lower, higher)
  }
}
