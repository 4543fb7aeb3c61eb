import PluginKit

/// A weighted sum of terms of which some may be unknown, each between two bounds: what the known ones decide already
/// is decided.
struct BoundedSum {
  /// Unknown where one term is.
  let total: Term
  /// The sum if all that is unknown were at its lower, or upper, bound.
  let least, most: Term

  init(_ parts: [(term: Term, weight: Double)], in range: ClosedRange<Double>) {
    func sum(_ value: (Term) -> Term) -> Term { .sum(parts.map { .number($0.weight) * value($0.term) }) }
    total = sum { $0 }
    least = sum { $0.coalesce(.number(range.lowerBound)) }
    most = sum { $0.coalesce(.number(range.upperBound)) }
  }

  /// True where the sum is at least a limit whatever the unknown is, false where it is not, else unknown.
  func reaches(_ limit: Double) -> Term {
    // Equal to itself is true or, where the total is unknown, unknown.
    least >= .number(limit) || (most >= .number(limit) && total.equals(total))
  }
}
