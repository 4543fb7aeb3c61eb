import Foundation
import Testing
import Trading

/// What a report says, counted again from the prices by other code.
@Suite struct ReportFigureTests {
  /// A percentage as the text has it.
  static func percent(_ value: Double, _ digits: Int, signed: Bool = false) -> String {
    let text = String(format: "%.\(digits)f%%", abs(value) * 100)
    return (value < 0 ? "−" : signed ? "+" : "") + text
  }

  static func near(_ value: Any?, _ expected: Double, by most: Double = 1e-9) -> Bool {
    (value as? Double).map { abs($0 - expected) <= most } ?? false
  }

  /// Holds the figures of calls to the prices that they were made at.
  private static func check(
    _ outcome: [String: Any], _ calls: [ReportFixture.Call], among all: [ReportFixture.Call], _ fixture: ReportFixture,
    last: Int
  ) throws -> (rate: Double, mean: Double, interval: (Double, Double), base: Double) {
    let results = calls.map(fixture.result)
    let count = Double(results.count)
    let rate = Double(results.count { $0 > 0 }) / count
    let mean = results.reduce(0, +) / count
    let base = calls.map { fixture.base($0, since: all, last: last) }.reduce(0, +) / count
    let interval = ReportArithmetic.interval(zip(calls, results).map { (bar: $0.bar, isRight: $1 > 0) })
    #expect(outcome["count"] as? Int == results.count && !results.isEmpty)
    #expect(near(outcome["success_rate"], rate) && near(outcome["mean_return"], mean))
    #expect(near(outcome["base_rate"], base) && near(outcome["excess"], rate - base))
    let deviation = (results.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)).squareRoot()
    #expect(near(outcome["sharpe"], mean / deviation))
    let found = try #require(outcome["interval"] as? [Double])
    #expect(abs(found[0] - interval.0) < 1e-6 && abs(found[1] - interval.1) < 1e-6, "\(found) \(interval)")
    return (rate, mean, interval, base)
  }

  @Test func `every figure is what the prices and the stored signals come to`() async throws {
    try await ReportFixture.inFolder { fixture in
      let answer = try fixture.report("daily", "--at", ReportCommandTests.at, "--format", "json")
      #expect(answer.code == 0, "\(answer.messages)")
      let report = try ReportFixture.json(answer)
      let last = try #require(fixture.dates["IXIC"]?.firstIndex { "\($0)".hasPrefix("2018-09-26") })
      let english = try fixture.report("daily", "--at", ReportCommandTests.at).output
      let (percent, near) = (
        ReportFigureTests.percent(_:_:signed:), { (a: Any?, b: Double) in ReportFigureTests.near(a, b) }
      )

      let fired = try #require(report["fired"] as? [[String: Any]])
      let expected = fixture.calls.filter { $0.bar == last }
      #expect(fired.count == expected.count && fired.count == 2)
      for call in expected {
        let row = try #require(fired.first { $0["symbol"] as? String == call.symbol })
        #expect(row["strategy"] as? String == call.strategy && row["direction"] as? String == call.direction.rawValue)
        #expect(near(row["price"], fixture.closes[call.symbol]?[last] ?? 0))
        let past = ReportFixture.ended(fixture.calls, call.strategy, call.symbol, last: last)
        let record = try #require((row["record"] as? [String: Any])?["outcome"] as? [String: Any])
        _ = try ReportFigureTests.check(record, past, among: fixture.calls, fixture, last: last)
      }
      #expect(english.contains("🔔 Fired: 2 signals of 2 strategies: 1 buy, 1 sell, 0 exits; 1 price alert"))

      let alerts = try #require(report["alerts"] as? [[String: Any]])
      let nasdaq = try #require(fixture.closes["IXIC"])
      #expect(alerts.count == 1 && near(alerts[0]["change"], nasdaq[last] / nasdaq[last - 1] - 1))

      let results = fixture.calls.filter { $0.bar == last - 1 }
      let closed = try #require(report["closed"] as? [[String: Any]])
      #expect(closed.count == results.count && closed.count == 2)
      for call in results {
        let row = try #require(
          closed.first {
            $0["symbol"] as? String == call.symbol && $0["strategy"] as? String == call.strategy
          })
        #expect(near(row["return"], fixture.result(call)))
        #expect(near(row["price"], fixture.closes[call.symbol]?[call.bar] ?? 0))
        #expect(near(row["end_price"], fixture.closes[call.symbol]?[call.bar + 1] ?? 0))
      }
      let mean = results.map(fixture.result).reduce(0, +) / Double(results.count)
      let right = results.count { fixture.result($0) > 0 }
      #expect(english.contains("🏁 Closed: 2 calls, \(right) right, mean \(percent(mean, 2, true))"))

      let markets = try #require(report["markets"] as? [[String: Any]])
      #expect(markets.map { $0["symbol"] as? String } == ["GSPC", "IXIC"])
      let pairs = ["cross", "dip"].flatMap { name in ["GSPC", "IXIC"].map { (name, $0) } }
      let first = fixture.calls.filter { $0.bar < last }.map(\.bar).min() ?? 0
      let latest = fixture.calls.filter { $0.bar < last }.map(\.bar).max() ?? 0
      let columns = pairs.map { strategy, symbol in
        var column = Array(repeating: 0.0, count: latest - first + 1)
        for call in ReportFixture.ended(fixture.calls, strategy, symbol, last: last) {
          let base = fixture.base(call, since: fixture.calls, last: last)
          column[call.bar - first] += (fixture.result(call) > 0 ? 1 : 0) - base
        }
        return column
      }
      let adjusted = ReportArithmetic.stepdown(columns)
      for market in markets {
        let symbol = try #require(market["symbol"] as? String)
        #expect(market["bars"] as? Int == last + 1)
        let all = ReportFixture.ended(fixture.calls, nil, symbol, last: last)
        let every = try ReportFigureTests.check(
          try #require(market["all"] as? [String: Any]), all, among: fixture.calls, fixture, last: last)
        let means = ["cross", "dip"].map { name in
          let own = ReportFixture.ended(fixture.calls, name, symbol, last: last)
          return (name, own.map(fixture.result).reduce(0, +) / Double(own.count), own)
        }
        let best = try #require(means.max { $0.1 < $1.1 })
        let found = try #require(market["best"] as? [String: Any])
        #expect(found["strategy"] as? String == best.0 && market["rated"] as? Int == 2)
        let own = try ReportFigureTests.check(
          try #require(found["outcome"] as? [String: Any]), best.2, among: fixture.calls, fixture, last: last)
        let place = try #require(pairs.firstIndex { $0 == (best.0, symbol) })
        #expect(ReportFigureTests.near(found["p_value"], adjusted[place], by: 0.06), "\(adjusted[place]) \(found)")
        // The text says the same.
        #expect(english.contains("best of 2 by mean return: \(best.0)"))
        #expect(english.contains("mean return after 1d: \(percent(best.1, 2, true))"))
        let low = percent(own.interval.0, 1, false).dropLast()
        #expect(
          english.contains(
            "win rate: \(percent(own.rate, 1, false)) (95%: \(low)–\(percent(own.interval.1, 1, false)), n \(best.2.count)); on every bar \(percent(own.base, 1, false))"
          ))
        #expect(english.contains("all signals right: \(percent(every.rate, 1, false)) (95%: "))
      }
      for (name, calls) in [("backtest", fixture.calls), ("total", fixture.stored)] {
        // So many of a strategy on a symbol are tested.
        let tested = pairs.count { ReportFixture.ended(calls, $0.0, $0.1, last: last).count >= 10 }
        let total = try #require(report[name] as? [String: Any])
        _ = try ReportFigureTests.check(
          try #require(total["outcome"] as? [String: Any]), ReportFixture.ended(calls, nil, nil, last: last),
          among: calls, fixture, last: last)
        #expect(total["open"] as? Int == expected.count && total["tested"] as? Int == tested)
      }
      // All of them were said with 70.
      let bins = try #require((report["total"] as? [String: Any])?["calibration"] as? [[String: Any]])
      let ended = ReportFixture.ended(fixture.stored, nil, nil, last: last)
      #expect(bins.count == 1 && bins[0]["count"] as? Int == ended.count && near(bins[0]["lower"], 0.7))
      #expect(near(bins[0]["success_rate"], Double(ended.count { fixture.result($0) > 0 }) / Double(ended.count)))

      let data = try #require(report["data"] as? [[String: Any]])
      let readings = try #require(report["readings"] as? [[String: Any]])
      #expect(data.count == 2 && readings.count == 2)
      for row in data + readings {
        let closes = try #require(fixture.closes[row["symbol"] as? String ?? ""])
        #expect(near(row["close"], closes[last]) && near(row["change"], closes[last] / closes[last - 1] - 1))
        #expect(row["state"] == nil || row["state"] as? String == "fresh")
      }
      for row in readings {
        let symbol = try #require(row["symbol"] as? String)
        let closes = try #require(fixture.closes[symbol]?[...last])
        let high = try #require(fixture.highs[symbol]?[...last].max())
        #expect(near(row["from_high"], closes[last] / high - 1))
        #expect(near(row["from_ma200"], closes[last] / (closes.suffix(200).reduce(0, +) / 200) - 1))
        #expect((row["regime"] as? String)?.hasPrefix("bull") == true)
      }
      let news = try #require(report["news"] as? [String: Any])
      #expect(news["count"] as? Int == 3)
      let shares = try #require(news["symbols"] as? [[String: Any]])
      #expect(shares.map { $0["symbol"] as? String } == ["IXIC", "GSPC"])
      #expect(shares.map { $0["count"] as? Int } == [2, 1])
      // 08:00 in Seoul is 23:00 UTC.
      #expect(report["next"] as? String == "2018-09-27T23:00:00Z")
    }
  }
}
