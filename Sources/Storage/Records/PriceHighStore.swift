public import Trading

/// The highest price of a symbol, as it was quoted on its bar.
public struct PriceHigh: Hashable, Sendable {
  public var symbol: String
  public var price: Double
  /// The bar's label.
  public var time: Instant

  public init(symbol: String, price: Double, time: Instant) {
    self.symbol = symbol
    self.price = price
    self.time = time
  }
}

/// What became of something that is worked out anew from stored prices.
public enum LevelChange: String, Sendable, CaseIterable {
  /// It was not there.
  case new
  /// It goes on from what was there: a later bar is higher.
  case raised
  /// Prices were corrected: what was there does not hold any more, and is kept as an edition.
  case revised
  case same
}

/// A high as it was before a correction of prices.
public struct PriceHighEdition: Hashable, Sendable {
  public var high: PriceHigh
  public var replacedAt: Instant

  public init(high: PriceHigh, replacedAt: Instant) {
    self.high = high
    self.replacedAt = replacedAt
  }
}

/// Keeps the highest price of each symbol.
public protocol PriceHighStore: Sendable {
  /// Saves highs as they are now, all or none. Returns what became of each, in their order.
  func save(_ highs: [PriceHigh], at moment: Instant) async throws(StoreError) -> [LevelChange]
  func high(of symbol: String) async throws(StoreError) -> PriceHigh?
  /// By symbol.
  func highs() async throws(StoreError) -> [PriceHigh]
  /// What a symbol's high was before corrections, the oldest first.
  func editions(ofHigh symbol: String) async throws(StoreError) -> [PriceHighEdition]
}
