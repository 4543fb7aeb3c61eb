import SeriesMath
import Testing

@Suite struct RecentMeanTests {
  private static let values = (0..<200).map { Double(($0 * 7_919) % 1_009) / 8 }

  /// Eighths add up without rounding, so the mean is the plain one to the last bit.
  @Test(arguments: [1, 2, 3, 9, 40, 150])
  func `the means of stretches are those of windows looked at one by one`(period: Int) {
    let values = Self.values
    var mean = RecentMean(period: period)
    var means: [Double] = []
    var from = 0
    // Single values, stretches shorter and longer than the window, and what is left.
    for length in [1, 5, 8, 50, 1, 90, 45] {
      if length == 1 {
        means.append(mean.next(values[from]))
      } else {
        var part = [Double](repeating: .nan, count: length)
        var out = part.mutableSpan
        mean.next(values.span.extracting(from..<from + length), into: &out)
        means += part
      }
      from += length
    }
    #expect(from == values.count)
    for end in values.indices {
      let window = values[max(0, end - period + 1)...end]
      #expect(means[end] == window.reduce(0, +) / Double(period), "window that ends at \(end)")
    }
  }
}
