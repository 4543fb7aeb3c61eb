import MarketData
import PluginKit
import Trading

/// The rows of an answer on their way to a history, in any order.
struct RowTable {
  private var candles: [Candle] = []
  private var adjusted: [Double] = []

  /// Takes a row; one that lacks a price is left out, a volume that is missing is 0.
  mutating func add(
    _ time: Instant, open: Double?, high: Double?, low: Double?, close: Double?, volume: Double?,
    adjusted: Double? = nil
  ) {
    guard let open, let high, let low, let close else { return }
    candles.append(Candle(time: time, open: open, high: high, low: low, close: close, volume: volume ?? 0))
    self.adjusted.append(adjusted ?? .nan)
  }

  /// The same of an answer's values: null or nothing is missing, anything else but a number is an error. Prices are
  /// divided by the factor of later splits and volumes multiplied; the adjusted close has them in it.
  mutating func add(
    _ time: Instant, open: JSON?, high: JSON?, low: JSON?, close: JSON?, volume: JSON?, adjusted: JSON? = nil,
    row: Int, of answer: VenueAnswer, factor: Double = 1
  ) throws(DataSourceError) {
    func value(_ json: JSON?, _ name: String) throws(DataSourceError) -> Double? {
      guard let json, json != .null else { return nil }
      if let number = json.number { return number }
      throw answer.unusable("\(name) of row \(row) (\(time)) is \(json.found), where a number is wanted")
    }
    add(
      time, open: try value(open, "open").map { $0 / factor }, high: try value(high, "high").map { $0 / factor },
      low: try value(low, "low").map { $0 / factor }, close: try value(close, "close").map { $0 / factor },
      volume: try value(volume, "volume").map { $0 * factor }, adjusted: try value(adjusted, "the adjusted close"))
  }

  var isEmpty: Bool { candles.isEmpty }

  /// Oldest first, those that open from `from` on and before `to`. A row that stands twice is taken once; two rows of
  /// one time that differ are an error.
  func history(
    of answer: VenueAnswer, _ timeframe: Timeframe, from: Instant?, to: Instant?, actions: [CorporateAction] = [],
    currency: String? = nil
  ) throws(DataSourceError) -> PriceHistory {
    let places = candles.indices.sorted { candles[$0].time < candles[$1].time }
    var kept: [Int] = []
    kept.reserveCapacity(places.count)
    for place in places {
      let candle = candles[place]
      if let from, candle.time < from { continue }
      if let to, candle.time >= to { continue }
      if let last = kept.last, candles[last].time == candle.time {
        guard candles[last] == candle else {
          throw answer.unusable("two rows of \(candle.time) differ; a time stands once")
        }
        continue
      }
      kept.append(place)
    }
    let series = CandleSeries(instrument: answer.instrument, timeframe: timeframe, candles: kept.map { candles[$0] })
    let closes = kept.map { adjusted[$0] }
    let admitted = actions.filter { action in
      if let from, action.time < from { return false }
      if let to, action.time >= to { return false }
      return true
    }
    return PriceHistory(
      series: series, adjustedClose: closes.allSatisfy { $0.isNaN } ? nil : closes,
      actions: admitted.sorted { $0.time < $1.time }, currency: currency)
  }
}

extension Instant {
  /// A moment counted in a unit of so many a second; nil where it lies outside the years 1 to 9999 or is none.
  init?(epoch: Double?, unitsPerSecond: Double = 1) {
    guard let epoch else { return nil }
    let milliseconds = (epoch / unitsPerSecond * 1_000).rounded()
    guard milliseconds > -62_135_596_800_000, milliseconds < 253_402_300_800_000 else { return nil }
    self.init(milliseconds: Int64(milliseconds))
  }

  /// Whole seconds, rounded down.
  var seconds: Int64 { milliseconds >= 0 ? milliseconds / 1_000 : -((999 - milliseconds) / 1_000) }

  /// Midnight UTC of a day counted from 1970-01-01.
  static func midnight(ofDay day: Int) -> Instant { Instant(seconds: Int64(day) * 86_400) }
}
