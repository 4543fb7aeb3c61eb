import Trading

/// A change that a repair makes, by bars of the rows that were checked.
enum QualityEdit: Sendable, Hashable {
  /// Prices of bars divided by a factor, the adjusted close too where it is among the columns of the bar.
  case divide(bars: Range<Int>, columns: [CandleSeries.Column], by: Double, adjusted: Bool)
  /// Volumes multiplied by a factor.
  case multiplyVolume(bars: Range<Int>, by: Double)
  case set(bar: Int, column: CandleSeries.Column, to: Double)
  /// The whole bar becomes a missing one.
  case clear(bars: Range<Int>)
  case setDividend(bar: Int, to: Double)
  /// Adjusted closes before a bar are made anew, so that the step to it is the share of the price that was paid out.
  case readjust(before: Int, share: Double)
  /// A row that repeats a time stays out.
  case leaveOut(line: Int, bar: Int)
  /// Bars are moved in time, by milliseconds.
  case move(bars: Range<Int>, by: Int64)
  /// Rows are put in the order of time.
  case sort
}
