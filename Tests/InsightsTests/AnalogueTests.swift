import Foundation
import Testing
import Trading

@testable import Insights

/// Distance profiles against stumpy, and what is made of them.
@Suite struct AnalogueTests {
  @Test func `the distance profile is that of stumpy`() throws {
    let close = Array(try sample().column(.close))
    let wanted = try Reference.read().profile
    let profile = distanceProfile(of: Array(close.suffix(60)), in: Array(close.dropLast(60)))
    #expect(profile.count == wanted.length)
    for (place, value) in wanted.every500.enumerated() { #expect(near(profile[500 * place], value, 1e-7)) }
    let nearest = try #require(profile.indices.min { profile[$0] < profile[$1] })
    #expect(nearest == wanted.nearest && near(profile[nearest], wanted.least, 1e-7))
  }

  @Test func `level and scale do not count, flat stretches lie apart from others, holes have no distance`() {
    let profile = distanceProfile(of: [1, 2, 4], in: [10, 20, 40, 40, 40, .nan, 1, 2])
    // 10 20 40 has the shape; 40 40 40 is flat: √3; every window over the hole has none.
    #expect(abs(profile[0]) < 1e-7)
    #expect(near(profile[2], 3.squareRoot()))
    #expect(profile[3...5].allSatisfy { $0.isNaN })
    #expect(distanceProfile(of: [5, 5], in: [3, 3, 4]) == [0, 2.squareRoot()])
    #expect(distanceProfile(of: [1], in: [1, 2]).isEmpty && distanceProfile(of: [1, 2, 3], in: [1, 2]).isEmpty)
  }

  @Test func `a shape that was there before is found, with what followed it`() throws {
    var normal = Normal(seed: 5)
    var closes = normal.closes(400)
    let shape = (0..<20).map { 100 + 8 * sin(Double($0) / 3) }
    for place in 0..<20 { closes[100 + place] = 2 * shape[place] }
    for place in 0..<5 { closes[120 + place] = 2 * shape[19] * (1 + 0.01 * Double(place + 1)) }
    closes += shape
    let analogues = try #require(Analogues(of: daily(closes)))
    let first = analogues.nearest[0]
    #expect(first.end == 119 && first.distance < 1e-5)
    #expect(near(first.followed, 0.05))
  }

  @Test func `no stretch shares bars with the present one, and none more than half with another`() throws {
    let candles = try sample()
    for (bars, horizon) in [(20, 5), (10, 40)] {
      var settings = Analogues.Settings()
      (settings.bars, settings.horizon) = (bars, horizon)
      let analogues = try #require(Analogues(of: candles, settings))
      let ends = analogues.nearest.map(\.end)
      #expect(ends.allSatisfy { $0 < candles.count - bars && $0 + horizon < candles.count })
      for (place, end) in ends.enumerated() {
        #expect(ends[..<place].allSatisfy { abs($0 - end) >= bars / 2 })
      }
      #expect(analogues.nearest.map(\.distance) == analogues.nearest.map(\.distance).sorted())
      #expect(analogues.followed.count == ends.count)
      // What followed, from the closes themselves.
      for stretch in analogues.nearest {
        let (then, now) = (candles.value(.close, at: stretch.end + horizon), candles.value(.close, at: stretch.end))
        #expect(near(stretch.followed, then / now - 1, 1e-12))
      }
    }
  }

  @Test func `too few bars and a hole among the last ones have no analogues`() {
    #expect(Analogues(of: daily(Array(repeating: 1, count: 45))) == nil)
    var closes = Array(repeating: 1.0, count: 100).enumerated().map { $1 + Double($0 % 7) }
    closes[95] = .nan
    #expect(Analogues(of: daily(closes)) == nil)
  }
}
