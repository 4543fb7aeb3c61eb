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
  /// As its source has them: `Technology`, `Consumer Electronics`.
  public var sector, industry: String?
  /// Where it was taken from, and when; nil where the configuration says it.
  public var source: String?
  public var updatedAt: Instant?

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

  /// With what another one says where this one says nothing.
  public func filled(from other: InstrumentProfile) -> InstrumentProfile {
    var profile = self
    profile.names.merge(other.names) { own, _ in own }
    profile.category = category ?? other.category
    profile.exchange = exchange ?? other.exchange
    profile.currency = currency ?? other.currency
    profile.precision = precision ?? other.precision
    profile.sector = sector ?? other.sector
    profile.industry = industry ?? other.industry
    profile.source = source ?? other.source
    profile.updatedAt = updatedAt ?? other.updatedAt
    return profile
  }
}
