public import Trading

/// What is known of a signal besides itself. What is nil is not known.
public struct SignalFacts: Hashable, Sendable {
  /// How often signals of this kind came true.
  public struct Success: Hashable, Sendable {
    /// Fractions.
    public var rate: Double
    public var count: Int
    /// The success of acting on every bar in that direction.
    public var base: Double?

    public init(rate: Double, count: Int, base: Double? = nil) {
      self.rate = rate
      self.count = count
      self.base = base
    }
  }

  public enum Market: String, Sendable, Hashable, CaseIterable { case bull, bear, sideways }

  public var success: Success?
  /// 0 to 100.
  public var quality: Double?
  /// 0 to 100.
  public var strength: Double?
  /// The bar's volume as a multiple of its usual one.
  public var volume: Double?
  /// The market as it was known at the signal.
  public var market: Market?

  public init(
    success: Success? = nil, quality: Double? = nil, strength: Double? = nil, volume: Double? = nil,
    market: Market? = nil
  ) {
    self.success = success
    self.quality = quality
    self.strength = strength
    self.volume = volume
    self.market = market
  }
}

/// Which signals are worth a message. A filter that is nil asks nothing.
///
/// A filter whose fact is not known lets the signal pass, or blocks it where `missing` says so. A success rate of fewer
/// than `samples` outcomes is not known yet.
public struct SignalFilters: Hashable, Sendable {
  public enum Missing: String, Sendable, CaseIterable { case pass, block }

  /// Directions that are told of.
  public var types: Set<Direction>?
  /// The author's, 0 to 100.
  public var confidence: Double?
  public var quality: Double?
  /// A fraction.
  public var success: Double?
  public var samples = 5
  public var strength: Double?
  /// A multiple of the usual volume.
  public var volume: Double?
  /// No buy in a falling market and no sell in a rising one.
  public var market = false
  public var missing = Missing.pass

  public init() {}

  /// Why a signal is not told of; nil where it is. Exits pass everything but `types`: they end what was told before.
  func objection(to signal: Signal, _ facts: SignalFacts) -> String? {
    if let types, !types.contains(signal.direction) {
      return "filters: types: \(signal.direction.rawValue) is not told"
    }
    guard signal.direction.sign != 0 else { return nil }
    let success = facts.success.flatMap { $0.count >= samples ? $0.rate : nil }
    return below(confidence, signal.confidence, "confidence") ?? below(quality, facts.quality, "quality")
      ?? below(self.success, success, "success") ?? below(strength, facts.strength, "strength")
      ?? below(volume, facts.volume, "volume") ?? misfit(signal.direction, facts.market)
  }

  private func below(_ least: Double?, _ found: Double?, _ name: String) -> String? {
    guard let least else { return nil }
    guard let found else { return missing == .block ? "filters: \(name) is not known" : nil }
    return found < least ? "filters: \(name) \(written(found)) is below \(written(least))" : nil
  }

  private func misfit(_ direction: Direction, _ found: SignalFacts.Market?) -> String? {
    guard market else { return nil }
    guard let found else { return missing == .block ? "filters: market is not known" : nil }
    let isAgainst = (direction == .buy && found == .bear) || (direction == .sell && found == .bull)
    return isAgainst ? "filters: a \(direction.rawValue) does not fit a \(found.rawValue) market" : nil
  }

  private func written(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e9 ? "\(Int(number))" : "\(number)"
  }
}
