import PluginKit
public import Trading

/// A graph at work over one series, a block of bars at a time. Every column is kept only as far back as some node
/// reads it, so a backtest (blocks of thousands) and the live host (blocks of one) are the same run, at a memory that
/// does not grow with the bars.
public final class GraphRun {
  public let graph: Graph
  /// The most bars that one `advance` takes.
  public let block: Int
  let store: ColumnStore
  /// What is to be done a block, in order; nodes that only stand for columns have no stage.
  private let stages: [Stage]
  /// The same for one bar. `stages` keeps them alive; taken from there they would be counted at every bar.
  private let steps: [Unmanaged<Stage>]
  private let isRemote: Bool
  /// Whether a bar takes nothing but its prices and the steps.
  private let isPlain: Bool
  /// The column of each node, or the first of them.
  private let places: [Int]
  private let candles: Int
  /// Bars taken so far.
  public var count: Int { store.taken }

  /// Graphs on other clocks, with the nodes here that read their columns, in the order of those.
  let clocks: [(clock: Graph.Clock, run: ClockRun, readers: [Int])]
  private let calendar: Int
  var session = SessionClock()
  /// Where a state keeps what the nodes remember.
  let layout: GraphState.Layout
  private let usesCalendar: Bool
  /// Columns of one number a symbol, and of prices as they were quoted.
  private let numbersBySymbol: [(place: Int, numbers: NumberBySymbol)]
  private let quotedColumns: [(place: Int, column: CandleSeries.Column)]
  /// Columns that are made of news and filings.
  private let facts: [(measure: FactMeasure, place: Int)]
  /// The candle columns that some node reads.
  private let usedColumns: [Int]
  private let restatement: Restatement

  public init(_ graph: Graph, block: Int = 1_024) {
    self.graph = graph
    self.block = max(1, block)
    var history = graph.nodes.map { _ in 0 }
    for node in graph.nodes {
      for input in node.inputs { history[input] = max(history[input], node.reach) }
    }
    // An output is its indicator's column: who reads the one reads the other.
    for (index, node) in graph.nodes.enumerated() {
      if case .output = node.kind, let source = node.inputs.first {
        history[source] = max(history[source], history[index])
      }
    }
    let longest = self.block
    // In an order that is the same in every run of the graph.
    clocks = graph.clocks.sorted { $0.key.name < $1.key.name }.map { clock, inner in
      let readers = graph.nodes.enumerated().compactMap { index, node -> (node: Int, column: Int)? in
        if case .aligned(clock, let column) = node.kind { (index, column) } else { nil }
      }
      return (clock, ClockRun(clock, inner, columns: readers.map(\.column), block: longest), readers.map(\.node))
    }
    var plan = ColumnStore.Plan()
    candles = plan.reserve(columns: CandleSeries.Column.allCases.count, history: 0)
    calendar = plan.reserve(columns: SessionClock.columns, history: 0)
    var usedColumns: Set<Int> = []
    var usesCalendar = false
    var numbersBySymbol: [(place: Int, numbers: NumberBySymbol)] = []
    var quotedColumns: [(place: Int, column: CandleSeries.Column)] = []
    var facts: [(measure: FactMeasure, place: Int)] = []
    var places: [Int] = []
    /// Where an indicator finds its inputs side by side, if it needs copies of them for that.
    var gathered: [Int: Int] = [:]
    for (index, node) in graph.nodes.enumerated() {
      switch node.kind {
      case .number(let value), .duration(let value): places.append(plan.constant(value))
      case .series(let key):
        switch key.kind {
        case .candle(let column):
          places.append(candles + column.rawValue)
          usedColumns.insert(column.rawValue)
        case .sessionStart: places.append(calendar)
        case .sessionElapsed: places.append(calendar + 1)
        case .weekday: places.append(calendar + 2)
        case .sessionsMissed: places.append(calendar + 3)
        case .quoted(let column):
          places.append(plan.reserve(columns: 1, history: 0))
          quotedColumns.append((places[index], column))
        case .bySymbol(let numbers):
          places.append(plan.reserve(columns: 1, history: 0))
          numbersBySymbol.append((places[index], numbers))
        case .fact(let measure):
          places.append(plan.reserve(columns: 1, history: history[index]))
          facts.append((measure, places[index]))
        }
        usesCalendar = usesCalendar || key.kind.isOfCalendar
        plan.keep(places[index], history: history[index])
      case .output(let output): places.append(places[node.inputs[0]] + output)
      case .aligned, .operation, .indicator:
        if case .indicator = node.kind, let first = node.inputs.first,
          node.inputs.enumerated().contains(where: { places[$1] != places[first] + $0 })
        {
          gathered[index] = plan.reserve(columns: node.inputs.count, history: node.reach)
        }
        places.append(plan.reserve(columns: node.width, history: history[index]))
      }
    }
    let restatement = Restatement(graph, &plan)
    self.restatement = restatement
    self.places = places
    self.usedColumns = usedColumns.sorted()
    self.usesCalendar = usesCalendar
    self.numbersBySymbol = numbersBySymbol
    self.quotedColumns = quotedColumns
    self.facts = facts
    let store = ColumnStore(plan, block: self.block, reach: graph.reach)
    self.store = store
    stages = graph.nodes.indices.flatMap { index -> [Stage] in
      let node = graph.nodes[index]
      var inputs = node.inputs.map { places[$0] }
      for (input, place) in restatement.places[index] ?? [:] { inputs[input] = place }
      switch node.kind {
      case .operation(let operation): return [Stage(operation, of: inputs, into: places[index], in: store)]
      case .indicator:
        let copies = gathered[index].map { [Stage(copying: inputs, to: $0, in: store)] } ?? []
        let source = gathered[index] ?? inputs.first ?? places[index]
        switch node.indicator?.begin() {
        case .native(let work):
          return copies + [
            Stage(
              work, from: source, inputs: inputs.count, to: places[index], outputs: node.width, in: store,
              candleColumns: graph.candleColumns(of: node))
          ]
        case .remote(let remote): return [Stage(remote, of: inputs, into: places[index], outputs: node.width)]
        case nil: return []
        }
      default: return []
      }
    }
    steps = stages.map { .passUnretained($0) }
    var layout = GraphState.Layout()
    for memory in stages.compactMap(\.memory) { layout.add(memory) }
    layout.initial = store.initial
    self.layout = layout
    isRemote = stages.contains { $0.remote != nil }
    isPlain =
      !isRemote && !usesCalendar && clocks.isEmpty && numbersBySymbol.isEmpty && quotedColumns.isEmpty && facts.isEmpty
  }

