import MarketData
import Testing
import Trading

/// What is known as of a moment. Days are counted from 2024-01-01; values are worked out by hand.
@Suite struct FactTests {
  private static func day(_ day: Double) -> Instant {
    Instant(seconds: 1_704_067_200).advanced(by: Int64(day * 86_400_000))
  }

  private static func item(_ published: Double, _ score: Double?, known: Double? = nil) -> ScoredItem {
    ScoredItem(publishedAt: day(published), knownAt: known.map(day), score: score)
  }

  private static func values(_ measure: FactMeasure, _ facts: Facts, at days: [Double]) -> [Double?] {
    var reading = FactReading(measure, of: facts)
    return days.map { reading.value(at: day($0)) }.map { $0.isNaN ? nil : $0 }
  }

  private static let threeDays = Timeframe(3, .day)

  @Test func `sentiment is the mean of the items of the window, and missing without any`() {
    let facts = Facts(news: [Self.item(1, 0.5), Self.item(2, -0.25), Self.item(2, 0.5)])
    // (t − 3, t]: the first leaves at 4, the others at 5.
    #expect(
      Self.values(.sentiment(Self.threeDays), facts, at: [0.5, 1, 1.5, 2, 3.9, 4, 4.9, 5, 9])
        == [nil, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125, nil, nil])
    #expect(
      Self.values(.newsCount(Self.threeDays), facts, at: [0.5, 1, 2, 4, 5, 9]) == [nil, 1, 3, 2, 0, 0])
  }

  @Test func `an item that is known late counts from then on, within the window of its publication`() {
    let facts = Facts(news: [Self.item(1, 1), Self.item(1.5, -1, known: 3), Self.item(2, -1, known: 9)])
    #expect(
      Self.values(.sentiment(Self.threeDays), facts, at: [1.5, 2, 2.9, 3, 4, 4.5, 9, 10])
        == [1, 1, 1, 0, -1, nil, nil, nil])
    #expect(Self.values(.newsCount(Self.threeDays), facts, at: [2.9, 3, 4, 4.5, 9]) == [1, 2, 1, 0, 0])
  }

  @Test func `an item cannot be known before its publication, whatever is said`() {
    let facts = Facts(news: [Self.item(2, 1, known: 1)])
    #expect(Self.values(.newsCount(Self.threeDays), facts, at: [1, 1.9, 2]) == [nil, nil, 1])
  }

  @Test func `an item without a score is counted and has no part in the mean`() {
    let facts = Facts(news: [Self.item(1, nil), Self.item(1, 0.5)])
    #expect(Self.values(.sentiment(Self.threeDays), facts, at: [1]) == [0.5])
    #expect(Self.values(.newsCount(Self.threeDays), facts, at: [1]) == [2])
    #expect(Self.values(.sentiment(Self.threeDays), Facts(news: [Self.item(1, nil)]), at: [1]) == [nil])
  }

  /// Against the definition, worked out anew at every moment.
  @Test func `the way to a moment leaves no trace in the value`() {
    var state: UInt64 = 7
    func random() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 33) / Double(1 << 31)
    }
    let items = (0..<300).map { _ in
      let published = random() * 40
      return Self.item(published, random() < 0.1 ? nil : 2 * random() - 1, known: published + max(0, random() * 8 - 5))
    }
    let facts = Facts(news: items)
    var running = FactReading(.sentiment(Self.threeDays), of: facts)
    for step in 0..<200 {
      let now = Self.day(Double(step) * 0.23)
      let seen = items.filter {
        $0.knownAt <= now && $0.publishedAt <= now && $0.publishedAt > now.advanced(by: -3 * 86_400_000)
      }.compactMap(\.score)
      let expected = seen.isEmpty ? nil : seen.reduce(0, +) / Double(seen.count)
      let moved = running.value(at: now)
      var jumped = FactReading(.sentiment(Self.threeDays), of: facts)
      #expect(moved.bitPattern == jumped.value(at: now).bitPattern)
      #expect(expected.map { abs($0 - moved) < 1e-12 } ?? moved.isNaN, "step \(step)")
    }
  }

  private static func figure(
    _ field: StatementField, _ period: FiledFigure.Period, end: String, known: String, _ value: Double
  ) -> FiledFigure {
    FiledFigure(
      field, period, endDay: Instant(end)?.day ?? 0, knownAt: Instant(known) ?? Instant(milliseconds: 0), value: value)
  }

  private static func values(_ measure: FactMeasure, _ facts: Facts, at times: [String]) -> [Double?] {
    var reading = FactReading(measure, of: facts)
    return times.map { Instant($0).map { reading.value(at: $0) } ?? .nan }.map { $0.isNaN ? nil : $0 }
  }

  /// Four quarters of 2022 (the last within the year alone: 430 − 100 − 105 − 110 = 115) and three of 2023.
  private static let revenue = Facts(figures: [
    figure(.revenue, .quarter, end: "2022-03-31", known: "2022-05-01", 100),
    figure(.revenue, .quarter, end: "2022-06-30", known: "2022-08-01", 105),
    figure(.revenue, .quarter, end: "2022-09-30", known: "2022-11-01", 110),
    figure(.revenue, .year, end: "2022-12-31", known: "2023-02-01", 430),
    figure(.revenue, .quarter, end: "2023-03-31", known: "2023-05-01", 120),
    figure(.revenue, .quarter, end: "2023-06-30", known: "2023-08-01", 130),
    // Restated with the next filing.
    figure(.revenue, .quarter, end: "2023-03-31", known: "2023-08-01T12:00:00Z", 119),
  ])

  @Test func `a figure is that of the newest period filed by then`() {
    let latest = FactMeasure.fundamental(.revenue, .latest, yearsBefore: 0)
    #expect(
      Self.values(
        latest, Self.revenue, at: ["2022-04-30", "2022-05-01", "2022-10-31", "2022-11-01", "2023-04-30", "2023-05-01"])
        == [nil, 100, 105, 110, 110, 120])
    let year = FactMeasure.fundamental(.revenue, .year, yearsBefore: 0)
    #expect(Self.values(year, Self.revenue, at: ["2023-01-31", "2023-02-01", "2023-08-02"]) == [nil, 430, 430])
    #expect(Self.values(.fundamental(.netIncome, .latest, yearsBefore: 0), Self.revenue, at: ["2023-08-02"]) == [nil])
  }

  @Test func `of who files years alone it is the year`() {
    let facts = Facts(figures: [Self.figure(.revenue, .year, end: "2022-12-31", known: "2023-02-01", 430)])
    #expect(Self.values(.fundamental(.revenue, .latest, yearsBefore: 0), facts, at: ["2023-03-01"]) == [430])
  }

  @Test func `twelve months are the year, or four quarters, the last of a year from the year`() {
    let ttm = FactMeasure.fundamental(.revenue, .ttm, yearsBefore: 0)
    // 2023-05-01: 105 + 110 + 115 + 120; 2023-08-01: 110 + 115 + 120 + 130; then the restated 119.
    #expect(
      Self.values(
        ttm, Self.revenue,
        at: ["2022-11-02", "2023-02-01", "2023-05-01", "2023-08-01", "2023-08-01T12:00:00Z", "2030-01-01"])
        == [nil, 430, 450, 475, 474, 474])
  }

  @Test func `the same period a year before is as it is known now`() {
    let before = FactMeasure.fundamental(.revenue, .quarter, yearsBefore: 1)
    #expect(Self.values(before, Self.revenue, at: ["2022-05-01", "2023-05-01", "2023-08-01"]) == [nil, 100, 105])
    let year = FactMeasure.fundamental(.revenue, .ttm, yearsBefore: 1)
    #expect(Self.values(year, Self.revenue, at: ["2023-08-01"]) == [nil])
  }

  @Test func `a restatement changes no value of the time before it`() {
    let latest = FactMeasure.fundamental(.revenue, .latest, yearsBefore: 0)
    let facts = Facts(figures: [
      Self.figure(.revenue, .quarter, end: "2023-03-31", known: "2023-05-01", 120),
      Self.figure(.revenue, .quarter, end: "2023-03-31", known: "2023-07-01", 90),
    ])
    #expect(Self.values(latest, facts, at: ["2023-05-01", "2023-06-30", "2023-07-01"]) == [120, 120, 90])
    var reading = FactReading(latest, of: facts)
    #expect(Instant("2023-07-01").map { reading.value(at: $0) } == 90)
    #expect(Instant("2023-06-30").map { reading.value(at: $0) } == 120)
  }

  @Test func `money a share is not reckoned from a year, for the number of shares changes`() {
    let figures = Self.revenue.figures.map {
      FiledFigure(.eps, $0.period, endDay: $0.endDay, knownAt: $0.knownAt, value: $0.value)
    }
    #expect(
      Self.values(.fundamental(.eps, .ttm, yearsBefore: 0), Facts(figures: figures), at: ["2023-02-01", "2023-05-01"])
        == [430, nil])
  }
}
