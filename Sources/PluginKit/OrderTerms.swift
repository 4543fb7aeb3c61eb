/// What a channel of order intents says of them: whether they go out, how large the account is, and how long one holds.
public struct OrderTerms: Hashable, Sendable {
  public var isEnabled: Bool
  /// Whether they are only shown in the outbox.
  public var isDry: Bool
  /// What shares of the account are shares of; nil where nothing is said.
  public var equity: Double?
  /// Milliseconds after the close of the signal's bar; nil is the length of the bar.
  public var length: Int64?
  /// The smallest part of a quantity, and how many digits it has behind the point.
  public var step: (size: Double, digits: Int) {
    get { (stepSize, stepDigits) }
    set { (stepSize, stepDigits) = newValue }
  }
  /// The most that one entry may be worth at the price of its signal; nil is no limit.
  public var mostWorth: Double?
  private var stepSize = 0.000_001
  private var stepDigits = 6

  public static let settings = [
    PluginSetting("enabled", .flag, meaning: "whether there are order intents at all; false"),
    PluginSetting("dry_run", .flag, meaning: "whether they are written into the outbox alone, and none is sent; true"),
    PluginSetting("equity", .number, meaning: "the account that shares of equity and risk are shares of; none"),
    PluginSetting(
      "valid_for", .duration, meaning: "how long after its bar's close an intent may be acted on; the length of the bar"
    ),
    PluginSetting("step", .text, meaning: "the smallest part of a quantity, such as 1, 0.01; 0.000001"),
    PluginSetting("max_value", .number, meaning: "the most that one entry may be worth; no limit"),
  ]

  public init(_ settings: PluginSettings) throws(ChannelError) {
    isEnabled = settings.flag("enabled") ?? false
    isDry = settings.flag("dry_run") ?? true
    length = settings.duration("valid_for")
    func amount(_ name: String) throws(ChannelError) -> Double? {
      guard let text = settings.text(name) else { return nil }
      guard let number = Double(text), number > 0, number <= 1e15 else {
        throw .badSetting(name: name, "is an amount of money above 0; found \"\(text)\"")
      }
      return number
    }
    equity = try amount("equity")
    mostWorth = try amount("max_value")
    if let text = settings.text("step") {
      let parts = text.split(separator: ".", omittingEmptySubsequences: false)
      let isPlain = parts.count <= 2 && parts.allSatisfy { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
      guard isPlain, let size = Double(text), (1e-9...1e9).contains(size) else {
        throw .badSetting(name: "step", "is a part from 0.000000001 up, such as 1 or 0.01; found \"\(text)\"")
      }
      step = (size, parts.count == 2 ? parts.last?.count ?? 0 : 0)
    }
  }

  /// A quantity in whole steps, never more than it was.
  public func rounded(_ quantity: Double) -> Double {
    guard quantity.isFinite, quantity > 0, quantity / stepSize < 9e15 else { return 0 }
    // What is a whole number of steps but for the last bits of its division is one.
    let steps = (quantity / stepSize + 1e-9).rounded(.down)
    // Over the digits, so that 3 steps of 0.1 are 0.3.
    var scale = 1.0
    for _ in 0..<stepDigits { scale *= 10 }
    return (steps * (stepSize * scale).rounded()) / scale
  }
}
