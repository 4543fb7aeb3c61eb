import Foundation
import Testing
import Trading

/// `Tests/Golden/GSPC-1d.luck.json`, made by `Tests/Parity/luck_reference.py` with numpy, scipy and arch.
struct LuckReference: Decodable {
  struct Moments: Decodable { var skewness, kurtosis, sharpe: Double }
  struct Family: Decodable {
    struct Hansen: Decodable { var lower, consistent, upper: Double }
    var members: [String]
    var spa: Hansen
    var realityCheck: Double
    var stepdown: [Double]
    var superior: [String: [String]]
  }
  struct Overfitting: Decodable {
    var blocks, combinations: Int
    var pbo, meanLogit, degradation, probabilityOfLoss: Double
  }
  var replications: Int
  var block: Double
  var bars: Int
  var automaticBlock: [String: Double]
  var errors: [String: Double]
  var moments: [String: Moments]
  var tests: [String: Family]
  var overfitting: [Overfitting]
  var quantiles: [[Double]]
  var probabilities: [[Double]]

  static func read() throws -> LuckReference {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(
      LuckReference.self, from: Data(contentsOf: repositoryFile("Tests/Golden/GSPC-1d.luck.json")))
  }

  /// The columns of the script, made anew from the same prices: rules above and below an average, and rules that see
  /// tomorrow every k-th bar, less their exposure times the prices' returns. `order` is the script's.
  static func columns() throws -> (order: [String], byName: [String: [Double]], prices: [Double]) {
    let text = try String(contentsOf: repositoryFile("Samples/GSPC-1d.csv"), encoding: .utf8)
    let close = try text.split(whereSeparator: \.isNewline).dropFirst().map { line in
      try #require(Double(line.split(separator: ",")[4]))
    }
    let first = 201
    let bars = first..<close.count
    let returns = bars.map { close[$0] / close[$0 - 1] - 1 }
    var order: [String] = []
    var byName: [String: [Double]] = [:]
    func add(_ name: String, _ held: [Bool]) {
      let exposure = Double(held.count { $0 }) / Double(held.count)
      order.append(name)
      byName[name] = zip(held, returns).map { held, value in (held ? value : 0) - exposure * value }
    }
    for span in [2, 5, 10, 20, 50, 100, 150, 200] {
      let above = bars.map { bar in
        close[bar - 1] > close[bar - span..<bar].reduce(0, +) / Double(span)
      }
      add("above \(span)", above)
      add("below \(span)", above.map { !$0 })
    }
    for every in [60, 90, 130, 200, 400] {
      add("peek \(every)", zip(bars, returns).map { bar, value in bar.isMultiple(of: every) && value > 0 })
    }
    return (order, byName, returns)
  }
}
