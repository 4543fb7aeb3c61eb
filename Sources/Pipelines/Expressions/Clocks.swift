import PluginKit
import Trading

extension Binder {
  /// What stands before a dot: a session, another symbol, a role of a group, or an indicator with outputs.
  func member(
    _ inner: Expression, _ name: String, _ nameRange: Range<Int>, _ arguments: [Expression], _ range: Range<Int>
  ) -> Bound? {
    switch inner.kind {
    case .name("session"): return session(name, nameRange, arguments)
    case .name("news"): return news(name, nameRange, arguments, range)
    case .name("position"):
      reportTradeOnly("position.\(name)", range)
      return nil
    case .name(let role) where roles.contains(role):
      guard arguments.isEmpty else { return noCall(name, nameRange) }
      return column(name, nameRange, symbol: role == roles.first ? nil : "@\(role)", of: role)
    case .call("symbol", let callRange, let given):
      guard given.count == 1, case .text(let symbol) = given[0].kind, !symbol.isEmpty else {
        report(.wrongArguments, callRange, "symbol takes a symbol in quotes", hint: "symbol(\"^VIX\").close")
        return nil
      }
      guard arguments.isEmpty else { return noCall(name, nameRange) }
      return column(name, nameRange, symbol: symbol, of: "symbol(\"\(symbol)\")")
    case .call(let indicator, let callRange, let given):
      guard arguments.isEmpty else { return noCall(name, nameRange) }
      return call(indicator, callRange, given, inner.range, output: (name, nameRange))
    default:
      report(
        .outputNeeded, nameRange, "\"\(source(inner))\" has no outputs",
        hint: "outputs belong to indicators: macd(close).signal")
      return nil
    }
  }

  private func noCall(_ name: String, _ range: Range<Int>) -> Bound? {
    report(.wrongArguments, range, "\(name) is not called here: leave out the brackets")
    return nil
  }

  private func column(_ name: String, _ range: Range<Int>, symbol: String?, of what: String) -> Bound? {
    guard let column = CandleSeries.Column(named: name) else {
      report(
        .unknownName, range, "\(what) has no series \"\(name)\"",
        hint: suggestion(for: name, among: CandleSeries.Column.allCases.map { "\($0)" }, called: "series"))
      return nil
    }
    return Bound(node: graph.series(SeriesKey(.candle(column), symbol: symbol)), kind: .number)
  }

  /// An expression on the clock of a higher timeframe: there `[1]` is one higher bar, and definitions are made anew.
  func onClock(_ inner: Expression, _ timeframe: Timeframe, _ range: Range<Int>) -> Bound? {
    if let own = self.timeframe, timeframe.milliseconds <= own.milliseconds {
      report(
        .badTime, range, "@ \(timeframe) is not above the timeframe of the bars here, \(own)",
        hint: "a higher one: 1w, 1mo")
      return nil
    }
    let clock = Graph.Clock(symbol: nil, timeframe: timeframe)
    let (outer, outerTimeframe, outerDefinitions) = (graph, self.timeframe, definitions)
    graph = outer.clocks[clock] ?? Graph()
    self.timeframe = timeframe
    definitions = definitionsByClock[timeframe] ?? outerDefinitions.mapValues(\.untouched)
    let bound = bind(inner)
    definitionsByClock[timeframe] = definitions
    let made = graph
    (graph, self.timeframe, definitions) = (outer, outerTimeframe, outerDefinitions)
    graph.replace(clock, by: made)
    guard let bound else { return nil }
    if case .number = made.nodes[bound.node].kind {
      return Bound(node: graph.add(.number(made.nodes[bound.node].interval.low), registry), kind: bound.kind)
    }
    return Bound(node: graph.aligned(clock, bound.kind) { _ in bound.node }, kind: bound.kind)
  }
}

extension Binder.Definition {
  /// As it was before anybody asked for it; a faulty one stays so, for its faults have been reported.
  var untouched: Binder.Definition {
    if case .faulty = state { return self }
    return Binder.Definition(value: value, state: .untouched)
  }
}
