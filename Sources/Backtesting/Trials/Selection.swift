import Trading

/// What luck leaves of the strategies of one run on the same prices: whoever shows the best of them has chosen.
public struct Selection: Hashable, Sendable {
  public var data: TrialData
  /// Different configurations of the run whose returns vary.
  public var tested: Int
  /// Nil where nothing could be tested.
  public var tests: MultipleTests?
  /// Nil under two of them, and where the bars are too few.
  public var overfitting: OverfittingProbability?
  /// The trials that the ledger knows on these prices, those of the run among them.
  public var population: TrialPopulation

  /// How often the bars are resampled, and the mean length of the blocks in which they are: ten bars, as R. Sullivan,
  /// A. Timmermann and H. White do ("Data-Snooping, Technical Trading Rule Performance, and the Bootstrap", Journal of
  /// Finance 54, 1999). A choice by each series' own autocorrelation costs more than all the rest.
  public static let replications = 1_000
  public static let meanBlock = 10.0
  static let seed: UInt64 = 0x5EED_0F_7121_A15
}

extension TrialLedger {
  /// Records the results of a run and corrects them for luck: the number of trials, the deflated Sharpe ratio, the
  /// adjusted p-values, and the tests of all of them together. `configurations` are those of the results, one each.
  ///
  /// Everything is recorded before anything is counted, so that the order of strategies and symbols changes no figure.
  public mutating func correct(
    _ results: [BacktestResult], _ configurations: [TrialConfiguration]
  ) throws(TrialLedgerError) -> (results: [BacktestResult], selections: [Selection]) {
    var contests: [ContestKey: Int] = [:]
    var found: [Contest] = []
    for (place, result) in results.enumerated() where place < configurations.count {
      guard let key = ContestKey(result) else { continue }
      let contest = contests[key] ?? found.count
      if contest == found.count {
        contests[key] = contest
        found.append(Contest(key: key, calendar: CalendarBlocks(result.times)))
      }
      found[contest].add(result, at: place, configurations[place])
    }
    try record(found.flatMap(\.trials))
    var corrected = results
    var selections: [Selection] = []
    for contest in found {
      let population = try population(of: contest.key.data, over: contest.key.first...contest.key.last)
      selections.append(contest.selection(population))
      contest.correct(&corrected, selections[selections.count - 1], ledger: path)
    }
    return (corrected, selections)
  }
}

/// Results are compared with those over the same bars.
private struct ContestKey: Hashable {
  var data: TrialData
  var first, last: Instant
  var bars: Int

  init?(_ result: BacktestResult) {
    guard let first = result.times.first, let last = result.times.last, first <= last else { return nil }
    data = TrialData(symbol: result.instrument, timeframe: result.timeframe)
    self.first = first
    self.last = last
    bars = result.bars
  }
}

/// The strategies of a run over the same bars.
private struct Contest {
  let key: ContestKey
  let calendar: CalendarBlocks
  private(set) var trials: [Trial] = []
  /// Places among the results.
  private var places: [Int] = []
  /// By configuration: a copy under another name is tested once.
  private var returns: [ConfigurationHash: [Double]] = [:]

  init(key: ContestKey, calendar: CalendarBlocks) {
    self.key = key
    self.calendar = calendar
  }

  mutating func add(_ result: BacktestResult, at place: Int, _ configuration: TrialConfiguration) {
    let returns = result.adjustedReturns
    let moments = returns.flatMap { ReturnMoments($0) }
    trials.append(
      Trial(
        configuration, strategy: result.strategy, params: [:], symbol: key.data.symbol, timeframe: key.data.timeframe,
        dates: key.first...key.last, bars: key.bars, moments: moments,
        blocks: returns.map { calendar.sums($0) } ?? [], calendar: calendar))
    places.append(place)
    if moments != nil { self.returns[configuration.hash] = returns }
  }

  /// Configurations whose returns vary, in an order of their own.
  private var tested: [ConfigurationHash] { returns.keys.sorted() }

  func selection(_ population: TrialPopulation) -> Selection {
    let tests = multipleTests(
      tested.map { ReturnColumn(name: $0.description, returns: returns[$0] ?? []) },
      replications: Selection.replications, meanBlock: Selection.meanBlock, seed: Selection.seed)
    return Selection(
      data: key.data, tested: tested.count, tests: tests,
      overfitting: probabilityOfOverfitting(tested.map { calendar.sums(returns[$0] ?? []) }), population: population)
  }

  func correct(_ results: inout [BacktestResult], _ selection: Selection, ledger: String) {
    let population = selection.population
    let trials = TrialCount(raw: population.raw, effective: population.effective, ledger: ledger)
    var pValues: [ConfigurationHash: Double] = [:]
    if let tests = selection.tests { for (hash, p) in zip(tested, tests.stepdown) { pValues[hash] = p } }
    for (place, trial) in zip(places, self.trials) {
      results[place].trials = trials
      results[place].pValue = pValues[trial.configuration.hash]
      results[place].metrics.deflatedSharpe = trial.moments.flatMap {
        deflatedSharpe($0, trials: max(1, population.effective), varianceOfSharpes: population.varianceOfSharpes)
      }
    }
  }
}
