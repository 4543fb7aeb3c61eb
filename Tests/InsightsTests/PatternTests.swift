import Backtesting
import SeriesMath
import Testing
import Trading

@testable import Insights

/// Patterns by hand, by brute force, planted ones and none.
@Suite struct PatternTests {
  private func settings(_ gap: PatternGap = .bars(3), horizon: Int = 1) -> PatternSettings {
    var settings = PatternSettings(gap: gap, horizon: .bars(horizon), seed: 1)
    settings.leastSupport = 3
    settings.shifts = 199
    return settings
  }

  private func random(_ count: Int, _ rate: Double, _ random: inout SplitMix64) -> [Int] {
    (0..<count).filter { _ in random.unit() < rate }
  }

  @Test func `support is what a search through all bars finds, and expectation what chance would bring`() throws {
    var draw = SplitMix64(seed: 4)
    let candles = daily((0..<300).map { 100 + Double($0 % 9) })
    let (a, b) = (random(300, 0.1, &draw), random(300, 0.12, &draw))
    let history = SignalHistory(
      [("a", signals(a, .buy, over: candles)), ("b", signals(b, .buy, over: candles))], over: candles)
    let settings = settings()
    let mining = try #require(PatternMining(history, settings, reach: settings.gap.reach(over: candles.times)))
    let patterns = mining.patterns
    func support(_ first: [Int], _ second: [Int]) -> [Int] {
      second.filter { bar in first.contains { $0 < bar && bar - $0 <= 3 } }
    }
    let forward = try #require(patterns.first { $0.form == .sequential && $0.kinds == [0, 1] })
    #expect(forward.occurrences == support(a, b))
    let backward = try #require(patterns.first { $0.form == .sequential && $0.kinds == [1, 0] })
    #expect(backward.occurrences == support(b, a))
    let both = try #require(patterns.first { $0.form == .concurrent })
    #expect(both.occurrences == b.filter(a.contains))
    // The expectation is the mean of the support over every shift of b in the circle from the first call on.
    let circle = mining.circle
    let covered = circle.filter { bar in a.contains { $0 < bar && bar - $0 <= 3 } }.map { $0 - circle.lowerBound }
    var total = 0
    for shift in 0..<circle.count {
      total += b.count { covered.contains(($0 - circle.lowerBound + shift) % circle.count) }
    }
    #expect(near(forward.expected, Double(total) / Double(circle.count), 1e-9))
  }

  @Test func `gaps of 24 hours are kept over bars of an hour`() {
    let times = daily(Array(repeating: 1, count: 60), every: 3_600_000).times
    let reach = PatternGap.milliseconds(86_400_000).reach(over: times)
    #expect(reach[10] == 0 && reach[24] == 0 && reach[25] == 1 && reach[59] == 35)
    #expect(PatternGap.bars(5).reach(over: times)[59] == 54)
    #expect(PatternGap.usual(Timeframe(1, .hour)) == .milliseconds(86_400_000))
    #expect(PatternGap.usual(.day) == .bars(5))
  }

  @Test func `a sequence after which the price rises is found among many that mean nothing`() throws {
    var draw = SplitMix64(seed: 8)
    var normal = Normal(seed: 8)
    var closes = normal.closes(2_000)
    // The cue comes at no fixed time, the answer two bars later, and then the price jumps.
    var cues = [50]
    while let last = cues.last, last < 1_900 { cues.append(last + 25 + draw.below(30)) }
    let answers = cues.map { $0 + 2 }
    for answer in answers { for bar in (answer + 1)..<closes.count { closes[bar] *= 1.02 } }
    let candles = daily(closes)
    var said = [("cue", signals(cues, .buy, over: candles)), ("answer", signals(answers, .buy, over: candles))]
    for number in 0..<6 {
      said.append(
        ("noise\(number)", signals(random(2_000, 0.03, &draw), number % 2 == 0 ? .buy : .sell, over: candles)))
    }
    let history = SignalHistory(said, over: candles)
    let patterns = Patterns(history, over: candles, settings())
    let found = try #require(patterns.findings.first { $0.signals.map(\.strategy) == ["cue", "answer"] })
    #expect(found.support == cues.count)
    #expect(found.differentAdjusted <= 0.05 && found.togetherAdjusted <= 0.05)
    #expect(found.natures == [.sequential, .continuation, .leading])
    #expect((found.outcome.excess ?? 0) > 0.2)
    #expect(found.spread.count == found.outcome.count)
    // The order in which strategies are named changes nothing.
    #expect(Patterns(SignalHistory(said.reversed(), over: candles), over: candles, settings()) == patterns)
  }

  @Test func `of signals at random none is called different, in nine of ten histories or more`() {
    var wrong = (different: 0, together: 0)
    for seed in UInt64(1)...40 {
      var draw = SplitMix64(seed: seed)
      var normal = Normal(seed: seed)
      let candles = daily(normal.closes(600))
      let said = (0..<5).map { number in
        ("s\(number)", signals(random(600, 0.06, &draw), number % 2 == 0 ? .buy : .sell, over: candles))
      }
      var settings = settings()
      settings.shifts = 99
      let patterns = Patterns(SignalHistory(said, over: candles), over: candles, settings)
      if patterns.findings.contains(where: { $0.differentAdjusted <= 0.05 }) { wrong.different += 1 }
      if patterns.findings.contains(where: { $0.togetherAdjusted <= 0.05 }) { wrong.together += 1 }
    }
    // At a level of 5 % seven or more of 40 come with a chance of 0.3 %.
    #expect(wrong.different <= 6 && wrong.together <= 6, "\(wrong)")
  }

