import Backtesting
import SeriesMath
import Testing
import Trading

@testable import Insights

/// k-means and silhouettes against scikit-learn, and the clusters of situations.
@Suite struct ClusterTests {
  private static func points() throws -> [[Double]] {
    let rows = Reference.features(Array(try sample().column(.close)))
    let all = standardised(rows, by: rows)
    return stride(from: 0, to: all.count, by: 25).map { all[$0] }
  }

  @Test func `from the same centres the groups are those of scikit-learn`() throws {
    let wanted = try Reference.read().kmeans
    let points = try Self.points()
    #expect(points.count == wanted.points)
    let means = KMeans(points, from: [points[0], points[60], points[120]])
    #expect(near(means.inertia, wanted.inertia, 1e-8))
    for (own, other) in zip(means.centres, wanted.centres) {
      for (a, b) in zip(own, other) { #expect(near(a, b, 1e-7)) }
    }
    #expect(near(silhouette(points, labels: points.map { means.nearest($0).group }), wanted.silhouette, 1e-7))
  }

  @Test func `the silhouette of four points by hand`() {
    // 0 1 and 10 11: for 0 a = 1, b = 10.5; for 1 a = 1, b = 9.5; mirrored.
    let wanted = (9.5 / 10.5 + 8.5 / 9.5) / 2
    #expect(near(silhouette([[0], [1], [10], [11]], labels: [0, 0, 1, 1]), wanted, 1e-12))
    #expect(silhouette([[0], [1]], labels: [0, 0]) == nil)
  }

  @Test func `the order of the points changes nothing, the seed may`() throws {
    var points = try Self.points()
    let first = try #require(KMeans(points, groups: 4, seed: 7))
    var random = SplitMix64(seed: 3)
    for _ in 0..<3 {
      points.shuffle(using: &random)
      #expect(KMeans(points, groups: 4, seed: 7) == first)
    }
    #expect(KMeans([[1], [1], [2]], groups: 3, seed: 1) == nil)
  }

  @Test func `groups that lie apart are found from any seed`() throws {
    var normal = Normal(seed: 9)
    let middles = [[0.0, 0], [20, 0], [0, 20]]
    let points = (0..<90).map { place in middles[place % 3].map { $0 + normal.next() } }
    for seed in UInt64(0)..<10 {
      let means = try #require(KMeans(points, groups: 3, seed: seed))
      let labels = points.map { means.nearest($0).group }
      for place in points.indices { #expect(labels[place] == labels[place % 3]) }
    }
  }

  private static var settings: SituationClusters.Settings {
    var settings = SituationClusters.Settings(seed: 1)
    (settings.starts, settings.groups) = (3, 2...6)
    return settings
  }

  /// Buys at random on closes.
  private static func random(_ closes: [Double], _ seed: UInt64) -> (SignalHistory, CandleSeries) {
    let candles = daily(closes)
    var random = SplitMix64(seed: seed)
    let buys = (150..<closes.count - 10).filter { _ in random.unit() < 0.25 }
    return (SignalHistory([("any", signals(buys, .buy, over: candles))], over: candles), candles)
  }

  @Test func `a situation that matters is told by its move, and its rate holds later`() throws {
    var normal = Normal(seed: 2)
    var close = 100.0
    // Sixty bars up, sixty bars down, and so on: what has risen goes on to rise.
    let closes = (0..<1_500).map { bar in
      close *= 1 + (bar / 60 % 2 == 0 ? 0.01 : -0.01) + 0.004 * normal.next()
      return close
    }
    let (history, candles) = Self.random(closes, 2)
    let found = try #require(SituationClusters(history, over: candles, horizon: .bars(1), Self.settings))
    #expect((found.skill ?? 0) > 0.2)
    let rising = try #require(found.clusters.first { $0.name.contains("after a rise") })
    let falling = try #require(found.clusters.first { $0.name.contains("after a fall") })
    #expect((rising.later.successRate ?? 0) > 0.7 && (falling.later.successRate ?? 1) < 0.5)
    #expect(found.clusters.reduce(0) { $0 + $1.size } == found.fitted)
    #expect(found.clusters.reduce(0) { $0 + $1.later.count } == found.later)
  }

  @Test func `where nothing matters the groups forecast nothing later`() throws {
    var forecasting = 0
    for seed in UInt64(1)...6 {
      var normal = Normal(seed: seed)
      let (history, candles) = Self.random(normal.closes(1_500), seed)
      let found = try #require(
        SituationClusters(history, over: candles, horizon: .bars(1), Self.settings))
      if (found.skill ?? 1) > 0.02 { forecasting += 1 }
    }
    #expect(forecasting <= 1)
  }

  @Test func `the fit ends before the first bar of the score, outcomes and all`() throws {
    var normal = Normal(seed: 4)
    let (history, candles) = Self.random(normal.closes(1_500), 4)
    let found = try #require(
      SituationClusters(history, over: candles, horizon: .bars(20), Self.settings))
    // Other closes after the fit change the score, and not the fit.
    let until = try #require(candles.times.firstIndex(of: found.fittedUntil))
    let changed = daily(
      (0..<candles.count).map { bar in
        candles.value(.close, at: bar) * (bar > until + 20 ? 1 + 0.3 * Double(bar % 3) : 1)
      })
    let again = try #require(
      SituationClusters(history, over: changed, horizon: .bars(20), Self.settings))
    #expect(again.clusters.map(\.outcome) == found.clusters.map(\.outcome))
    #expect(again.clusters.map(\.later) != found.clusters.map(\.later))
  }
}
