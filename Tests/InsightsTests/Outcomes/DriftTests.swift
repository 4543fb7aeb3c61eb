import SeriesMath
import Storage
import Testing
import Trading

@testable import Insights

@Suite struct DriftTests {
  /// How many outcomes until the alarm; nil without one.
  private func length(
    _ rate: Double, floor: Double, patience: Double, most: Int, _ random: inout SplitMix64
  ) -> Int? {
    guard var detector = DriftDetector(history: floor, floor: floor, patience: patience) else { return nil }
    for outcome in 1...most where detector.take(random.unit() < rate ? 1 : 0) { return outcome }
    return nil
  }

  @Test func `a bet pays the likelihood ratio, by hand`() throws {
    var detector = try #require(DriftDetector(history: 0.6, floor: 0.5, patience: 1e9))
    // Rates 0.45, 0.4, 0.325, 0.25, 0.15 against 0.5: a miss pays (1 − q) / 0.5 on a wealth of 1.
    _ = detector.take(0)
    let first: Double = 6.85 / 5  // 1.1 + 1.2 + 1.35 + 1.5 + 1.7
    #expect(agree(detector.evidence, first))
    // Then a hit pays q / 0.5 on that and 1.
    _ = detector.take(1)
    // 2.1 × 0.9 + 2.2 × 0.8 + 2.35 × 0.65 + 2.5 × 0.5 + 2.7 × 0.3
    let second: Double = 7.2375 / 5
    #expect(agree(detector.evidence, second))
    #expect(detector.count == 2)
  }

  @Test func `a sound strategy is alarmed after as many outcomes as promised or later`() {
    var random = SplitMix64(seed: 20_261_123)
    // At the worst that the null admits: the rate is the floor. 400 runs, each to its alarm.
    let patience = 100.0
    let runs = (0..<400).map { _ in
      length(0.55, floor: 0.55, patience: patience, most: 20_000, &random) ?? 20_000
    }
    let mean = Double(runs.reduce(0, +)) / Double(runs.count)
    #expect(mean >= patience, "\(mean)")
    // Within n outcomes with a chance of n / patience at most: 4 standard errors of 400 runs above it would be luck.
    for outcomes in [10, 20, 40] {
      let share = Double(runs.count { $0 <= outcomes }) / 400
      let bound = Double(outcomes) / patience
      #expect(share <= bound + 4 * (bound * (1 - bound) / 400).squareRoot(), "\(outcomes): \(share)")
    }
  }

  @Test func `outcomes that hang together do not raise the rate of false alarms`() {
    var random = SplitMix64(seed: 5)
    // A rate that is high after a hit and low after a miss would break the promise by its lows; one that is never below
    // the floor, whatever came before, keeps it.
    let patience = 100.0
    let runs = (0..<300).map { _ -> Int in
      guard var detector = DriftDetector(history: 0.6, floor: 0.5, patience: patience) else { return 0 }
      var last = true
      for outcome in 1...20_000 {
        last = random.unit() < (last ? 0.8 : 0.5)
        if detector.take(last ? 1 : 0) { return outcome }
      }
      return 20_000
    }
    #expect(Double(runs.reduce(0, +)) / Double(runs.count) >= patience)
  }

  @Test func `a fall is found, the deeper the sooner, and the alarm says since when`() throws {
    func median(_ rate: Double) -> Int {
      var random = SplitMix64(seed: 3)
      return (0..<101).map { _ in length(rate, floor: 0.55, patience: 2_000, most: 5_000, &random) ?? 5_000 }.sorted()[
        50]
    }
    let (shallow, deep) = (median(0.4), median(0.2))
    // The same procedure in Python, over 301 runs of numpy's generator: medians 84 and 25.
    #expect((70...100).contains(shallow) && (20...31).contains(deep), "\(shallow) \(deep)")

    var random = SplitMix64(seed: 11)
    let outcomes = (0..<400).map { day in
      let rate = day < 200 ? 0.62 : 0.25
      let time = Instant(seconds: Int64(day) * 86_400)
      return EndedOutcome(
        time: time, end: time.advanced(by: 86_400_000), result: random.unit() < rate ? 0.01 : -0.01)
    }
    let reference = DriftReference(
      strategy: "s", version: "1", timeframe: .day, horizon: "1d", count: 400, rate: 0.62)
    let finding = try #require(DriftFinding(reference, recent: OutcomeSequence(outcomes)))
    let since = try #require(finding.since)
    #expect((185...215).contains(since.day), "\(since)")
    #expect((200...270).contains(finding.watched), "\(finding)")
    #expect(try #require(finding.rate) < 0.45 && finding.count == finding.watched - since.day)
    // The lower end of Wilson's interval for 62 % of 400, by Python: 0.5715045437.
    #expect(agree(finding.floor, 0.5715045437, 1e-9), "\(finding.floor)")
    let sound = try #require(DriftFinding(reference, recent: OutcomeSequence(Array(outcomes.prefix(200)))))
    #expect(sound.since == nil && sound.rate == nil && sound.watched == 200)
  }

  @Test func `a history that is too short takes the first outcomes to it`() throws {
    let outcomes = (0..<40).map { day in
      let time = Instant(seconds: Int64(day) * 86_400)
      return EndedOutcome(time: time, end: time.advanced(by: 86_400_000), result: day % 2 == 0 ? 1 : -1)
    }
    let none = DriftReference(strategy: "s", version: "1", timeframe: .day, horizon: "1d", count: 0, rate: nil)
    #expect(DriftFinding(none, recent: OutcomeSequence(Array(outcomes.prefix(29)))) == nil)
    let finding = try #require(DriftFinding(none, recent: OutcomeSequence(outcomes)))
    #expect(finding.history == 0.5 && finding.watched == 10)
    var some = none
    (some.count, some.rate) = (20, 1)
    #expect(agree(try #require(DriftFinding(some, recent: OutcomeSequence(outcomes))).history, 25.0 / 30))
  }

  @Test func `outcomes that share bars are not counted twice, and a day's calls are one outcome`() {
    func ended(_ day: Int, _ end: Int, _ result: Double) -> EndedOutcome {
      EndedOutcome(
        time: Instant(seconds: Int64(day) * 86_400), end: Instant(seconds: Int64(end) * 86_400), result: result)
    }
    let sequence = OutcomeSequence([
      ended(4, 9, -1), ended(0, 5, 1), ended(0, 6, -1), ended(6, 11, 1), ended(12, 17, -0.0),
    ])
    #expect(sequence.outcomes.map(\.time.day) == [0, 6, 12] && sequence.outcomes.map(\.value) == [0.5, 1, 0])
    #expect(agree(sequence.rate, 0.5))
  }
}
