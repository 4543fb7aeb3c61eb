import Testing
import Trading

@testable import Storage

/// What every engine does with repairs of candles.
@Suite struct RepairConformance {
  private let monday = day(2026, 1, 5)
  private let tuesday = day(2026, 1, 6)
  private let wednesday = day(2026, 1, 7)
  private let thursday = day(2026, 1, 8)
  private let friday = day(2026, 1, 9)

  private func store(_ engine: StoreEngine, _ body: (any Store) async throws -> Void) async throws {
    try await inFolder { folder in try await body(try engine.open(folder)) }
  }

  /// The same history with some bars a day earlier, some taken away, and some prices a hundredth.
  private func mended(
    _ history: PriceHistory, scaled: Range<Int>, gone: Set<Int> = [], moved: Range<Int> = 0..<0
  ) -> PriceHistory {
    let kept = (0..<history.series.count).filter { !gone.contains($0) }
    let candles = kept.map { bar in
      var candle = history.series[bar]
      if scaled.contains(bar) {
        candle.open /= 100
        candle.high /= 100
        candle.low /= 100
        candle.close /= 100
      }
      if moved.contains(bar) { candle.time = candle.time.advanced(by: -3_600_000) }
      return candle
    }
    var copy = history
    copy.series = CandleSeries(instrument: history.series.instrument, timeframe: .day, candles: candles)
    copy.adjustedClose = history.adjustedClose.map { closes in kept.map { closes[$0] } }
    return copy
  }

