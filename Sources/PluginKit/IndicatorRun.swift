public import SeriesMath

/// The erased node: an indicator at work, one block of rows after another. It keeps its state between blocks, so a
/// backtest (large blocks) and the live host (blocks of one) run the same code.
///
/// It holds a closure and not a generic class: the methods of a generic class are not specialised, and a step through
/// witness tables costs five times what the step does.
public final class ColumnWork {
  /// Rows; the inputs, input k from `k * stride` on; the outputs, output j from `j * stride` on, and the row that
  /// stands at their first index; whether the inputs are known to have no hole in these rows.
  public typealias Body = (
    _ rows: Range<Int>, _ inputs: Span<Double>, _ inputStride: Int, _ outputs: inout MutableSpan<Double>,
    _ outputStride: Int, _ outputStart: Int, _ isWhole: Bool
  ) -> Void
  /// Computes one row of columns that stay where they are.
  public typealias Step = (_ row: Int) -> Void

  /// Columns that stay where they are for as long as a run lasts: input k from `inputs[k * stride]` on, output j from
  /// `outputs[j * stride]` on, and the same row at the same distance from there. The two do not overlap.
  public struct Columns {
    @usableFromInline let inputs: UnsafeBufferPointer<Double>
    @usableFromInline let outputs: UnsafeMutableBufferPointer<Double>
    @usableFromInline let stride: Int

    public init(inputs: UnsafeBufferPointer<Double>, outputs: UnsafeMutableBufferPointer<Double>, stride: Int) {
      self.inputs = inputs
      self.outputs = outputs
      self.stride = stride
    }
  }

  private let body: Body
  private let stepping: (Columns) -> Step
  private let end: () -> Void
  /// What it has seen, to be kept apart from it.
  public let memory: WorkMemory?

  /// Work of which a row is a block like any other, and a block is like any other: it remembers nothing.
  public convenience init(_ body: @escaping Body) {
    self.init(
      body,
      stepping: { columns in
        { row in
          var outputs = columns.outputs.mutableSpan
          body(row..<row + 1, columns.inputs.span, columns.stride, &outputs, columns.stride, 0, false)
        }
      }, memory: nil, end: {})
  }

  /// `end` is called once when the work is over: the place to free what `body` and the steps work on.
  @usableFromInline
  init(
    _ body: @escaping Body, stepping: @escaping (Columns) -> Step, memory: WorkMemory?, end: @escaping () -> Void
  ) {
    self.body = body
    self.stepping = stepping
    self.memory = memory
    self.end = end
  }

  deinit { end() }

  /// The work of an indicator, from its first bar.
  ///
  /// What it has seen stands in memory of its own: a variable that closures share is checked for exclusive access at
  /// every bar, which costs as much as a step. Nothing else has the pointer, and one `advance` or step runs at a time.
  @inlinable
  public convenience init<Module: Indicator>(of module: Module) {
    let run = UnsafeMutablePointer<IndicatorRun<Module>>.allocate(capacity: 1)
    run.initialize(to: IndicatorRun(module))
    self.init(
      { rows, inputs, inputStride, outputs, outputStride, outputStart, isWhole in
        run.pointee.advance(
          rows, inputs: inputs, inputStride: inputStride, outputs: &outputs, outputStride: outputStride,
          outputStart: outputStart, isWhole: isWhole)
      },
      stepping: { columns in { row in run.pointee.step(row, columns) } },
      memory: WorkMemory(
        of: IndicatorPast<Module>.self,
        initialize: { kept in kept.initialize(to: IndicatorPast(run.pointee.fresh)) },
        exchange: { kept in
          swap(&run.pointee.state, &kept.pointee.state)
          swap(&run.pointee.seen, &kept.pointee.seen)
          kept.pointee.state.putAway()
        }),
      end: {
        run.deinitialize(count: 1)
        run.deallocate()
      })
  }

  /// Computes rows `rows` of the outputs; as many rows as the indicator reaches back are still in the inputs.
  ///
  /// `isWhole` promises that no input has a hole in these rows, which are then not searched for one.
  public func advance(
    _ rows: Range<Int>, inputs: Span<Double>, inputStride: Int, outputs: inout MutableSpan<Double>,
    outputStride: Int, outputStart: Int, isWhole: Bool = false
  ) { body(rows, inputs, inputStride, &outputs, outputStride, outputStart, isWhole) }

