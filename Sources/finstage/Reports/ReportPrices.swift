import Engine
import Trading

/// The closed bars of series by what was known at the moment of a report, each read once.
struct ReportPrices {
  private(set) var candles: [SeriesName: CandleSeries] = [:]
  /// Why others have none.
  private(set) var faults: [SeriesName: String] = [:]

  init(_ names: Set<SeriesName>, from bars: ConfiguredBars) async throws {
    for name in names {
      try Task.checkCancellation()
      do throws(LiveFault) {
        let series = try await bars.bars(of: name, after: nil).series
        candles[name] = bars.calendar(of: name).map { series.keeping($0) } ?? series
      } catch {
        faults[name] = "\(error)"
      }
    }
  }

  /// Those that have bars, in their order.
  var names: [SeriesName] { candles.keys.sorted(by: SeriesName.precedes) }
}

extension SeriesName {
  static func precedes(_ one: SeriesName, _ other: SeriesName) -> Bool {
    (one.symbol, one.timeframe.milliseconds) < (other.symbol, other.timeframe.milliseconds)
  }
}
