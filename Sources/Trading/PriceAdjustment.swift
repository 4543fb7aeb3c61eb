/// What is paid on the shares of a series, and by how much its prices are raised for it.
///
/// Prices are adjusted forward, from the first bar on: the factor is 1 there and grows at each ex-date by
/// 1 / (1 − dividend / close before). Each value depends on its bar and on those before alone, and the ratios between
/// bars are those of a close adjusted backward from the last bar.
public struct PriceAdjustment: Sendable {
  /// Cash a share, at the bar that opens without it, for who held at the close before; empty where nothing is paid.
  public let dividends: [Double]
  /// By what the prices of each bar are multiplied; empty where it is 1 throughout.
  public let factors: [Double]
  /// The columns of the series with adjusted prices; empty where they are those of the series.
  let block: [Double]

  /// Of cash a share by bar. What falls on a missing bar is paid on the next one; what has no close before it, or not a
  /// greater one, is no dividend.
  init(_ dividends: [Double], of block: [Double]) {
    let count = dividends.count
    let close = CandleSeries.Column.close.rawValue * count
    var paid = [Double](repeating: 0, count: count)
    var factors = [Double](repeating: 1, count: count)
    var (factor, last, waiting, pays) = (1.0, Double.nan, 0.0, false)
    for bar in 0..<count {
      if dividends[bar] > 0 { waiting += dividends[bar] }
      if !block[close + bar].isNaN {
        if waiting > 0, waiting < last {
          paid[bar] = waiting
          factor /= 1 - waiting / last
          pays = true
        }
        (waiting, last) = (0, block[close + bar])
      }
      factors[bar] = factor
    }
    (self.dividends, self.factors) = pays ? (paid, factors) : ([], [])
    self.block = pays ? PriceAdjustment.multiplied(block, by: factors) : []
  }

  /// Of prices that are adjusted already.
  init(factors: [Double]) { (dividends, self.factors, block) = ([], factors, []) }

  private static func multiplied(_ block: [Double], by factors: [Double]) -> [Double] {
    var block = block
    for column in CandleSeries.Column.allCases where column != .volume {
      for bar in factors.indices { block[column.rawValue * factors.count + bar] *= factors[bar] }
    }
    return block
  }
}

extension CandleSeries {
  /// The same bars with cash a share by bar, a value each, 0 where nothing is paid.
  public func paying(_ dividends: [Double]) -> CandleSeries {
    CandleSeries(self, adjustment: PriceAdjustment(dividends, of: block))
  }

  /// The same bars, whose prices have been multiplied by these factors already.
  public func adjusted(by factors: [Double]) -> CandleSeries {
    CandleSeries(self, adjustment: PriceAdjustment(factors: factors))
  }

  /// Cash a share by bar; empty where nothing is paid or nothing is known of it.
  public var dividends: [Double] { adjustment?.dividends ?? [] }

  /// The bars at which something is paid.
  public var exDates: [Int] { dividends.enumerated().filter { $1 > 0 }.map(\.offset) }

  /// The columns that signals read: with forward-adjusted prices where there are dividends, else those of `block`.
  public var adjustedBlock: [Double] {
    guard let adjustment, !adjustment.block.isEmpty else { return block }
    return adjustment.block
  }

  /// The adjusted prices as a series that pays nothing.
  public var totalReturn: CandleSeries {
    guard isRestated else { return self }
    return CandleSeries(
      instrument: instrument, timeframe: timeframe, times: times, block: adjustedBlock, sessions: sessions)
  }
}
