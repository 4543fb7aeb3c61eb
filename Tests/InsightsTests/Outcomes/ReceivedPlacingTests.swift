import Backtesting
import Storage
import Testing
import Trading

@testable import Insights

/// From which close a call from outside is judged. Bars are a day, an hour or a minute apart; each closes when the next
/// one opens.
@Suite struct ReceivedPlacingTests {
  private func judged(
    _ moments: [Instant], over series: CandleSeries, horizon: Horizon = .bars(1)
  ) -> JudgedSignals {
    let stored = moments.enumerated().map { place, moment in
      StoredSignal(
        id: Int64(place + 1),
        record: SignalRecord(
          strategy: "tv:s", version: "outside", symbol: "X", timeframe: series.timeframe,
          signal: Signal(time: moment, bar: -1, direction: .buy, confidence: 50, price: 1, reason: ""), source: "tv"))
    }
    return JudgedSignals("X", stored, over: series, horizons: [horizon])
  }

  private func bars(_ series: CandleSeries, _ moments: [Instant]) -> [Int?] {
    moments.map { judged([$0], over: series).signals.first?.bar }
  }

  @Test func `no move before a call counts for it, and a minute on the way is granted`() {
    let series = OutcomeFixture.series([100, 200, 300, 400])
    let close = OutcomeFixture.time(2)  // of bar 1
    let moments = [0, 1, 60_000, 60_001, 3_600_000].map { close.advanced(by: $0) }
    #expect(bars(series, moments) == [1, 1, 1, 2, 2])
    #expect(bars(series, [close.advanced(by: -1), close.advanced(by: -86_339_999)]) == [1, 1])
    // The call in the middle of the day on which the price doubled is judged from that day's close.
    let call = judged([OutcomeFixture.time(1).advanced(by: 43_200_000)], over: series).signals.first
    #expect(call?.calls.first??.value == 0.5)
  }

  @Test func `of short bars less than a minute is granted`() throws {
    let minutes = OutcomeFixture.series([1, 2, 3, 4], try #require(Timeframe("1m")))
    let close = OutcomeFixture.time(2, minutes.timeframe)
    #expect(bars(minutes, [close, close.advanced(by: 6_000), close.advanced(by: 6_001)]) == [1, 1, 2])
  }

  @Test func `a call behind the last close waits, and one before all bars has none`() {
    let series = OutcomeFixture.series([1, 2, 3])
    let end = OutcomeFixture.time(3)
    let late = judged([end.advanced(by: 60_001), end.advanced(by: 86_400_000)], over: series)
    #expect(late.signals.isEmpty && late.unplaced == 0)
    let early = judged([OutcomeFixture.time(0).advanced(by: -1)], over: series)
    #expect(early.signals.isEmpty && early.unplaced == 1)
  }

  @Test func `missing bars are passed over, and a long gap is no bar`() {
    let series = OutcomeFixture.series([1, nil, nil, 4])
    #expect(bars(series, [OutcomeFixture.time(1).advanced(by: 43_200_000)]) == [3])
    let gap = OutcomeFixture.series([1] + Array(repeating: nil, count: 12) + [2, 3])
    let lost = judged([OutcomeFixture.time(1).advanced(by: 43_200_000)], over: gap)
    #expect(lost.signals.isEmpty && lost.unplaced == 1)
  }

  @Test func `the host's own calls keep their bar`() {
    let series = OutcomeFixture.series([1, 2, 3])
    let own = StoredSignal(id: 1, record: OutcomeFixture.record(1, in: series))
    let judged = JudgedSignals("X", [own], over: series, horizons: [.bars(1)])
    #expect(judged.signals.map(\.bar) == [1])
  }

  @Test func `outcomes of calls from outside are stored under their name and added up`() async throws {
    let fixture = try OutcomeFixture()
    let series = OutcomeFixture.series([100, 110, 121, 100, 90])
    let moment = OutcomeFixture.time(1).advanced(by: 30_000)
    let record = SignalRecord(
      strategy: "tv:s", version: "outside", symbol: "X", timeframe: .day,
      signal: Signal(time: moment, bar: -1, direction: .buy, confidence: 50, price: 100, reason: ""), source: "tv")
    let mark = InboundMark(source: "tv", key: "id 1", digest: "d")
    let receipts = try await fixture.store.receive([InboundArrival(mark: mark, record: record)], at: moment)
    guard case .saved(let id)? = receipts.first else {
      Issue.record("\(receipts)")
      return
    }
    let standing = try #require(try await fixture.store.signalStandings().first)
    let tracking = OutcomeTracking(fixture.store, horizons: [.bars(1), .bars(2)])
    _ = try await tracking.update(standing, mark: nil, barsState: "1") { OutcomeTracking.Bars(series) }
    let outcomes = try await fixture.store.outcomes(of: id)
    // Said 30 s behind the close of bar 0, at 100: a bar later 110, two bars later 121.
    #expect(outcomes.map(\.price) == [110, 121])
    #expect(outcomes.compactMap(\.result).map { ($0 * 1e12).rounded() / 1e12 } == [0.1, 0.21])
    let tallies = try await fixture.store.tallies(
      strategy: "tv:s", version: "outside", timeframe: .day, horizon: "1b")
    #expect(tallies.map(\.count) == [1] && tallies.map(\.successes) == [1])
  }
}
