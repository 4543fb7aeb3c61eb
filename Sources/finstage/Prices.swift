import Pipelines
import Trading

/// Which prices a run needs: those whose bars decide, and by name those that are read besides.
struct MarketFiles: Hashable {
  /// Nil is the one file that was named without a symbol.
  var symbol: String?
  /// Nil takes the file's own spacing.
  var timeframe: Timeframe?
  /// Symbols by the name that the graph knows them by.
  var others: [String: String]
  /// How a group is called in results.
  var label: String?
}

/// Brings prices from the files named on the command line, else from the sources of the configuration; each once.
struct Prices {
  private let workspace: Workspace
  private let data: [DataFile]
  private let kind: PricesOption.Kind
  private var read: [String: CandleSeries] = [:]
  private let facts: FactPlace

  init(_ workspace: Workspace, _ data: [DataFile], _ kind: PricesOption.Kind, facts: FactPlace) {
    self.facts = facts
    self.workspace = workspace
    self.data = data
    self.kind = kind
  }

  /// The symbols of the files named on the command line, in their order.
  var given: [String] { data.compactMap(\.symbol) }

  mutating func market(_ wanted: MarketFiles) async throws(Failure) -> Market {
    var deciding = try await series(wanted.symbol, wanted.timeframe)
    if let label = wanted.label {
      deciding = deciding.named(label)
    }
    var others: [String: CandleSeries] = [:]
    for (name, symbol) in wanted.others { others[name] = try await series(symbol, wanted.timeframe) }
    return Market(deciding, others: others, facts: try await facts.facts(of: wanted.symbol))
  }

  private mutating func series(_ symbol: String?, _ timeframe: Timeframe?) async throws(Failure) -> CandleSeries {
    let key = "\(symbol ?? "")\u{0}\(timeframe?.description ?? "")"
    if let known = read[key] { return known }
    let series: CandleSeries
    if data.isEmpty {
      series = try await workspace.history(of: symbol ?? "", timeframe ?? .day).series(kind)
    } else {
      guard let file = data.first(where: { $0.symbol == symbol }) else {
        throw Failure(.usage, "there are no prices of \(symbol ?? ""): name its file, --data \(symbol ?? "")=FILE")
      }
      series = try file.read(kind) { workspace.calendar($0) }
    }
    read[key] = series
    return series
  }
}
