/// What the values of an indicator measure and between which bounds they lie: an index is not compared with a price, and
/// `rsi(close, 14) > 120` is never true.
public struct Measure: Hashable, Sendable {
  public enum Unit: String, Hashable, Sendable {
    case unknown
    /// That of the first input.
    case same
    case price, volume
    /// A figure on a scale of its own, such as 0 to 100.
    case index
    /// A quotient of two of one unit.
    case ratio
    /// A count of bars.
    case bars
    /// Minutes.
    case time = "duration"
  }

  public let unit: Unit
  /// Infinite where there is no bound; nil is that of the first input.
  public let range: ClosedRange<Double>?

  public init(_ unit: Unit, _ range: ClosedRange<Double>?) {
    self.unit = unit
    self.range = range
  }

  private static let boundless = -Double.infinity...Double.infinity

  public static let unknown = Measure(.unknown, boundless)
  /// A mean or an extreme of its input.
  public static let same = Measure(.same, nil)
  /// On the scale of its input, though it may leave the input's bounds.
  public static let likeInput = Measure(.same, boundless)
  public static let price = Measure(.price, boundless)
  public static let volume = Measure(.volume, boundless)

  public static func index(_ range: ClosedRange<Double>) -> Measure { Measure(.index, range) }
}