  /// What a live host calls at every bar: `advance` of one row, with all said beforehand that stays the same.
  ///
  /// Whoever calls it keeps this work and the columns.
  public func step(over columns: Columns) -> Step { stepping(columns) }
}

/// What a work has seen, kept apart from it in memory of some size: so many series of bars take turns at one work.
///
/// `initialize` makes what a work remembers that has not begun, `exchange` changes it for what the work remembers now,
/// and `end` frees what it holds. The first two are called while the work is there.
public struct WorkMemory {
  public let size, alignment: Int
  public let initialize: (UnsafeMutableRawPointer) -> Void
  public let exchange: (UnsafeMutableRawPointer) -> Void
  public let end: (UnsafeMutableRawPointer) -> Void

  /// Memory that holds one value.
  @inlinable
  public init<Value>(
    of type: Value.Type, initialize: @escaping (UnsafeMutablePointer<Value>) -> Void,
    exchange: @escaping (UnsafeMutablePointer<Value>) -> Void
  ) {
    size = MemoryLayout<Value>.size
    alignment = MemoryLayout<Value>.alignment
    self.initialize = { initialize($0.bindMemory(to: Value.self, capacity: 1)) }
    self.exchange = { exchange($0.assumingMemoryBound(to: Value.self)) }
    end = { $0.assumingMemoryBound(to: Value.self).deinitialize(count: 1) }
  }
}

/// What an indicator's run has seen.
@usableFromInline
struct IndicatorPast<Module: Indicator> {
  @usableFromInline var state: Module
  @usableFromInline var seen = 0

  @inlinable init(_ fresh: Module) { state = fresh }
}

/// Drives an indicator over columns that may have holes: each run of finite inputs gets a fresh state, so that modules
/// never see NaN.
@usableFromInline
struct IndicatorRun<Module: Indicator> {
  @usableFromInline let fresh: Module
  @usableFromInline var state: Module
  /// Bars of the current run so far.
  @usableFromInline var seen = 0
  @usableFromInline let inputCount: Int
  @usableFromInline let warmUp: Int

  @inlinable
  init(_ module: Module) {
    var started = module
    started.start()
    fresh = started
    state = started
    warmUp = started.warmUp
    inputCount = Module.inputs.count
  }

  /// One bar, as a live host takes it. Beyond the first value it is one look for holes and one `next`; `seen` then stays
  /// as it is, for nothing asks how far beyond.
  ///
  /// Arithmetic that wraps: a place that is not in the columns is refused by their spans.
  @inlinable
  @inline(__always)
  mutating func step(_ row: Int, _ columns: ColumnWork.Columns) {
    let (inputs, stride) = (columns.inputs.span, columns.stride)
    guard seen > warmUp else { return begin(row, columns) }
    var place = row
    for _ in 0..<inputCount {
      guard inputs[place].isFinite else { return begin(row, columns) }
      place &+= stride
    }
    let values = state.next(View(inputs, stride: stride, at: row))
    var outputs = columns.outputs.mutableSpan
    place = row
    for output in 0..<Module.Value.width {
      outputs[place] = values[output]
      place &+= stride
    }
  }

  /// A bar with a hole, or up to the first value. It stays out of the way of the others.
  @inlinable
  @inline(never)
  mutating func begin(_ row: Int, _ columns: ColumnWork.Columns) {
    var outputs = columns.outputs.mutableSpan
    advance(
      row..<row + 1, inputs: columns.inputs.span, inputStride: columns.stride, outputs: &outputs,
      outputStride: columns.stride, outputStart: 0, isWhole: false)
  }

  @inlinable
  mutating func advance(
    _ rows: Range<Int>, inputs: Span<Double>, inputStride: Int, outputs: inout MutableSpan<Double>, outputStride: Int,
    outputStart: Int, isWhole: Bool
  ) {
    var at = rows.lowerBound
    while at < rows.upperBound {
      // As much at a time as stays near the processor between the search for holes and the steps.
      let most = min(rows.upperBound, at + Stretch.most)
      let end = isWhole ? most : finiteRun(from: at, to: most, inputs, inputStride)
      if end == at {
        for output in 0..<Module.Value.width { outputs[output * outputStride + at - outputStart] = .nan }
        if seen > 0 {
          state = fresh
          seen = 0
        }
        at += 1
        continue
      }
      run(at..<end, inputs, inputStride, &outputs, outputStride, outputStart)
      at = end
    }
  }

