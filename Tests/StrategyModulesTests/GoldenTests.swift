import Foundation
import MarketData
import Pipelines
import PluginKit
import StrategyModules
import Testing
import Trading

/// What TA-Lib says of twenty years of the NASDAQ Composite: its columns are headed by our expressions.
@Suite struct GoldenTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

  struct Table {
    var names: [String]
    var columns: [[Double]]
  }

  /// The golden table, unpacked by gzip. An empty cell is NaN.
  static let table: Table? = {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["gzip", "-dc", folder.appending(path: "Golden/IXIC-1d.talib.csv.gz").path()]
    let pipe = Pipe()
    process.standardOutput = pipe
    guard (try? process.run()) != nil else { return nil }
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
    guard let head = lines.first else { return nil }
    let names = fields(head).dropFirst().map { String($0) }
    var columns = names.map { _ in [Double]() }
    for line in lines.dropFirst() {
      for (column, field) in line.split(separator: ",", omittingEmptySubsequences: false).dropFirst().enumerated() {
        columns[column].append(Double(field) ?? .nan)
      }
    }
    return Table(names: names, columns: columns)
  }()

  /// The fields of a line in which some stand in quotes.
  private static func fields(_ line: Substring) -> [String] {
    var fields: [String] = [""]
    var quoted = false
    for character in line {
      switch character {
      case "\"": quoted.toggle()
      case "," where !quoted: fields.append("")
      default: fields[fields.count - 1].append(character)
      }
    }
    return fields
  }

  @Test func everyIndicatorThatIsBuiltEqualsTALib() throws {
    let table = try #require(GoldenTests.table)
    let prices = try PriceFile.read(
      path: GoldenTests.folder.deletingLastPathComponent().appending(path: "Samples/IXIC-1d.csv").path(),
      instrument: Instrument(symbol: "^IXIC"))
    let built = table.names.indices.filter { place in
      bundled.indicators[String(table.names[place].prefix { $0 != "(" })] != nil
    }
    #expect(built.count >= 22)
    let evaluation = try Evaluation(built.map { table.names[$0] }, registry: bundled)
    let columns = try evaluation.columns(over: Market(prices.series))
    for (ours, place) in zip(columns, built) {
      let theirs = table.columns[place]
      #expect(ours.count == theirs.count)
      // The slope's golden values carry that much rounding themselves.
      let bound = table.names[place].hasPrefix("linear_regression_slope") ? 1e-6 : 1e-9
      var worst = 0.0
      var emptyCells = 0
      for (a, b) in zip(ours, theirs) {
        if a.isNaN != b.isNaN { emptyCells += 1 }
        if a != b, !a.isNaN, !b.isNaN { worst = max(worst, abs(a - b) / abs(b)) }
      }
      #expect(emptyCells == 0, "\(table.names[place]): cells are empty in one of the two")
      #expect(worst <= bound, "\(table.names[place]): relative difference \(worst)")
    }
  }
}
