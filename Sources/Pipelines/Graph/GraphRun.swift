import PluginKit
public import Trading

/// A graph at work over one series, a block of bars at a time. Every column is kept only as far back as some node
/// reads it, so a backtest (blocks of thousands) and the live host (blocks of one) are the same run, at a memory that
/// does not grow with the bars.
public final class GraphRun {
  public let graph: Graph
  /// The most bars that one `advance` takes.
  public let block: Int
  private let store: ColumnStore
  private var works: [Work]
  /// What is to be done a block, in order; nodes that only stand for columns have no stage.
  private let stages: [Stage]
  /// The work of each stage that an indicator does here. `works` keeps it alive; taken from there it would be counted at
  /// every bar.
  private let natives: [Unmanaged<ColumnWork>?]
  /// Where the values of each node stand.
  private let places: [ColumnStore.Place]
  private let candles: ColumnStore.Place
  /// Bars taken so far.
  public private(set) var count = 0
  /// The candle columns with a hole in the block that is at work; all of them in a block of one bar, at which it is no
  /// dearer to look than to know.
  private var holed = CandleSeries.Columns()

  /// Graphs on other clocks, with the nodes here that read their columns.
  private let clocks: [(clock: Graph.Clock, run: ClockRun, readers: [(node: Int, column: Int)])]
  private let calendar: ColumnStore.Place
  private var session = SessionClock()
  private let usesCalendar: Bool
  /// The candle columns that some node reads.
  private let usedColumns: [Int]

  private struct Stage {
    var node: Int
    var inputs: [ColumnStore.Place]
    /// Where an indicator finds its inputs side by side: `inputs`, or copies of them.
    var source: ColumnStore.Place
    var isGathered: Bool
    var target: ColumnStore.Place
    var width: Int
    /// The candle columns that an indicator reads where it reads nothing else: the series knows where those have holes.
    var candleColumns: CandleSeries.Columns?
  }

  private enum Work {
    case none
    case operation(OperationWork)
    case native(ColumnWork)
    case remote(any RemoteColumns)
  }

  public init(_ graph: Graph, block: Int = 1_024) {
    self.graph = graph
    self.block = max(1, block)
    var history = graph.nodes.map { _ in 0 }
    var candleHistory = 0
    for node in graph.nodes {
      for input in node.inputs { history[input] = max(history[input], node.reach) }
    }
    for (index, node) in graph.nodes.enumerated() {
      if case .series = node.kind { candleHistory = max(candleHistory, history[index]) }
      // An output is its indicator's column: who reads the one reads the other.
      if case .output = node.kind, let source = node.inputs.first {
        history[source] = max(history[source], history[index])
      }
    }
    let store = ColumnStore(block: self.block, reach: graph.reach)
    candles = store.reserve(columns: CandleSeries.Column.allCases.count, history: candleHistory)
    calendar = store.reserve(columns: SessionClock.columns, history: candleHistory)
    clocks = graph.clocks.map { clock, inner in
      let readers = graph.nodes.enumerated().compactMap { index, node -> (node: Int, column: Int)? in
        if case .aligned(clock, let column) = node.kind { (index, column) } else { nil }
      }
      return (clock, ClockRun(clock, inner), readers)
    }
    var places: [ColumnStore.Place] = []
    var gathered: [Int: ColumnStore.Place] = [:]
    works = []
    for (index, node) in graph.nodes.enumerated() {
      var work = Work.none
      switch node.kind {
      case .number(let value), .duration(let value): places.append(store.constant(value))
      case .series(let key):
        switch key.kind {
        case .candle(let column): places.append(candles.column(column.rawValue))
        case .sessionStart: places.append(calendar.column(0))
        case .sessionElapsed: places.append(calendar.column(1))
        case .weekday: places.append(calendar.column(2))
        case .named: places.append(store.constant(.nan))
        }
      case .aligned: places.append(store.reserve(columns: 1, history: history[index]))
      case .output(let output): places.append(places[node.inputs[0]].column(output))
      case .operation(let operation):
        places.append(store.reserve(columns: 1, history: history[index]))
        work = .operation(OperationWork(operation))
      case .indicator:
        let inputs = node.inputs.map { places[$0] }
        if !ColumnStore.standSideBySide(inputs) {
          gathered[index] = store.reserve(columns: inputs.count, history: node.reach)
        }
        places.append(store.reserve(columns: node.width, history: history[index]))
        switch node.indicator?.begin() {
        case .native(let native): work = .native(native)
        case .remote(let remote): work = .remote(remote)
        case nil: break
        }
      }
      works.append(work)
    }
    self.places = places
    var stages: [Stage] = []
    for (index, node) in graph.nodes.enumerated() {
      if case .none = works[index] { continue }
      let inputs = node.inputs.map { places[$0] }
      stages.append(
        Stage(
          node: index, inputs: inputs, source: gathered[index] ?? inputs.first ?? places[index],
          isGathered: gathered[index] != nil, target: places[index], width: node.width,
          candleColumns: graph.candleColumns(of: node)))
    }
    self.stages = stages
    let begun = works
    natives = stages.map { if case .native(let work) = begun[$0.node] { .passUnretained(work) } else { nil } }
    self.store = store
    usedColumns = CandleSeries.Column.allCases.map(\.rawValue).filter { column in
      graph.nodes.contains { node in
        if case .series(let key) = node.kind, case .candle(let used) = key.kind {
          used.rawValue == column
        } else {
          false
        }
      }
    }
    usesCalendar = graph.nodes.contains { node in
      if case .series(let key) = node.kind, key.kind.isOfCalendar { true } else { false }
    }
    store.allocate()
  }

