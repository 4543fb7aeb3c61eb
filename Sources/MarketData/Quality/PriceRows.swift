public import Trading

/// Prices as they were given, with everything that is wrong in them: what the quality checks look at.
///
/// Times ascend strictly; rows that repeat a time stand apart. A value that is missing is NaN; every other value stands
/// as it was given, be it negative or infinite.
public struct PriceRows: Sendable {
  /// A row whose time another row has already.
  struct Repeat: Sendable, Hashable {
    /// The bar that has the time.
    var bar: Int
    var line: Int
    var candle: Candle
  }

  /// A place where the rows of a file step back in time.
  struct StepBack: Sendable, Hashable {
    var line: Int
    var time: Instant
    /// The time of the row above.
    var above: Instant
  }

  public let instrument: Instrument
  public let timeframe: Timeframe
  public internal(set) var times: [Instant]
  /// Open, high, low, close and volume, in the order of `CandleSeries.Column`.
  var columns: [[Double]]
  var adjusted: [Double]?
  /// Cash a share by bar, 0 without any; empty where the source has no dividends at all.
  var dividends: [Double] = []
  var splits: [Double] = []
  var gains: [Double] = []
  /// The currencies that the source names, in the order in which they occur.
  var currencies: [String] = []
  var lines: [Int] = []
  var repeats: [Repeat] = []
  var stepsBack: [StepBack] = []

  public var count: Int { times.count }
  public var firstTime: Instant? { times.first }
  public var lastTime: Instant? { times.last }

  func line(of bar: Int) -> Int? { lines.isEmpty ? nil : lines[bar] }

  func value(_ column: CandleSeries.Column, _ bar: Int) -> Double { columns[column.rawValue][bar] }

  /// Whether no price stands in the row.
  func isMissing(_ bar: Int) -> Bool { (0..<4).allSatisfy { columns[$0][bar].isNaN } }

  /// Whether all four prices are numbers above 0.
  func isWhole(_ bar: Int) -> Bool { (0..<4).allSatisfy { columns[$0][bar] > 0 && columns[$0][bar].isFinite } }

  func dividend(_ bar: Int) -> Double { dividends.isEmpty ? 0 : dividends[bar] }
  func gain(_ bar: Int) -> Double { gains.isEmpty ? 0 : gains[bar] }

  /// A day as its date, a moment within a day in full.
  func text(_ time: Instant) -> String {
    timeframe.milliseconds >= Timeframe.day.milliseconds && time.milliseconds % 86_400_000 == 0
      ? time.dateText : time.description
  }
  func text(_ bar: Int) -> String { text(times[bar]) }

  init(instrument: Instrument, timeframe: Timeframe, times: [Instant], columns: [[Double]]) {
    self.instrument = instrument
    self.timeframe = timeframe
    self.times = times
    self.columns = columns
  }

  /// The rows of a history, whose actions stand at the first bar that opens with or after them.
  public init(_ history: PriceHistory) {
    let series = history.series
    self.init(
      instrument: series.instrument, timeframe: series.timeframe, times: series.times,
      columns: CandleSeries.Column.allCases.map { Array(series.column($0)) })
    adjusted = history.adjustedClose
    currencies = history.currency.map { [$0] } ?? []
    for action in history.actions {
      guard let bar = firstBar(notBefore: action.time) else { continue }
      switch action.kind {
      case .dividend(let cash): PriceRows.put(cash, at: bar, in: &dividends, count)
      case .split(let ratio): PriceRows.put(ratio, at: bar, in: &splits, count)
      case .capitalGain(let cash): PriceRows.put(cash, at: bar, in: &gains, count)
      }
    }
  }

  /// The same as a history. Values that no series admits are missing there.
  public var history: PriceHistory {
    var block: [Double] = []
    block.reserveCapacity(count * 5)
    let whole = (0..<count).map { isWhole($0) && columns[1][$0] >= columns[2][$0] }
    for column in 0..<5 {
      for bar in 0..<count { block.append(whole[bar] ? columns[column][bar] : .nan) }
    }
    var actions: [CorporateAction] = []
    for bar in 0..<count {
      if !splits.isEmpty, splits[bar] > 0 {
        actions.append(CorporateAction(time: times[bar], kind: .split(splits[bar])))
      }
      if dividend(bar) > 0 { actions.append(CorporateAction(time: times[bar], kind: .dividend(dividend(bar)))) }
      if gain(bar) > 0 { actions.append(CorporateAction(time: times[bar], kind: .capitalGain(gain(bar)))) }
    }
    return PriceHistory(
      series: CandleSeries(instrument: instrument, timeframe: timeframe, times: times, block: block),
      adjustedClose: adjusted.map { $0.map { $0.isFinite ? $0 : .nan } }, actions: actions,
      currency: currencies.count == 1 ? currencies[0] : nil)
  }

  func firstBar(notBefore time: Instant) -> Int? {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if times[middle] < time { low = middle + 1 } else { high = middle }
    }
    return low < count ? low : nil
  }

  private static func put(_ value: Double, at bar: Int, in column: inout [Double], _ count: Int) {
    if column.isEmpty { column = Array(repeating: 0, count: count) }
    column[bar] += value
  }
}
