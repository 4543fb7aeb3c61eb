import SeriesMath
import Testing
import Trading

/// The learners against scikit-learn and statsmodels, and against cases that can be worked out by hand.
@Suite struct LearningTests {
  /// The features of the first 400 bars from bar 49 on, and whether the close stood higher five bars later.
  private static func training() throws -> (rows: [[Double]], labels: [Double]) {
    let close = Array(try sample().column(.close))
    let rows = Array(Reference.features(Array(close[..<600])).prefix(500))
    let labels = (0..<400).map { close[49 + $0 + 5] > close[49 + $0] ? 1.0 : 0 }
    return (rows, labels)
  }

  @Test func `logistic regression has the weights of scikit-learn`() throws {
    let (rows, labels) = try Self.training()
    let wanted = try Reference.read().logistic
    let train = Array(rows.prefix(400))
    let scaled = standardised(train, by: train)
    let model = try #require(
      LogisticRegression(scaled.flatMap { $0 }, width: 4, labels: labels, penalty: 10))
    #expect(near(model.intercept, wanted.intercept, 1e-8))
    for (own, other) in zip(model.weights, wanted.weights) { #expect(near(own, other, 1e-8)) }
    for (row, probability) in zip(scaled, wanted.probabilities) {
      #expect(near(model.probability(of: row), probability, 1e-8))
    }
  }

  @Test func `boosted stumps split where scikit-learn does`() throws {
    let (rows, labels) = try Self.training()
    let wanted = try Reference.read().boosted
    let model = try #require(
      BoostedStumps(
        rows.prefix(400).flatMap { $0 }, width: 4, labels: labels, rounds: 30, rate: 0.1, leaf: 20))
    #expect(model.stumps.map(\.feature) == wanted.features)
    for (own, other) in zip(model.stumps.map(\.threshold), wanted.thresholds) { #expect(near(own, other, 1e-7)) }
    for (place, probability) in wanted.probabilities.enumerated() {
      #expect(near(model.probability(of: rows[50 * place]), probability, 1e-9))
    }
  }

  @Test func `a label that never varies cannot be learnt`() {
    #expect(LogisticRegression([1, 2, 3], width: 1, labels: [1, 1, 1], penalty: 1) == nil)
    #expect(BoostedStumps([1, 2, 3], width: 1, labels: [0, 0, 0], rounds: 1, rate: 1, leaf: 1) == nil)
    #expect(LogisticRegression([1, 2, 3], width: 1, labels: [1, 0], penalty: 1) == nil)
  }

  @Test func `features that part the labels without a rest, twins and constants give finite weights`() throws {
    let rows = [[-2.0, -2, 5], [-1, -1, 5], [1, 1, 5], [2, 2, 5]]
    for penalty in [0, 1.0] {
      let model = try #require(
        LogisticRegression(rows.flatMap { $0 }, width: 3, labels: [0, 0, 1, 1], penalty: penalty))
      #expect(model.weights.allSatisfy { $0.isFinite })
      #expect(model.probability(of: [-1.0, -1, 5]) < 0.5 && model.probability(of: [1.0, 1, 5]) > 0.5)
    }
  }

  @Test func `the standard error of a mean is that of statsmodels, and comes the same value by value`() throws {
    let close = Array(try sample().column(.close))
    let wanted = try Reference.read().newey_west
    var mean = NeweyWestMean(lags: 10)
    for bar in 1..<close.count { mean.add(close[bar] / close[bar - 1] - 1) }
    #expect(near(mean.mean, wanted.mean, 1e-12))
    #expect(near(mean.error, wanted.error, 1e-10))
    #expect(near(mean.score, wanted.score, 1e-7))
  }

  @Test func `without lags the standard error is the deviation over the root of the number`() throws {
    var mean = NeweyWestMean(lags: 0)
    #expect(mean.mean == nil && mean.error == nil && mean.score == nil)
    for value in [1.0, 2, 3, 6] { mean.add(value) }
    // Mean 3, squares 4 + 1 + 0 + 9 = 14: √(14 / 4 / 4).
    #expect(near(mean.error, 0.875.squareRoot(), 1e-12))
    var flat = NeweyWestMean(lags: 3)
    for _ in 0..<9 { flat.add(0.1) }
    #expect(flat.error == 0 && flat.score == nil)
  }
}

/// Features less their means, in their population deviations.
func standardised(_ rows: [[Double]], by train: [[Double]]) -> [[Double]] {
  let size = Double(train.count)
  let means = (0..<train[0].count).map { axis in train.reduce(0) { $0 + $1[axis] } / size }
  let deviations = means.indices.map { axis in
    (train.reduce(0) { $0 + ($1[axis] - means[axis]) * ($1[axis] - means[axis]) } / size).squareRoot()
  }
  return rows.map { row in row.indices.map { (row[$0] - means[$0]) / deviations[$0] } }
}