  /// The end of the finite rows that start at `from`; `from` itself where that row has a hole.
  ///
  /// Up to four inputs are read side by side, each by an instruction of its own: several streams come faster from
  /// memory than one after the other, where the processor can tell them apart.
  @inlinable
  func finiteRun(from: Int, to: Int, _ inputs: Span<Double>, _ stride: Int) -> Int {
    for input in 0..<inputCount where !inputs[input * stride + from].isFinite { return from }
    let count = inputCount
    let first = rows(from..<to, 0, inputs, stride)
    let second = rows(from..<to, 1, inputs, stride)
    let third = rows(from..<to, 2, inputs, stride)
    let fourth = rows(from..<to, 3, inputs, stride)
    // Eight lanes and no branch: x * 0 is NaN exactly where x is not finite.
    var (one, two) = (SIMD8<Double>(), SIMD8<Double>())
    var at = 0
    switch count {
    case 1:
      while at + 8 <= first.count {
        one += eight(first, at) * 0
        at += 8
      }
    case 2:
      while at + 8 <= first.count {
        one += eight(first, at) * 0
        two += eight(second, at) * 0
        at += 8
      }
    case 3:
      while at + 8 <= first.count {
        one += eight(first, at) * 0
        two += eight(second, at) * 0
        one += eight(third, at) * 0
        at += 8
      }
    default:
      while at + 8 <= first.count {
        one += eight(first, at) * 0
        two += eight(second, at) * 0
        one += eight(third, at) * 0
        two += eight(fourth, at) * 0
        at += 8
      }
    }
    for input in 4..<max(4, count) {
      let more = rows(from..<to, input, inputs, stride)
      var place = 0
      while place < at {
        one += eight(more, place) * 0
        place += 8
      }
    }
    var end = from + at
    if one + two != SIMD8() { end = from }
    rows: while end < to {
      for input in 0..<count where !inputs[input * stride + end].isFinite { break rows }
      end += 1
    }
    return end
  }

  /// Rows of one input; of the first where there is none such.
  @inlinable
  @inline(__always)
  @_lifetime(copy inputs)
  func rows(_ rows: Range<Int>, _ input: Int, _ inputs: Span<Double>, _ stride: Int) -> Span<Double> {
    let start = (input < inputCount ? input : 0) * stride
    return inputs.extracting(start + rows.lowerBound..<start + rows.upperBound)
  }

  @inlinable
  @inline(__always)
  func eight(_ rows: Span<Double>, _ at: Int) -> SIMD8<Double> {
    let part = rows.extracting(at..<at + 8)
    var values = SIMD8<Double>()
    for lane in 0..<8 { values[lane] = part[lane] }
    return values
  }

  /// One run of finite rows. The state is a local during the loop, so that it stays in registers.
  @inlinable
  mutating func run(
    _ rows: Range<Int>, _ inputs: Span<Double>, _ stride: Int, _ outputs: inout MutableSpan<Double>,
    _ outputStride: Int, _ outputStart: Int
  ) {
    var module = state
    state = fresh  // leaves the local as the only owner of what the state points to, so that a step never copies it
    var at = rows.lowerBound
    while at < rows.upperBound, seen < warmUp {
      module.warm(View(inputs, stride: stride, at: at))
      for output in 0..<Module.Value.width { outputs[output * outputStride + at - outputStart] = .nan }
      seen += 1
      at += 1
    }
    if at < rows.upperBound, seen == warmUp {
      let row = module.first(View(inputs, stride: stride, at: at))
      for output in 0..<Module.Value.width { outputs[output * outputStride + at - outputStart] = row[output] }
      seen += 1
      at += 1
    }
    seen += rows.upperBound - at
    if at + 1 == rows.upperBound {
      let row = module.next(View(inputs, stride: stride, at: at))
      for output in 0..<Module.Value.width { outputs[output * outputStride + at - outputStart] = row[output] }
    } else if at < rows.upperBound {
      var rest = outputs.part(at - outputStart..<outputs.count)
      module.column(Stretch(inputs, stride: stride, rows: at..<rows.upperBound), &rest, stride: outputStride)
    }
    state = module
  }
}

/// An indicator that runs elsewhere, such as in a child process. It is handed whole blocks and may suspend and throw.
public protocol RemoteColumns: Sendable {
  /// One row of values a bar, `outputs[output][bar]`, for the bars of `inputs[input][bar]`; NaN is no value.
  func advance(_ inputs: [[Double]]) async throws -> [[Double]]
}
