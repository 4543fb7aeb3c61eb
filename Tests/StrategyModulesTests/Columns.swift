import PluginKit

/// Drives an indicator over whole columns, without a graph: in blocks of a size, and on demand with every row beyond
/// its reach overwritten before each block.
struct Columns {
  private let indicator: ConfiguredIndicator
  private let width: Int
  private let block: Int
  private let poisons: Bool

  init(_ indicator: ConfiguredIndicator, _ entry: IndicatorEntry, block: Int = .max, poisons: Bool = false) {
    self.indicator = indicator
    width = max(1, entry.outputs.count)
    self.block = block
    self.poisons = poisons
  }

  /// `outputs[output][row]` of `inputs[input][row]`.
  func outputs(of inputs: [[Double]]) -> [[Double]] {
    guard case .native(let work) = indicator.begin() else { return [] }
    let rows = inputs[0].count
    var source = inputs.flatMap { $0 }
    var target = [Double](repeating: -1, count: width * rows)
    var at = 0
    while at < rows {
      let end = block < rows - at ? at + block : rows
      if poisons {
        // Finite, so that it is no hole, and far from everything.
        for input in inputs.indices {
          for row in 0..<max(0, at - indicator.reach) { source[input * rows + row] = 1e6 + Double(row) }
        }
      }
      var outputs = target.mutableSpan
      work.advance(
        at..<end, inputs: source.span, inputStride: rows, outputs: &outputs, outputStride: rows, outputStart: 0)
      at = end
    }
    return (0..<width).map { Array(target[$0 * rows..<($0 + 1) * rows]) }
  }

  /// The same by the steps of a live host, over columns that stay where they are.
  func stepped(over inputs: [[Double]]) -> [[Double]] {
    guard case .native(let work) = indicator.begin() else { return [] }
    let rows = inputs[0].count
    let source = inputs.flatMap { $0 }
    var target = [Double](repeating: -1, count: width * rows)
    source.withUnsafeBufferPointer { source in
      target.withUnsafeMutableBufferPointer { target in
        let step = work.step(over: ColumnWork.Columns(inputs: source, outputs: target, stride: rows))
        for row in 0..<rows { step(row) }
      }
    }
    withExtendedLifetime(work) {}
    return (0..<width).map { Array(target[$0 * rows..<($0 + 1) * rows]) }
  }
}

/// The exact values, so that no value equals no value.
func bits(_ columns: [[Double]]) -> [[UInt64]] {
  columns.map { $0.map { $0.isNaN ? Double.nan.bitPattern : $0.bitPattern } }
}

extension ParameterSpec {
  /// The ends of what is admitted, near enough to be tried.
  var bounds: [Double] {
    switch kind {
    case .integer(let range): [Double(range.lowerBound), Double(min(range.upperBound, 10_000))]
    case .number(let range), .percent(let range), .numbers(let range): [range.lowerBound, range.upperBound]
    case .choice: []
    }
  }

  /// A number as this parameter takes it.
  func written(_ value: Double) -> String {
    if case .numbers = kind { "[\(value)]" } else { "\(value)" }
  }

  /// Just beyond what is admitted.
  var outside: [Double] {
    switch kind {
    case .integer(let range):
      [Double(range.lowerBound) - 1, Double(range.upperBound) + 1, Double(range.lowerBound) + 0.5]
    case .number(let range), .percent(let range), .numbers(let range):
      [range.lowerBound - 0.5, range.upperBound + 0.5]
    case .choice: []
    }
  }
}

extension Setting {
  /// As a strategy writes it.
  var written: String {
    switch self {
    case .number(let value): "\(value)"
    case .choice(let word): word
    case .numbers(let values): "\(values)"
    }
  }
}

extension StepCount {
  /// The fewest steps.
  var least: Int {
    switch self {
    case .none: 0
    case .exactly(let count), .atLeast(let count): count
    }
  }
}
