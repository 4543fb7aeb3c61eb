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

  fileprivate init(dividends: [Double], factors: [Double], block: [Double]) {
    (self.dividends, self.factors, self.block) = (dividends, factors, block)
  }

  /// Of some of the bars, by the factors that they have among all.
  func of(_ bars: Range<Int>) -> PriceAdjustment {
    PriceAdjustment(
      dividends: dividends.isEmpty ? [] : Array(dividends[bars]), factors: factors.isEmpty ? [] : Array(factors[bars]),
      block: block.isEmpty
        ? []
        : CandleSeries.Column.allCases.flatMap { column in
          let start = column.rawValue * factors.count
          return block[start + bars.lowerBound..<start + bars.upperBound]
        })
  }

  fileprivate static func multiplied(_ block: [Double], by factors: [Double]) -> [Double] {
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

  /// The same bars behind others whose last prices were multiplied by a factor, where nothing is paid on these.
  public func adjusted(onFrom factor: Double) -> CandleSeries {
    guard factor != 1 else { return self }
    let factors = [Double](repeating: factor, count: count)
    return CandleSeries(
      self,
      adjustment: PriceAdjustment(
        dividends: [], factors: factors, block: PriceAdjustment.multiplied(block, by: factors)))
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

  /// One bar with the prices that signals read.
  public func adjusted(_ bar: Int) -> Candle {
    guard let adjusted = adjustment?.block, !adjusted.isEmpty else { return self[bar] }
    func value(_ column: Column) -> Double { adjusted[column.rawValue * count + bar] }
    return Candle(
      time: times[bar], open: value(.open), high: value(.high), low: value(.low), close: value(.close),
      volume: value(.volume))
  }

  /// The bars and those that come behind them, each with its own factors.
  public func followed(by more: CandleSeries) -> CandleSeries {
    guard more.count > 0 else { return self }
    func joined(_ first: [Double], _ second: [Double]) -> [Double] {
      var block: [Double] = []
      block.reserveCapacity((count + more.count) * Column.allCases.count)
      for column in Column.allCases {
        block += first[column.rawValue * count..<(column.rawValue + 1) * count]
        block += second[column.rawValue * more.count..<(column.rawValue + 1) * more.count]
      }
      return block
    }
    var sessions: BarSessions?
    if let own = self.sessions, let next = more.sessions {
      sessions = BarSessions(
        calendar: own.calendar, closes: own.closes + next.closes, days: own.days + next.days,
        hours: own.hours.merging(next.hours) { first, _ in first })
    }
    let series = CandleSeries(
      instrument: instrument, timeframe: timeframe, times: times + more.times, block: joined(block, more.block),
      sessions: sessions)
    guard isRestated || more.isRestated else { return series }
    func each(_ values: [Double]?, _ count: Int, or none: Double) -> [Double] {
      values.flatMap { $0.isEmpty ? nil : $0 } ?? Array(repeating: none, count: count)
    }
    return CandleSeries(
      series,
      adjustment: PriceAdjustment(
        dividends: each(dividends, count, or: 0) + each(more.dividends, more.count, or: 0),
        factors: each(adjustment?.factors, count, or: 1) + each(more.adjustment?.factors, more.count, or: 1),
        block: joined(adjustedBlock, more.adjustedBlock)))
  }

  /// The adjusted prices as a series that pays nothing.
  public var totalReturn: CandleSeries {
    guard isRestated else { return self }
    return CandleSeries(
      instrument: instrument, timeframe: timeframe, times: times, block: adjustedBlock, sessions: sessions)
  }
}
