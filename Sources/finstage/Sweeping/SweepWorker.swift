import Backtesting
import MarketData
import Pipelines
import PluginKit
import SeriesMath
import StrategyModules
import Trading

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Answers the lines of `finstage sweep-worker`.
struct SweepWorker {
  private let options: BacktestOptions
  private let reader: StrategyReader
  /// The last strategy and the last prices: the shards of one sweep share both.
  private var template: (text: String, template: StrategyTemplate)?
  private var prices: (path: String, sha256: String, series: CandleSeries)?
  private var ledger: TrialLedger?

  init(_ options: BacktestOptions, ledger: String? = nil) {
    self.options = options
    self.ledger = ledger.map { TrialLedger(path: $0) }
    var reader = StrategyReader(registry: bundled)
    reader.namesAreFiles = false
    self.reader = reader
  }

  /// What is wrong with a line or a parameter set.
  private struct Fault: Error {
    let message: String
    init(_ message: String) { self.message = message }
  }

  /// One line as it comes.
  private struct Request: Decodable {
    var sweep, shard: Label
    var strategy: String
    var params: [[String: Scalar]]
    var data: String
    var sha256: String
  }

  /// The name of a sweep or a shard, given back as it came.
  private enum Label: Decodable {
    case text(String), number(Int)

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      self =
        if let number = try? value.decode(Int.self) { .number(number) } else { .text(try value.decode(String.self)) }
    }

