/// The erased node: an indicator at work, one block of rows after another. It keeps its state between blocks, so a
/// backtest (large blocks) and the live host (blocks of one) run the same code.
public protocol ColumnWork: AnyObject {
  /// Computes rows `rows` of the outputs. Input k starts at `inputs[k * inputStride]`, output j at
  /// `outputs[j * outputStride]`; at least `reach` rows before `rows` are still in the inputs. The first index of
  /// `outputs` belongs to row `outputStart`.
  func advance(
    _ rows: Range<Int>, inputs: Span<Double>, inputStride: Int, outputs: inout MutableSpan<Double>, outputStride: Int,
    outputStart: Int)
}

/// A node's work as a closure. Called through `any ColumnWork`, a method of the generic `IndicatorRun` would be the one
/// compiled for every module at once, with a witness call a bar; the closure is made where the module's type is known,
/// and so holds the loop compiled for it.
public final class CompiledWork: ColumnWork {
  public typealias Advance = (Range<Int>, Span<Double>, Int, inout MutableSpan<Double>, Int, Int) -> Void
  private let work: Advance

  public init(_ work: @escaping Advance) { self.work = work }

  public func advance(
    _ rows: Range<Int>, inputs: Span<Double>, inputStride: Int, outputs: inout MutableSpan<Double>, outputStride: Int,
    outputStart: Int
  ) { work(rows, inputs, inputStride, &outputs, outputStride, outputStart) }
}

/// Drives an indicator over columns that may have holes: each run of finite inputs gets a fresh state, so that modules
/// never see NaN.
public final class IndicatorRun<Module: Indicator>: ColumnWork {
  @usableFromInline let fresh: Module
  @usableFromInline var state: Module
  /// Bars of the current run so far.
  @usableFromInline var seen = 0
  @usableFromInline let inputCount: Int

  @inlinable
  public init(_ module: Module) {
    var started = module
    started.start()
    fresh = started
    state = started
    inputCount = Module.inputs.count
  }

  @inlinable
  public func advance(
    _ rows: Range<Int>, inputs: Span<Double>, inputStride: Int, outputs: inout MutableSpan<Double>, outputStride: Int,
    outputStart: Int
  ) {
    var at = rows.lowerBound
    while at < rows.upperBound {
      let end = finiteRun(from: at, to: rows.upperBound, inputs, inputStride)
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
  @inlinable
  func finiteRun(from: Int, to: Int, _ inputs: Span<Double>, _ stride: Int) -> Int {
    var end = to
    for input in 0..<inputCount {
      let column = inputs.extracting(input * stride..<input * stride + end)
      // Blocks of eight without a branch inside: x * 0 is NaN exactly where x is not finite.
      var at = from
      while at + 8 <= end {
        var sum = 0.0
        for lane in 0..<8 { sum += column[at + lane] * 0 }
        if sum != 0 || sum.isNaN { break }
        at += 8
      }
      while at < end, column[at].isFinite { at += 1 }
      end = at
    }
    return end
  }

  /// One run of finite rows. The state is a local during the loop, so that it stays in registers.
  @inlinable
  func run(
    _ rows: Range<Int>, _ inputs: Span<Double>, _ stride: Int, _ outputs: inout MutableSpan<Double>,
    _ outputStride: Int, _ outputStart: Int
  ) {
    var module = state
    state = fresh  // leaves the local as the only owner of what the state points to, so that a step never copies it
    var at = rows.lowerBound
    let warmUp = module.warmUp
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
    while at < rows.upperBound {
      let row = module.next(View(inputs, stride: stride, at: at))
      for output in 0..<Module.Value.width { outputs[output * outputStride + at - outputStart] = row[output] }
      at += 1
    }
    state = module
  }
}

/// An indicator that runs elsewhere, such as in a child process. It is handed whole blocks and may suspend and throw.
public protocol RemoteColumns: Sendable {
  /// One row of values a bar, `outputs[output][bar]`, for the bars of `inputs[input][bar]`; NaN is no value.
  func advance(_ inputs: [[Double]]) async throws -> [[Double]]
}
