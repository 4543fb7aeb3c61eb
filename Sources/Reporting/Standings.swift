internal import Backtesting
internal import Trading

/// The results in the order of a league: by symbol as first met, and within a symbol the greatest deflated Sharpe ratio
/// first, or the greatest return less buy and hold where nothing was corrected for luck. Within one symbol all are
/// measured against the same prices; across symbols it would compare markets.
struct Standings: Sendable {
  /// How the rows are ordered, in words.
  var order: String {
    isCorrected
      ? "by symbol; within it the greatest deflated Sharpe first"
      : "by symbol; within it the greatest return less buy and hold first"
  }

  let rows: [BacktestSummary]
  /// Every horizon that any result has, in the order first met.
  let horizons: [Horizon]
  private let selections: [Selection]

  init(_ results: [BacktestSummary], selections: [Selection] = []) {
    self.selections = selections
    var symbols: [String: Int] = [:]
    var horizons: [Horizon] = []
    for result in results {
      if symbols[result.symbol] == nil { symbols[result.symbol] = symbols.count }
      for outcome in result.outcomes where !horizons.contains(outcome.horizon) { horizons.append(outcome.horizon) }
    }
    rows = results.sorted { left, right in
      let (first, second) = (symbols[left.symbol] ?? 0, symbols[right.symbol] ?? 0)
      if first != second { return first < second }
      let (chance, otherChance) = (left.metrics.deflatedSharpe, right.metrics.deflatedSharpe)
      if chance != otherChance { return (chance ?? -1) > (otherChance ?? -1) }
      let (gain, other) = (left.metrics.excessReturn, right.metrics.excessReturn)
      if gain != other { return (gain ?? -.infinity) > (other ?? -.infinity) }
      let (total, otherTotal) = (left.metrics.totalReturn, right.metrics.totalReturn)
      return total != otherTotal ? total > otherTotal : left.strategy < right.strategy
    }
    self.horizons = horizons
  }

  /// Whether any figure was corrected for luck.
  var isCorrected: Bool { rows.contains { $0.trials != nil } }

  /// Whether the birth of some rule is known.
  var isDated: Bool { rows.contains { $0.birth != nil } }

  /// What the table comes to: what is left after luck, where that is known, and what did better than holding.
  var verdicts: [String] { luck + [holding] }

  /// How many beat their exposure, after how many trials.
  private var luck: [String] {
    guard isCorrected else { return [] }
    let judged = rows.filter { $0.beatsExposure != nil }
    guard !judged.isEmpty else { return ["None of these backtests can be told from luck or skill: none traded."] }
    let better = judged.count { $0.beatsExposure == true }
    let rest = judged.count - better
    var text =
      "\(better == 0 ? "None" : "\(better)") of \(judged.count) beat their exposure at 5 % after \(trialsInWords)"
    if rest > 0 {
      let others = better == 0 ? (rest == 1 ? "it" : "they") : rest == 1 ? "the other one" : "the other \(rest)"
      text += "; \(others) cannot be told from luck"
    }
    let unrecorded = rows.count { $0.trials == nil }
    let idle = rows.count - judged.count - unrecorded
    if idle > 0 { text += "; \(idle) more never traded, or lost all they had" }
    if unrecorded > 0 {
      text += "; \(unrecorded) more, not in the ledger, \(unrecorded == 1 ? "was" : "were") not corrected"
    }
    return [text + "."] + overfitting
  }

  /// `62 trials`, of each symbol where there are several.
  private var trialsInWords: String {
    let counts = selections.map(\.population.raw)
    let effective = selections.map(\.population.effective)
    func range(_ low: String?, _ high: String?) -> String {
      low == high ? low ?? "0" : "\(low ?? "0") to \(high ?? "0")"
    }
    let write = Figures.terminal
    let raw = range(counts.min().map(write.count), counts.max().map(write.count))
    let real = range(
      effective.min().flatMap { write.number($0, digits: 0) }, effective.max().flatMap { write.number($0, digits: 0) })
    let noun = counts.max() == 1 ? "trial" : "trials"
    return "\(raw) \(noun)\(selections.count > 1 ? " a symbol" : "") (\(real) really different)"
  }

  private var overfitting: [String] {
    let known = selections.compactMap { selection in
      Figures.terminal.percent(selection.overfitting?.pbo, digits: 0, signed: false).map {
        selections.count > 1 ? "\(selection.data.symbol) \($0)" : $0
      }
    }
    guard !known.isEmpty else { return [] }
    return [
      "Probability of overfitting: \(known.joined(separator: ", ")); so often the best on one half of the time did worse "
        + "than the median on the other half."
    ]
  }

  /// One plain sentence: how many did better than holding.
  var holding: String {
    let comparable = rows.filter { $0.metrics.excessReturn != nil }
    guard !comparable.isEmpty else { return "None of these backtests can be compared with buy and hold." }
    let better = comparable.filter { ($0.metrics.excessReturn ?? 0) > 0 }
    let idle = better.count { $0.metrics.trades == 0 }
    let many = better.isEmpty ? "None" : "\(better.count)"
    var text = "\(many) of \(comparable.count) backtests beat buy and hold"
    if idle > 0 { text += ", \(idle) of them only by never trading" }
    if comparable.count < rows.count { text += "; \(rows.count - comparable.count) more cannot be compared" }
    return text + "."
  }

  /// What the reader must keep in mind beside the verdict.
  var caution: String {
    guard !isCorrected else {
      return "Deflated Sharpe: the chance that the Sharpe ratio beyond the exposure is above what the best of so many "
        + "trials shows by luck. adj. p: the chance of such a result without skill, over all strategies shown. Both "
        + "know only the trials in \(rows.compactMap(\.trials?.ledger).first ?? "the ledger"); a trial that is not "
        + "recorded is not corrected for."
    }
    let tried = Set(rows.map(\.strategy)).count
    guard tried > 1 else {
      return
        "Not corrected for luck: no trial ledger is kept (--ledger FILE). If other strategies were tried before this "
        + "one, its figures look better than they are."
    }
    return
      "Not corrected for luck: no trial ledger is kept (--ledger FILE). Of \(tried) strategies, the best looks good "
      + "by luck alone."
  }
}

extension Metrics {
  /// Total return less that of buy and hold, as a fraction; nil where either is not defined.
  var excessReturn: Double? {
    guard let held = buyHoldReturn, held.isFinite, totalReturn.isFinite else { return nil }
    return totalReturn - held
  }
}

extension BacktestSummary {
  func outcome(after horizon: Horizon) -> OutcomeSummary? { outcomes.first { $0.horizon == horizon } }
}

extension Horizon {
  /// As it is written on the command line: `5b`, `1d`, `4h`.
  var label: String {
    switch self {
    case .bars(let count): "\(count)b"
    case .session: "1d"
    case .duration(let timeframe): timeframe.description
    }
  }

  /// In words: `5 bars`, `next session`.
  var words: String {
    switch self {
    case .bars(let count): count == 1 ? "1 bar" : "\(count) bars"
    case .session: "next session"
    case .duration(let timeframe): timeframe.description
    }
  }
}
