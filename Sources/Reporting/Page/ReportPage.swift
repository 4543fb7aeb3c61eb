/// The page as its templates see it: text, and markup that is safe as it stands. The field names are the templates'
/// tags. None is optional, for a tag without a value would be looked up further out.
struct ReportPage: Sendable {
  struct Fact: Sendable {
    let label: String
    let value: Markup
  }

  struct LeagueRow: Sendable {
    let opensSymbol: Bool
    let anchor, strategy, symbol: String
    let trades, total, held, excess, sharpe, drawdown, signals: Markup
    /// What luck leaves: the deflated Sharpe ratio and the adjusted p-value; empty where nothing was corrected.
    let corrected: [Markup]
    let wins, means: [Markup]
  }

  struct SignalRow: Sendable {
    let time, symbol, strategy, direction: String
    let up: Bool
    let price, confidence: Markup
    let reason: String
  }

  struct TradeRow: Sendable {
    let side, entryTime, exitTime, exitReason: String
    let entryPrice, exitPrice, profit, gain: Markup
  }

  struct OutcomeRow: Sendable {
    let horizon: String
    let count, success, base, excess, interval, grade, mean, best, worst, sharpe: Markup
  }

  struct RegimeRow: Sendable {
    let regime: String
    let cells: [Markup]
  }

  struct YearRow: Sendable {
    let year: String
    let months, total: Markup
  }

  struct IntervalRow: Sendable {
    let figure: String
    let value, ninety, ninetyFive: Markup
  }

  struct Chart: Sendable {
    let caption: String
    let hasMarkers, hasExits, hasHeld: Bool
    let svg: Markup
    let note: String
    let hasNote: Bool
  }

  struct Result: Sendable {
    let anchor, symbol, period: String
    let isOpen: Bool
    let total, excess, sharpe, drawdown: Markup
    let facts: [Fact]
    let charts: [Chart]
    let books: [Book]
    let hasOutcomes: Bool
    let outcomes: [OutcomeRow]
    let hasRegimes: Bool
    let regimeHeads: [String]
    let regimes: [RegimeRow]
    let hasYears: Bool
    let monthHeads: [String]
    let years: [YearRow]
    let hasIntervals: Bool
    let intervalsNote: String
    let randomEntriesNote: String?
    let intervals: [IntervalRow]
    let hasTrades: Bool
    let tradesTitle: String
    let trades: [TradeRow]
    let hasSignals, hasNoSignals: Bool
    let signalsTitle: String
    let signals: [SignalRow]
    let hasNotes: Bool
    let notes: [String]
  }

  struct Strategy: Sendable {
    let anchor, name, title, description: String
    let isTitled: Bool
    let results: [Result]
  }

  let title, subtitle, origin: String
  let style: Markup
  let definitions: Markup
  let run: [Fact]
  let verdicts: [String]
  let caution, order: String
  let isCorrected: Bool
  let hasResults: Bool
  let hasHorizons: Bool
  let horizons: [String]
  let horizonCount: Int
  let league: [LeagueRow]
  let hasLatest: Bool
  let latest: [SignalRow]
  let strategies: [Strategy]
  let hasPageNotes: Bool
  let pageNotes: [String]
}
