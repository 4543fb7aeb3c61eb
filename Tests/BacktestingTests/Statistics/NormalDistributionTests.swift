import Backtesting
import Testing

@Suite struct NormalDistributionTests {
  // Wichura 1988 gives these three to check an implementation by.
  @Test(arguments: [(0.25, -0.6744897501960817), (0.001, -3.090232306167814), (1e-20, -9.262340089798408)])
  func `quantiles are those printed with the algorithm`(p: Double, x: Double) throws {
    #expect(agree(try #require(normalQuantile(p)), x, to: 1e-15))
  }

  // scipy's come from another algorithm (Cephes).
  @Test func `quantiles and probabilities are those of scipy`() throws {
    let reference = try LuckReference.read()
    #expect(reference.quantiles.count > 10 && reference.probabilities.count > 8)
    for pair in reference.quantiles {
      let x = try #require(normalQuantile(pair[0]))
      #expect(abs(x - pair[1]) <= 1e-13 * max(1, abs(x)), "\(pair[0])")
    }
    for pair in reference.probabilities { #expect(agree(normalCDF(pair[0]), pair[1], to: 1e-12), "\(pair[0])") }
  }

  @Test func `there is no quantile outside 0 to 1`() {
    for p in [0, 1, -0.1, 1.1, .nan, .infinity] { #expect(normalQuantile(p) == nil) }
  }

  // Clopper and Pearson's limits as scipy.stats.binomtest(k, n).proportion_ci() gives them.
  @Test(arguments: [(0, 20, 0.0, 0.16843347), (10, 200, 0.02423417, 0.09002754), (7, 7, 0.59038360, 1)])
  func `binomial intervals are those of scipy`(successes: Int, trials: Int, lower: Double, upper: Double) throws {
    let interval = try #require(binomialInterval(successes: successes, of: trials))
    #expect(abs(interval.lowerBound - lower) < 1e-7)
    #expect(abs(interval.upperBound - upper) < 1e-7)
  }

  @Test func `an interval wants trials`() {
    #expect(binomialInterval(successes: 0, of: 0) == nil)
    #expect(binomialInterval(successes: 3, of: 2) == nil)
    #expect(binomialInterval(successes: 1, of: 2, confidence: 1) == nil)
  }
}