  @Test(arguments: StoreEngine.all)
  func `a repair is a revision that says so, and the old values stay visible`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      // More than two chunks, with changes on both sides of their borders.
      let raw = prices(9_000)
      let sound = mended(raw, scaled: 4_090..<4_100, gone: [0, 4_200, 8_999], moved: 8_190..<8_195)
      _ = try await store.save(raw, under: daily, fetchedAt: monday)
      let repair = try #require(
        try await store.repair(daily, from: raw, to: sound, reasons: ["b, then a", "a"], at: wednesday))
      #expect(repair.revision == 1 && repair.madeAt == wednesday && repair.undoneBy == nil)
      // Ten that changed, three that went, five that left one moment and came to another.
      #expect(repair.bars == 23 && repair.actions == 0)
      #expect(try await store.repairs(of: daily) == [repair])
      #expect(try await store.history(daily).bits == sound.bits)
      #expect(try await store.history(daily, from: nil, to: nil, asOf: tuesday).bits == raw.bits)
      #expect(try await store.history(daily, from: nil, to: nil, asOf: wednesday).bits == sound.bits)

      let replaced = try await store.replaced(daily, from: nil, to: nil)
      #expect(replaced.count == 18 && replaced.allSatisfy { $0.replacedBy == .repair && $0.replacedAt == wednesday })
      #expect(replaced.first?.candle == raw.series[0])
      let coverage = try #require(try await store.coverage(daily))
      #expect(
        coverage.count == 8_997 && coverage.first == raw.series.times[1] && coverage.last == raw.series.times[8_998])
      // A repair asks no source.
      #expect(coverage.fetchedAt == monday && coverage.revision == 1)
    }
  }

  @Test(arguments: StoreEngine.all)
  func `a repair that is taken back leaves what was there before`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      let raw = prices(9_000)
      let sound = mended(raw, scaled: 4_090..<4_100, gone: [0, 4_200, 8_999], moved: 8_190..<8_195)
      _ = try await store.save(raw, under: daily, fetchedAt: monday)
      _ = try await store.repair(daily, from: raw, to: sound, reasons: ["a"], at: tuesday)
      let undo = try #require(try await store.undo(repair: 1, of: daily, at: thursday))
      #expect(undo.revision == 2 && undo.bars == 23)
      #expect(try await store.history(daily).bits == raw.bits)
      #expect(try await store.history(daily, from: nil, to: nil, asOf: wednesday).bits == sound.bits)
      #expect(try await store.history(daily, from: nil, to: nil, asOf: monday).bits == raw.bits)
      #expect(try await store.repairs(of: daily).map(\.undoneBy) == [2])
      #expect(try await store.replaced(daily, from: nil, to: nil).count { $0.replacedBy == .undo } == 15)
      #expect(try await store.coverage(daily)?.count == 9_000)
      // Once is enough, and what is no repair cannot be taken back.
      #expect(try await store.undo(repair: 1, of: daily, at: friday) == nil)
      #expect(try await store.undo(repair: 2, of: daily, at: friday) == nil)
      #expect(try await store.undo(repair: 7, of: daily, at: friday) == nil)
    }
  }

  @Test(arguments: StoreEngine.all)
  func `a repair stands while the source repeats itself, and gives way to another value`(
    _ engine: StoreEngine
  ) async throws {
    try await store(engine) { store in
      let raw = prices(100)
      let sound = mended(raw, scaled: 40..<50, gone: [60])
      _ = try await store.save(raw, under: daily, fetchedAt: monday)
      _ = try await store.repair(daily, from: raw, to: sound, reasons: ["a"], at: tuesday)
      let again = try await store.save(raw, under: daily, fetchedAt: wednesday)
      #expect(again.unchanged == 100 && !again.changesAnything)
      #expect(try await store.history(daily).bits == sound.bits)
      var plain = raw
      plain.adjustedClose = nil
      #expect(try await store.save(plain, under: daily, fetchedAt: wednesday).changesAnything == false)

      let corrected = raw.with(45) { $0.close += 0.5 }
      let saved = try await store.save(corrected, under: daily, fetchedAt: thursday)
      #expect(saved.corrected == 1 && saved.new == 0)
      #expect(try await store.history(daily).series[45] == corrected.series[45])
      // What the source gave anew is not touched by taking the repair back; the rest is.
      let undo = try #require(try await store.undo(repair: 1, of: daily, at: friday))
      #expect(undo.bars == 10)
      #expect(try await store.history(daily).bits == corrected.bits)
      // Without the repair the source's own value is a value like any other.
      #expect(try await store.save(raw, under: daily, fetchedAt: friday).corrected == 1)
    }
  }

  @Test(arguments: StoreEngine.all)
  func `of two repairs the later one can be taken back first, and then the other`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      let raw = prices(100)
      let (once, twice) = (mended(raw, scaled: 40..<50), mended(mended(raw, scaled: 40..<50), scaled: 45..<55))
      _ = try await store.save(raw, under: daily, fetchedAt: monday)
      _ = try await store.repair(daily, from: raw, to: once, reasons: ["a"], at: tuesday)
      _ = try await store.repair(daily, from: once, to: twice, reasons: ["b"], at: wednesday)
      #expect(try await store.undo(repair: 2, of: daily, at: thursday)?.bars == 10)
      #expect(try await store.history(daily).bits == once.bits)
      #expect(try await store.save(raw, under: daily, fetchedAt: thursday).changesAnything == false)
      #expect(try await store.undo(repair: 1, of: daily, at: friday)?.bars == 10)
      #expect(try await store.history(daily).bits == raw.bits)
    }
    try await store(engine) { store in
      // The first one alone: what the second has changed stays.
      let raw = prices(100)
      let (once, twice) = (mended(raw, scaled: 40..<50), mended(mended(raw, scaled: 40..<50), scaled: 45..<55))
      _ = try await store.save(raw, under: daily, fetchedAt: monday)
      _ = try await store.repair(daily, from: raw, to: once, reasons: ["a"], at: tuesday)
      _ = try await store.repair(daily, from: once, to: twice, reasons: ["b"], at: wednesday)
      #expect(try await store.undo(repair: 1, of: daily, at: thursday)?.bars == 5)
      let series = try await store.history(daily).series
      #expect(series[42] == raw.series[42] && series[47] == twice.series[47] && series[52] == twice.series[52])
    }
  }

  @Test(arguments: StoreEngine.all)
  func `a dividend that was mended or taken out comes back when the repair is taken back`(
    _ engine: StoreEngine
  ) async throws {
    try await store(engine) { store in
      let (high, phantom, right) = (
        CorporateAction(time: day(2020, 2, 3), kind: .dividend(50)),
        CorporateAction(time: day(2020, 3, 2), kind: .dividend(0.7)),
        CorporateAction(time: day(2020, 4, 1), kind: .dividend(0.5))
      )
      let raw = prices(200, actions: [high, phantom, right])
      var sound = raw
      let low = CorporateAction(time: day(2020, 2, 3), kind: .dividend(0.5))
      sound.actions = [low, right]
      _ = try await store.save(raw, under: daily, fetchedAt: monday)
      let repair = try #require(try await store.repair(daily, from: raw, to: sound, reasons: ["a"], at: tuesday))
      #expect(repair.bars == 0 && repair.actions == 2)
      #expect(try await store.history(daily).actions == [low, right])
      #expect(try await store.history(daily, from: nil, to: nil, asOf: monday).actions == [high, phantom, right])
      let again = try await store.save(raw, under: daily, fetchedAt: wednesday)
      #expect(again.actions == 0)
      #expect(try await store.history(daily).actions == [low, right])
      let undo = try #require(try await store.undo(repair: 1, of: daily, at: thursday))
      #expect(undo.actions == 2)
      #expect(try await store.history(daily).actions == [high, phantom, right])
      #expect(try await store.history(daily, from: nil, to: nil, asOf: wednesday).actions == [low, right])
    }
  }

  @Test(arguments: StoreEngine.all)
  func `what was there is told from its repair and from the way back, however soon they follow`(
    _ engine: StoreEngine
  ) async throws {
    try await store(engine) { store in
      let raw = prices(100)
      let sound = mended(raw, scaled: 40..<50)
      _ = try await store.save(raw, under: daily, fetchedAt: monday)
      let repair = try #require(try await store.repair(daily, from: raw, to: sound, reasons: ["a"], at: monday))
      let undo = try #require(try await store.undo(repair: 1, of: daily, at: monday))
      #expect(try await store.history(daily, from: nil, to: nil, asOf: monday).bits == raw.bits)
      #expect(try await store.history(daily, from: nil, to: nil, asOf: repair.madeAt).bits == sound.bits)
      #expect(try await store.history(daily, from: nil, to: nil, asOf: undo.madeAt).bits == raw.bits)
      #expect(monday < repair.madeAt && repair.madeAt < undo.madeAt && undo.madeAt < monday.advanced(by: 10_000))
    }
  }

  @Test(arguments: StoreEngine.all)
  func `what came between the look and the repair is left alone`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      let raw = prices(100)
      let newer = raw.with(45) { $0.close += 0.5 }
      _ = try await store.save(raw, under: daily, fetchedAt: monday)
      _ = try await store.save(newer, under: daily, fetchedAt: tuesday)
      let later = prices(120)
      _ = try await store.save(later[100..<120], under: daily, fetchedAt: tuesday)
      let repair = try #require(
        try await store.repair(
          daily, from: raw, to: mended(raw, scaled: 45..<47), reasons: ["a"], at: wednesday))
      #expect(repair.bars == 1)
      let series = try await store.history(daily).series
      #expect(series.count == 120 && series[45] == newer.series[45] && series[46].close == raw.series[46].close / 100)
      // Nothing to change is no revision.
      #expect(try await store.repair(daily, from: raw, to: raw, reasons: ["a"], at: thursday) == nil)
      #expect(try await store.repairs(of: daily).count == 1)
      #expect(
        try await store.repair(
          minutely, from: prices(0, every: 60_000), to: prices(0, every: 60_000), reasons: [], at: thursday) == nil)
    }
  }

  @Test(arguments: StoreEngine.all)
  func `the last check of a series is remembered`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      let check = CandleCheck(checkedAt: tuesday, errors: 2, warnings: 1, notes: 7)
      try await store.note(check, of: daily)
      #expect(try await store.check(of: daily) == nil)
      _ = try await store.save(prices(10), under: daily, fetchedAt: monday)
      try await store.note(check, of: daily)
      #expect(try await store.check(of: daily) == check)
      let later = CandleCheck(checkedAt: wednesday, errors: 0, warnings: 0, notes: 0)
      try await store.note(later, of: daily)
      #expect(try await store.check(of: daily) == later)
      #expect(try await store.check(of: minutely) == nil)
    }
  }
}
