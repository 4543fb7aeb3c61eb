import Engine
import Storage
import Trading

/// All-time highs and the prices of sessions, worked out from stored candles.
///
/// Nothing is taken over from what was worked out before: a corrected bar revises what stands in the store, and what it
/// was stays as an edition.
struct PriceJobs {
  let workspace: Workspace
  let store: SQLiteStore
  let connections: Connections
  let now: Instant

  func highs() async throws -> String {
    var highs: [PriceHigh] = []
    let faults = try await each { if let high = PriceLevels(of: $0).high { highs.append(high) } }
    let found = highs
    let changes = try await storing { () async throws(StoreError) in try await store.save(found, at: now) }
    return try said("highs of \(highs.count) symbols", changes, faults, isEmpty: highs.isEmpty)
  }

  func snapshots() async throws -> String {
    var changes: [LevelChange] = []
    var symbols = 0
    let faults = try await each { series in
      let sessions = PriceLevels(of: series).sessions(at: now)
      changes += try await storing { () async throws(StoreError) in try await store.save(sessions) }
      symbols += 1
    }
    return try said("\(changes.count) sessions of \(symbols) symbols", changes, faults, isEmpty: symbols == 0)
  }

  /// Each symbol that is collected, by its daily bars, or the shortest ones where there are none of those.
  private func each(_ body: (CandleSeries) async throws -> Void) async throws -> [String] {
    guard let configuration = workspace.configuration else { return [] }
    var lengths: [String: Timeframe] = [:]
    for item in configuration.collect where item.timeframe.milliseconds <= Timeframe.day.milliseconds {
      for symbol in configuration.expand(item.symbols) {
        let known = lengths[symbol]
        if known == .day { continue }
        if item.timeframe == .day || known.map({ item.timeframe.milliseconds < $0.milliseconds }) ?? true {
          lengths[symbol] = item.timeframe
        }
      }
    }
    let names = Set(lengths.map { SeriesName($0.key, $0.value) })
    let moment = now
    let bars = try LiveWorkspace(workspace).bars(store, of: names, through: connections, now: { moment })
    let standing = try await bars.standing(of: names)
    var faults: [String] = []
    for name in names.sorted(by: { $0.symbol < $1.symbol }) where standing[name] != nil {
      try Task.checkCancellation()
      do throws(LiveFault) {
        let series = try await bars.bars(of: name, after: nil).series.named(name.symbol)
        try await handle(bars.calendar(of: name).map { series.keeping($0) } ?? series, body)
      } catch {
        faults.append("\(error)")
      }
    }
    return faults
  }

  private func handle(
    _ series: CandleSeries, _ body: (CandleSeries) async throws -> Void
  ) async throws(LiveFault) {
    do { try await body(series) } catch { throw LiveFault(series.instrument.symbol, "\(error)") }
  }

  private func said(_ what: String, _ changes: [LevelChange], _ faults: [String], isEmpty: Bool) throws -> String {
    if isEmpty, let first = faults.first { throw Failure(.unusable, first) }
    let counts = LevelChange.allCases.filter { $0 != .same }.map { kind in
      "\(changes.count { $0 == kind }) \(kind.rawValue)"
    }
    let text = "\(what): \(counts.joined(separator: ", "))"
    return faults.isEmpty ? text : "\(text); \(faults.count) failed: \(faults[0])"
  }
}

extension Host {
  func highs() async throws -> String { try await prices.highs() }

  func snapshots() async throws -> String { try await prices.snapshots() }

  private var prices: PriceJobs {
    PriceJobs(workspace: workspace, store: store, connections: connections, now: surroundings.clock.now())
  }
}
