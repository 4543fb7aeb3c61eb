import Trading

/// Which of the filed figures of a field is meant at a moment: of each period the latest version known by then.
struct FigureChoice {
  static let empty = FigureChoice(.none, .revenue, .latest, yearsBefore: 0)

  private let figures: [FiledFigure]
  private let field: StatementField
  private let span: FactMeasure.Span
  private let years: Int
  /// How many of the figures are known.
  private var known = 0
  private var quarters: [Int: Double] = [:]
  private var yearly: [Int: Double] = [:]
  private var value = Double.nan

  /// Days by which the end of a period may lie off: fiscal years of 52 or 53 weeks.
  private static let tolerance = 15

  init(_ facts: Facts, _ field: StatementField, _ span: FactMeasure.Span, yearsBefore: Int) {
    figures = facts.figures.filter { $0.field == field }
    self.field = field
    self.span = span
    years = yearsBefore
  }

  mutating func value(at now: Instant) -> Double {
    if known > 0, figures[known - 1].knownAt > now { (known, quarters, yearly, value) = (0, [:], [:], .nan) }
    let before = known
    while known < figures.count, figures[known].knownAt <= now {
      let figure = figures[known]
      switch figure.period {
      case .quarter: quarters[figure.endDay] = figure.value
      case .year: yearly[figure.endDay] = figure.value
      }
      known += 1
    }
    if known != before { value = chosen() ?? .nan }
    return value
  }

  private func chosen() -> Double? {
    switch span {
    case .quarter: return of(quarters)
    case .year: return of(yearly)
    case .latest: return quarters.isEmpty ? of(yearly) : of(quarters)
    case .ttm:
      guard let last = [quarters.keys.max(), yearly.keys.max()].compactMap({ $0 }).max() else { return nil }
      return twelveMonths(endingOn: last - yearsInDays)
    }
  }

  private var yearsInDays: Int { Int((365.25 * Double(years)).rounded()) }

  /// Of the newest period, or of the one that ended so many years before.
  private func of(_ periods: [Int: Double]) -> Double? {
    guard let last = periods.keys.max() else { return nil }
    return years == 0 ? periods[last] : FigureChoice.nearest(periods, last - yearsInDays)
  }

  private static func nearest(_ periods: [Int: Double], _ day: Int) -> Double? {
    periods.min { (abs($0.key - day), $0.key) < (abs($1.key - day), $1.key) }
      .flatMap { abs($0.key - day) <= tolerance ? $0.value : nil }
  }

  /// A year's figure, or the sum of four quarters.
  private func twelveMonths(endingOn day: Int) -> Double? {
    if let year = FigureChoice.nearest(yearly, day) { return year }
    var sum = 0.0
    for place in 0..<4 {
      guard let quarter = quarter(endingOn: day - Int((91.3125 * Double(place)).rounded())) else { return nil }
      sum += quarter
    }
    return sum
  }

  /// A quarter as filed; the last of a year, which many file within the year alone, from the year and the other three.
  /// Money a share is not reckoned so, for the number of shares changes.
  private func quarter(endingOn day: Int) -> Double? {
    if let filed = FigureChoice.nearest(quarters, day) { return filed }
    guard !field.isPerShare, let year = FigureChoice.nearest(yearly, day) else { return nil }
    var rest = year
    for place in 1...3 {
      guard let filed = FigureChoice.nearest(quarters, day - Int((91.3125 * Double(place)).rounded())) else {
        return nil
      }
      rest -= filed
    }
    return rest
  }
}
