import Pipelines
import Trading

/// What a replay leaves behind.
struct Replay {
  var trades: [Trade] = []
  /// At each counted close; at a missing bar, by the last close known.
  var equity: [Double] = []
  /// Closes there were, and those of them with a position.
  var closes = 0
  var closesInPosition = 0
  /// The sum over the closes of what was held, short below nothing, as a share of equity.
  var exposures = 0.0
}

/// The four prices of one bar.
struct BarPrices {
  var open, high, low, close: Double
}

extension BarPrices {
  init(_ candles: CandleSeries, _ bar: Int) {
    self.init(
      open: candles.value(.open, at: bar), high: candles.value(.high, at: bar), low: candles.value(.low, at: bar),
      close: candles.value(.close, at: bar))
  }
}

extension Backtest {
  /// Walks the counted bars: open, inside, close; then the signals that the close gave.
  ///
  /// `signals` are those of counted bars, by bar, exits first; `columns` are those that the plan reads.
  func replay(_ signals: [Signal], plan: TradePlan, columns: [[Double]] = []) -> Replay {
    if !plan.legs.isEmpty { return replayLegs(signals, plan: plan, columns: columns) }
    var broker = Broker(
      plan: plan, columns: columns, timeframe: candles.timeframe, sessions: candles.sessions,
      dividends: candles.dividends, options: options, periodsPerYear: periodsPerYear)
    let exDates = candles.exDates
    var nextPaid = 0
    var purse = Purse(options.start)
    var replay = Replay()
    replay.equity.reserveCapacity(counted.count)
    var next = 0
    let count = candles.count
    let block = candles.block.span
    let times = candles.times.span
    let signalCount = signals.count
    var bar = counted.lowerBound
    while bar < counted.upperBound {
      var until = next < signalCount ? min(signals[next].bar, counted.upperBound) : counted.upperBound
      while nextPaid < exDates.count, exDates[nextPaid] < bar { nextPaid += 1 }
      if nextPaid < exDates.count { until = min(until, exDates[nextPaid]) }
      if broker.isQuiet, bar < until {
        rest(bar..<until, &broker, &purse, &replay)
        bar = until
        continue
      }
      let prices = BarPrices(
        open: block[bar], high: block[count + bar], low: block[2 * count + bar], close: block[3 * count + bar])
      let isMissing = prices.close.isNaN
      if !isMissing {
        broker.open(prices, bar: bar, time: times[bar], purse: &purse)
        broker.trade(inside: prices, bar: bar, time: times[bar], purse: &purse)
        broker.age()
      }
      while next < signalCount, signals[next].bar <= bar {
        // A bar's signals are heard together: only an exit of the same bar lets its entry renew a position.
        var end = next + 1
        while end < signalCount, signals[end].bar == signals[next].bar { end += 1 }
        broker.hear(signals[next..<end])
        next = end
      }
      if !isMissing {
        broker.close(prices, bar: bar, time: times[bar], purse: &purse)
        replay.closes += 1
        if broker.position != nil {
          replay.closesInPosition += 1
          if purse.equity > 0 { replay.exposures += broker.worth / purse.equity }
        }
      }
      replay.equity.append(purse.equity)
      bar += 1
    }
    broker.end()
    replay.trades = broker.trades
    return replay
  }

  /// Passes bars on which nothing is done: what is held is marked at their closes, and that is all.
  private func rest(_ bars: Range<Int>, _ broker: inout Broker, _ purse: inout Purse, _ replay: inout Replay) {
    let start = CandleSeries.Column.close.rawValue * candles.count
    let closes = candles.block.span.extracting(start + bars.lowerBound..<start + bars.upperBound)
    let (cash, quantity) = (purse.cash, broker.position?.quantity)
    var held = purse.held
    var (seen, last) = (0, -1)
    var exposures = replay.exposures
    for place in closes.indices {
      let close = closes[place]
      if !close.isNaN {
        seen += 1
        last = place
        if let quantity {
          held = quantity * close
          if cash + held > 0 { exposures += held / (cash + held) }
        }
      }
      replay.equity.append(cash + held)
    }
    guard last >= 0 else { return }
    replay.closes += seen
    if quantity != nil { replay.closesInPosition += seen }
    replay.exposures = exposures
    let bar = bars.lowerBound + last
    broker.rest(closes: seen, bar: bar, close: closes[last], time: candles.times[bar], purse: &purse)
  }
}
