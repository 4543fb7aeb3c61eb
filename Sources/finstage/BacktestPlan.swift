import Backtesting
import Pipelines
import Trading

/// Which strategies run over which prices. What cannot be used is named in `failures`, and the rest goes on.
struct BacktestPlan {
  private let workspace: Workspace
  private let strategies: [Strategy]
  /// Strategies by place, for each series of prices that they run over.
  private var parts: [Part] = []
  private(set) var failures: [String] = []

  private struct Part {
    var prices: Prices
    var strategies: [Int]
  }

  private enum Prices {
    case file(DataFile)
    case collected(symbol: String, timeframe: Timeframe)
  }

  struct Outcome {
    var results: [BacktestResult]
    var candles: [String: CandleSeries]
  }

  init(_ workspace: Workspace, strategies names: [String], data: [DataFile], symbol: String?) throws(Failure) {
    self.workspace = workspace
    let reader = workspace.reader
    var strategies: [Strategy] = []
    for path in try workspace.files(names) {
      let (strategy, faults) = reader.read(path: path)
      if let strategy {
        strategies.append(strategy)
      } else {
        failures += faults.filter { $0.severity == .error }.map(\.description)
      }
    }
    self.strategies = strategies
    guard !strategies.isEmpty else {
      throw Failure(
        .unusable,
        failures.isEmpty ? "there are no strategies in \(workspace.folder)" : failures.joined(separator: "\n"))
    }
    if !data.isEmpty {
      if data.count > 1, let bare = data.first(where: { $0.symbol == nil }) {
        throw Failure(.usage, "--data \(bare.path): of several files each says its symbol, SYMBOL=\(bare.path)")
      }
      let wanted = data.filter { symbol == nil || $0.symbol == nil || $0.symbol == symbol }
      guard !wanted.isEmpty else { throw Failure(.usage, "--symbol \(symbol ?? ""): no --data names it") }
      parts = wanted.map { Part(prices: .file($0), strategies: Array(strategies.indices)) }
    } else {
      try collect(symbol)
    }
  }

  /// Every symbol of every strategy from the sources of the configuration, strategies of one symbol and timeframe
  /// together.
  private mutating func collect(_ only: String?) throws(Failure) {
    guard let configuration = workspace.configuration else {
      throw Failure(.usage, "there is no config.yaml that says where prices come from: name a file, --data FILE.csv")
    }
    var places: [String: Int] = [:]
    for (index, strategy) in strategies.enumerated() {
      for symbol in configuration.expand(strategy.symbols) where only == nil || only == symbol {
        let key = "\(symbol)\u{0}\(strategy.timeframe)"
        if let place = places[key] {
          parts[place].strategies.append(index)
        } else {
          places[key] = parts.count
          parts.append(Part(prices: .collected(symbol: symbol, timeframe: strategy.timeframe), strategies: [index]))
        }
      }
    }
    if parts.isEmpty {
      throw Failure(.unusable, only.map { "no strategy acts on the symbol \($0)" } ?? "the strategies act on no symbol")
    }
  }

  /// Pairs of a strategy and a symbol.
  var size: Int { parts.reduce(0) { $0 + $1.strategies.count } }

  var titles: [String: (title: String, description: String)] {
    Dictionary(strategies.map { ($0.name, ($0.title, $0.description)) }, uniquingKeysWith: { first, _ in first })
  }

  /// Runs everything. Results stand by strategy, then by symbol, in the order in which both were named.
  mutating func run(_ options: BacktestOptions, step: (String) -> Void) async throws -> Outcome {
    var results: [(strategy: Int, part: Int, result: BacktestResult)] = []
    var candles: [String: CandleSeries] = [:]
    for (place, part) in parts.enumerated() {
      guard let series = try await prices(of: part) else { continue }
      candles[series.instrument.symbol] = series
      let chosen = part.strategies.map { strategies[$0] }
      let runs = try Pipelines.run(chosen, over: series)
      let backtest = Backtest(on: series, options: options)
      for (index, run) in zip(part.strategies, runs) {
        let strategy = strategies[index]
        results.append((index, place, backtest.result(of: run, plan: strategy.plan, strategy: strategy.name)))
        step("\(strategy.name) \(series.instrument.symbol)")
      }
    }
    results.sort { ($0.strategy, $0.part) < ($1.strategy, $1.part) }
    return Outcome(results: results.map(\.result), candles: candles)
  }

  /// The prices of a part; nil where they cannot be had, which is a failure among others if there are others.
  private mutating func prices(of part: Part) async throws(Failure) -> CandleSeries? {
    do throws(Failure) {
      switch part.prices {
      case .file(let file):
        let series = try file.read()
        let other = Set(
          part.strategies.map { strategies[$0] }.filter { $0.timeframe != series.timeframe }.map(
            \.timeframe.description))
        if !other.isEmpty {
          Terminal.say(
            "\(file.path): its bars are \(series.timeframe) apart; strategies that name \(other.sorted().joined(separator: ", ")) run on them as they are"
          )
        }
        return series
      case .collected(let symbol, let timeframe): return try await workspace.candles(of: symbol, timeframe)
      }
    } catch {
      if parts.count == 1 || error.code == .usage { throw error }
      failures.append(error.message)
      return nil
    }
  }
}
