import Pipelines
import Trading

/// The prices of all the symbols of a portfolio on one clock, and what can be said of them without trading.
struct PortfolioMarket {
  /// By the alphabet.
  let series: [CandleSeries]
  let times: [Instant]
  let counted: Range<Int>
  let periodsPerYear: Double
  let timeframe: Timeframe

  init(_ series: [CandleSeries], options: BacktestOptions) {
    self.series = series.sorted { $0.instrument.symbol < $1.instrument.symbol }
    let (times, timeframe) = (commonClock(series), series.first?.timeframe ?? .day)
    let counted = bars(of: times, from: options.from, to: options.to)
    let seen = times.prefix(counted.upperBound)
    var yearly: Double?
    if let calendar = sharedCalendar(of: series), let first = seen.first, let last = seen.last {
      yearly = calendar.periodsPerYear(timeframe, years: first.date.year...last.date.year)
    }
    periodsPerYear = options.periodsPerYear ?? yearly ?? Backtesting.periodsPerYear(of: seen, timeframe: timeframe)
    (self.times, self.timeframe, self.counted) = (times, timeframe, counted)
  }

  /// The mean over the symbols of their returns from close to close, by step: what holding all of them in equal parts
  /// gave. A symbol without a bar takes no part in a step.
  var meanReturns: [Double] {
    var sums = [Double](repeating: 0, count: counted.count)
    var counts = [Double](repeating: 0, count: counted.count)
    for candles in series {
      var cursor = MemberCursor(candles)
      var last = Double.nan
      for step in counted where cursor.begin(at: times[step]) != nil {
        if last > 0 {
          sums[step - counted.lowerBound] += (cursor.close + cursor.paid) / last - 1
          counts[step - counted.lowerBound] += 1
        }
        last = cursor.close
      }
    }
    return zip(sums, counts).map { $1 > 0 ? $0 / $1 : 0 }
  }

  /// The equity of putting equal amounts into these symbols, each at its first fill from a counted step on, and holding
  /// them; what waits for its symbol's first bar is cash. Nil without symbols.
  func equalHold(_ symbols: Set<String>, from first: Int, options: BacktestOptions) -> [Double]? {
    guard !symbols.isEmpty, first < counted.count else { return nil }
    let amount = options.start / Double(symbols.count)
    var equity = [Double](repeating: 0, count: counted.count)
    for candles in series where symbols.contains(candles.instrument.symbol) {
      var cursor = MemberCursor(candles)
      var quantity: Double?
      var paid = 0.0
      for step in counted {
        let bar = cursor.begin(at: times[step])
        if let quantity, bar != nil { paid += quantity * cursor.paid }
        if quantity == nil, step - counted.lowerBound >= first, let bar {
          let prices = BarPrices(candles, bar)
          let price = options.fill == .nextOpen ? prices.open : prices.close
          let paid = options.costs.slipped(price, buying: true, in: prices)
          if price > 0 { quantity = options.costs.quantity(for: amount, at: paid) }
        }
        equity[step - counted.lowerBound] += quantity.map { $0 * cursor.close + paid } ?? amount
      }
    }
    return equity
  }
}

/// The calendar by which all of them go; nil where there is none, or several.
private func sharedCalendar(of series: [CandleSeries]) -> (any TradingCalendar)? {
  guard let calendar = series.first?.sessions?.calendar,
    series.allSatisfy({ $0.sessions?.calendar.name == calendar.name })
  else { return nil }
  return calendar
}

/// The places of the times whose UTC dates lie between the two, both inclusive.
private func bars(of times: [Instant], from: Instant?, to: Instant?) -> Range<Int> {
  let lower = from.map { from in times.firstIndex { $0.day >= from.day } ?? times.count } ?? 0
  let upper = to.map { to in times.firstIndex { $0.day > to.day } ?? times.count } ?? times.count
  return lower..<max(lower, upper)
}
