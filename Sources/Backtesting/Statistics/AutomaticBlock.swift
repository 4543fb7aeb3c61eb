#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension StationaryBootstrap {
  /// The mean block with which the bootstrap's variance of the mean is nearest to the truth, from the series' own
  /// autocorrelation: 1 for one without, never more than 3√n or n/3. 1 for a series that does not vary.
  ///
  /// Costs n × 2√n. Sources: D. Politis and H. White, Automatic Block-Length Selection for the Dependent Bootstrap,
  /// Econometric Reviews 23, 2004; with the correction of A. Patton, D. Politis and H. White, ibid. 28, 2009.
  public static func automaticBlock(_ series: [Double]) -> Double {
    let count = Double(series.count)
    guard series.count > 8 else { return 1 }
    let mean = series.reduce(0, +) / count
    let deviations = series.map { $0 - mean }
    let run = max(5, Int(log10(count).squareRoot()))
    let furthest = min(Int(count.squareRoot().rounded(.up)) + run, series.count - 1)
    let covariances = (0...furthest).map { lag in autocovariance(deviations, lag: lag) }
    guard covariances[0] > 0, covariances[0].isFinite else { return 1 }

    // The first lag of a run of lags that are all negligible; twice as many are then heard.
    let negligible = 2 * (log10(count) / count).squareRoot() * covariances[0]
    var first = furthest
    var quiet = 0
    for lag in 1...furthest {
      quiet = abs(covariances[lag]) < negligible ? quiet + 1 : 0
      if quiet == run {
        first = lag - run + 1
        break
      }
    }
    let heard = min(2 * first, furthest)

    var slope = 0.0
    var longRun = covariances[0]
    for lag in 1...heard {
      // A flat top: full weight up to half of what is heard, falling to nothing at its end.
      let weight = min(1, 2 * (1 - Double(lag) / Double(heard)))
      slope += 2 * weight * Double(lag) * covariances[lag]
      longRun += 2 * weight * covariances[lag]
    }
    let block = cbrt(slope * slope / (longRun * longRun) * count)
    let longest = min(3 * count.squareRoot(), count / 3).rounded(.up)
    return block.isFinite ? min(max(1, block), longest) : 1
  }

  private static func autocovariance(_ deviations: [Double], lag: Int) -> Double {
    var sum = 0.0
    let values = deviations.span
    for index in 0..<values.count - lag { sum += values[index] * values[index + lag] }
    return sum / Double(values.count)
  }
}
