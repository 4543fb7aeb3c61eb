import Backtesting
import Testing

/// The worked examples of the papers, and what the formulas must do at their edges.
@Suite struct SharpeTests {
  /// 2.5 a year of 250 days, five years, skewness −3, kurtosis 10: the strategy of the 2014 paper's example.
  static func example(skewness: Double = -3, kurtosis: Double = 10) -> ReturnMoments {
    ReturnMoments(
      count: 1250, mean: 2.5 / 250.0.squareRoot(), deviation: 1, skewness: skewness, kurtosis: kurtosis)
  }

  // Bailey and López de Prado 2014, "A numerical example": an expected maximum of 0.1132 a day and a deflated Sharpe ratio
  // of 0.9004 after 100 trials; 0.9505 after 46, and after 88 had the returns been normal.
  @Test(arguments: [(100.0, -3.0, 10.0, 0.9004), (46, -3, 10, 0.9505), (88, 0, 3, 0.9505)])
  func `the deflated Sharpe ratio is that of the paper's example`(
    trials: Double, skewness: Double, kurtosis: Double, expected: Double
  ) throws {
    let moments = SharpeTests.example(skewness: skewness, kurtosis: kurtosis)
    let deflated = try #require(deflatedSharpe(moments, trials: trials, varianceOfSharpes: 0.5 / 250))
    #expect(abs(deflated - expected) < 0.0001)
  }

  @Test func `the expected maximum is that of the paper's example`() throws {
    #expect(abs(try #require(expectedMaximumSharpe(trials: 100, variance: 0.5 / 250)) - 0.1132) < 0.00005)
  }

  // Exact means of the largest of N standard normals: H. Harter, Expected Values of Normal Order Statistics, 1961. The
  // formula is the limit for many trials.
  @Test(arguments: [(100.0, 2.50759), (1000, 3.24144)])
  func `the expected maximum is near the exact one`(trials: Double, exact: Double) throws {
    #expect(abs(try #require(expectedMaximumSharpe(trials: trials, variance: 1)) - exact) < 0.025)
  }

  // Bailey and López de Prado 2012: a Sharpe ratio of 2 a year, against 1, at 95 %, normal returns, takes 2.73 years of
  // days, 2.83 of weeks, 3.24 of months.
  @Test(arguments: [(250.0, 2.73), (52, 2.83), (12, 3.24)])
  func `the minimum track record is that of the paper's example`(perYear: Double, years: Double) throws {
    let moments = ReturnMoments(
      count: 100, mean: 2 / perYear.squareRoot(), deviation: 1, skewness: 0, kurtosis: 3)
    let bars = try #require(minimumTrackRecord(moments, above: 1 / perYear.squareRoot()))
    #expect(abs(bars / perYear - years) < 0.005)
  }

  // The same paper: two years of months with mean 0.036, deviation 0.079, skewness −2.448, kurtosis 10.164: 0.913, where
  // the normal assumption says 0.982.
  @Test func `the probabilistic Sharpe ratio is that of the paper's example`() throws {
    var moments = ReturnMoments(count: 24, mean: 0.036, deviation: 0.079, skewness: -2.448, kurtosis: 10.164)
    #expect(abs(try #require(probabilisticSharpe(moments)) - 0.913) < 0.001)
    (moments.skewness, moments.kurtosis) = (0, 3)
    #expect(abs(try #require(probabilisticSharpe(moments)) - 0.982) < 0.001)
  }

  @Test func `at the minimum track record the probability is the confidence`() throws {
    var moments = SharpeTests.example()
    let bars = try #require(minimumTrackRecord(moments, above: 0.05, confidence: 0.99))
    moments.count = Int(bars.rounded(.up))
    #expect(try #require(probabilisticSharpe(moments, above: 0.05)) >= 0.99)
    moments.count -= 1
    #expect(try #require(probabilisticSharpe(moments, above: 0.05)) < 0.99)
  }

  @Test func `one trial deflates nothing and more trials deflate more`() throws {
    let moments = SharpeTests.example()
    #expect(deflatedSharpe(moments, trials: 1, varianceOfSharpes: 0.002) == probabilisticSharpe(moments))
    var before = 1.0
    for trials in [1, 1.5, 2, 3, 10, 1e3, 1e6, 1e12] {
      let deflated = try #require(deflatedSharpe(moments, trials: trials, varianceOfSharpes: 0.002))
      #expect(deflated <= before)
      before = deflated
    }
    #expect(before < 0.05)
  }

  @Test func `what is not defined is nil`() {
    let moments = SharpeTests.example()
    #expect(expectedMaximumSharpe(trials: 0.5, variance: 1) == nil)
    #expect(expectedMaximumSharpe(trials: 10, variance: -1) == nil)
    #expect(expectedMaximumSharpe(trials: .nan, variance: 1) == nil)
    #expect(expectedMaximumSharpe(trials: 10, variance: .infinity) == nil)
    #expect(minimumTrackRecord(moments, above: 1) == nil)
    #expect(minimumTrackRecord(moments, confidence: 1) == nil)
    // Skewness 30 at this Sharpe ratio leaves a negative variance, which no returns have.
    #expect(probabilisticSharpe(SharpeTests.example(skewness: 30)) == nil)
    #expect(probabilisticSharpe(moments, above: .nan) == nil)
  }
}
