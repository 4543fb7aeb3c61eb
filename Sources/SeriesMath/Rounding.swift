/// The bound below which a computed variance or a sum of moves counts as zero, as in TA-Lib (`TA_EPSILON`).
@usableFromInline let negligible = 1e-14

/// The square root of a variance, where rounding may have left a little below zero.
@inlinable
public func deviation(variance: Double) -> Double { variance < negligible ? 0 : variance.squareRoot() }

/// a / b in percent; 0 where b is negligible.
@inlinable
public func percentage(_ a: Double, of b: Double) -> Double { abs(b) < negligible ? 0 : 100 * (a / b) }
