import Backtesting
import Pipelines
import Trading

extension BacktestPlan {
  /// The rotations and portfolios that can run: they want several symbols, so neither one bare file nor one symbol will
  /// do. Among others they are passed over, and named.
  static func admitted(
    _ books: [Declaration], takesBooks: Bool, data: [DataFile], symbol: String?, isAlone: Bool
  ) throws(Failure) -> [Declaration] {
    guard let first = books.first else { return [] }
    let reason: String? =
      if !takesBooks {
        "`finstage backtest` runs it, and this command does not"
      } else if symbol != nil {
        "it takes all its symbols, and not one of them"
      } else if let bare = data.first(where: { $0.symbol == nil }) {
        "it trades several symbols: name the symbol of each file, --data SYMBOL=\(bare.path)"
      } else {
        nil
      }
    guard let reason else { return books }
    if isAlone { throw Failure(.usage, "\(first.name) is a \(first.kind.rawValue): \(reason)") }
    for book in books where takesBooks {
      Terminal.say("\(book.name), a \(book.kind.rawValue), is passed over: \(reason)")
    }
    return []
  }

  /// Runs a rotation or a portfolio; nil where it cannot, which is a failure that has been named.
  mutating func run(
    _ book: Declaration, _ options: BacktestOptions, _ configurations: inout TrialConfigurations,
    _ births: BirthRegister
  ) async throws(Failure) -> (result: BacktestResult, configuration: TrialConfiguration)? {
    var hashes = RuleHashes()
    switch book {
    case .rotation(let rotation):
      guard var result = try await run(rotation, options) else { return nil }
      if let birth = births.birth(of: rotation.name, rule: hashes.hash(of: rotation)) {
        let isDivided = result.isDivided(by: birth)
        let before = isDivided ? try await run(rotation, options.before(birth)) : nil
        result.note(birth, before: before, after: isDivided ? try await run(rotation, options.after(birth)) : nil)
      }
      return (result, configurations.configuration(of: rotation))
    case .portfolio(let portfolio):
      guard let strategies = strategies(of: portfolio) else { return nil }
      guard var result = try await run(portfolio, strategies, options) else { return nil }
      if let birth = births.birth(of: portfolio.name, rule: hashes.hash(of: portfolio, strategies: strategies)) {
        let isDivided = result.isDivided(by: birth)
        let before = isDivided ? try await run(portfolio, strategies, options.before(birth)) : nil
        let after = isDivided ? try await run(portfolio, strategies, options.after(birth)) : nil
        result.note(birth, before: before, after: after)
      }
      return (result, configurations.configuration(of: portfolio, strategies: strategies))
    case .strategy, .priceAlert: return nil
    }
  }

  /// The strategies of a portfolio; nil where one cannot be used, which is a failure that has been named.
  private mutating func strategies(of portfolio: Portfolio) -> [Strategy]? {
    let reader = workspace.reader
    var strategies: [Strategy] = []
    for member in portfolio.strategies {
      guard let path = member.path else {
        failures.append("\(portfolio.name): there is no strategy \"\(member.name)\"")
        return nil
      }
      let (strategy, faults) = reader.read(path: path)
      guard let strategy else {
        failures += faults.filter { $0.severity == .error }.map(\.description)
        failures.append("\(portfolio.name): its strategy \"\(member.name)\" cannot be used")
        return nil
      }
      strategies.append(strategy)
    }
    return strategies
  }

