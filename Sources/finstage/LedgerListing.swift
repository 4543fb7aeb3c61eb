import Backtesting
import PluginKit
import Trading

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What `finstage ledger list` shows.
struct LedgerListing: Encodable {
  let ledger: String
  let trials: [Row]
  let populations: [Population]
  let removed: [Removal]

  struct Row: Encodable {
    let hash, strategy, symbol, timeframe, first, last, options: String
    let params: [String: Double]
    let bars: Int
    /// Of one bar, of the returns beyond the exposure.
    let sharpe: Double?
    let recomputable: Bool

    init(_ trial: Trial) {
      hash = trial.configuration.hash.description
      strategy = trial.strategy
      symbol = trial.symbol
      timeframe = trial.timeframe.description
      first = trial.first.description
      last = trial.last.description
      options = trial.configuration.options
      params = trial.params
      bars = trial.bars
      sharpe = trial.moments?.sharpe
      recomputable = trial.configuration.source != nil
    }

    private enum CodingKeys: String, CodingKey {
      case hash, strategy, symbol, timeframe, first, last, options, params, bars, sharpe, recomputable
    }

    func encode(to encoder: any Encoder) throws {
      var row = encoder.container(keyedBy: CodingKeys.self)
      try row.encode(hash, forKey: .hash)
      try row.encode(strategy, forKey: .strategy)
      try row.encode(symbol, forKey: .symbol)
      try row.encode(timeframe, forKey: .timeframe)
      try row.encode(first, forKey: .first)
      try row.encode(last, forKey: .last)
      try row.encode(options, forKey: .options)
      try row.encode(params, forKey: .params)
      try row.encode(bars, forKey: .bars)
      // Null where it is not defined, not an absent key.
      try row.encode(sharpe, forKey: .sharpe)
      try row.encode(recomputable, forKey: .recomputable)
    }
  }

  /// Trials on one instrument, over all dates.
  struct Population: Encodable {
    let symbol, timeframe: String
    let raw: Int
    let effective: Double
  }

  struct Removal: Encodable {
    let count: Int
    let what, reason, at: String
  }

  init(_ ledger: inout TrialLedger, choice: TrialChoice) throws(TrialLedgerError) {
    self.ledger = ledger.path
    var rows: [Row] = []
    var spans: [TrialData: ClosedRange<Instant>] = [:]
    var order: [TrialData] = []
    try ledger.each { trial in
      guard choice.holds(trial) else { return }
      rows.append(Row(trial))
      let data = TrialData(symbol: trial.symbol, timeframe: trial.timeframe)
      if spans[data] == nil { order.append(data) }
      let span = spans[data] ?? trial.first...trial.last
      spans[data] = min(span.lowerBound, trial.first)...max(span.upperBound, trial.last)
    }
    trials = rows
    var populations: [Population] = []
    for data in order {
      guard let span = spans[data] else { continue }
      let population = try ledger.population(of: data, over: span)
      populations.append(
        Population(
          symbol: data.symbol, timeframe: data.timeframe.description, raw: population.raw,
          effective: population.effective))
    }
    self.populations = populations
    removed = try ledger.removals().map {
      Removal(count: $0.count, what: $0.what, reason: $0.reason, at: $0.at.description)
    }
  }

  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }

  func text() -> String {
    var cells = [["strategy", "symbol", "timeframe", "from", "to", "bars", "Sharpe a bar", "params"]]
    cells += trials.map { row in
      [
        row.strategy, row.symbol, row.timeframe, String(row.first.prefix(10)), String(row.last.prefix(10)),
        "\(row.bars)", row.sharpe.map { Figure(($0 * 1e4).rounded() / 1e4).description } ?? "–",
        row.params.sorted { $0.key < $1.key }.map { "\($0.key)=\(Figure($0.value))" }.joined(separator: " "),
      ]
    }
    let widths = cells[0].indices.map { column in cells.reduce(0) { max($0, $1[column].count) } }
    var lines = cells.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        line += cell + String(repeating: " ", count: widths[column] - cell.count + 2)
      }
      while line.last == " " { line.removeLast() }
      return line
    }
    lines.append("")
    for population in populations {
      lines.append(
        "\(population.symbol) \(population.timeframe): \(population.raw) trials, "
          + "\(Figure((population.effective * 10).rounded() / 10)) of them really different")
    }
    if trials.isEmpty { lines = ["No trials."] }
    for removal in removed {
      lines.append("\(removal.at.prefix(10)): \(removal.count) trials taken out (\(removal.what)): \(removal.reason)")
    }
    return lines.joined(separator: "\n")
  }
}
