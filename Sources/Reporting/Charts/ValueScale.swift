#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// Where a value stands on a chart's upright axis, linear or logarithmic, and which values are labelled.
struct ValueScale: Sendable {
  let low, high: Double
  let isLogarithmic: Bool

  /// A scale over the finite values; nil where there are none. Logarithmic where all are positive and the highest is
  /// more than two and a half times the lowest: then equal steps are equal growth, which a linear axis hides.
  init?(values: some Sequence<Double>, logarithmic: Bool? = nil) {
    var low = Double.infinity
    var high = -Double.infinity
    for value in values where value.isFinite {
      low = min(low, value)
      high = max(high, value)
    }
    guard low <= high else { return nil }
    let isLogarithmic = low > 0 && (logarithmic ?? (high > low * 2.5))
    if low == high {
      let margin = low == 0 ? 1 : low.magnitude * 0.05
      low -= margin
      high += margin
    }
    self.low = low
    self.high = high
    self.isLogarithmic = isLogarithmic
  }

  /// The share of the axis from its foot, 0 to 1 inside the range.
  func share(_ value: Double) -> Double {
    isLogarithmic
      ? (log(max(value, low * 0.5)) - log(low)) / (log(high) - log(low))
      : (value - low) / (high - low)
  }

  func y(_ value: Double, in frame: ChartFrame) -> Double {
    frame.bottom - share(value) * (frame.bottom - frame.top)
  }

  /// Round values inside the range, about as many as asked for.
  func ticks(about count: Int = 4) -> [Double] {
    if isLogarithmic, high / low > 4 {
      for multiples in [[1.0, 2, 5], [1, 2, 3, 5, 7], [1.0, 1.5, 2, 3, 4, 5, 6, 8]] {
        let ticks = decades(multiples)
        if ticks.count >= 4 { return ticks }
      }
    }
    return evenSteps(about: count)
  }

  private func decades(_ multiples: [Double]) -> [Double] {
    var ticks: [Double] = []
    var decade = pow(10, log10(low).rounded(.down))
    while decade <= high {
      ticks += multiples.map { $0 * decade }.filter { $0 >= low && $0 <= high }
      decade *= 10
    }
    return ticks.count <= 9 ? ticks : ticks.enumerated().filter { $0.offset.isMultiple(of: 3) }.map(\.element)
  }

  private func evenSteps(about count: Int) -> [Double] {
    let rough = (high - low) / Double(count)
    let decade = pow(10, log10(rough).rounded(.down))
    let step = ([1, 2, 5, 10].first { $0 * decade >= rough * 0.8 } ?? 10) * decade
    let first = Int((low / step).rounded(.up))
    let last = Int((high / step).rounded(.down))
    guard first <= last, last - first < 50 else { return [] }
    return (first...last).map { Double($0) * step }
  }
}
