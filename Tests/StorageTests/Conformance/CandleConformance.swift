import Foundation
import TestSupport
import Testing
import Trading

@testable import Storage

/// What every engine does with candles.
@Suite struct CandleConformance {
  private let monday = day(2026, 1, 5)
  private let tuesday = day(2026, 1, 6)
  private let wednesday = day(2026, 1, 7)

  /// A store that is new, in a folder that goes with the test.
  private func store(_ engine: StoreEngine, _ body: (any Store) async throws -> Void) async throws {
    try await inFolder { folder in try await body(try engine.open(folder)) }
  }

  @Test(arguments: StoreEngine.all)
  func `what was saved is read back bit by bit`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      let actions = [
        CorporateAction(time: day(2020, 3, 2), kind: .dividend(0.25)),
        CorporateAction(time: day(2020, 3, 2), kind: .capitalGain(1.5)),
        CorporateAction(time: day(2020, 8, 31), kind: .split(4)),
      ]
      let history = prices(10_000, currency: "USD", actions: actions)
      let saved = try await store.save(history, under: daily, fetchedAt: monday)
      #expect(saved.new == 10_000 && saved.unchanged == 0 && saved.corrected == 0 && saved.actions == 3)
      let read = try await store.history(daily)
      #expect(read.bits == history.bits)
      #expect(read.series.instrument.symbol == "TEST" && read.series.timeframe == .day)
      #expect(Set(read.actions) == Set(actions) && read.currency == "USD")
      let coverage = try #require(try await store.coverage(daily))
      #expect(coverage.first == history.series.times[0] && coverage.last == history.series.times[9_999])
      #expect(coverage.count == 10_000 && coverage.fetchedAt == monday && coverage.currency == "USD")
      #expect(try await store.keys() == [daily])
    }
  }

  @Test(arguments: StoreEngine.all)
  func `an unknown key has no bars, no coverage, no holes`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      let read = try await store.history(daily)
      #expect(read.series.count == 0 && read.adjustedClose == nil && read.actions.isEmpty && read.currency == nil)
      #expect(try await store.coverage(daily) == nil)
      #expect(try await store.holes(of: daily).isEmpty)
      #expect(try await store.asked(of: daily).isEmpty)
      #expect(try await store.keys().isEmpty)
    }
  }

  @Test(arguments: StoreEngine.all)
  func `from and to are inclusive, within chunks and across them`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      let history = prices(9_000)
      _ = try await store.save(history, under: daily, fetchedAt: monday)
      for (first, last) in [(0, 8_999), (17, 17), (4_000, 4_200), (4_095, 4_096), (8_998, 8_999), (100, 8_900)] {
        let times = history.series.times
        let read = try await store.history(daily, from: times[first], to: times[last])
        #expect(read.bits == history[first..<last + 1].bits)
        let between = try await store.history(
          daily, from: times[first].advanced(by: -1_000), to: times[last].advanced(by: 1_000))
        #expect(between.bits == read.bits)
      }
      let outside = try await store.history(daily, from: day(1990, 1, 1), to: day(1990, 2, 1))
      #expect(outside.series.count == 0)
      let none = try await store.history(
        daily, from: history.series.times[5].advanced(by: 1), to: history.series.times[5].advanced(by: 2))
      #expect(none.series.count == 0)
      let backwards = try await store.history(daily, from: history.series.times[50], to: history.series.times[40])
      #expect(backwards.series.count == 0)
    }
  }

  @Test(arguments: StoreEngine.all)
  func `the same bars again change nothing but the moment of fetching`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      let history = prices(5_000, currency: "USD", actions: [.init(time: day(2021, 1, 4), kind: .dividend(1))])
      _ = try await store.save(history, under: daily, fetchedAt: monday)
      let again = try await store.save(history, under: daily, fetchedAt: tuesday)
      #expect(again.unchanged == 5_000 && again.new == 0 && again.corrected == 0 && again.actions == 0)
      let coverage = try #require(try await store.coverage(daily))
      #expect(coverage.count == 5_000 && coverage.revision == 0 && coverage.fetchedAt == tuesday)
      #expect(try await store.replaced(daily, from: nil, to: nil).isEmpty)
    }
  }

  @Test(arguments: StoreEngine.all)
  func `a correction is a revision, and the old value stays visible`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      let first = prices(6_000)
      let second = first.with(4_500) { $0.close += 1 }
      let third = second.with(4_500) { $0.close += 1 }
      _ = try await store.save(first, under: daily, fetchedAt: monday)
      let saved = try await store.save(second, under: daily, fetchedAt: tuesday)
      #expect(saved.corrected == 1 && saved.unchanged == 5_999)
      _ = try await store.save(third, under: daily, fetchedAt: wednesday)

      #expect(try await store.history(daily).bits == third.bits)
      #expect(try await store.history(daily, from: nil, to: nil, asOf: monday).bits == first.bits)
      #expect(try await store.history(daily, from: nil, to: nil, asOf: tuesday).bits == second.bits)
      #expect(try await store.history(daily, from: nil, to: nil, asOf: wednesday).bits == third.bits)
      #expect(try await store.history(daily, from: nil, to: nil, asOf: day(2025, 1, 1)).series.count == 0)
      let time = first.series.times[4_500]
      #expect(try await store.history(daily, from: time, to: time, asOf: monday).bits == first[4_500..<4_501].bits)

      let replaced = try await store.replaced(daily, from: nil, to: nil)
      #expect(replaced.map(\.candle) == [first.series[4_500], second.series[4_500]])
      #expect(replaced.map(\.fetchedAt) == [monday, tuesday] && replaced.map(\.replacedAt) == [tuesday, wednesday])
      #expect(
        replaced.map(\.revision) == [1, 2]
          && replaced.map(\.adjustedClose) == [4_500, 4_500].map { first.adjustedClose?[$0] })
      #expect(try await store.coverage(daily)?.revision == 2)
    }
  }

  @Test(arguments: StoreEngine.all)
  func `a dividend readjusts every close, and a source without adjusted closes takes none away`(
    _ engine: StoreEngine
  ) async throws {
    try await store(engine) { store in
      let first = prices(300)
      var second = first
      second.adjustedClose = first.adjustedClose?.map { $0 * 0.99 }
      var third = first
      third.adjustedClose = nil
      _ = try await store.save(first, under: daily, fetchedAt: monday)
      let readjusted = try await store.save(second, under: daily, fetchedAt: tuesday)
      #expect(readjusted.readjusted == 300 && readjusted.corrected == 0)
      let silent = try await store.save(third, under: daily, fetchedAt: wednesday)
      #expect(silent.unchanged == 300)
      #expect(try await store.history(daily).bits == second.bits)
      #expect(try await store.history(daily, from: nil, to: nil, asOf: monday).bits == first.bits)
    }
  }

  @Test(arguments: StoreEngine.all)
  func `missing bars are not saved and take nothing away`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      let history = prices(10)
      let holed = history.with(4) { bar in
        bar = Candle(time: bar.time, open: .nan, high: .nan, low: .nan, close: .nan, volume: .nan)
      }
      #expect(try await store.save(holed, under: daily, fetchedAt: monday).new == 9)
      #expect(
        try await store.history(daily).series.times == (history[0..<4].series.times + history[5..<10].series.times))
      #expect(try await store.save(history, under: daily, fetchedAt: monday).new == 1)
      let again = try await store.save(holed, under: daily, fetchedAt: tuesday)
      #expect(again.unchanged == 9 && again.new == 0)
      #expect(try await store.history(daily).bits == history.bits)
    }
  }

  /// The oracle is a dictionary of the bars that were saved last.
  @Test(arguments: StoreEngine.all, [1, 2, 3, 4])
  func `bars that come in any order and overlap are kept as a dictionary would`(
    _ engine: StoreEngine, _ seed: UInt64
  ) async throws {
    try await store(engine) { store in
      var random = SplitMix(seed: seed)
      let history = prices(20_000, seed: seed)
      var expected: [Int: Candle] = [:]
      for save in 0..<30 {
        let start = Int.random(in: 0..<20_000, using: &random)
        let count = [1, 3, 200, 1_500, 6_000].randomElement(using: &random) ?? 1
        let bars = start..<min(20_000, start + count)
        let part =
          save % 3 == 0 ? history[bars].with(0) { $0.volume += Double(save) } : history[bars]
        let counts = try await store.save(part, under: daily, fetchedAt: monday.advanced(by: Int64(save) * 1_000))
        #expect(counts.new == bars.count { expected[$0] == nil })
        for (offset, bar) in bars.enumerated() { expected[bar] = part.series[offset] }
        let coverage = try #require(try await store.coverage(daily))
        #expect(coverage.count == expected.count)
      }
      let read = try await store.history(daily).series
      #expect((0..<read.count).map { read[$0] } == expected.sorted { $0.key < $1.key }.map(\.value))
    }
  }

  @Test(arguments: StoreEngine.all)
  func `bars one at a time are the bars at once`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      let history = prices(1_200, every: 60_000)
      for bar in 0..<1_200 {
        let moment = monday.advanced(by: Int64(bar) * 60_000)
        _ = try await store.save(history[bar..<bar + 1], under: minutely, fetchedAt: moment)
      }
      #expect(try await store.history(minutely).bits == history.bits)
      // What was known at any moment in between is the bars up to then.
      let known = try await store.history(minutely, from: nil, to: nil, asOf: monday.advanced(by: 700 * 60_000))
      #expect(known.bits == history[0..<701].bits)
    }
  }

  @Test(arguments: StoreEngine.all)
  func `sources, symbols and timeframes do not mix`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      let keys = [daily, CandleKey(source: "other", symbol: "TEST", timeframe: .day), minutely]
      for (seed, key) in keys.enumerated() {
        let step: Int64 = key.timeframe == .day ? 86_400_000 : 60_000
        let history = prices(50, every: step, seed: UInt64(seed))
        _ = try await store.save(history, under: key, fetchedAt: monday)
      }
      for (seed, key) in keys.enumerated() {
        let step: Int64 = key.timeframe == .day ? 86_400_000 : 60_000
        #expect(try await store.history(key).bits == prices(50, every: step, seed: UInt64(seed)).bits)
      }
      #expect(try await store.keys() == [keys[1], minutely, daily])
    }
  }

  @Test(arguments: StoreEngine.all)
  func `an action that changes replaces the old one, which stays known as of then`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      let time = day(2020, 1, 3)
      let first = prices(5, currency: "GBp", actions: [.init(time: time, kind: .dividend(0.5))])
      let second = prices(5, currency: "GBP", actions: [.init(time: time, kind: .dividend(0.55))])
      _ = try await store.save(first, under: daily, fetchedAt: monday)
      #expect(try await store.save(second, under: daily, fetchedAt: tuesday).actions == 1)
      let now = try await store.history(daily)
      #expect(now.actions == second.actions && now.currency == "GBP")
      let then = try await store.history(daily, from: nil, to: nil, asOf: monday)
      #expect(then.actions == first.actions && then.currency == "GBp")
    }
  }

  @Test(arguments: StoreEngine.all)
  func `holes and what was asked for are remembered, joined, and outlive the process`(
    _ engine: StoreEngine
  ) async throws {
    try await inFolder { folder in
      let (a, b, c, d) = (day(2020, 1, 1), day(2020, 2, 1), day(2020, 3, 1), day(2020, 4, 1))
      do {
        let store = try engine.open(folder)
        try await store.noteHole(c..<d, of: daily, at: monday)
        try await store.noteHole(a..<b, of: daily, at: monday)
        #expect(try await store.holes(of: daily) == [a..<b, c..<d])
        try await store.noteHole(b..<c, of: daily, at: tuesday)
        _ = try await store.save(prices(0), under: daily, fetchedAt: monday, asked: a..<b)
        _ = try await store.save(prices(3, from: b), under: daily, fetchedAt: monday, asked: b..<c)
      }
      let store = try engine.open(folder)
      #expect(try await store.holes(of: daily) == [a..<d])
      #expect(try await store.asked(of: daily) == [a..<c])
      try await store.forgetHoles(of: daily)
      #expect(try await store.holes(of: daily).isEmpty)
    }
  }

  @Test(arguments: StoreEngine.all)
  func `what contradicts itself is refused and leaves no trace`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      let history = prices(3)
      let twice = history.with(2) { $0.time = history.series.times[1] }
      let disorder = try await storeError { try await store.save(twice, under: daily, fetchedAt: monday) }
      #expect("\(try #require(disorder))".contains("times ascend strictly"))
      let mismatch = try await storeError { try await store.save(history, under: minutely, fetchedAt: monday) }
      #expect("\(try #require(mismatch))".contains("bars of 1d are not saved as TEST 1m from test"))
      let early = try await storeError { try await store.save(history, under: daily, fetchedAt: day(1960, 1, 1)) }
      #expect("\(try #require(early))".contains("no moment between 1970 and 2106"))
      #expect(try await store.keys().isEmpty)
    }
  }
}
