import PluginKit

/// The functions of the language that are not indicators.
enum Functions {
  enum Argument: Sendable {
    case number(String)
    case condition(String)
    /// A count of bars, 1 or more; with a default it may be left out.
    case bars(String, Int?)
    /// Numbers or conditions, all of one kind.
    case alike(String)
    /// One or more numbers.
    case numbers(String)

    var name: String {
      switch self {
      case .number(let name), .condition(let name), .alike(let name): name
      case .bars(let name, let initial): initial.map { "\(name) = \($0)" } ?? name
      case .numbers(let name): "\(name), …"
      }
    }
  }

  struct Function: Sendable {
    let name: String
    let arguments: [Argument]
    let result: Graph.ValueKind?
    let meaning: String
    /// The node of the columns and the bars given.
    let make: @Sendable (inout Graph, [Int], Int) -> Int

    var form: String { "\(name)(\(arguments.map(\.name).joined(separator: ", ")))" }
  }

  static let barLimit = 100_000

  private static func plain(_ operation: Operation) -> @Sendable (inout Graph, [Int], Int) -> Int {
    { graph, columns, _ in graph.apply(operation, columns) }
  }

  static let all: [Function] = [
    Function(
      name: "crosses_above", arguments: [.number("a"), .number("b")], result: .condition,
      meaning: "a > b now and a ≤ b a bar ago, both known", make: plain(.crossesAbove)),
    Function(
      name: "crosses_below", arguments: [.number("a"), .number("b")], result: .condition,
      meaning: "a < b now and a ≥ b a bar ago, both known", make: plain(.crossesBelow)),
    Function(
      name: "within", arguments: [.condition("c"), .bars("n", nil)], result: .condition,
      meaning: "true on one of the last n bars, this one included"
    ) { $0.apply(.within($2), $1) },
    Function(
      name: "every", arguments: [.condition("c"), .bars("n", nil)], result: .condition,
      meaning: "true on every one of the last n bars"
    ) { $0.apply(.every($2), $1) },
    Function(
      name: "count", arguments: [.condition("c"), .bars("n", nil)], result: .number,
      meaning: "on how many of the last n bars it was true"
    ) { $0.apply(.count($2), $1) },
    Function(
      name: "since", arguments: [.condition("c")], result: .number,
      meaning: "bars since it was true, 0 = now", make: plain(.since)),
    Function(
      name: "value_when", arguments: [.condition("c"), .number("x")], result: .number,
      meaning: "x on the last bar on which c was true", make: plain(.valueWhen)),
    Function(
      name: "all_time_high", arguments: [.number("x")], result: .number,
      meaning: "the greatest value of x so far, from the first bar there is", make: plain(.allTimeHigh)),
    Function(
      name: "all_time_low", arguments: [.number("x")], result: .number,
      meaning: "the least value of x so far, from the first bar there is", make: plain(.allTimeLow)),
    Function(
      name: "sum_since", arguments: [.condition("c"), .number("x")], result: .number,
      meaning: "the sum of x since c was last true, that bar included", make: plain(.sumSince)),
    Function(
      name: "anchored_vwap", arguments: [.condition("c")], result: .number,
      meaning: "volume-weighted average price since c was last true, that bar included"
    ) { graph, columns, _ in graph.vwap(since: columns[0]) },
    Function(
      name: "change", arguments: [.number("x"), .bars("n", 1)], result: .number,
      meaning: "x / x[n] − 1"
    ) { graph, columns, bars in
      let before = graph.apply(.ago(bars), columns)
      let ratio = graph.apply(.divide, columns + [before])
      return graph.apply(.subtract, [ratio, graph.number(1)])
    },
    Function(
      name: "abs", arguments: [.number("x")], result: .number, meaning: "x without its sign",
      make: plain(.absolute)),
    Function(
      name: "min", arguments: [.numbers("a")], result: .number, meaning: "the least",
      make: plain(.minimum)),
    Function(
      name: "max", arguments: [.numbers("a")], result: .number, meaning: "the greatest",
      make: plain(.maximum)),
    Function(
      name: "log", arguments: [.number("x")], result: .number, meaning: "the natural logarithm",
      make: plain(.logarithm)),
    Function(
      name: "sqrt", arguments: [.number("x")], result: .number, meaning: "the square root",
      make: plain(.squareRoot)),
    Function(
      name: "if", arguments: [.condition("c"), .alike("a"), .alike("b")], result: nil,
      meaning: "a where c is true, b where it is false", make: plain(.choose)),
    Function(
      name: "coalesce", arguments: [.alike("a"), .alike("b")], result: nil,
      meaning: "a where it has a value, else b", make: plain(.coalesce)),
  ]

  static let builtIn: [String: Function] = Dictionary(
    all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

  /// How an indicator is called: `rsi(x, period = 14)`.
  static func form(of entry: IndicatorEntry) -> String {
    let series = entry.takesSeries ? entry.inputs : []
    let parameters = entry.parameters.map { "\($0.name) = \(Figure($0.initial.number ?? .nan))" }
    return "\(entry.id)(\((series + parameters).joined(separator: ", ")))"
  }
}
