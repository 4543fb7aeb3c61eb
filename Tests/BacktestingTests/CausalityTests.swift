import Foundation
import MarketData
import Pipelines
import StrategyModules
import Testing
import Trading

@testable import Backtesting
@testable import PluginKit

/// The certificate holds where nothing reads ahead, and fails where something does.
@Suite struct CausalityTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private static func prices(_ name: String) throws -> CandleSeries {
    try PriceFile.read(
      path: root.appending(path: "Samples/\(name).csv").path(), instrument: Instrument(symbol: name)
    ).series
  }

  @Test(arguments: ["IXIC-1d", "GSPC-1d"]) func everyBundledStrategyIsCausal(_ name: String) throws {
    let folder = Self.root.appending(path: "strategies")
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path())
      .filter { $0.hasSuffix(".yaml") && !$0.hasPrefix("portfolios/") }
    let reader = StrategyReader(registry: bundled)
    let declared = files.sorted().map { reader.declaration(path: folder.appending(path: $0).path()).declaration }
    #expect(declared.allSatisfy { $0?.strategies.isEmpty == false } && files.count >= 10)
    let alone = declared.compactMap { $0?.strategies }.joined().filter { $0.graph.symbols.isEmpty }
    let certificate = try CausalityCertificate(of: alone, over: Market(Self.prices(name)), cuts: 3)
    #expect(certificate.findings.isEmpty, "\(certificate.findings.prefix(3))")
    #expect(certificate.signals > 100)
  }

  @Test func otherSymbolsAndTimeframesAreCutByWhatWasKnown() throws {
    let yaml = """
      name: clocks
      timeframe: 1d
      symbols: [X]
      pipeline:
        - id: s
          buy: close > sma(close, 3) @ 1w and symbol("N").close > sma(symbol("N").close, 10)
          sell: close < lowest(low, 2) @ 1mo or symbol("N").close < symbol("N").close[5] @ 1w
      """
    let (strategy, faults) = StrategyReader(registry: bundled).read(file: "clocks.yaml", bytes: Array(yaml.utf8))
    let market = try Market(Self.prices("IXIC-1d"), others: ["N": Self.prices("GSPC-1d")])
    let certificate = try CausalityCertificate(
      of: [#require(strategy, "\(faults.map(\.description))")], over: market, cuts: 8, noises: 2)
    #expect(certificate.findings.isEmpty, "\(certificate.findings.prefix(3))")
    #expect(certificate.signals > 100)
  }

  /// Reads the last value of the whole block that it is handed, as a careless plugin from outside would.
  struct Peeking: Indicator {
    static let id = "peeking"
    static let summary = "The last value there is."
    static let inputs = ["x"]
    static let examples: [Example] = []
    var warmUp: Int { 0 }
    var reach: Int { 0 }
    mutating func first(_ x: borrowing View) -> Double { x[0] }
    mutating func next(_ x: borrowing View) -> Double { x[0] }
  }

  @Test func aModuleThatReadsAheadIsFound() throws {
    let peeking = IndicatorEntry(Peeking.self) { _ in
      ConfiguredIndicator(warmUp: 0, reach: 0) {
        .native(
          ColumnWork { rows, inputs, _, outputs, _, outputStart, _ in
            for row in rows { outputs[row - outputStart] = inputs[rows.upperBound - 1] }
          })
      }
    }
    let registry = Registry(indicators: indicators + [peeking], signals: signals)
    let yaml = """
      name: peek
      timeframe: 1d
      symbols: [X]
      pipeline:
        - { id: s, buy: peeking(close) > close, sell: peeking(close) < close }
      """
    let strategy = try #require(
      StrategyReader(registry: registry).read(file: "peek.yaml", bytes: Array(yaml.utf8)).strategy)
    let certificate = try CausalityCertificate(of: [strategy], over: Market(Self.prices("IXIC-1d")), cuts: 4)
    #expect(!certificate.findings.isEmpty)
  }
}
