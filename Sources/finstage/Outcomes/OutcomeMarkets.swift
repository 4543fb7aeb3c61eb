import Engine
import Insights
import Storage
import Trading

/// Where the bars are that stored signals are judged over: those that the strategies run over.
struct OutcomeMarkets {
  let live: LiveWorkspace
  let bars: ConfiguredBars
  private let names: [SeriesName: SeriesName]

  init(
    _ live: LiveWorkspace, _ store: SQLiteStore, _ standings: [SignalStanding],
    now: @escaping @Sendable () -> Instant = { Terminal.now }
  ) throws(Failure) {
    self.live = live
    let strategies = live.found.compactMap(\.strategy)
    // Of a group's signals the first symbol's bars decide.
    let groups = Dictionary(
      strategies.flatMap(\.markets).map { (SeriesName($0.name, $0.deciding.timeframe), $0.deciding) },
      uniquingKeysWith: { first, _ in first })
    var names: [SeriesName: SeriesName] = [:]
    for one in standings {
      let market = SeriesName(one.symbol, one.timeframe)
      names[market] = groups[market] ?? market
    }
    self.names = names
    bars = try live.bars(store, of: Set(names.values).union(strategies.flatMap(\.names)), now: now)
  }

  /// The series whose bars decide about these signals.
  func series(_ standing: SignalStanding) -> SeriesName {
    let market = SeriesName(standing.symbol, standing.timeframe)
    return names[market] ?? market
  }

  /// What changes whenever a bar of these is new or corrected; none of files, which show no corrections.
  func states(of standings: [SignalStanding]) async throws(LiveFault) -> [SeriesName: String] {
    let found = try await bars.stored.standing(of: Set(standings.map(series).filter { bars.files[$0] == nil }))
    return Dictionary(
      standings.compactMap { one in
        found[series(one)].map {
          (SeriesName(one.symbol, one.timeframe), "\(series(one)) \($0.count) \($0.last) \($0.revision)")
        }
      }, uniquingKeysWith: { first, _ in first })
  }

  /// The closed bars that the signals were said over, with what their calendar says.
  func closed(_ standing: SignalStanding) async throws(LiveFault) -> OutcomeTracking.Bars {
    let name = series(standing)
    let found = try await bars.bars(of: name, after: nil)
    let series = bars.calendar(of: name).map { found.series.keeping($0) } ?? found.series
    return OutcomeTracking.Bars(series, open: found.open)
  }
}
