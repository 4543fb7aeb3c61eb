/// 100 × a / b; 0 where b is 0.
@inlinable
@inline(__always)
public func percentage(_ a: Double, of b: Double) -> Double {
  let value = 100 * (a / b)
  return b == 0 ? 0 : value
}

@inlinable
@inline(__always)
public func percentage(_ a: Eight, of b: Eight) -> Eight {
  let value = 100 * (a / b)
  return value.replacing(with: 0, where: b .== 0)
}

/// Whether a range is nothing but rounding of its own ends.
@inlinable
public func isFlat(_ low: Double, _ high: Double) -> Bool {
  abs(high - low) <= 1e-14 * (abs(high) + abs(low))
}
