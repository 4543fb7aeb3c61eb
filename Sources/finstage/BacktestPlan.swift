import Backtesting
import Pipelines
import Trading

/// Which strategies run over which prices. What cannot be used is named in `failures`, and the rest goes on.
struct BacktestPlan {
  let workspace: Workspace
  private let strategies: [Strategy]
  /// Rotations and portfolios.
  private let books: [Declaration]
  /// Names in the order in which the files were named.
  private let order: [String]
  /// Strategies by place, for each series of prices that they run over.
  private var parts: [Part] = []
  var prices: Prices
  var failures: [String] = []

  private struct Part {
    var market: MarketFiles
    var strategies: [Int]
  }

  struct Outcome {
    var results: [BacktestResult]
    /// What was tried, one for each result.
    var configurations: [TrialConfiguration]
    var candles: [String: CandleSeries]
  }

  /// - Parameters:
  ///   - takesBooks: whether rotations and portfolios run too; else they are passed over.
  ///   - takesAlerts: whether price alerts run too; else they are passed over.
  ///   - lengths: Timeframes at which there are prices of the symbol: where no strategy names it, those of these
  ///     timeframes are tried on it. Nil tries none.
  ///   - prices: which prices are read where there are several kinds.
  init(
    _ workspace: Workspace, strategies names: [String], data: [DataFile], symbol: String?, takesBooks: Bool = false,
    takesAlerts: Bool = true, tryingAt lengths: Set<Timeframe>? = nil, prices kind: PricesOption.Kind = .adjusted,
    facts: FactsOption? = nil
  ) throws(Failure) {
    self.workspace = workspace
    let reader = workspace.reader
    var strategies: [Strategy] = []
    var books: [Declaration] = []
    var order: [String] = []
    for path in try workspace.files(names) {
      let (declared, faults) = reader.declaration(path: path)
      if let declared {
        if declared.kind == .priceAlert, !takesAlerts { continue }
        let meant = try Workspace.meant(names, of: declared)
        strategies += meant
        order += meant.isEmpty ? [declared.name] : meant.map(\.name)
        if meant.isEmpty { books.append(declared) }
      } else {
        failures += faults.filter { $0.severity == .error }.map(\.description)
      }
    }
    self.strategies = strategies
    self.order = order
    self.books = try BacktestPlan.admitted(
      books, takesBooks: takesBooks, data: data, symbol: symbol, isAlone: strategies.isEmpty)
    guard !strategies.isEmpty || !self.books.isEmpty else {
      throw Failure(
        .unusable,
        failures.isEmpty ? "there are no strategies in \(workspace.folder)" : failures.joined(separator: "\n"))
    }
    prices = Prices(
      workspace, data, kind,
      facts: try FactPlace(
        workspace, facts, for: strategies.map { .strategy($0) } + books, hasPriceFiles: !data.isEmpty))
    try place(data, only: symbol, isEverything: names.isEmpty)
    if parts.isEmpty, let symbol, let lengths { try place(symbol, tryingAt: lengths) }
    if parts.isEmpty, self.books.isEmpty {
      throw Failure(
        .unusable, symbol.map { "no strategy acts on the symbol \($0)" } ?? "the strategies act on no symbol")
    }
  }

  /// Finds the prices that each strategy runs over; those that run over the same ones run together.
  private mutating func place(_ data: [DataFile], only symbol: String?, isEverything: Bool) throws(Failure) {
    if data.count > 1, let bare = data.first(where: { $0.symbol == nil }) {
      throw Failure(.usage, "--data \(bare.path): of several files each says its symbol, SYMBOL=\(bare.path)")
    }
    var places: [MarketFiles: Int] = [:]
    for (index, strategy) in strategies.enumerated() {
      // Who names files and no strategy means those strategies that can run over them.
      if isEverything, strategies.count > 1, let missing = missing(of: strategy, in: data) {
        Terminal.say("\(strategy.name) is passed over: it reads \(missing) besides")
        continue
      }
      for market in try markets(of: strategy, data)
      where symbol == nil || market.symbol == nil || market.symbol == symbol {
        if let place = places[market] {
          parts[place].strategies.append(index)
        } else {
          places[market] = parts.count
          parts.append(Part(market: market, strategies: [index]))
        }
      }
    }
  }

