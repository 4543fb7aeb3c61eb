public import PluginKit
public import Pipelines
public import Trading

/// What the models of `direction_forecast` say of the next bars, and how good they were so far.
public struct DirectionForecasts: Hashable, Sendable {
  public struct Model: Hashable, Sendable {
    /// `logistic` or `boosted`.
    public var name: String
    /// The chance of a rise over the horizon and how often it rose in training; nil where the last bar has none.
    public var chance, base: Double?
    public var verdict: ForecastVerdict
  }

  public var horizon: Int
  public var models: [Model]

  /// Runs the module over the candles, each model by itself.
  ///
  /// Two models are two tries: each is tested at half the level. Empty where the registry does not have the module.
  public init(of candles: CandleSeries, horizon: Int, registry: Registry, level: Double = 0.05) throws(GraphError) {
    self.horizon = horizon
    models = []
    guard let entry = registry.signals["direction_forecast"],
      case .choice(let names)? = entry.parameters.first(where: { $0.name == "model" })?.kind
    else { return }
    let closes = Array(candles.totalReturn.column(.close))
    for name in names {
      let rule = entry(["model": .choice(name), "horizon": .number(Double(horizon))]).rule([])
      let terms = ["chance", "base"].compactMap { wanted in rule.quotes.first { $0.name == wanted }?.term }
      guard terms.count == 2 else { continue }
      let columns = try columns(of: terms, over: Market(candles), registry: registry)
      models.append(
        Model(
          name: name, chance: columns[0].last.flatMap(known), base: columns[1].last.flatMap(known),
          verdict: ForecastVerdict(
            chances: columns[0], bases: columns[1], closes: closes, horizon: horizon,
            level: level / Double(names.count))))
    }
  }
}

/// The value, or nil where there is none.
func known(_ value: Double) -> Double? { value.isFinite ? value : nil }

/// The columns of terms over a market; NaN where there is no value.
func columns(of terms: [Term], over market: Market, registry: Registry) throws(GraphError) -> [[Double]] {
  var graph = Graph()
  let nodes = terms.map { graph.add($0, registry) }
  let run = GraphRun(graph)
  var columns = terms.map { _ in [Double]() }
  while run.count < market.deciding.count {
    let bars = run.count..<min(run.count + run.block, market.deciding.count)
    try run.advance(market, rows: bars.count)
    for (place, node) in nodes.enumerated() {
      for bar in bars { columns[place].append(run.value(node, at: bar)) }
    }
  }
  return columns
}
