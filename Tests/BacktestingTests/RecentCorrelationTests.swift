import Backtesting
import Testing
import Trading

@Suite struct RecentCorrelationTests {
  private func series(_ closes: [Double], hour: Int64 = 0, without gaps: Set<Int> = []) -> CandleSeries {
    let candles = closes.enumerated().filter { !gaps.contains($0.offset) }.map { place, close in
      Candle(
        time: day(place).advanced(by: hour * 3_600_000), open: close, high: close, low: close, close: close, volume: 1)
    }
    return CandleSeries(instrument: Instrument(symbol: "T"), timeframe: .day, candles: candles)
  }

  // numpy.corrcoef of the returns of these two lists.
  private let one = [100.0, 102, 101, 105, 104, 108, 107, 111, 110, 115, 113, 118]
  private let two = [50.0, 50.5, 51, 51.8, 51.2, 53, 53.5, 54, 53.2, 55.9, 55, 57]

  @Test func `it is that of numpy, whatever the hour at which the bars open`() throws {
    let value = try #require(series(one).recentCorrelation(with: series(two, hour: 14), returns: 60, atLeast: 5))
    #expect(agree(value, 0.8235029087263027, to: 1e-12))
    let latest = try #require(series(one).recentCorrelation(with: series(two), returns: 6, atLeast: 5))
    #expect(agree(latest, 0.8551892867358528, to: 1e-12))
  }

  @Test func `only days that both have count`() throws {
    let gapped = series(two, without: [3, 7])
    let value = try #require(series(one).recentCorrelation(with: gapped, returns: 60, atLeast: 5))
    #expect(agree(value, 0.7043083124749703, to: 1e-12))
  }

  @Test func `with too few common days, or without a move, it is not known`() {
    #expect(series(one).recentCorrelation(with: series(two), returns: 60, atLeast: 12) == nil)
    let flat = series(Array(repeating: 7, count: 12))
    #expect(series(one).recentCorrelation(with: flat, returns: 60, atLeast: 5) == nil)
  }
}
