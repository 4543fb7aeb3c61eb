import Bars
import Pipelines
import StrategyModules

/// Reads bytes as a strategy file; a sound strategy is run over sixty bars, and every message is written out.
@_cdecl("LLVMFuzzerTestOneInput")
public func readStrategy(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  let reader = StrategyReader(registry: bundled, watchlists: ["index": ["^IXIC", "^GSPC"]])
  let (strategy, diagnostics) = reader.read(file: "x.yaml", bytes: bytes)
  for diagnostic in diagnostics { _ = diagnostic.description }
  // A strategy that the graph refuses is no fault.
  if let strategy { _ = try? run([strategy], over: bars) }
  return 0
}
