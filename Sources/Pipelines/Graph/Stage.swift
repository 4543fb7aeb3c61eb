import PluginKit
import Trading

/// What a node has to do at each block, over columns whose places are known once for all.
final class Stage {
  /// Computes some rows of the store, in which these candle columns have holes.
  let advance: (_ rows: Range<Int>, _ holed: CandleSeries.Columns) -> Void
  /// The same for one row, which is what a live host takes.
  let step: (_ row: Int) -> Void
  /// What is awaited instead, where the node runs outside the process.
  let remote: Remote?
  /// What it has seen, to be kept apart from it; nil where that is nothing.
  let memory: WorkMemory?

  struct Remote {
    let columns: any RemoteColumns
    let inputs: [Int]
    let target: Int
    let width: Int
  }

  private init(
    _ advance: @escaping (Range<Int>, CandleSeries.Columns) -> Void, step: @escaping (Int) -> Void,
    remote: Remote? = nil, memory: WorkMemory? = nil
  ) {
    self.memory = memory
    self.advance = advance
    self.step = step
    self.remote = remote
  }

  func take(_ row: Int, _ rows: Int, _ holed: CandleSeries.Columns) {
    if rows == 1 { step(row) } else { advance(row..<row + rows, holed) }
  }

  convenience init(_ operation: Operation, of inputs: [Int], into target: Int, in store: ColumnStore) {
    let work = OperationWork(operation)
    let sources = inputs.map { UnsafePointer(store.start($0)) }
    let target = store.start(target)
    self.init(
      { rows, _ in work.advance(rows, sources, target) }, step: { row in work.advance(row..<row + 1, sources, target) },
      memory: work.memory)
  }

  /// An indicator whose inputs stand one after another. `candleColumns` are those that it reads, where it reads nothing
  /// else: the series knows where those have holes.
  convenience init(
    _ work: ColumnWork, from source: Int, inputs: Int, to target: Int, outputs: Int, in store: ColumnStore,
    candleColumns: CandleSeries.Columns?
  ) {
    let stride = store.capacity
    // The two never overlap: an indicator's columns are its own.
    let input = UnsafeBufferPointer(start: store.start(source), count: inputs * stride)
    let output = UnsafeMutableBufferPointer(start: store.start(target), count: outputs * stride)
    self.init(
      { rows, holed in
        var values = output.mutableSpan
        work.advance(
          rows, inputs: input.span, inputStride: stride, outputs: &values, outputStride: stride, outputStart: 0,
          isWhole: candleColumns?.isDisjoint(with: holed) ?? false)
      }, step: work.step(over: ColumnWork.Columns(inputs: input, outputs: output, stride: stride)), memory: work.memory)
  }

  /// Copies columns to where they stand one after another.
  convenience init(copying columns: [Int], to target: Int, in store: ColumnStore) {
    let pairs = columns.enumerated().map { (from: store.start($1), to: store.start(target + $0)) }
    self.init(
      { rows, _ in
        for pair in pairs { (pair.to + rows.lowerBound).update(from: pair.from + rows.lowerBound, count: rows.count) }
      }, step: { row in for pair in pairs { pair.to[row] = pair.from[row] } })
  }

  convenience init(_ columns: any RemoteColumns, of inputs: [Int], into target: Int, outputs: Int) {
    self.init(
      { _, _ in }, step: { _ in },
      remote: Remote(columns: columns, inputs: inputs, target: target, width: outputs))
  }
}
