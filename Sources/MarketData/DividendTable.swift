public import Trading

/// What was paid on the shares of a history, and the splits that its prices do not have in them yet.
///
/// Where an adjusted close stands at a bar and at the one before, its steps say what was paid: close before × (1 − r / r′)
/// with r, r′ the ratios of adjusted and plain close before and after, or the declared amount where that is the same up to
/// rounding, or the adjusted close does not step, as in a store whose bars were fetched at several times. Elsewhere the
/// declared amounts count. A step by a usual ratio of splits that the plain close takes as well is
/// a split, and the prices before it are divided.
struct DividendTable {
  /// Cash a share by bar, in split-adjusted money.
  private(set) var dividends: [Double]
  /// By what prices before each bar are to be divided; 1 nearly everywhere.
  private(set) var splits: [Double]

  /// - Parameters:
  ///   - closes: NaN where a bar is missing.
  ///   - adjusted: by bar, NaN where there is none.
  ///   - declared: cash a share by bar, gains included.
  ///   - declaredSplits: new shares for an old one by bar, 0 where there is none.
  init(closes: [Double], adjusted: [Double]?, declared: [Double], declaredSplits: [Double]) {
    let count = closes.count
    dividends = Array(repeating: 0, count: count)
    splits = Array(repeating: 1, count: count)
    let slack = adjusted.map { DividendTable.slack(of: $0, beside: closes) } ?? { _ in 0 }
    var last: Int?
    // What was declared at missing bars falls on the next.
    var (waiting, split) = (0.0, 1.0)
    for bar in 0..<count {
      waiting += declared[bar]
      if declaredSplits[bar] > 0 { split *= declaredSplits[bar] }
      guard closes[bar] > 0 else { continue }
      defer { (last, waiting, split) = (bar, 0, 1) }
      guard let before = last else { continue }
      guard let adjusted, adjusted[before] > 0, adjusted[bar] > 0 else {
        dividends[bar] = waiting
        continue
      }
      var step = adjusted[before] / closes[before] / (adjusted[bar] / closes[bar])
      let ratio = DividendTable.splitRatio(step: step, move: closes[bar] / closes[before], declared: split)
      step *= ratio
      splits[bar] = ratio
      let own = slack(adjusted[before]) + slack(adjusted[bar])
      let paid = closes[before] / ratio * (1 - step)
      let isStep = 1 - step > max(own, DividendTable.leastStep)
      let agrees = abs(paid - waiting) <= max(0.02 * waiting, closes[before] / ratio * own)
      dividends[bar] = isStep && !agrees ? paid : waiting
    }
    toSplitAdjustedMoney()
  }

  /// What was paid before a split is divided by it.
  private mutating func toSplitAdjustedMoney() {
    var factor = 1.0
    for bar in dividends.indices.reversed() {
      dividends[bar] /= factor
      factor *= splits[bar]
    }
  }

  /// A smaller step is the rounding of single precision.
  private static let leastStep = 0.00002

  /// How far a ratio can be off because adjusted closes are rounded to so many decimals, as a share of it. Rounding shows:
  /// it lets ratios fall, which no dividend does.
  private static func slack(of adjusted: [Double], beside closes: [Double]) -> (Double) -> Double {
    let ratios = zip(adjusted, closes).map { $0 / $1 }.filter { $0 > 0 }
    let falls = zip(ratios, ratios.dropFirst()).count { $1 / $0 < 1 - leastStep }
    guard falls > ratios.count / 20 else { return { _ in 0 } }
    var decimals = 0
    var scale = 1.0
    for value in adjusted where value.isFinite {
      while decimals < 8, abs(value * scale - (value * scale).rounded()) > 1e-6 + value * scale * 1e-15 {
        decimals += 1
        scale *= 10
      }
    }
    // Half a unit of the last decimal, and as much again for the close beside it.
    return { value in 1 / scale / value }
  }

  /// Ratios that are unlikely for a dividend. What pays out a fifth of the price or less is none.
  private static let usualRatios: [Double] = [1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30, 40, 50, 100]

  /// New shares for an old one where the adjusted close steps by a split that the plain close takes too; else 1.
  private static func splitRatio(step: Double, move: Double, declared: Double) -> Double {
    if declared != 1, abs(step * declared - 1) < abs(step - 1) { return declared }
    guard step <= 0.7 || step >= 1.4, move / step > 0.75, move / step < 1.33 else { return 1 }
    return (usualRatios + usualRatios.map { 1 / $0 }).first { abs(step * $0 - 1) < 0.003 } ?? 1
  }
}

extension PriceHistory {
  /// The candles with what was paid on them, on split-adjusted prices; nil where the history says neither what prices
  /// adjusted for dividends are nor what was paid, so that one kind of price serves for everything.
  public var payingSeries: CandleSeries? {
    let rows = PriceRows(self)
    guard adjustedClose != nil || !rows.dividends.isEmpty || !rows.gains.isEmpty else { return nil }
    let none = [Double](repeating: 0, count: series.count)
    let table = DividendTable(
      closes: Array(series.column(.close)), adjusted: adjustedClose,
      declared: (0..<series.count).map { rows.dividend($0) + rows.gain($0) },
      declaredSplits: rows.splits.isEmpty ? none : rows.splits)
    return series.divided(by: table.splits).paying(table.dividends)
  }
}

extension CandleSeries {
  /// Prices before each bar divided by its ratio, and volumes multiplied.
  fileprivate func divided(by ratios: [Double]) -> CandleSeries {
    guard ratios.contains(where: { $0 != 1 }) else { return self }
    var block = block
    var factor = 1.0
    for bar in ratios.indices.reversed() {
      for column in Column.allCases {
        block[column.rawValue * count + bar] *= column == .volume ? factor : 1 / factor
      }
      factor *= ratios[bar]
    }
    return CandleSeries(instrument: instrument, timeframe: timeframe, times: times, block: block, sessions: sessions)
  }
}

extension PriceFile {
  /// The same as `read`, with what was paid on the shares where the header names adjusted closes or dividends.
  public static func readPaying(
    path: String, instrument: Instrument, timeframe: Timeframe? = nil
  ) throws(PriceFileError) -> PriceFile {
    try paying(try read(path: path, instrument: instrument, timeframe: timeframe)) { () throws(PriceFileError) in
      try HistoryFile.read(path: path, instrument: instrument, timeframe: timeframe)
    }
  }

  /// The same as `parse`, likewise.
  public static func parsePaying(
    _ bytes: [UInt8], name: String, instrument: Instrument, timeframe: Timeframe? = nil
  ) throws(PriceFileError) -> PriceFile {
    try paying(try parse(bytes, name: name, instrument: instrument, timeframe: timeframe)) {
      () throws(PriceFileError) in
      try HistoryFile.parse(bytes, name: name, instrument: instrument, timeframe: timeframe)
    }
  }

  private static func paying(
    _ plain: PriceFile, _ full: () throws(PriceFileError) -> HistoryFile
  ) throws(PriceFileError) -> PriceFile {
    guard plain.namesActions else { return plain }
    let rows = try full().rows
    guard rows.count == plain.series.count else { return plain }
    // The bars keep the times that they have without the further columns.
    var dated = rows
    dated.times = plain.series.times
    var history = dated.history
    history.series = plain.series
    guard let series = history.payingSeries else { return plain }
    return PriceFile(series: series, notices: plain.notices, namesActions: true)
  }
}
