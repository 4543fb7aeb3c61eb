import Pipelines
import Trading

extension SignalRun {
  /// The first bar at whose close a signal that can open a position of the plan could be known.
  func firstEntry(of side: TradePlan.Side) -> Int? {
    switch side {
    case .long: firstBuy
    case .short: firstSell
    case .both: [firstBuy, firstSell].compactMap(\.self).min()
    }
  }
}

extension Backtest {
  /// The equity of buying everything on the first bar on which the strategy could have traded and holding it: same
  /// fill, fee and slippage, marked at the last close without a fee; dividends stay cash. Nil where it could never have
  /// bought.
  ///
  /// - Parameter known: the first bar at whose close an entry could be known.
  func buyAndHold(from known: Int?) -> [Double]? {
    guard let known, let (bought, quantity) = purchase(from: known) else { return nil }
    var equity = Array(repeating: options.start, count: counted.count)
    var worth = options.start
    var paid = 0.0
    let dividends = candles.dividends
    for bar in bought..<counted.upperBound {
      let close = candles.value(.close, at: bar)
      // What is paid on the bar of the purchase goes to who held before.
      if bar > bought, !dividends.isEmpty { paid += quantity * dividends[bar] }
      if !close.isNaN { worth = quantity * close + paid }
      equity[bar - counted.lowerBound] = worth
    }
    return equity
  }

  /// The bar on which everything is bought and held, and how much that is; nil where there is none, or fees would take
  /// more than there is.
  func purchase(from known: Int) -> (bar: Int, quantity: Double)? {
    let column: CandleSeries.Column = options.fill == .nextOpen ? .open : .close
    let first = max(known, counted.lowerBound) + (options.fill == .nextOpen ? 1 : 0)
    guard first < counted.upperBound,
      let bought = (first..<counted.upperBound).first(where: {
        !candles.isMissing($0) && candles.value(column, at: $0) > 0
      })
    else { return nil }
    let costs = options.costs
    let price = costs.slipped(candles.value(column, at: bought), buying: true, in: BarPrices(candles, bought))
    let quantity = costs.quantity(for: options.start, at: price)
    return quantity > 0 ? (bought, quantity) : nil
  }
}
