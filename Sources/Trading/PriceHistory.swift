/// The candles of an instrument with what a source says besides: dividends, splits and the close adjusted for them.
///
/// Prices in `series` are split-adjusted as the source gives them, unless it says otherwise.
public struct PriceHistory: Sendable {
  public var series: CandleSeries
  /// The close adjusted for splits and dividends, a value a bar, NaN where the source gives none; nil without any.
  public var adjustedClose: [Double]?
  /// What happened to the instrument, by date.
  public var actions: [CorporateAction]
  /// The currency's ISO 4217 code, or a unit of a hundredth of it (`GBp`); nil where the source does not say.
  public var currency: String?

  public init(
    series: CandleSeries, adjustedClose: [Double]? = nil, actions: [CorporateAction] = [], currency: String? = nil
  ) {
    precondition(adjustedClose.map { $0.count == series.count } ?? true, "an adjusted close stands at every bar")
    self.series = series
    self.adjustedClose = adjustedClose
    self.actions = actions
    self.currency = currency
  }
}

/// A dividend, a split or a distribution of gains, at the opening of the first session without it.
public struct CorporateAction: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    /// Cash a share, in the instrument's currency.
    case dividend(Double)
    /// New shares for an old one: 4 where one became four.
    case split(Double)
    /// A fund's realised gains a share, in the instrument's currency.
    case capitalGain(Double)
  }

  public let time: Instant
  public let kind: Kind

  public init(time: Instant, kind: Kind) {
    self.time = time
    self.kind = kind
  }
}
