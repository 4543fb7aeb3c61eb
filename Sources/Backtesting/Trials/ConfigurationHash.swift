public import Pipelines
import SeriesMath

/// The name of a configuration: the first 128 bits of the SHA-256 of its text, the same on every machine. Among a million
/// configurations the chance that two share a name is 10⁻²⁷.
public struct ConfigurationHash: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let value: UInt128

  public init(value: UInt128) { self.value = value }

  /// The hash of some bytes.
  public init(of bytes: [UInt8]) {
    var hash = SHA256()
    hash.update(bytes)
    value = hash.value().prefix(16).reduce(0) { $0 << 8 | UInt128($1) }
  }

  /// Reads 32 hexadecimal digits.
  public init?(_ text: some StringProtocol) {
    guard text.utf8.count == 32, let value = UInt128(text, radix: 16) else { return nil }
    self.value = value
  }

  public static func < (left: ConfigurationHash, right: ConfigurationHash) -> Bool { left.value < right.value }

  public var description: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 32 - digits.count) + digits
  }
}

/// What was tried: the strategy's rule and plan and how it was replayed, by its hash; and what it takes to try it again.
public struct TrialConfiguration: Hashable, Sendable {
  public var hash: ConfigurationHash
  /// The options that alter results, as `fill=nextOpen feeRate=0.001 …`.
  public var options: String
  /// The strategy's file; nil where there is none, and the trial's returns cannot be had again.
  public var source: String?

  public init(hash: ConfigurationHash, options: String, source: String?) {
    self.hash = hash
    self.options = options
    self.source = source
  }
}

/// Makes the hashes of many strategies under the same options.
public struct TrialConfigurations: Sendable {
  /// Options that choose what is shown or which bars count; the dates stand in the row.
  private static let passedOver: Set<String> = ["horizons", "outcomesInDetail", "from", "to", "periodsPerYear"]

  private let options: String
  private var canonical = CanonicalText()

  public init(_ options: BacktestOptions) {
    // By reflection, so that an option that comes later is part of the hash without being listed here.
    let words = Mirror(reflecting: options).children.compactMap { child -> String? in
      guard let label = child.label, !TrialConfigurations.passedOver.contains(label) else { return nil }
      return "\(label)=\(child.value)"
    }
    self.options = words.joined(separator: " ")
  }

  /// The configuration of a strategy under the options.
  public mutating func configuration(of strategy: Strategy) -> TrialConfiguration {
    configuration(canonical.bytes(of: strategy), source: strategy.text.isEmpty ? nil : strategy.text)
  }

  /// The configuration of a rotation. Its file alone does not say what it chose among, so it is no source.
  public mutating func configuration(of rotation: Rotation) -> TrialConfiguration {
    configuration(canonical.bytes(of: rotation), source: nil)
  }

  /// The configuration of a portfolio of these strategies.
  public mutating func configuration(of portfolio: Portfolio, strategies: [Strategy]) -> TrialConfiguration {
    configuration(canonical.bytes(of: portfolio, strategies: strategies), source: nil)
  }

  private func configuration(_ rule: [UInt8], source: String?) -> TrialConfiguration {
    let text = Array("configuration \(CanonicalText.version)\n\(options)\n".utf8) + rule
    return TrialConfiguration(hash: ConfigurationHash(of: text), options: options, source: source)
  }
}
