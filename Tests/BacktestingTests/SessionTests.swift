import Backtesting
import Pipelines
import Testing
import Trading

/// Limits by session: hourly bars from 14:00 to 18:00 UTC, four a date.
@Suite struct SessionTests {
  /// Dates of four bars each, all at 100 unless said; a date may have fewer.
  func sessions(_ bars: [Int], price: (Int) -> Double = { _ in 100 }) -> CandleSeries {
    var candles: [Candle] = []
    for (date, count) in bars.enumerated() {
      for hour in 0..<count {
        let close = price(candles.count)
        candles.append(
          Candle(
            time: day(date).advanced(by: Int64(14 + hour) * 3_600_000), open: close, high: close, low: close,
            close: close, volume: 1))
      }
    }
    return CandleSeries(instrument: Instrument(symbol: "TEST"), timeframe: Timeframe(1, .hour), candles: candles)
  }

  func rows(
    _ candles: CandleSeries, _ signals: [(Int, Direction)], fill: BacktestOptions.Fill = .nextOpen,
    _ change: (inout TradePlan) -> Void
  ) -> [String] {
    let result = backtest(
      run(signals), on: candles, plan: plan(.long, change), strategy: "s", options: free { $0.fill = fill })
    return result.trades.map { trade in
      func bar(_ time: Instant) -> Int { candles.times.firstIndex(of: time) ?? -1 }
      return "\(bar(trade.entryTime))-\(bar(trade.exitTime)) \(trade.exitReason.rawValue)"
    }
  }

  @Test func `a session takes its number of entries and no more`() {
    let candles = sessions([4, 4])
    let signals: [(Int, Direction)] = [(0, .buy), (1, .exitLong), (1, .buy), (4, .buy)]
    #expect(rows(candles, signals) { $0.entriesPerSession = 1 } == ["1-2 signal", "5-7 end"])
    #expect(rows(candles, signals) { $0.entriesPerSession = 2 } == ["1-2 signal", "2-7 end"])
  }

  @Test func `before the close everything is left at the first open that is late enough`() {
    let candles = sessions([4, 4, 4])
    // The close is known from the second date on: 18:00. An hour before is the open of the last bar.
    #expect(rows(candles, [(4, .buy)]) { $0.flat = 60 } == ["5-7 flat"])
    // No bar opens in the last half hour: it goes at the close itself, which the clock tells.
    #expect(rows(candles, [(4, .buy)]) { $0.flat = 30 } == ["5-7 flat"])
    #expect(rows(candles, [(4, .buy)]) { $0.flat = 120 } == ["5-6 flat"])
    // What would fill after that is not entered; the next session's first open takes the signal of the last close.
    #expect(rows(candles, [(6, .buy)]) { $0.flat = 60 } == [])
    #expect(rows(candles, [(7, .buy)]) { $0.flat = 60 } == ["8-11 flat"])
  }

  @Test func `at the open of the last bar and at its close are different prices`() {
    let candles = CandleSeries(
      instrument: Instrument(symbol: "TEST"), timeframe: Timeframe(1, .hour),
      candles: sessions([4, 4]).times.enumerated().map {
        Candle(time: $1, open: 100, high: 104, low: 100, close: 104, volume: 1 + Double($0))
      })
    func price(_ minutes: Int) -> Double? {
      backtest(
        run([(4, .buy)]), on: candles, plan: plan(.long) { $0.flat = minutes }, strategy: "s", options: free()
      ).trades.first?.exitPrice
    }
    #expect(price(60) == 100)
    #expect(price(30) == 104)
  }

  @Test func `in the first session, and in a shortened one, a position goes at the next session's open`() {
    #expect(rows(sessions([4, 4]), [(0, .buy)]) { $0.flat = 60 } == ["1-4 flat"])
    #expect(rows(sessions([4, 2, 4]), [(4, .buy)]) { $0.flat = 60 } == ["5-6 flat"])
  }

  @Test func `daily bars with flat are held from open to close`() {
    let candles = series([(100, 100, 100, 100), (100, 106, 100, 105), (105, 111, 104, 110), (110, 110, 110, 110)])
    let result = backtest(
      run([(0, .buy), (1, .buy)]), on: candles, plan: plan(.long) { $0.flat = 5 }, strategy: "s", options: free())
    #expect(result.rows == ["1 long 1@100.0-1@105.0 flat", "2 long 2@105.0-2@110.0 flat"])
  }

  @Test func `an order rests to the end of its session`() {
    let candles = sessions([4, 4]) { $0 == 3 ? 106 : $0 >= 4 ? 106 : 100 }
    func rows(_ signal: Int, _ expires: TradePlan.Expiry?) -> [String] {
      self.rows(candles, [(signal, .buy)]) { $0.entry = .stop(.number(105), expires: expires) }
    }
    #expect(rows(0, .session) == ["3-7 end"])
    let late = sessions([4, 4]) { $0 >= 5 ? 106 : 100 }
    #expect(self.rows(late, [(0, .buy)]) { $0.entry = .stop(.number(105), expires: .session) } == [])
    #expect(self.rows(late, [(0, .buy)]) { $0.entry = .stop(.number(105), expires: nil) } == ["5-7 end"])
  }
}
