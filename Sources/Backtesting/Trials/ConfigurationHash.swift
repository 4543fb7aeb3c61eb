public import Pipelines

/// The name of a configuration: 128 bits that are the same on every machine and in every version of the program.
///
/// FNV-1a with 128 bits (G. Fowler, L. C. Noll, K.-P. Vo and D. Eastlake, "The FNV Non-Cryptographic Hash Algorithm",
/// draft-eastlake-fnv). See `docs/decisions/0010-trial-ledger.md` for why it is enough.
public struct ConfigurationHash: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let value: UInt128

  public init(value: UInt128) { self.value = value }

  /// The hash of some bytes.
  public init(of bytes: some Sequence<UInt8>) {
    let prime: UInt128 = (1 << 88) + (1 << 8) + 0x3B
    var hash: UInt128 = (0x6C62_272E_07BB_0142 << 64) + 0x62B8_2175_6295_C58D
    for byte in bytes { hash = (hash ^ UInt128(byte)) &* prime }
    value = hash
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
  private static let passedOver: Set<String> = ["horizons", "from", "to", "periodsPerYear"]

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
    var text = Array("configuration \(CanonicalText.version)\n\(options)\n".utf8)
    text += canonical.bytes(of: strategy)
    return TrialConfiguration(
      hash: ConfigurationHash(of: text), options: options, source: strategy.text.isEmpty ? nil : strategy.text)
  }
}
