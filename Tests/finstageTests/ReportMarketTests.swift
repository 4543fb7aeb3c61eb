import Foundation
import Testing
import Trading

/// The market's part of a report, worked out again from the prices by the definitions of the docs, bar by bar.
@Suite struct ReportMarketTests {
  private struct Prices {
    var highs: [Double] = []
    var lows: [Double] = []
    var closes: [Double] = []
    var volumes: [Double] = []

    init(_ file: URL, through date: String) throws {
      for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst() {
        let fields = line.split(separator: ",")
        guard fields[0].prefix(10) <= date else { continue }
        let values = fields.dropFirst().compactMap { Double($0) }
        try #require(values.count == 5)
        highs.append(values[1])
        lows.append(values[2])
        closes.append(values[3])
        volumes.append(values[4])
      }
    }
  }

  private static func mean(_ values: ArraySlice<Double>) -> Double { values.reduce(0, +) / Double(values.count) }

  /// The regime of each bar that has one, the last one first.
  private static func regimes(_ closes: [Double]) -> [String] {
    let moves = zip(closes.dropFirst(), closes).map { $0 / $1 - 1 }
    let volatilities = (20..<closes.count).map { bar in
      let recent = moves[(bar - 20)..<bar]
      return (recent.reduce(0) { $0 + pow($1 - mean(recent), 2) } / 19).squareRoot()
    }
    return (199..<closes.count).reversed().map { bar in
      let sorted = volatilities[...(bar - 20)].sorted()
      let half = sorted.count / 2
      let median = sorted.count.isMultiple(of: 2) ? (sorted[half - 1] + sorted[half]) / 2 : sorted[half]
      let trend = closes[bar] > mean(closes[(bar - 199)...bar]) ? "bull" : "bear"
      return "\(trend)_\(volatilities[bar - 20] > median ? "turbulent" : "calm")"
    }
  }

  /// A recursive mean from the simple mean of the first values on.
  private static func smoothed(_ values: [Double], _ period: Int, by weight: Double) -> [Double] {
    var smoothed = [mean(values[..<period])]
    for value in values[period...] { smoothed.append(smoothed[smoothed.count - 1] * (1 - weight) + value * weight) }
    return smoothed
  }

  /// The score of the module `market_score` at the last bar.
  private static func score(_ prices: Prices) -> Double {
    let closes = prices.closes
    let last = closes.count - 1
    let moves = zip(closes.dropFirst(), closes).map { $0 - $1 }
    let rises = smoothed(moves.map { max($0, 0) }, 14, by: 1 / 14)
    let falls = smoothed(moves.map { max(-$0, 0) }, 14, by: 1 / 14)
    let rsi = 100 * rises[rises.count - 1] / (rises[rises.count - 1] + falls[falls.count - 1])
    var score: Double = rsi <= 30 ? 2 : rsi <= 40 ? 1 : rsi >= 70 ? -2 : rsi >= 60 ? -1 : 0

    let (fast, slow) = (smoothed(closes, 12, by: 2 / 13), smoothed(closes, 26, by: 2 / 27))
    let line = zip(fast.dropFirst(14), slow).map { $0 - $1 }
    let signal = smoothed(line, 9, by: 0.2)
    score += line[line.count - 1] > signal[signal.count - 1] ? 2 : -2

    let raw = (0..<8).reversed().map { back in
      let window = (last - back - 13)...(last - back)
      let (top, foot) = (prices.highs[window].max() ?? 0, prices.lows[window].min() ?? 0)
      return 100 * (closes[last - back] - foot) / (top - foot)
    }
    let slowed = (2..<8).map { mean(raw[($0 - 2)...$0]) }
    let (k, d) = (slowed[5], mean(slowed[3...5]))
    score +=
      k <= 20 && d <= 20 ? 2 : k <= 30 || d <= 30 ? 1 : k >= 80 && d >= 80 ? -2 : k >= 70 || d >= 70 ? -1 : 0

    let (short, long) = (mean(closes.suffix(20)), mean(closes.suffix(50)))
    if closes[last] > short { score += short > long ? 2 : 1 }
    if closes[last] < short { score -= short < long ? 2 : 1 }
    let activity = prices.volumes[last] / mean(prices.volumes.suffix(20))
    return score + (activity >= 1.5 ? 1 : activity <= 0.7 ? -1 : 0)
  }