  /// Takes the next bars of the deciding series: its rows `count ..< count + rows`, at most `block` of them.
  ///
  /// Throws `GraphError.suspends` where a node runs outside the process: those need `advanceSuspending`.
  public func advance(_ market: Market, rows: Int) throws(GraphError) {
    if rows == 1, isPlain, !market.deciding.isRestated { return step(market.deciding, first: market.first) }
    if isRemote { throw .suspends }
    try begin(market, rows)
    let row = store.row(of: count)
    let holed = holes(market, rows)
    for stage in stages { stage.take(row, rows, holed) }
    store.take(bars: rows)
  }

  /// The shortest way through a bar, for a live host: no block, no search for holes, and nothing is counted or copied
  /// but the bar's own prices.
  @inline(__always)
  private func step(_ series: borrowing CandleSeries, first: Int) {
    let taken = store.taken
    let bar = taken - first
    precondition(bar >= 0 && bar < series.times.count, "a bar that is there")
    store.makeRoom(from: taken, bars: 1)
    let row = store.row(of: taken)
    for column in usedColumns { store.start(candles + column)[row] = series.block[column * series.times.count + bar] }
    for step in steps { step._withUnsafeGuaranteedRef { $0.step(row) } }
    store.take(bars: 1)
  }

  /// The same for a graph in which some nodes run outside the process: each is awaited where its inputs are there.
  public func advanceSuspending(_ market: Market, rows: Int) async throws {
    try begin(market, rows)
    let row = store.row(of: count)
    let holed = holes(market, rows)
    for stage in stages {
      guard let remote = stage.remote else {
        stage.take(row, rows, holed)
        continue
      }
      let inputs = remote.inputs.map { Array(UnsafeBufferPointer(start: store.start($0) + row, count: rows)) }
      let outputs = try await remote.columns.advance(inputs)
      guard outputs.count == remote.width, outputs.allSatisfy({ $0.count == rows }) else {
        throw GraphError.wrongShape
      }
      for (output, values) in outputs.enumerated() {
        let target = store.start(remote.target + output) + row
        for row in 0..<rows { target[row] = values[row] }
      }
    }
    store.take(bars: rows)
  }

  /// Value of a node at a bar of the last block, prices in the money of that bar.
  public func value(_ node: Int, at bar: Int) -> Double {
    let value = adjusted(node, at: bar)
    return store.isRestated ? restatement.value(value, of: node, at: bar, in: store) : value
  }

  /// The same with prices adjusted forward from the first bar, as nodes read them.
  func adjusted(_ node: Int, at bar: Int) -> Double { store.pointer(places[node], bar: bar)[0] }

