import Foundation
import Testing
import Trading

@testable import Backtesting

/// How many trials a result is one of.
@Suite struct TrialPopulationTests: LedgerFixture {
  @Test func `ten thousand rows are found again`() throws {
    try file { path in
      let trials = (0..<10_000).map { trial(UInt128($0) << 96, bars: 0..<40) }
      var ledger = TrialLedger(path: path)
      #expect(try ledger.record(trials).added == 10_000)
      var other = TrialLedger(path: path)
      let population = try other.population(of: TrialData(symbol: "X", timeframe: .day), over: day(0)...day(39))
      #expect(population.raw == 10_000 && other.count == 10_000)
      // Returns of seven kinds only.
      #expect(population.effective == 7)
      #expect(try other.record([trials[17]]).unchanged == 1)
    }
  }

  @Test func `the population is that of the overlapping dates, whoever recorded first`() throws {
    let trials = [
      trial(1, sharpe: 0.1), trial(2, sharpe: 0.2), trial(3, sharpe: 0.3), trial(4, bars: 500..<600, sharpe: 9),
      trial(5, symbol: "Y", sharpe: 9),
    ]
    var populations: Set<TrialPopulation> = []
    for order in [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 0, 4, 1, 3]] {
      try file { path in
        var ledger = TrialLedger(path: path)
        for place in order { try ledger.record([trials[place]]) }
        populations.insert(
          try ledger.population(of: TrialData(symbol: "X", timeframe: .day), over: day(0)...day(99)))
      }
    }
    let population = try #require(populations.first)
    #expect(populations.count == 1 && population.raw == 3)
    // Of 0.1, 0.2 and 0.3.
    #expect(agree(population.varianceOfSharpes, 0.01))
  }

  @Test func `block sums in longer blocks are those of the bars in them`() throws {
    let bars = 0..<1_000
    let calendar = CalendarBlocks(bars.map { day($0) })
    let returns = bars.map { sin(Double($0)) }
    let fine = TrialBlocks(
      milliseconds: calendar.milliseconds, first: calendar.first, sums: calendar.sums(returns))
    let length = calendar.milliseconds * 4
    let numbers = bars.map { Int(day($0).milliseconds / length) }
    let first = try #require(numbers.first), last = try #require(numbers.last)
    let coarse = fine.over(first..<last + 1, milliseconds: length)
    for number in first...last {
      let own = zip(numbers, returns).filter { $0.0 == number }.map(\.1)
      #expect(coarse[number - first].count == Double(own.count))
      #expect(abs(coarse[number - first].sum - own.reduce(0, +)) < 1e-12)
    }
    #expect(fine.over(first - 5..<first, milliseconds: length).allSatisfy { $0.count == 0 })
  }

  @Test func `clusters beyond the sample go on growing as they grew in it`() {
    #expect(agree(grown(from: 10, to: 20, sample: 2_000, of: 8_000), 80))
    #expect(grown(from: 10, to: 10, sample: 2_000, of: 8_000) == 10)
    #expect(agree(grown(from: 10, to: 10 * 2.0.squareRoot(), sample: 2_000, of: 8_000), 20 * 2.0.squareRoot()))
    #expect(grown(from: 10, to: 30, sample: 2_000, of: 4_000) == 60)
  }

  @Test func `base 64 is that of RFC 4648`() {
    let vectors = ["": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg==", "foobar": "Zm9vYmFy"]
    for (plain, coded) in vectors {
      var text: [UInt8] = []
      Base64.encode(Array(plain.utf8), into: &text)
      #expect(String(decoding: text, as: UTF8.self) == coded)
      #expect(Base64.decode(text) == Array(plain.utf8))
    }
    for bad in ["Zg=", "Z===", "Zg=a", "Zm9*"] { #expect(Base64.decode(Array(bad.utf8)) == nil) }
  }
}
