public import PluginKit
import SeriesMath

/// Every combination of the values of some axes that a condition admits. Combinations have numbers: the first axis
/// changes slowest, so the order is that of the parameters.
public struct ParameterGrid: Sendable {
  public let axes: [ParameterAxis]
  public let condition: AxisCondition?
  /// How many combinations there are before the condition is asked.
  public let size: Int

  /// Nobody waits for more than this to be looked through.
  public static let searchLimit = 20_000_000

  public init(_ axes: [ParameterAxis], where condition: AxisCondition? = nil) throws(AxisFault) {
    var size = 1
    for (place, axis) in axes.enumerated() {
      if axes[..<place].contains(where: { $0.name == axis.name }) {
        throw AxisFault("--set \(axis.name) stands twice", hint: "put all its values into one, with commas")
      }
      let (product, overflow) = size.multipliedReportingOverflow(by: axis.values.count)
      if overflow { throw AxisFault("the axes have more combinations than can be counted") }
      size = product
    }
    (self.axes, self.condition, self.size) = (axes, condition, size)
  }

  /// The values of a combination, one an axis.
  public func values(_ number: Int) -> [Setting] {
    var values: [Setting] = []
    values.reserveCapacity(axes.count)
    var rest = number
    for axis in axes.reversed() {
      values.append(axis.values[rest % axis.values.count])
      rest /= axis.values.count
    }
    values.reverse()
    return values
  }

  /// The numbers of the combinations that the condition admits, ascending.
  ///
  /// Throws where there are more than `limit`, or too many to be looked through.
  public func admitted(limit: Int) throws(AxisFault) -> [Int] {
    guard size <= ParameterGrid.searchLimit else {
      throw AxisFault(
        "the axes have \(size) combinations, too many to be looked through one by one",
        hint: "take wider steps, or --search random --samples N")
    }
    guard let condition else {
      if size > limit { throw AxisFault(tooMany: size, limit: limit) }
      return Array(0..<size)
    }
    var admitted: [Int] = []
    var count = 0
    for number in 0..<size where condition.holds(values(number)) {
      count += 1
      if count <= limit { admitted.append(number) }
    }
    if count > limit { throw AxisFault(tooMany: count, limit: limit) }
    if count == 0 { throw nothing }
    return admitted
  }

  private var nothing: AxisFault { AxisFault("no combination fulfils --where: \(size) were looked at") }

  /// Different combinations that the condition admits, drawn evenly, ascending; all of them where there are no more.
  public func sample(_ count: Int, seed: UInt64) throws(AxisFault) -> [Int] {
    var random = SplitMix64(seed: seed)
    if size <= ParameterGrid.searchLimit {
      // Reservoir sampling (J. Vitter, Random Sampling with a Reservoir, 1985, algorithm R): nothing but the sample is
      // kept.
      var kept: [Int] = []
      var seen = 0
      for number in 0..<size where condition?.holds(values(number)) ?? true {
        seen += 1
        if kept.count < count {
          kept.append(number)
        } else {
          let place = random.below(seen)
          if place < count { kept[place] = number }
        }
      }
      if kept.isEmpty { throw nothing }
      return kept.sorted()
    }
    // A grid that cannot be looked through: drawn until there are enough, or hardly any is admitted.
    var drawn: Set<Int> = []
    for _ in 0..<max(1, count) * 1_000 where drawn.count < count {
      let number = random.below(size)
      if condition?.holds(values(number)) ?? true { drawn.insert(number) }
    }
    guard drawn.count == count else {
      throw AxisFault("of \(count * 1_000) combinations drawn only \(drawn.count) different ones fulfil --where")
    }
    return drawn.sorted()
  }
}
