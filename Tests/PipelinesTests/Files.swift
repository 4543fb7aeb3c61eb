import Foundation
import MarketData
import Pipelines
import StrategyModules
import Trading

/// A file of the repository, found from this one.
func repositoryFile(_ path: String) -> URL {
  URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../\(path)").standardized
}

/// The names of the YAML files of a folder beside this file, without their ending.
func cases(in folder: String) -> [String] {
  let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: folder).path
  let files = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
  return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
}

func caseFile(_ name: String) -> URL {
  URL(filePath: #filePath).deletingLastPathComponent().appending(path: name)
}

/// Reads a strategy as `validate` does, with the watchlist of the samples.
func read(_ bytes: [UInt8], file: String) -> (strategy: Strategy?, diagnostics: [Diagnostic]) {
  let (declared, diagnostics) = declaration(bytes, file: file)
  return (declared?.strategy, diagnostics)
}

/// The same of any kind of file.
func declaration(_ bytes: [UInt8], file: String) -> (declaration: Declaration?, diagnostics: [Diagnostic]) {
  var reader = StrategyReader(registry: bundled, watchlists: ["index": ["^IXIC", "^GSPC"]])
  reader.categories = ["^IXIC": "index", "^GSPC": "index", "ES=F": "future", "AAPL": "stock"]
  return reader.declaration(file: file, bytes: bytes)
}

/// The rules of the shipped price alerts.
func shippedAlerts() throws -> [Strategy] {
  var reader = StrategyReader(registry: bundled)
  reader.categories = ["^IXIC": "index", "^GSPC": "index", "ES=F": "future"]
  let folder = repositoryFile("strategies/alerts")
  let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".yaml") }
  return files.sorted().flatMap {
    reader.declaration(path: folder.appending(path: $0).path).declaration?.strategies ?? []
  }
}

/// A strategy of steps; nil where they are faulty.
func strategy(_ pipeline: String, _ more: String = "") -> Strategy? {
  let text = "name: x\ntimeframe: 1d\nsymbols: [X]\n\(more)\npipeline:\n\(pipeline)\n"
  return read(Array(text.utf8), file: "x.yaml").strategy
}

/// The diagnostics of a file whose only step is a buy.
func faults(inBuy expression: String) -> [Diagnostic] {
  let quoted = expression.replacingOccurrences(of: "'", with: "''")
  let text = "name: x\ntimeframe: 1d\nsymbols: [X]\npipeline:\n  - id: call\n    buy: '\(quoted)'\n"
  return read(Array(text.utf8), file: "x.yaml").diagnostics
}

func sample(_ name: String) throws -> CandleSeries {
  let bytes = [UInt8](try Data(contentsOf: repositoryFile("Samples/\(name)-1d.csv")))
  return try PriceFile.parse(bytes, name: name, instrument: Instrument(symbol: name)).series
}

/// Candles that move from close to close, with missing bars where the notation says so.
func candles(_ closes: String, volumes: String? = nil) throws -> CandleSeries {
  StrategyTest.candles(
    closes: try SeriesNotation.values(of: closes), volumes: try volumes.map { try SeriesNotation.values(of: $0) })
}

/// A sample, and beside it the other one for strategies that act on both.
func samples(_ name: String) throws -> Market {
  Market(try sample(name), others: ["@b": try sample(name == "GSPC" ? "IXIC" : "GSPC")])
}