  /// Tries strategies on a symbol that none of them names, as they are tried on a file.
  private mutating func place(_ symbol: String, tryingAt lengths: Set<Timeframe>) throws(Failure) {
    guard !lengths.isEmpty else { throw workspace.lacking(symbol, nil) }
    for (index, strategy) in strategies.enumerated() where strategy.groups.isEmpty {
      guard lengths.contains(strategy.timeframe) else { continue }
      let others = strategy.graph.symbols.filter { !$0.hasPrefix("@") }
      let market = MarketFiles(
        symbol: symbol, timeframe: strategy.timeframe,
        others: Dictionary(uniqueKeysWithValues: others.map { ($0, $0) }),
        label: nil)
      if let place = parts.firstIndex(where: { $0.market == market }) {
        parts[place].strategies.append(index)
      } else {
        parts.append(Part(market: market, strategies: [index]))
      }
    }
    if !parts.isEmpty { Terminal.say("no strategy names \(symbol); those of its timeframe are tried on it") }
  }

  /// What a strategy reads besides its own symbol and the files do not have; nil where nothing is missing.
  private func missing(of strategy: Strategy, in data: [DataFile]) -> String? {
    guard !data.isEmpty, !strategy.graph.symbols.isEmpty else { return nil }
    let members = Set(strategy.groups.flatMap { $0.map(\.symbol) })
    let wanted = members.union(strategy.graph.symbols.filter { !$0.hasPrefix("@") })
    let lacking = wanted.subtracting(data.compactMap(\.symbol))
    return lacking.isEmpty ? nil : lacking.sorted().joined(separator: ", ")
  }

  private func markets(of strategy: Strategy, _ data: [DataFile]) throws(Failure) -> [MarketFiles] {
    let read = strategy.graph.symbols
    let named = read.filter { !$0.hasPrefix("@") }
    if data.count == 1, data[0].symbol == nil {
      guard read.isEmpty else {
        throw Failure(
          .usage,
          "\(strategy.name) reads \(read.sorted().joined(separator: ", ")) besides: name each file, --data SYMBOL=FILE")
      }
      return [MarketFiles(symbol: nil, timeframe: nil, others: [:], label: nil)]
    }
    let timeframe = data.isEmpty ? strategy.timeframe : nil
    var others = Dictionary(uniqueKeysWithValues: named.map { ($0, $0) })
    if !strategy.groups.isEmpty {
      return strategy.groups.map { group in
        for member in group.dropFirst() { others["@\(member.role)"] = member.symbol }
        return MarketFiles(
          symbol: group.first?.symbol, timeframe: timeframe, others: others,
          label: group.map(\.symbol).joined(separator: "/"))
      }
    }
    let own = workspace.configuration?.expand(strategy.symbols) ?? strategy.symbols
    var symbols = own
    if !data.isEmpty {
      let given = data.compactMap(\.symbol)
      symbols = own.filter(given.contains)
      // Files that the user names for a strategy of other symbols: it is tried on them.
      if symbols.isEmpty { symbols = given.filter { !named.contains($0) } }
      if symbols.isEmpty { symbols = given }
    }
    return symbols.map { MarketFiles(symbol: $0, timeframe: timeframe, others: others, label: nil) }
  }

  /// Pairs of a strategy and a symbol, and whole portfolios.
  var size: Int { parts.reduce(books.count) { $0 + $1.strategies.count } }

  var titles: [String: (title: String, description: String)] {
    Dictionary(
      (strategies.map { .strategy($0) } + books).map { ($0.name, ($0.title, $0.description)) },
      uniquingKeysWith: { first, _ in first })
  }

  /// Hands over each market with the strategies that run over it, together, for they share their terms. Where one of them
  /// cannot run it is a failure, and the others run each by itself.
  mutating func each(_ body: (_ strategies: [Strategy], Market) throws -> Void) async throws {
    let strategies = strategies
    try await each { _, chosen, market in try body(chosen.map { strategies[$0] }, market) }
  }

  private mutating func each(_ body: (_ part: Int, _ strategies: [Int], Market) throws -> Void) async throws {
    for (place, part) in parts.enumerated() {
      try Task.checkCancellation()
      guard let market = try await market(of: part) else { continue }
      do {
        try body(place, part.strategies, market)
      } catch let error as GraphError {
        guard part.strategies.count > 1 else {
          fail(part.strategies[0], market, error)
          continue
        }
        for index in part.strategies {
          do { try body(place, [index], market) } catch let error as GraphError { fail(index, market, error) }
        }
      }
    }
  }

  private mutating func fail(_ index: Int, _ market: Market, _ error: GraphError) {
    failures.append("\(strategies[index].name) over \(market.deciding.instrument.symbol): \(error)")
  }

  /// Symbols whose bars decide.
  var symbols: [String] { parts.compactMap { $0.market.label ?? $0.market.symbol } }

  /// Markets that it runs over.
  var markets: Int { parts.count }

