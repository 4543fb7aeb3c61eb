public import Trading

/// What candles are kept under: the same instrument from two sources is two things.
public struct CandleKey: Hashable, Sendable {
  /// The source's name in the configuration, or `imported`.
  public let source: String
  public let symbol: String
  public let timeframe: Timeframe

  /// The source of what was taken in from files.
  public static let imported = "import"

  public init(source: String, symbol: String, timeframe: Timeframe) {
    self.source = source
    self.symbol = symbol
    self.timeframe = timeframe
  }
}

extension CandleKey: CustomStringConvertible {
  public var description: String { "\(symbol) \(timeframe) from \(source)" }
}