  @Test func `a turn is a reversal, and what comes together points one way`() throws {
    let candles = daily((0..<200).map { 100 + Double($0 % 5) })
    let downs = Array(stride(from: 10, to: 190, by: 10))
    let said = [
      ("fall", signals(downs, .sell, over: candles)), ("fade", signals(downs, .sell, over: candles)),
      ("turn", signals(downs.map { $0 + 2 }, .buy, over: candles)),
    ]
    let findings = Patterns(SignalHistory(said, over: candles), over: candles, settings()).findings
    let turn = try #require(findings.first { $0.signals.map(\.strategy) == ["fall", "turn"] })
    #expect(turn.natures == [.sequential, .reversal])
    let both = findings.filter { $0.natures == [.concurrent] }
    #expect(both.map { $0.signals.map(\.strategy) } == [["fade", "fall"]])
    // All three shapes are the same up to rounding: fall and fade share the bars.
    #expect(turn.similar != nil && (turn.similar?.jaccard ?? 0) > 0)
  }

  @Test func `no more is tested than was asked for, however many kinds there are`() {
    var draw = SplitMix64(seed: 2)
    let candles = daily((0..<800).map { 100 + Double($0 % 11) })
    let said = (0..<40).map { number in ("s\(number)", signals(random(800, 0.2, &draw), .buy, over: candles)) }
    var settings = settings()
    settings.most = 10
    settings.shifts = 19
    let patterns = Patterns(SignalHistory(said, over: candles), over: candles, settings)
    // Ten at most of each of four lengths in two forms.
    #expect((41...80).contains(patterns.tested))
    #expect(patterns.findings.count == settings.told)
  }

  @Test func `there are no patterns without signals`() {
    let candles = daily([1, 2, 3])
    let patterns = Patterns(SignalHistory([], over: candles), over: candles, settings())
    #expect(patterns.findings.isEmpty && patterns.tested == 0 && patterns.calls == 0)
  }

  @Test func `calls are counted by weekday, month and season, against bars of the same`() throws {
    // 2001-01-01 was a Monday; the price rises into every Tuesday.
    let candles = daily((0..<364).map { $0 % 7 == 1 ? 102 : 100 })
    let mondays = Array(stride(from: 0, to: 350, by: 7))
    let history = SignalHistory([("a", signals(mondays, .buy, over: candles))], over: candles)
    let rows = Patterns(history, over: candles, settings()).calendar.rows
    let monday = try #require(rows.first { $0.part == .weekday })
    #expect(monday.value == 1 && monday.calls == 50)
    #expect(monday.outcome.successRate == 1 && monday.outcome.baseRate == 1 && monday.outcome.excess == 0)
    #expect(rows.filter { $0.part == .month }.reduce(0) { $0 + $1.calls } == 50)
    #expect(rows.filter { $0.part == .season }.map(\.value) == [1, 2, 3, 4])
    #expect(!rows.contains { $0.part == .hour })
    let hours = daily((0..<100).map { 100 + Double($0 % 5) }, every: 3_600_000)
    let hourly = SignalHistory([("a", signals([3, 27, 51], .buy, over: hours))], over: hours)
    let row = Patterns(hourly, over: hours, settings()).calendar.rows.first
    #expect(row?.part == .hour && row?.value == 3 && row?.calls == 3)
    let months = (1...12).compactMap { Instant(year: 2024, month: $0, day: 1) }
    #expect(months.map { SignalCalendar.value(of: $0, .season) } == [4, 4, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4])
  }

  @Test func `shapes are as far apart as numpy has them`() throws {
    let close = Array(try sample().column(.close))
    let wanted = try Reference.read().warped
    let (a, b) = (normalised(Array(close[1000..<1020])).values, normalised(Array(close[2000..<2020])).values)
    for (band, value) in [(0, wanted.band0), (3, wanted.band3), (19, wanted.band19)] {
      #expect(near(warpedDistance(a, b, band: band), value, 1e-9))
    }
    // 1 2 2 3 warps onto 1 2 3 without a rest.
    #expect(warpedDistance([1, 2, 2, 3], [1, 2, 3], band: 1) == 0)
    #expect(warpedDistance([], [1], band: 1) == nil)
    #expect(near(jaccard(["a", "b"], ["b", "c"]), 1.0 / 3) && jaccard(Set<Int>(), []) == 1)
  }

  @Test func `adjusted p-values by hand`() {
    // Statistics 1, 3 and 2; in four replications they are as follows.
    let replicated: [[Double]] = [[0, 2, 0, 1], [0, 0, 4, 0], [0, 0, 0, 2.5]]
    var steps = StepDown([1, 3, 2], replications: 4)
    #expect(steps.ascending == [0, 2, 1])
    for place in steps.ascending { steps.take(place) { replicated[place][$0] } }
    // The smallest: its own 2 and 1 reach 1, so 3 / 5. The next: of 0 2 0 2.5 two reach 2. The largest: of 0 2 4 2.5
    // one.
    #expect(steps.adjusted == [0.6, 0.4, 0.6])
  }
}