  @Test(arguments: ["2018-09-27", "2018-07-11", "2018-02-09", "2018-12-22"])
  func `regime, its length and the mood are those of the prices`(day: String) async throws {
    try await ReportFixture.inFolder { fixture in
      let report = try ReportFixture.json(fixture.report("daily", "--at", "\(day)T08:00:00Z", "--format", "json"))
      let readings = try #require(report["readings"] as? [[String: Any]])
      #expect(readings.count == 2)
      for row in readings {
        let symbol = try #require(row["symbol"] as? String)
        let last = try #require(row["last"] as? String)
        let prices = try Prices(
          fixture.folder.appending(path: "prices/\(symbol).csv"), through: String(last.prefix(10)))
        let regimes = ReportMarketTests.regimes(prices.closes)
        #expect(row["regime"] as? String == regimes[0], "\(symbol)")
        #expect(row["regime_bars"] as? Int == regimes.prefix { $0 == regimes[0] }.count)
        let score = ReportMarketTests.score(prices)
        let mood =
          score >= 4
          ? "very bullish" : score >= 2 ? "bullish" : score > -2 ? "neutral" : score > -4 ? "bearish" : "very bearish"
        #expect(row["sentiment"] as? Double == score && row["mood"] as? String == mood, "\(symbol) \(row) \(score)")
      }
    }
  }

  @Test func `patterns and clusters stand in the words as they were kept`() async throws {
    try await ReportFixture.inFolder { fixture in
      let text = try fixture.report("daily", "--at", ReportCommandTests.at).output
      let kept = ReportFixture.insights(until: "2018-09-26", pattern: 0.031)
      let document = try #require(try JSONSerialization.jsonObject(with: Data(kept.utf8)) as? [String: Any])
      let percent = ReportFigureTests.percent(_:_:signed:)
      func rates(_ outcome: [String: Any]) throws -> String {
        guard let rate = outcome["success_rate"] as? Double, let interval = outcome["interval"] as? [Double],
          let count = outcome["count"] as? Int
        else { return "not defined (n 0)" }
        let low = percent(interval[0], 1, false).dropLast()
        return "\(percent(rate, 1, false)) (95%: \(low)–\(percent(interval[1], 1, false)), n \(count))"
      }
      let patterns = try #require(document["patterns"] as? [String: Any])
      let one = try #require((patterns["findings"] as? [[String: Any]])?.first)
      let different = try #require(one["different"] as? [String: Any])
      let outcome = try #require(one["outcome"] as? [String: Any])
      let (support, expected) = (try #require(one["support"] as? Int), try #require(one["expected"] as? Double))
      let base = try #require(outcome["base_rate"] as? Double)
      let p = try #require(different["adjusted"] as? Double)
      let line =
        "cross sell → dip buy: \(support) times (chance \(expected)); right in \(try rates(outcome)), any bar "
        + "\(percent(base, 1, false)); beyond luck, corrected p \(String(format: "%.3f", p))"
      #expect(text.components(separatedBy: line).count - 1 == 2, "\(line)")
      let clusters = try #require((document["clusters"] as? [String: Any])?["clusters"] as? [[String: Any]])
      #expect(clusters.count == 2)
      for cluster in clusters {
        let (name, size) = (try #require(cluster["name"] as? String), try #require(cluster["size"] as? Int))
        let right = try rates(try #require(cluster["outcome"] as? [String: Any]))
        let later = try rates(try #require(cluster["later"] as? [String: Any]))
        #expect(text.contains("• \(name), \(size) of 70: right in \(right), later \(later)"), "\(name)")
      }
      let analogues = try #require((document["analogues"] as? [String: Any])?["followed"] as? [String: Any])
      let rose = try #require(analogues["rose"] as? Double)
      #expect(text.contains("the 20 stretches most like the last 20 bars: \(percent(rose, 1, false)) rose over 5 bars"))
    }
  }
}
