/// How far each stretch of a series lies from a query in shape: level and scale are taken out of both.
///
///     distance = √(Σ ((x − mean x) / σ x − (q − mean q) / σ q)²) = √(2n (1 − correlation))
///
/// Two flat stretches lie 0 apart, a flat and another one √n. Element i is of the stretch that begins at i; NaN where
/// the stretch has a value that is not finite. Empty where the series is shorter than the query, the query has fewer
/// than two values or one that is not finite. Time: values × query. Source: A. Mueen et al., MASS, 2010; C. Yeh et
/// al., Matrix Profile I, ICDM 2016.
public func distanceProfile(of query: [Double], in series: [Double]) -> [Double] {
  let length = query.count
  guard length > 1, series.count >= length, query.allSatisfy(\.isFinite) else { return [] }
  let shape = normalised(query)
  let size = Double(length)
  let (values, form) = (series.span, shape.values.span)
  var profile = Array(repeating: Double.nan, count: series.count - length + 1)
  for start in profile.indices {
    var sum = 0.0
    for place in 0..<length { sum += values[start + place] }
    let mean = sum / size
    guard mean.isFinite else { continue }
    var (squares, product) = (0.0, 0.0)
    for place in 0..<length {
      let distance = values[start + place] - mean
      squares += distance * distance
      product += distance * form[place]
    }
    let deviation = (squares / size).squareRoot()
    if isFlat(deviation, mean) || shape.isFlat {
      profile[start] = isFlat(deviation, mean) && shape.isFlat ? 0 : size.squareRoot()
    } else {
      profile[start] = max(0, 2 * (size - product / deviation)).squareRoot()
    }
  }
  return profile
}

/// Values less their mean, in their own deviations; zeros where they do not vary.
func normalised(_ values: [Double]) -> (values: [Double], isFlat: Bool) {
  let size = Double(max(1, values.count))
  let mean = values.reduce(0, +) / size
  let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / size).squareRoot()
  guard !isFlat(deviation, mean) else { return (values.map { _ in 0 }, true) }
  return (values.map { ($0 - mean) / deviation }, false)
}

/// What rounding leaves of values that are all alike is no variation.
private func isFlat(_ deviation: Double, _ mean: Double) -> Bool { !(deviation > 1e-12 * max(1, abs(mean))) }
