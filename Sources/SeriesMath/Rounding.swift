/// 100 × a / b; 0 where b is 0.
@inlinable
public func percentage(_ a: Double, of b: Double) -> Double { b == 0 ? 0 : 100 * (a / b) }

/// Whether a range is nothing but rounding of its own ends.
@inlinable
public func isFlat(_ low: Double, _ high: Double) -> Bool {
  abs(high - low) < 1e-14 * (abs(high) + abs(low)) || high == low
}
