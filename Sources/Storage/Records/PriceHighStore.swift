public import Trading

/// The highest price of a symbol that was seen.
public struct PriceHigh: Hashable, Sendable {
  public var symbol: String
  public var price: Double
  public var time: Instant

  public init(symbol: String, price: Double, time: Instant) {
    self.symbol = symbol
    self.price = price
    self.time = time
  }
}

/// Keeps the highest price of each symbol.
public protocol PriceHighStore: Sendable {
  /// Saves a price where it is above the one that is there. Returns whether it was.
  func raise(_ high: PriceHigh) async throws(StoreError) -> Bool
  func high(of symbol: String) async throws(StoreError) -> PriceHigh?
}
