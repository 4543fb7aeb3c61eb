import Pipelines
import PluginKit

/// How the conditions of strategies are worked out from columns, 64 bars at a time: steps in an order in which each
/// stands after those that it reads. The result of a comparison is an order of two columns, that of any other step a
/// truth.
struct ConditionSteps {
  struct Step: Sendable {
    var kind: Kind
    /// Two columns of a comparison, two truths, or an order and which side of it (0 or 1) is above.
    var a: Int
    var b: Int

    enum Kind: UInt8, Sendable {
      /// The order of two columns; only where the first is above the second.
      case compare, compareAbove
      case above, notAbove, equal, notEqual
      /// Above now, and not above a bar ago.
      case crossesAbove
      case and, or, not
      /// `a` is 1 for true, 0 for false, 2 for unknown.
      case constant
    }
  }

  /// The steps whose truths make the calls.
  enum Calls: Sendable {
    case both(buy: Int, sell: Int)
    case positions(enterLong: Int, exitLong: Int, enterShort: Int, exitShort: Int)
  }

  var columns: SweepColumns
  /// The steps of the strategy that was taken last.
  private(set) var steps: [Step] = []
  /// Its conditions that have steps.
  private var known: [(node: Int, step: Int)] = []

  /// The column of ones, beside which a condition that is a column is true where it equals it.
  private static let ones = 0

  init(_ graph: Graph) { columns = SweepColumns(graph) }

  /// Takes the conditions of a strategy of the graph apart. What is no comparison, crossing, `and`, `or` or `not` is left
  /// to the graph: its column is true where it equals 1.
  mutating func take(_ rule: SignalRule) -> Calls {
    steps.removeAll(keepingCapacity: true)
    known.removeAll(keepingCapacity: true)
    switch rule.calls {
    case .both(let buy, let sell): return .both(buy: condition(buy), sell: condition(sell))
    case .positions(let long, let short):
      return .positions(
        enterLong: condition(long?.enter), exitLong: condition(long?.exit),
        enterShort: condition(short?.enter), exitShort: condition(short?.exit))
    }
  }

  /// The step of a condition; one that is not there never holds.
  private mutating func condition(_ node: Int?) -> Int {
    guard let node else { return add(.constant, 0, 0) }
    if let step = known.first(where: { $0.node == node })?.step { return step }
    let step = make(node)
    known.append((node, step))
    return step
  }

  private mutating func make(_ node: Int) -> Int {
    let inputs = columns.graph.nodes[node].inputs
    switch columns.graph.nodes[node].kind {
    case .number(let value): return add(.constant, value == 1 ? 1 : value.isNaN ? 2 : 0, 0)
    case .operation(.greater) where inputs.count == 2: return order(.above, inputs[0], inputs[1])
    case .operation(.less) where inputs.count == 2: return order(.above, inputs[1], inputs[0])
    case .operation(.lessOrEqual) where inputs.count == 2: return order(.notAbove, inputs[0], inputs[1])
    case .operation(.greaterOrEqual) where inputs.count == 2: return order(.notAbove, inputs[1], inputs[0])
    case .operation(.crossesAbove) where inputs.count == 2: return order(.crossesAbove, inputs[0], inputs[1])
    case .operation(.crossesBelow) where inputs.count == 2: return order(.crossesAbove, inputs[1], inputs[0])
    case .operation(.equal) where inputs.count == 2:
      return add(.equal, compare(column(inputs[0]), column(inputs[1])), 0)
    case .operation(.notEqual) where inputs.count == 2:
      return add(.notEqual, compare(column(inputs[0]), column(inputs[1])), 0)
    case .operation(.not) where inputs.count == 1: return add(.not, condition(inputs[0]), 0)
    case .operation(.and) where !inputs.isEmpty: return fold(.and, inputs)
    case .operation(.or) where !inputs.isEmpty: return fold(.or, inputs)
    default: return add(.equal, compare(column(node), ConditionSteps.ones), 0)
    }
  }

  private mutating func fold(_ kind: Step.Kind, _ inputs: [Int]) -> Int {
    var result = condition(inputs[0])
    for input in inputs.dropFirst() { result = add(kind, result, condition(input)) }
    return result
  }

  private mutating func add(_ kind: Step.Kind, _ a: Int, _ b: Int) -> Int {
    steps.append(Step(kind: kind, a: a, b: b))
    return steps.count - 1
  }

  /// A step that asks where node `x` is above node `y`. The order of two columns is worked out once, whichever stands
  /// first.
  private mutating func order(_ kind: Step.Kind, _ x: Int, _ y: Int) -> Int {
    let (x, y) = (column(x), column(y))
    if let same = comparison(x, y) { return add(kind, same, 0) }
    if let turned = comparison(y, x) {
      steps[turned].kind = .compare
      return add(kind, turned, 1)
    }
    return add(kind, add(.compareAbove, x, y), 0)
  }

  private mutating func compare(_ x: Int, _ y: Int) -> Int {
    let step = comparison(x, y) ?? comparison(y, x) ?? add(.compareAbove, x, y)
    steps[step].kind = .compare
    return step
  }

  private func comparison(_ x: Int, _ y: Int) -> Int? {
    steps.firstIndex { ($0.kind == .compare || $0.kind == .compareAbove) && $0.a == x && $0.b == y }
  }

  private mutating func column(_ node: Int) -> Int { columns.column(of: node) }
}