  private mutating func run(
    _ portfolio: Portfolio, _ strategies: [Strategy], _ options: BacktestOptions
  ) async throws(Failure) -> BacktestResult? {
    var sleeves: [PortfolioSleeve] = []
    var members: [String: [Universe.Member]] = [:]
    var missing: Set<String> = []
    for strategy in strategies {
      let read = strategy.graph.symbols
      let universe = universe(of: portfolio.symbols ?? strategy.symbols, besides: read)
      for symbol in universe.symbols {
        members[symbol] = universe.members(of: symbol)
        guard let market = try await market(of: symbol, strategy.timeframe, read, for: portfolio.name) else {
          missing.insert(symbol)
          continue
        }
        do throws(GraphError) {
          for run in try Pipelines.run([strategy], over: market) {
            sleeves.append(
              PortfolioSleeve(strategy: strategy.name, candles: market.deciding, run: run, plan: strategy.plan))
          }
        } catch {
          failures.append("\(portfolio.name): \(strategy.name) over \(symbol): \(error)")
          return nil
        }
      }
    }
    guard isOneTimeframe(sleeves.map(\.candles), portfolio.name) else { return nil }
    var result = backtest(
      portfolio, sleeves: sleeves, universe: Universe(members.values.flatMap(\.self)), options: options)
    if !missing.isEmpty { result.notes.append(BacktestPlan.leftOut(missing.sorted())) }
    return result
  }

  private static func leftOut(_ symbols: [String]) -> String {
    "Left out, for want of prices: \(symbols.joined(separator: ", "))."
  }

  private mutating func run(_ rotation: Rotation, _ options: BacktestOptions) async throws(Failure) -> BacktestResult? {
    let universe = universe(of: rotation.universe, besides: rotation.graph.symbols)
    var members: [RotationMember] = []
    var missing: [String] = []
    for symbol in universe.symbols {
      guard let market = try await market(of: symbol, rotation.timeframe, rotation.graph.symbols, for: rotation.name)
      else {
        missing.append(symbol)
        continue
      }
      do throws(GraphError) {
        members.append(RotationMember(candles: market.deciding, ranking: try rotation.ranking(over: market)))
      } catch {
        failures.append("\(rotation.name) over \(symbol): \(error)")
        return nil
      }
    }
    guard isOneTimeframe(members.map(\.candles), rotation.name) else { return nil }
    var result = backtest(rotation, members: members, universe: universe, options: options)
    if !missing.isEmpty { result.notes.append(BacktestPlan.leftOut(missing)) }
    return result
  }

  /// The symbols of a portfolio with their dates; of files named on the command line, those.
  func universe(of symbols: [String], besides read: Set<String>) -> Universe {
    let whole = workspace.configuration?.universe(symbols) ?? Universe(symbols: symbols)
    let given = prices.given
    guard !given.isEmpty else { return whole }
    let own = whole.symbols.filter(given.contains)
    if !own.isEmpty { return whole.limited(to: own) }
    // Files that the user names for a portfolio of other symbols: it is tried on them.
    let others = given.filter { !read.contains($0) }
    return Universe(symbols: others.isEmpty ? given : others)
  }

  /// The prices of one member; nil where they cannot be had, which is a failure of its own.
  mutating func market(
    of symbol: String, _ timeframe: Timeframe, _ read: Set<String>, for name: String
  ) async throws(Failure) -> Market? {
    let wanted = MarketFiles(
      symbol: symbol, timeframe: prices.given.isEmpty ? timeframe : nil,
      others: Dictionary(uniqueKeysWithValues: read.map { ($0, $0) }), label: nil)
    do throws(Failure) {
      return try await prices.market(wanted)
    } catch {
      if error.code == .usage { throw error }
      failures.append("\(name): \(error.message)")
      return nil
    }
  }

  /// Whether there are prices, and all of them of one timeframe; else a failure has been named.
  mutating func isOneTimeframe(_ series: [CandleSeries], _ name: String) -> Bool {
    guard let first = series.first else {
      failures.append("\(name): there are no prices of any of its symbols")
      return false
    }
    guard let other = series.first(where: { $0.timeframe != first.timeframe }) else { return true }
    failures.append(
      "\(name): \(first.instrument.symbol) has bars of \(first.timeframe) and \(other.instrument.symbol) of "
        + "\(other.timeframe); those of a portfolio share one timeframe")
    return false
  }
}
