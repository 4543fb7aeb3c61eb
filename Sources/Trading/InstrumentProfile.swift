/// What is known of an instrument besides its prices.
public struct InstrumentProfile: Hashable, Sendable {
  public let instrument: Instrument
  /// Its name by language, `en` and `ko`.
  public var names: [String: String]
  /// A word for its kind: `index`, `stock`, `future`, `currency`, `crypto` …
  public var category: String?
  /// The exchange's market identifier code (ISO 10383): `XNYS`.
  public var exchange: String?
  /// ISO 4217, or a unit of a hundredth of it (`GBp`).
  public var currency: String?
  /// Digits after the point in which its price is written.
  public var precision: Int?

  public init(
    instrument: Instrument, names: [String: String] = [:], category: String? = nil, exchange: String? = nil,
    currency: String? = nil, precision: Int? = nil
  ) {
    self.instrument = instrument
    self.names = names
    self.category = category
    self.exchange = exchange
    self.currency = currency
    self.precision = precision
  }
}