    var json: JSONValue {
      switch self {
      case .text(let text): .string(text)
      case .number(let number): .number(Double(number))
      }
    }
  }

  private enum Scalar: Decodable {
    case number(Double), word(String)

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      self =
        if let number = try? value.decode(Double.self) { .number(number) } else { .word(try value.decode(String.self)) }
    }

    var setting: Setting {
      switch self {
      case .number(let value): .number(value)
      case .word(let text): .choice(text)
      }
    }
  }

  /// The names alone, where the rest cannot be read.
  private struct Names: Decodable {
    var sweep, shard: Label?
  }

  /// Answers one line; false where something of it was wrong.
  mutating func answer(_ line: WorkerInput.Line, write: (String) -> Void) -> Bool {
    guard case .text(let bytes) = line else {
      write(SweepWorker.error(nil, nil, "the line is longer than \(WorkerInput.limit) bytes"))
      return false
    }
    let request: Request
    do {
      request = try JSONDecoder().decode(Request.self, from: Data(bytes))
    } catch {
      let names = try? JSONDecoder().decode(Names.self, from: Data(bytes))
      write(SweepWorker.error(names?.sweep, names?.shard, SweepWorker.words(error)))
      return false
    }
    do {
      return try answer(request, write: write)
    } catch {
      let message = (error as? Fault)?.message ?? "\(error)"
      write(SweepWorker.error(request.sweep, request.shard, message))
      return false
    }
  }

  private mutating func answer(_ request: Request, write: (String) -> Void) throws -> Bool {
    let template = try template(request.strategy)
    let series = try series(request, template)
    guard template.base.graph.symbols.isEmpty else {
      throw Fault("the strategy reads other symbols besides, which a worker is not given")
    }
    var made: [Result<Strategy, Fault>] = []
    for set in request.params { made.append(Result { () throws(Fault) in try SweepWorker.strategy(template, set) }) }
    var figures: [SweepFigures] = []
    try sweepRows(made.compactMap { try? $0.get() }, over: Market(series), options: options) { figures.append($1) }
    try record(request.params, made, figures, series)
    var next = 0
    var isSound = true
    for (set, result) in zip(request.params, made) {
      let params = SweepWorker.params(set)
      var entry: [(String, JSONValue)] = [
        ("sweep", request.sweep.json), ("shard", request.shard.json),
        ("params_hash", .string(SHA256.text(of: Array(params.line.utf8)))), ("params", params),
      ]
      switch result {
      case .success:
        entry.append(("metrics", metricsJSON(MetricColumn.all.map { $0.read(figures[next].metrics) })))
        next += 1
      case .failure(let fault):
        entry.append(("error", .string(fault.message)))
        isSound = false
      }
      write(JSONValue.object(entry).line)
    }
    return isSound
  }

  /// Records what was tried, before anything of it is told.
  private mutating func record(
    _ sets: [[String: Scalar]], _ made: [Result<Strategy, Fault>], _ figures: [SweepFigures], _ series: CandleSeries
  ) throws(TrialLedgerError) {
    guard ledger != nil else { return }
    var tried: [TrialLedger.Tried] = []
    for (set, result) in zip(sets, made) {
      guard case .success(let strategy) = result else { continue }
      let params = set.mapValues(\.setting)
      tried.append(TrialLedger.Tried(strategy: strategy, params: params, figures: figures[tried.count]))
    }
    _ = try ledger?.record(tried, over: series, options: options)
  }

  private mutating func template(_ text: String) throws(Fault) -> StrategyTemplate {
    if let template, template.text == text { return template.template }
    let (made, faults) = reader.template(file: "strategy", bytes: Array(text.utf8))
    guard let made else {
      let first = faults.first { $0.severity == .error }
      throw Fault("strategy, line \(first?.line ?? 1): \(first?.message ?? "it is no single strategy")")
    }
    template = (text, made)
    return made
  }

  private static func strategy(_ template: StrategyTemplate, _ set: [String: Scalar]) throws(Fault) -> Strategy {
    var axes: [ParameterAxis] = []
    for (name, value) in set.sorted(by: { $0.key < $1.key }) {
      do throws(AxisFault) { axes.append(try ParameterAxis(name, value.setting, of: template)) } catch {
        throw Fault(error.hint.map { "\(error.message) (\($0))" } ?? error.message)
      }
    }
    switch template.strategy(axes, axes.flatMap(\.values)) {
    case .strategy(let strategy): return strategy
    case .refused(let reason): throw Fault(reason)
    }
  }

  private mutating func series(_ request: Request, _ template: StrategyTemplate) throws(Fault) -> CandleSeries {
    let path = try SweepWorker.path(request.data)
    let wanted = request.sha256.lowercased()
    if let prices, prices.path == path, prices.sha256 == wanted { return prices.series }
    guard let data = FileManager.default.contents(atPath: path) else { throw Fault("\(path): it cannot be read") }
    let bytes = [UInt8](data)
    let found = SHA256.text(of: bytes)
    guard found == wanted else {
      throw Fault("\(path): its sha256 is \(found), and \(request.sha256) was asked for")
    }
    let symbol = template.base.symbols.first { !$0.hasPrefix("@") } ?? Workspace.stem(path)
    do throws(PriceFileError) {
      // What was checked is what is read: the file may change in between.
      let instrument = Instrument(symbol: symbol)
      let file =
        options.adjustsPrices
        ? try PriceFile.parsePaying(bytes, name: path, instrument: instrument)
        : try PriceFile.parse(bytes, name: path, instrument: instrument)
      prices = (path, wanted, file.series)
      return file.series
    } catch {
      throw Fault("\(error)")
    }
  }

  private static func path(_ uri: String) throws(Fault) -> String {
    guard let scheme = uri.firstRange(of: "://") else { return uri }
    guard uri[..<scheme.lowerBound].lowercased() == "file" else {
      throw Fault("data \"\(uri)\": only file:// and paths are read")
    }
    let host = uri[scheme.upperBound...].prefix { $0 != "/" }
    guard host.isEmpty || host == "localhost", let path = URL(string: uri)?.path(percentEncoded: false), !path.isEmpty
    else { throw Fault("data \"\(uri)\" is no file URI: write file:///path") }
    return path
  }

  /// A parameter set with its names in order: its text is what is hashed.
  private static func params(_ set: [String: Scalar]) -> JSONValue {
    .object(set.sorted { $0.key < $1.key }.map { ($0.key, $0.value.setting.json) })
  }

  private static func error(_ sweep: Label?, _ shard: Label?, _ message: String) -> String {
    JSONValue.object([
      ("sweep", sweep?.json ?? .null), ("shard", shard?.json ?? .null), ("error", .string(message)),
    ]).line
  }

  private static func words(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "\(error)" }
    func place(_ context: DecodingError.Context) -> String {
      context.codingPath.map(\.stringValue).joined(separator: ".")
    }
    switch error {
    case .keyNotFound(let key, _): return "the key \"\(key.stringValue)\" is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return place(context).isEmpty
        ? "the line is not a JSON object" : "\(place(context)): \(context.debugDescription)"
    case .dataCorrupted(let context):
      return place(context).isEmpty ? "the line is not JSON" : "\(place(context)): \(context.debugDescription)"
    @unknown default: return "the line cannot be read"
    }
  }
}
