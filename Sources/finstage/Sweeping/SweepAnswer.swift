import Backtesting
import Pipelines
import Reporting
import Trading

extension SweepPlan {
  /// Runs it and writes the answer.
  func answer(_ state: SweepState, _ command: SweepCommand) throws -> String {
    let sweep = sweep(over: state)
    let (width, colour) = (Terminal.width, Terminal.colour)
    if let walk {
      let outcome = try sweep.walkedForward(combinations, windows, plan: walk, by: rank)
      try tell(outcome.refused, outcome.firstRefusal, of: outcome.refused + outcome.combinations)
      var training = options
      (training.from, training.to) = (windows.last?.train.lowerBound, windows.last?.train.upperBound)
      _ = try recorded(sweep, outcome.trained, training, tried: outcome.trainedOver)
      return command.format == .json
        ? outcome.json(strategy: template.base.name, axes: grid.axes, rank: rank)
        : WalkTable(outcome, strategy: template.base.name, axes: grid.axes, rank: rank).text(
          width: width, colour: colour)
    }
    var report = try share.map { try split($0, sweep) } ?? whole(sweep)
    report.shown = command.top ?? (command.format == .table ? 20 : nil)
    switch command.format {
    case .json: return report.json
    case .csv: return report.csv
    case .table: return SweepTable(report).text(width: width, colour: colour)
    case .html:
      let page = HeatMapPage(report, settings: command.replay.described, version: Finstage.version)
      do throws(HeatMapFault) { return try page.render(axes: command.heat) } catch {
        throw Failure(.usage, "--heat: \(error)")
      }
    }
  }

  /// All combinations over all bars, by the search that was chosen.
  func whole(_ sweep: Sweep) throws -> SweepReport {
    var search = SweepReport.Search.grid
    let rows: Sweep.Rows
    let tried: Sweep.Rows
    switch choice.search {
    case .halving:
      let halved = try sweep.halved(combinations, by: rank)
      (rows, tried, search) = (halved.last, halved.first, .halving(halved.rungs))
    case .random:
      search = .random(seed: choice.seed, of: grid.size)
      rows = try sweep.rows(combinations)
      tried = rows
    case .grid:
      rows = try sweep.rows(combinations)
      tried = rows
    }
    try tell(rows.refused, rows.firstRefusal, of: combinations.count)
    var first = options
    if case .halving(let rungs) = search { first.to = rungs.first?.to ?? options.to }
    var trials = try recorded(sweep, tried, first)
    if case .halving = search, trials != nil { trials = try recorded(sweep, rows, options) }
    return report(search, rows, sweep, trials, tried: tried)
  }

  private func split(_ share: Double, _ sweep: Sweep) throws -> SweepReport {
    guard let parts = sweep.split(share) else {
      throw Failure(.usage, "--split \(choice.split ?? "") leaves one part without a bar")
    }
    let rows = try sweep.splitRows(combinations, parts)
    try tell(rows.inSample.refused, rows.inSample.firstRefusal, of: combinations.count)
    var first = options
    (first.from, first.to) = (parts.inSample.lowerBound, parts.inSample.upperBound)
    let trials = try recorded(
      sweep, rows.inSample, first, tried: parts.inSample.lowerBound...parts.outOfSample.upperBound)
    let second = Dictionary(uniqueKeysWithValues: sweep.results(of: rows.outOfSample).map { ($0.combination, $0) })
    var report = report(
      choice.search == .random ? .random(seed: choice.seed, of: grid.size) : .grid, rows.inSample, sweep, trials,
      tried: rows.inSample)
    report.outOfSample = report.results.compactMap { second[$0.combination] }
    report.split = SampleSplit(
      share: share, inSample: parts.inSample, outOfSample: parts.outOfSample,
      between: report.results, and: report.outOfSample, by: rank)
    return report
  }

  private func report(
    _ search: SweepReport.Search, _ rows: Sweep.Rows, _ sweep: Sweep, _ recorded: [SweepTrials]?, tried: Sweep.Rows
  ) -> SweepReport {
    let trials = recorded ?? markets.indices.map { market in SweepTrials(of: tried.rows.map { $0.figures[market] }) }
    var report = SweepReport(
      strategy: template.base.name, series: markets.map { SweepReport.Series($0, options) }, axes: grid.axes,
      rank: rank, search: search, combinations: combinations.count, refused: rows.refused,
      firstRefusal: rows.firstRefusal,
      trials: trials, results: sweep.results(of: rows).deflated(by: trials).ranked(by: rank))
    report.ledger = recorded == nil ? nil : ledger.path
    return report
  }

  /// Records combinations in the ledger and counts the trials there; nil where there is none.
  private func recorded(
    _ sweep: Sweep, _ rows: Sweep.Rows, _ options: BacktestOptions, tried: ClosedRange<Instant>? = nil
  ) throws(Failure) -> [SweepTrials]? {
    guard let path = ledger.path else { return nil }
    var file = TrialLedger(path: path)
    do throws(TrialLedgerError) {
      let trials = try sweep.record(rows, options: options, tried: tried, in: &file)
      for notice in file.notices { Terminal.say(notice) }
      return trials
    } catch {
      // As in a backtest: where nobody asked for the file it is no reason to show nothing.
      if case .cannotWrite = error, !ledger.isNamed {
        Terminal.say("\(error); these trials are not recorded")
        return nil
      }
      throw Failure(.unusable, "\(error)")
    }
  }

  /// Says which combinations were left out; without any left there is no answer.
  private func tell(_ refused: Int, _ reason: String?, of count: Int) throws(Failure) {
    guard refused > 0, let reason else { return }
    if refused == count { throw Failure(.usage, "none of the \(count) combinations can be run: \(reason)") }
    Terminal.say("\(refused) of \(count) combinations cannot be run and are left out, the first for: \(reason)")
  }
}
