/// One figure of a financial statement, as one filing gave it. A later filing may give the same figure anew: both stay,
/// each from the moment at which it was known.
public struct FiledFigure: Hashable, Sendable {
  public enum Period: String, Hashable, Sendable, CaseIterable { case quarter, year }

  public var field: StatementField
  public var period: Period
  /// The last day of the period, in days since 1970-01-01.
  public var endDay: Int
  /// When the filing was public.
  public var knownAt: Instant
  /// In units of the reporting currency (not thousands), or of shares.
  public var value: Double

  public init(_ field: StatementField, _ period: Period, endDay: Int, knownAt: Instant, value: Double) {
    self.field = field
    self.period = period
    self.endDay = endDay
    self.knownAt = knownAt
    self.value = value
  }
}
