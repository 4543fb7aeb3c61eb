import Bars
import Pipelines
import StrategyModules

/// Reads bytes as an expression; a sound one is worked out over sixty bars, and every message is written out.
@_cdecl("LLVMFuzzerTestOneInput")
public func readExpression(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let bytes = UnsafeBufferPointer(start: start, count: count)
  guard let text = String(validating: bytes, as: UTF8.self) else { return 0 }
  do throws(Evaluation.Faults) {
    let evaluation = try Evaluation([text], registry: bundled)
    // An evaluation that the graph refuses is no fault.
    _ = try? evaluation.columns(over: Market(bars))
  } catch {
    for diagnostic in error.diagnostics { _ = diagnostic.description }
  }
  return 0
}
