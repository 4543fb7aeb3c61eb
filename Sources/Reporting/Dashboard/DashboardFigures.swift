public import Backtesting
public import Trading

/// Figures of results in the blocks of the dashboard, in the reader's language.
public struct DashboardFigures: Sendable {
  private let language: String
  private let write = Figures.page

  /// - Parameter language: `en` or `ko`.
  public init(language: String) { self.language = language }

  private func say(_ english: String, _ korean: String) -> String { language == "ko" ? korean : english }

  // MARK: - Single figures

  public func percent(_ fraction: Double?, digits: Int = 1, isSigned: Bool = true) -> String? {
    write.percent(fraction, digits: digits, signed: isSigned)
  }

  public func number(_ value: Double?, digits: Int) -> String? { write.number(value, digits: digits) }
  public func price(_ value: Double?) -> String? { write.price(value) }
  public func count(_ value: Int) -> String { write.count(value) }

  /// Bytes, in the unit that suits them.
  public func size(_ bytes: Int) -> String {
    let units = ["B", "KB", "MB", "GB", "TB"]
    var (value, place) = (Double(bytes), 0)
    while value >= 1_000, place < units.count - 1 { (value, place) = (value / 1_000, place + 1) }
    return "\(write.number(value, digits: place > 1 ? 1 : 0) ?? Figures.undefined) \(units[place])"
  }

  public func direction(_ direction: Direction) -> String {
    switch direction {
    case .buy: say("buy", "매수")
    case .sell: say("sell", "매도")
    case .exitLong: say("exit long", "매수 청산")
    case .exitShort: say("exit short", "매도 청산")
    }
  }

  /// A direction with its arrow.
  public func call(_ direction: Direction) -> DashboardCell {
    let isUp = direction == .buy || direction == .exitShort
    let sign = direction.sign == 0 ? (isUp ? "△" : "▽") : (isUp ? "▲" : "▼")
    return DashboardCell("\(sign) \(self.direction(direction))", isUp ? .gain : .loss)
  }

  public func confidence(_ value: Double) -> String? { write.percent(value / 100, digits: 0, signed: false) }

  // MARK: - A result

  /// What a backtest came to, with what luck leaves of it.
  public func facts(_ result: BacktestResult) -> [DashboardFact] {
    let metrics = result.metrics
    var facts = [
      DashboardFact(say("Return", "수익률"), .tinted(write.percent(metrics.totalReturn))),
      DashboardFact(say("Buy and hold", "매수 후 보유"), .figure(write.percent(metrics.buyHoldReturn))),
      DashboardFact(say("A year (CAGR)", "연 수익률 (CAGR)"), .figure(write.percent(metrics.cagr))),
      DashboardFact(say("Sharpe", "샤프 지수"), .figure(write.number(metrics.sharpe, digits: 2))),
      DashboardFact(
        say("Deflated Sharpe", "보정 샤프 (운을 뺀 확률)"), .figure(write.percent(metrics.deflatedSharpe, signed: false))),
      DashboardFact(say("Adjusted p", "보정 p값"), .figure(write.number(result.pValue, digits: 3))),
      DashboardFact(say("Max drawdown", "최대 낙폭"), .figure(write.percent(metrics.maxDrawdown))),
      DashboardFact(say("Trades", "거래 수"), .figure(write.count(metrics.trades))),
      DashboardFact(say("Trades won", "이익 거래 비율"), .figure(write.percent(metrics.winRate, signed: false))),
      DashboardFact(say("Exposure", "보유 기간 비율"), .figure(write.percent(metrics.exposure, signed: false))),
      DashboardFact(say("Signals", "신호 수"), .figure(write.count(result.signals.count))),
    ]
    if let split = result.birth {
      let words = BirthWords(language: language)
      facts += [
        DashboardFact(say("Born", "규칙이 만들어진 날"), DashboardCell(words.birth(split.birth))),
        DashboardFact(say("Before the birth", "만들어지기 전"), DashboardCell(words.part(split.before))),
        DashboardFact(say("Out-of-sample", "표본 외 (만들어진 뒤)"), DashboardCell(words.part(split.after))),
      ]
    }
    if let trials = result.trials {
      let effective = write.number(trials.effective, digits: 0) ?? Figures.undefined
      facts.append(
        DashboardFact(
          say("Trials", "시도 횟수"),
          DashboardCell(
            write.count(trials.raw), detail: say("\(effective) really different", "실제로 다른 것 \(effective)"))))
    }
    return facts
  }

