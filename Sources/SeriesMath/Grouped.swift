/// A sum that is carried on from one change to the next, in groups of eight.
///
/// Within a group every sum is worked out from where the group began, so that a processor works on several groups at
/// once: it waits for an addition from group to group, not from bar to bar.
public struct GroupedSum: Sendable {
  @usableFromInline var base = 0.0
  @usableFromInline var partial = 0.0
  @usableFromInline var place = 0

  @inlinable
  public init(_ start: Double = 0) { base = start }

  /// The sum with this change.
  @inlinable
  public mutating func add(_ change: Double) -> Double {
    partial += change
    let sum = base + partial
    place += 1
    if place == 8 { (base, partial, place) = (sum, 0, 0) }
    return sum
  }

  /// Whether the next change is the first of a group.
  @inlinable public var beginsGroup: Bool { place == 0 }

  /// The sums with each of a group's changes.
  @inlinable
  @inline(__always)
  public mutating func group(_ changes: Eight) -> Eight {
    var (partials, partial) = (Eight(), 0.0)
    for lane in 0..<8 {
      partial += changes[lane]
      partials[lane] = partial
    }
    let sums = base + partials
    base = sums[7]
    return sums
  }

  /// Makes changes into sums.
  @inlinable
  public mutating func add(_ values: inout MutableSpan<Double>) {
    // A local stays in registers.
    var local = self
    var at = 0
    while local.place > 0, at < values.count {
      values[at] = local.add(values[at])
      at += 1
    }
    while at + 8 <= values.count {
      values.set(local.group(values.span.eight(at: at)), at: at)
      at += 8
    }
    while at < values.count {
      values[at] = local.add(values[at])
      at += 1
    }
    self = local
  }
}

/// The exponential average `average + take × (x − average)`, grouped. It is kept as a distance from the last value
/// before the group, so that the average of a series that does not move is that value, to the last bit.
public struct AnchoredAverage: Sendable {
  @usableFromInline let keep, take: Double
  @usableFromInline var powers = InlineArray<8, Double>(repeating: 1)
  @usableFromInline var anchor = 0.0
  /// From the anchor to the average at the group's begin.
  @usableFromInline var distance = 0.0
  @usableFromInline var partial = 0.0
  @usableFromInline var place = 0

  @inlinable
  public init(period: Int) {
    take = 2 / (Double(period) + 1)
    keep = 1 - take
    powers = powersOf(keep)
  }

  /// Sets the first value, and the input that goes with it.
  @inlinable
  public mutating func seed(_ mean: Double, at x: Double) { begin(mean, x) }

  @inlinable
  @inline(__always)
  mutating func begin(_ average: Double, _ x: Double) { (anchor, distance, partial, place) = (x, average - x, 0, 0) }

  @inlinable
  public mutating func next(_ x: Double) -> Double {
    partial = partial * keep + (x - anchor) * take
    let average = anchor + (distance * powers[place] + partial)
    place += 1
    if place == 8 { begin(average, x) }
    return average
  }

  /// The averages at several values.
  @inlinable
  public mutating func next(_ x: Span<Double>, into out: inout MutableSpan<Double>) {
    var at = 0
    while place > 0, at < x.count {
      out[at] = next(x[at])
      at += 1
    }
    // Locals stay in registers: through memory the groups would wait longer for each other.
    var (anchor, distance) = (anchor, distance)
    let (keep, take, powers) = (keep, take, powers)
    while at + 8 <= x.count {
      let values = x.extracting(at..<at + 8)
      var group = out.part(at..<at + 8)
      var (average, partial) = (0.0, 0.0)
      for row in 0..<8 {
        partial = partial * keep + (values[row] - anchor) * take
        average = anchor + (distance * powers[row] + partial)
        group[row] = average
      }
      anchor = values[7]
      distance = average - anchor
      at += 8
    }
    (self.anchor, self.distance) = (anchor, distance)
    while at < x.count {
      out[at] = next(x[at])
      at += 1
    }
  }
}

@inlinable
func powersOf(_ keep: Double) -> InlineArray<8, Double> {
  var powers = InlineArray<8, Double>(repeating: 1)
  var power = 1.0
  for place in 0..<8 {
    power *= keep
    powers[place] = power
  }
  return powers
}

/// The average `average × keep + x × take`, grouped: so many bars into a group it is what the group began with, times
/// that power of `keep`, and what has come since.
public struct GroupedAverage: Sendable {
  @usableFromInline let keep, take: Double
  /// keep, keep², … keep⁸.
  @usableFromInline var powers = InlineArray<8, Double>(repeating: 1)
  @usableFromInline var base = 0.0
  @usableFromInline var partial = 0.0
  @usableFromInline var place = 0

  /// `take` is a value's weight.
  @inlinable
  public init(take: Double) {
    self.take = take
    keep = 1 - take
    powers = powersOf(keep)
  }

  /// Sets the first value.
  @inlinable
  public mutating func seed(_ mean: Double) { (base, partial, place) = (mean, 0, 0) }

  @inlinable
  @inline(__always)
  public mutating func next(_ x: Double) -> Double {
    partial = partial * keep + x * take
    let average = base * powers[place] + partial
    place += 1
    if place == 8 { (base, partial, place) = (average, 0, 0) }
    return average
  }

  /// Whether the next value is the first of a group.
  @inlinable public var beginsGroup: Bool { place == 0 }

  /// The averages at each of a group's values.
  @inlinable
  @inline(__always)
  public mutating func group(_ x: Eight) -> Eight {
    let taken = x * take
    var (partials, weights, partial) = (Eight(), Eight(), 0.0)
    for lane in 0..<8 {
      partial = partial * keep + taken[lane]
      partials[lane] = partial
      weights[lane] = powers[lane]
    }
    let averages = base * weights + partials
    base = averages[7]
    return averages
  }

  /// Makes values into averages.
  @inlinable
  public mutating func next(_ values: inout MutableSpan<Double>) {
    // A local stays in registers.
    var local = self
    var at = 0
    while at < values.count {
      if local.beginsGroup, at + 8 <= values.count {
        values.set(local.group(values.span.eight(at: at)), at: at)
        at += 8
      } else {
        values[at] = local.next(values[at])
        at += 1
      }
    }
    self = local
  }
}
