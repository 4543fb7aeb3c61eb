import PluginKit
import Trading

extension StrategyReader {
  static let topLimit = 1_000

  /// Reads `kind: rotation`.
  func rotation(_ root: YAMLValue, _ diagnostics: Diagnostics) -> Rotation? {
    guard var file = MappingReader(root, "a rotation", diagnostics) else { return nil }
    _ = file.take("kind")
    let head = head(&file)
    let binder = Binder(registry: registry, diagnostics: diagnostics)
    let timeframe = duration(file.require("timeframe", hint: "1m 5m 15m 1h 4h 1d 1w 1mo"), "timeframe", diagnostics)
    binder.timeframe = timeframe
    let universe = symbols(
      file.require("universe", hint: "universe: [\"@index\"], or universe: [AAPL, MSFT]"), "universe", diagnostics)
    readParameters(file.entry("params"), binder)
    readDefinitions(file.entry("let"), binder)
    let rank = file.require("rank", hint: "a number, the higher the better: rank: change(close, 126)")
      .flatMap { binder.bind($0, as: .number, "rank") }
    let condition = file.take("where")
    let admitted = condition.flatMap { binder.bind($0, as: .condition, "where") }
    binder.bindDefinitions()
    let hold = hold(file.require("hold", hint: "hold: { top: 3, until_rank: 5 }"), diagnostics)
    let weighting = weighting(&file)
    let rebalance = period(file.require("rebalance", hint: "rebalance: 1mo"), timeframe, diagnostics)
    let notify = notify(file.entry("notify"), diagnostics)
    file.finish()
    guard let name = head.name, let timeframe, let universe, let rank, let hold, let rebalance,
      condition == nil || admitted != nil
    else { return nil }
    return Rotation(
      name: name, title: head.title, description: head.description, universe: universe, timeframe: timeframe,
      graph: binder.graph, rank: rank, condition: admitted, top: hold.top, untilRank: hold.untilRank,
      weighting: weighting, rebalance: rebalance, notify: notify)
  }

  private func hold(_ value: YAMLValue?, _ diagnostics: Diagnostics) -> (top: Int, untilRank: Int)? {
    guard let value, var reader = MappingReader(value, "hold", diagnostics) else { return nil }
    let top = diagnostics.whole(reader.require("top", hint: "how many are held"), "top", 1...StrategyReader.topLimit)
    let given = reader.take("until_rank")
    let until = diagnostics.whole(given, "until_rank", 1...StrategyReader.topLimit)
    reader.finish()
    if let given, let top, let until, until < top {
      diagnostics.report(
        .outOfRange, at: given, "until_rank \(until) is better than top \(top): what is bought would be left at once",
        hint: "until_rank is \(top) or more")
      return nil
    }
    guard let top, given == nil || until != nil else { return nil }
    return (top, until ?? top)
  }
}