  /// Runs everything. Results stand by strategy, then by symbol, in the order in which both were named.
  mutating func run(
    _ options: BacktestOptions, reasons: Reasons = .all, step: (String) -> Void
  ) async throws -> Outcome {
    var results: [(strategy: Int, part: Int, result: BacktestResult)] = []
    var candles: [String: CandleSeries] = [:]
    let strategies = strategies
    let births = await workspace.births()
    let born = strategies.map { births.birth(of: $0) }
    try await each { part, chosen, market in
      let series = market.deciding
      let runs = try Pipelines.run(chosen.map { strategies[$0] }, over: market, reasons: reasons)
      candles[series.instrument.symbol] = series
      let backtest = Backtest(on: market, options: options)
      var replays = BirthReplays(on: market, options: options)
      for (index, run) in zip(chosen, runs) {
        let strategy = strategies[index]
        var result = backtest.result(of: run, plan: strategy.plan, strategy: strategy.name)
        if let birth = born[index] { replays.divide(&result, at: birth, run, strategy.plan) }
        results.append((index, part, result))
        step("\(strategy.name) \(series.instrument.symbol)")
      }
    }
    results.sort { ($0.strategy, $0.part) < ($1.strategy, $1.part) }
    var configurations = TrialConfigurations(options)
    let tried = strategies.map { configurations.configuration(of: $0) }
    var all = results.map { (result: $0.result, configuration: tried[$0.strategy]) }
    for book in books {
      if let result = try await run(book, options, &configurations, births) { all.append(result) }
      step(book.name)
    }
    let inOrder = inOrder(all, \.result.strategy)
    return Outcome(
      results: inOrder.map(\.result), configurations: inOrder.map(\.configuration), candles: candles)
  }

  /// Runs everything as far as a league table shows it, which is much faster, for nothing is kept of a bar. In the same
  /// order; `books` are the results of rotations and portfolios, which stand among the summaries too.
  mutating func summarize(
    _ options: BacktestOptions, latest: Int, step: (String) -> Void
  ) async throws -> (summaries: [BacktestSummary], books: [BacktestResult]) {
    var found: [(strategy: Int, part: Int, summary: BacktestSummary)] = []
    let strategies = strategies
    let births = await workspace.births()
    let born = strategies.map { births.birth(of: $0) }
    try await each { part, chosen, market in
      var made = try summaries(of: chosen.map { strategies[$0] }, over: market, options: options, latest: latest)
      try BacktestPlan.date(&made, chosen.map { (strategies[$0], born[$0]) }, market, options)
      for (index, summary) in zip(chosen, made) {
        found.append((index, part, summary))
        step("\(summary.strategy) \(summary.symbol)")
      }
    }
    found.sort { ($0.strategy, $0.part) < ($1.strategy, $1.part) }
    var results: [BacktestResult] = []
    if !books.isEmpty {
      var configurations = TrialConfigurations(options)
      for book in books {
        if let result = try await run(book, options, &configurations, births)?.result { results.append(result) }
        step(book.name)
      }
    }
    return (inOrder(found.map(\.summary) + results.map(\.summary), \.strategy), results)
  }

  /// In the order in which their files were named.
  private func inOrder<Element>(_ all: [Element], _ name: (Element) -> String) -> [Element] {
    let places = Dictionary(order.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    return all.enumerated().sorted {
      (places[name($0.element)] ?? 0, $0.offset) < (places[name($1.element)] ?? 0, $1.offset)
    }.map(\.element)
  }

  /// The prices of a part; nil where they cannot be had, which is a failure among others if there are others.
  private mutating func market(of part: Part) async throws(Failure) -> Market? {
    do throws(Failure) {
      let market = try await prices.market(part.market)
      tell(market, part)
      return market
    } catch {
      if parts.count == 1 || error.code == .usage { throw error }
      failures.append(error.message)
      return nil
    }
  }

  /// What the user should know of these prices under these strategies.
  private func tell(_ market: Market, _ part: Part) {
    let series = market.deciding
    let own = part.strategies.map { strategies[$0] }
    let other = Set(own.map(\.timeframe)).filter { $0 != series.timeframe }.map(\.description).sorted()
    if !other.isEmpty {
      Terminal.say(
        "\(series.instrument.symbol): its bars are \(series.timeframe) apart; strategies that name \(other.joined(separator: ", ")) run on them as they are"
      )
    }
    for strategy in own {
      for line in FactPlace.missing(strategy, in: market) { Terminal.say(line) }
      guard let first = strategy.firstBar, first >= series.count else { continue }
      Terminal.say(
        "\(strategy.name): can speak from bar \(first) on, and \(series.instrument.symbol) has \(series.count) bars")
    }
  }
}
