/// Random numbers that are the same in every run with the same seed, on every machine.
///
/// Source: G. Steele, D. Lea and C. Flood, Fast Splittable Pseudorandom Number Generators, OOPSLA 2014.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  @usableFromInline var state: UInt64

  @inlinable
  public init(seed: UInt64) { state = seed }

  @inlinable
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Evenly spread over 0 ..< 1, in steps of 2⁻⁵³.
  @inlinable
  public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A whole number in 0 ..< bound, each as likely (D. Lemire, Fast Random Integer Generation in an Interval, 2019).
  @inlinable
  public mutating func below(_ bound: Int) -> Int {
    guard bound > 1 else { return 0 }
    let bound = UInt64(bound)
    let threshold = (0 &- bound) % bound
    var product = next().multipliedFullWidth(by: bound)
    while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
    return Int(product.high)
  }
}
