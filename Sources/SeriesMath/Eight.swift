/// Eight values at once, where a loop over single ones would choose by a branch that the processor cannot foresee.
public typealias Eight = SIMD8<Double>

extension Span where Element == Double {
  /// The eight values from here on.
  @inlinable
  @inline(__always)
  public func eight(at row: Int) -> Eight {
    let part = extracting(row..<row + 8)
    var values = Eight()
    for lane in 0..<8 { values[lane] = part[lane] }
    return values
  }
}

extension MutableSpan where Element == Double {
  /// Writes the eight values from here on.
  @inlinable
  @inline(__always)
  public mutating func set(_ values: Eight, at row: Int) {
    var group = part(row..<row + 8)
    for lane in 0..<8 { group[lane] = values[lane] }
  }
}

extension SIMD8<Double> {
  @inlinable
  @inline(__always)
  public var sizes: Eight {
    var sizes = self
    for lane in 0..<8 { sizes[lane] = abs(self[lane]) }
    return sizes
  }
}

/// The greater and the lesser, lane by lane: a choice by a mask becomes branches where single lanes are read after it.
@inlinable
@inline(__always)
public func greater(_ a: Eight, _ b: Eight) -> Eight {
  var values = Eight()
  for lane in 0..<8 { values[lane] = greater(a[lane], b[lane]) }
  return values
}

@inlinable
@inline(__always)
public func lesser(_ a: Eight, _ b: Eight) -> Eight {
  var values = Eight()
  for lane in 0..<8 { values[lane] = lesser(a[lane], b[lane]) }
  return values
}