  /// What became of the signals, a row a horizon.
  public func outcomes(_ result: BacktestResult) -> DashboardTable {
    DashboardTable(
      say("What became of the signals", "신호의 결과"),
      heads: [
        say("After", "기간"), say("Signals", "신호"), say("Success", "적중률"), say("Base rate", "기준 비율"),
        say("Excess", "초과"), say("95% interval", "95% 구간"), say("Grade", "등급"), say("Mean return", "평균 수익률"),
      ],
      rows: result.outcomes.map { outcome in
        let interval = outcome.interval.flatMap { range in
          write.percent(range.lowerBound, signed: false).flatMap { low in
            write.percent(range.upperBound, signed: false).map { "\(low)–\($0)" }
          }
        }
        return [
          DashboardCell("\(outcome.horizon)"), .figure(write.count(outcome.count)),
          .figure(write.percent(outcome.successRate, signed: false)),
          .figure(write.percent(outcome.baseRate, signed: false)), .tinted(write.percent(outcome.excess)),
          .figure(interval), .figure(outcome.grade?.rawValue),
          .figure(write.percent(outcome.meanReturn, digits: 2)),
        ]
      }, empty: say("No signal has come to its end.", "아직 결과가 나온 신호가 없습니다."))
  }

  // MARK: - Many

  /// Results, the best first.
  ///
  /// - Parameter link: Where the strategy's own page is.
  public func league(
    _ results: [BacktestResult], _ selections: [Selection], link: (BacktestSummary) -> String
  ) -> (verdicts: [String], table: DashboardTable) {
    let standings = Standings(results.map(\.summary), selections: selections)
    var heads = [
      say("Strategy", "전략"), say("Symbol", "종목"), say("Trades", "거래"), say("Return", "수익률"),
      say("Buy and hold", "매수 후 보유"), say("Less buy and hold", "초과 수익"), say("Sharpe", "샤프"),
    ]
    if standings.isCorrected { heads += [say("Deflated Sharpe", "보정 샤프"), say("Adjusted p", "보정 p값")] }
    if standings.isDated { heads += [say("Out-of-sample", "표본 외 수익"), say("Trades in it", "표본 외 거래")] }
    heads += [say("Max drawdown", "최대 낙폭"), say("Signals", "신호")]
    let rows = standings.rows.map { result in
      let metrics = result.metrics
      var cells: [DashboardCell] = [
        DashboardCell(result.strategy, link: link(result)), DashboardCell(result.symbol),
        .figure(write.count(metrics.trades)), .figure(write.percent(metrics.totalReturn)),
        .figure(write.percent(metrics.buyHoldReturn)), .tinted(write.percent(metrics.excessReturn)),
        .figure(write.number(metrics.sharpe, digits: 2)),
      ]
      if standings.isCorrected {
        cells += [
          .figure(write.percent(metrics.deflatedSharpe, signed: false)),
          .figure(write.number(result.pValue, digits: 3)),
        ]
      }
      if standings.isDated {
        cells += [
          .tinted(write.percent(result.birth?.after.metrics?.totalReturn)),
          .figure(result.birth.map { write.count($0.after.metrics?.trades ?? 0) }),
        ]
      }
      return cells + [.figure(write.percent(metrics.maxDrawdown)), .figure(write.count(result.signalCount))]
    }
    return (
      standings.verdicts + [BirthWords().league(standings.rows)].compactMap(\.self) + [standings.caution],
      DashboardTable(
        say("League table", "순위표"), heads: heads, rows: rows, empty: say("There are no results.", "결과가 없습니다."))
    )
  }

  /// The price with a marker for each signal, as it is without a script.
  public func chart(_ candles: CandleSeries, _ result: BacktestResult) -> DashboardFragment? {
    guard let first = result.times.first, let last = result.times.last,
      let chart = PriceChart(id: "prices", candles: candles, from: first, through: last)
    else { return nil }
    let title = say(
      "Closing price of \(result.symbol) with the signals of \(result.strategy)",
      "\(result.symbol) 종가와 \(result.strategy) 신호")
    return DashboardFragment(
      Markup(
        trusted: "<svg class=\"definitions\" aria-hidden=\"true\" width=\"0\" height=\"0\"><defs>"
          + PriceChart.markers + chart.definition + "</defs></svg>"
          + chart.svg(title: title, signals: result.signals, timeframe: result.timeframe)))
  }
}