  /// Takes the next bars of the deciding series: its rows `count ..< count + rows`, at most `block` of them.
  ///
  /// Throws `GraphError.suspends` where a node runs outside the process: those need `advanceSuspending`.
  public func advance(_ market: Market, rows: Int) throws(GraphError) {
    try begin(market, rows)
    let row = count
    for stage in stages.indices {
      if let native = natives[stage] {
        step(stage, native, row, rows)
      } else {
        if case .remote = works[stages[stage].node] { throw .suspends }
        step(stage, rows)
      }
    }
    count = row + rows
  }

  /// The same for a graph in which some nodes run outside the process: each is awaited where its inputs are there.
  public func advanceSuspending(_ market: Market, rows: Int) async throws {
    try begin(market, rows)
    for stage in stages.indices {
      let index = stages[stage].node
      guard case .remote(let remote) = works[index] else {
        step(stage, rows)
        continue
      }
      let node = graph.nodes[index]
      let inputs = node.inputs.map { input in
        Array(UnsafeBufferPointer(start: store.pointer(places[input], row: count), count: rows))
      }
      let outputs = try await remote.advance(inputs)
      guard outputs.count == node.width, outputs.allSatisfy({ $0.count == rows }) else { throw GraphError.wrongShape }
      for (output, values) in outputs.enumerated() {
        let target = store.pointer(places[index].column(output), row: count)
        for row in 0..<rows { target[row] = values[row] }
      }
    }
    count += rows
  }

  /// Value of a node at a bar of the last block.
  public func value(_ node: Int, at bar: Int) -> Double { store.pointer(places[node], row: bar)[0] }

  /// Copies a node's values at bars of the last block to a place in `values`.
  public func copy(_ node: Int, from bars: Range<Int>, into values: inout MutableSpan<Double>, at: Int) {
    precondition(bars.lowerBound >= 0 && bars.upperBound <= count, "bars that were taken")
    let source = store.pointer(places[node], row: bars.lowerBound)
    for row in 0..<bars.count { values[at + row] = source[row] }
  }

  /// Values of two nodes at bars of the last block.
  func withColumns(_ one: Int, _ other: Int, _ bars: Range<Int>, _ body: (Span<Double>, Span<Double>) -> Void) {
    let first = UnsafeBufferPointer(start: store.pointer(places[one], row: bars.lowerBound), count: bars.count)
    let second = UnsafeBufferPointer(start: store.pointer(places[other], row: bars.lowerBound), count: bars.count)
    body(Span(_unsafeElements: first), Span(_unsafeElements: second))
  }

  /// For each other symbol that is read bar by bar: at how many bars nothing new of it was known.
  public var gaps: [String: Int] {
    clocks.reduce(into: [:]) { gaps, clock in
      if let symbol = clock.clock.symbol, clock.clock.timeframe == nil { gaps[symbol] = clock.run.unchanged }
    }
  }

  private func begin(_ market: Market, _ rows: Int) throws(GraphError) {
    let series = market.deciding
    precondition(rows <= block && count + rows <= series.count, "at most a block of bars that are there")
    holed = rows > 1 ? series.columnsWithHoles(in: count..<count + rows) : .all
    store.makeRoom(from: count, rows: rows)
    store.copy(series.block.span, stride: series.count, to: candles, columns: usedColumns, row: count, rows: rows)
    if usesCalendar {
      let starts = store.pointer(calendar, row: count)
      let elapsed = store.pointer(calendar.column(1), row: count)
      let weekday = store.pointer(calendar.column(2), row: count)
      for row in 0..<rows {
        (starts[row], elapsed[row], weekday[row]) = session.next(
          series.times[count + row], closing: series.knownAt(count + row))
      }
    }
    for clock in clocks {
      let targets = clock.readers.map { (column: $0.column, values: store.pointer(places[$0.node], row: count)) }
      let first = count
      try clock.run.advance(clock.readers.map(\.column), with: market, rows: count..<count + rows) {
        column, row, value in
        for target in targets where target.column == column { target.values[row - first] = value }
      }
    }
  }

  private func step(_ place: Int, _ rows: Int) {
    if let native = natives[place] { return step(place, native, count, rows) }
    let stage = stages[place]
    guard case .operation(var work) = works[stage.node] else { return }
    let inputs = stage.inputs.map { UnsafePointer(store.pointer($0, row: count)) }
    work.advance(rows, inputs, store.pointer(stage.target, row: count))
    works[stage.node] = .operation(work)
  }

  private func step(_ place: Int, _ native: Unmanaged<ColumnWork>, _ row: Int, _ rows: Int) {
    if stages[place].isGathered {
      for (input, origin) in stages[place].inputs.enumerated() {
        store.pointer(stages[place].source.column(input), row: row)
          .update(from: store.pointer(origin, row: row), count: rows)
      }
    }
    native._withUnsafeGuaranteedRef { work in
      store.advance(
        work, from: stages[place].source, inputs: stages[place].inputs.count, to: stages[place].target,
        width: stages[place].width, row: row, rows: rows,
        isWhole: stages[place].candleColumns?.isDisjoint(with: holed) ?? false)
    }
  }
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
