public import Calendars
public import PluginKit
public import Storage
public import Trading

/// Brings the candles of one instrument from its source into the store: what is not there yet, oldest first.
///
/// Each answer is saved in one transaction with the stretch of time that it answers. So whatever ends the process, the
/// next run goes on behind the last answer that was kept, and asks for nothing twice.
public struct Backfill: Sendable {
  public let key: CandleKey
  let source: any DataSource
  let store: any CandleStore
  let calendar: ExchangeCalendar?
  let quality: QualityStage?
  let now: @Sendable () -> Instant

  /// - Parameters:
  ///   - quality: Looks through the prices once something came.
  ///   - now: The clock; the source's own requests have theirs.
  public init(
    _ key: CandleKey, from source: any DataSource, into store: any CandleStore, calendar: ExchangeCalendar?,
    quality: QualityStage? = nil, now: @escaping @Sendable () -> Instant
  ) {
    self.key = key
    self.source = source
    self.store = store
    self.calendar = calendar
    self.quality = quality
    self.now = now
  }

  /// Fills everything from `start` to the last bar that is closed. Never throws: what went wrong stands in the answer,
  /// and what had been brought until then is kept.
  ///
  /// - Parameter step: Called after each answer with the share of this run's stretches that is done, from 0 to 1.
  public func run(from start: Instant, step: (Double) -> Void = { _ in }) async -> Collected {
    var collected = Collected(key: key)
    do throws(CollectFault) {
      try await fill(from: start, &collected, step)
      try await fillGaps(from: start, &collected)
    } catch {
      collected.fault = error
    }
    // What there is now is worth saying after a fault, too.
    do throws(StoreError) {
      if let checked = try await quality?.run(key, after: collected.saved) {
        collected.check = CandleCheck(checked.left, at: now())
        collected.repair = checked.repair
      }
      collected.coverage = try await store.coverage(key)
    } catch {
      if collected.fault == nil { collected.fault = CollectFault(key, error) }
    }
    collected.isStale = isStale(collected.coverage)
    return collected
  }

  private func fill(
    from start: Instant, _ collected: inout Collected, _ step: (Double) -> Void
  ) async throws(CollectFault) {
    let reach = try reach()
    let end = firstUnclosed(settle: reach.settle)
    let first = reach.depth.map { max(start, now().advanced(by: -$0)) } ?? start
    guard first < end else { return }
    let before = try await storing { () async throws(StoreError) in try await store.coverage(key) }
    let asked = try await storing { () async throws(StoreError) in try await store.asked(of: key) }
    let open = (first..<end).without(asked).filter { mayHoldBars($0) }
    var recent = open
    if let last = before?.last, let tail = recent.indices.last, recent[tail].upperBound == end {
      // A source mends its latest bars for a while: they are asked for once more with what follows.
      let again = last.advanced(by: -Backfill.bars(Backfill.recheck, key.timeframe))
      recent[tail] = max(first, min(recent[tail].lowerBound, again))..<end
    }
    let parts = recent.flatMap { reach.parts(of: $0, key.timeframe) }
    var actions = 0
    for (done, part) in parts.enumerated() {
      actions += try await bring(part, until: end, &collected)
      step(Double(done + 1) / Double(parts.count))
    }
    // A dividend or a split moves every adjusted price before it.
    if let before, actions > 0, let oldest = open.first?.lowerBound, before.first < oldest {
      for part in reach.parts(of: before.first..<oldest, key.timeframe) {
        _ = try await bring(part, until: end, &collected)
      }
    }
  }

  /// Asks for the bars that the calendar knows and the store has not, once: what the source does not have is remembered.
  private func fillGaps(from start: Instant, _ collected: inout Collected) async throws(CollectFault) {
    guard let calendar else { return }
    let reach = try reach()
    let end = firstUnclosed(settle: reach.settle)
    let first = reach.depth.map { max(start, now().advanced(by: -$0)) } ?? start
    guard first < end else { return }
    var gaps = try await missing(first..<end, calendar)
    collected.gaps = gaps.reduce(0) { $0 + $1.count }
    // What ought to have come today may come tomorrow.
    let settled = end.advanced(by: -Backfill.patience)
    for gap in gaps.prefix(Backfill.gapsARun) where gap.stretch.upperBound <= settled {
      for part in reach.parts(of: gap.stretch, key.timeframe) { _ = try await bring(part, until: end, &collected) }
      let left = try await missing(gap.stretch, calendar)
      for hole in left {
        try await storing { () async throws(StoreError) in
          try await store.noteHole(hole.stretch, of: key, at: now())
        }
        collected.holes += hole.count
      }
    }
    gaps = try await missing(first..<end, calendar)
    collected.gaps = gaps.reduce(0) { $0 + $1.count }
  }

  /// One request and its save. Returns how many actions were new.
  private func bring(
    _ part: Range<Instant>, until end: Instant, _ collected: inout Collected
  ) async throws(CollectFault) -> Int {
    guard !Task.isCancelled else { throw CollectFault(key, .cancelled, "interrupted") }
    let answer: PriceHistory
    do throws(DataSourceError) {
      answer = try await source.history(
        of: Instrument(symbol: key.symbol), timeframe: key.timeframe, from: part.lowerBound, to: part.upperBound)
    } catch {
      // What a source makes of Ctrl-C is no fault of it.
      if Task.isCancelled { throw CollectFault(key, .cancelled, "interrupted") }
      throw CollectFault(key, error)
    }
    collected.requests += 1
    guard answer.series.timeframe == key.timeframe else {
      throw CollectFault(
        key, .unusable, "bars of \(answer.series.timeframe) came where \(key.timeframe) were asked for")
    }
    let history = try answer.opening(in: part.lowerBound..<min(part.upperBound, end), key)
    let saved = try await storing { () async throws(StoreError) in
      try await store.save(
        history, under: key, fetchedAt: now(), asked: answered(part, history.series.times.last, end))
    }
    collected.add(saved)
    return saved.actions
  }

  /// The stretch that an answer settles. The latest bars may not have reached the source yet: behind the last that came
  /// it is asked again, until it has had the time to know better.
  private func answered(_ part: Range<Instant>, _ last: Instant?, _ end: Instant) -> Range<Instant> {
    guard part.upperBound >= end.advanced(by: -Backfill.patience) else { return part }
    let behind = max(last.map { $0.advanced(by: 1) } ?? part.lowerBound, part.lowerBound)
    let rest = behind..<max(behind, part.upperBound)
    if calendar != nil, !mayHoldBars(rest) { return part }
    let patient = end.advanced(by: -Backfill.patience)
    return part.lowerBound..<max(part.lowerBound, min(part.upperBound, max(behind, patient)))
  }
}