  /// Copies a node's adjusted values at bars of the last block to a place in `values`.
  public func copy(_ node: Int, from bars: Range<Int>, into values: inout MutableSpan<Double>, at: Int) {
    precondition(bars.lowerBound >= 0 && bars.upperBound <= count, "bars that were taken")
    precondition(at >= 0 && at + bars.count <= values.count, "there is room for them")
    let source = store.pointer(places[node], bar: bars.lowerBound)
    // A block of memory at once: value by value it is the dearest part of the blocks of a sweep's columns.
    values.withUnsafeMutableBufferPointer { $0.baseAddress?.advanced(by: at).update(from: source, count: bars.count) }
  }

  /// Adjusted values of two nodes at bars of the last block.
  func withColumns(_ one: Int, _ other: Int, _ bars: Range<Int>, _ body: (Span<Double>, Span<Double>) -> Void) {
    let first = UnsafeBufferPointer(start: store.pointer(places[one], bar: bars.lowerBound), count: bars.count)
    let second = UnsafeBufferPointer(start: store.pointer(places[other], bar: bars.lowerBound), count: bars.count)
    body(Span(_unsafeElements: first), Span(_unsafeElements: second))
  }

  /// For each other symbol that is read bar by bar: at how many bars nothing new of it was known.
  public var gaps: [String: Int] {
    clocks.reduce(into: [:]) { gaps, clock in
      if let symbol = clock.clock.symbol, clock.clock.timeframe == nil { gaps[symbol] = clock.run.unchanged }
    }
  }

  /// The candle columns with a hole in the next bars. A step looks by itself.
  private func holes(_ market: Market, _ rows: Int) -> CandleSeries.Columns {
    let bar = count - market.first
    return rows > 1 ? market.deciding.columnsWithHoles(in: bar..<bar + rows) : .all
  }

  private func begin(_ market: Market, _ rows: Int) throws(GraphError) {
    let series = market.deciding
    let bar = count - market.first
    precondition(rows <= block && bar >= 0 && bar + rows <= series.count, "at most a block of bars that are there")
    store.makeRoom(from: count, bars: rows)
    if series.isRestated { restatement.take(series, bar..<bar + rows, at: count, in: store) }
    store.copy(
      series.adjustedBlock.span, stride: series.count, to: candles, columns: usedColumns, bar: bar, bars: rows)
    if usesCalendar {
      let starts = store.pointer(calendar, bar: count)
      let elapsed = store.pointer(calendar + 1, bar: count)
      let weekday = store.pointer(calendar + 2, bar: count)
      let missed = store.pointer(calendar + 3, bar: count)
      for row in 0..<rows {
        (starts[row], elapsed[row], weekday[row], missed[row]) = session.next(bar + row, of: series)
      }
    }
    for (place, numbers) in numbersBySymbol {
      store.pointer(place, bar: count).update(repeating: numbers[series.instrument.symbol], count: rows)
    }
    for (place, column) in quotedColumns {
      let target = store.pointer(place, bar: count)
      for row in 0..<rows { target[row] = series.value(column, at: bar + row) }
    }
    for fact in facts {
      series.write(
        fact.measure, of: market.facts, bars: bar..<bar + rows, to: store.pointer(fact.place, bar: count))
    }
    for clock in clocks {
      let targets = clock.readers.map { store.pointer(places[$0], bar: count) }
      let first = count
      try clock.run.advance(with: market, rows: count..<count + rows) { place, row, value in
        targets[place][row - first] = value
      }
    }
  }
}

extension Graph.Clock {
  /// What tells it from the others of a graph.
  fileprivate var name: String { "\(symbol ?? "") \(timeframe?.description ?? "")" }
}

extension Graph {
  /// The candle columns that a node reads; nil where it reads something else too.
  fileprivate func candleColumns(of node: Node) -> CandleSeries.Columns? {
    var columns = CandleSeries.Columns()
    for input in node.inputs {
      guard case .series(let key) = nodes[input].kind, case .candle(let column) = key.kind else { return nil }
      columns.insert(CandleSeries.Columns(column))
    }
    return columns
  }
}

/// Why a graph could not go on.
public enum GraphError: Error, Hashable {
  /// A node runs outside the process, so the run has to be awaited.
  case suspends
  /// A node outside the process answered with another number of columns or rows than it was asked for.
  case wrongShape
  /// A series that it reads is not among those given.
  case noSeries(String)
  /// Another clock is not higher than the deciding one.
  case notHigher(Timeframe, than: Timeframe)
}

extension GraphError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .suspends: "a module runs outside the process, and this run cannot wait for it"
    case .wrongShape: "a module outside the process answered with another number of values than it was asked for"
    case .noSeries(let symbol): "there are no prices of \(symbol), which an expression reads"
    case .notHigher(let wanted, let own): "@ \(wanted) is not above the timeframe of the bars, \(own)"
    }
  }
}
