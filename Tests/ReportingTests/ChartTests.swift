import Testing
import Trading

@testable import Reporting

@Suite struct ChartTests {
  @Test func `thinning keeps every extreme`() {
    let points = (0..<10_000).map { index -> (x: Double, y: Double)? in
      (x: Double(index) / 100, y: index == 5_432 ? 3.5 : index == 5_433 ? 199.5 : 100)
    }
    let d = ChartPath.line(points)
    #expect(d.utf8.count < 2_000)
    #expect(d.contains("-96.5") && d.contains("196"))
  }

  @Test func `a hole lifts the pen`() {
    let d = ChartPath.line([(x: 0, y: 1), (x: 10, y: 2), nil, (x: 20, y: 3), (x: 30, y: 4)])
    #expect(d == "M0 1l10 1M20 3l10 1")
  }

  @Test func `prices that double stand at equal heights on a logarithmic scale`() throws {
    let scale = try #require(ValueScale(values: [100, 800]))
    #expect(scale.isLogarithmic)
    #expect(abs(scale.share(200) - 1.0 / 3) < 1e-12 && abs(scale.share(400) - 2.0 / 3) < 1e-12)
    #expect(try #require(ValueScale(values: [100, 120])).isLogarithmic == false)
    #expect(try #require(ValueScale(values: [-100, 800])).isLogarithmic == false)
    #expect(ValueScale(values: [Double.nan]) == nil)
  }

  @Test(arguments: [(1.0, 2.0), (90, 110), (1_000, 8_000), (0.00012, 0.00019), (1, 1_000_000), (5, 5), (-1, 0)])
  func `an axis has a few round labels`(low: Double, high: Double) throws {
    let scale = try #require(ValueScale(values: [low, high]))
    let ticks = scale.ticks()
    #expect((2...9).contains(ticks.count), "\(ticks)")
    #expect(ticks.allSatisfy { $0 >= scale.low && $0 <= scale.high })
  }

  @Test func `twenty years are labelled by years and a day by hours`() throws {
    let start = try #require(Instant("1999-01-04"))
    let years = try #require(TimeScale(times: (0..<5_031).map { start.advanced(by: $0 * 86_400_000 * 7 / 5) }))
    #expect(years.ticks.map(\.label).contains("2008") && years.ticks.count <= 10)
    let day = try #require(TimeScale(times: (0..<78).map { start.advanced(by: 52_200_000 + $0 * 300_000) }))
    #expect(day.ticks.map(\.label).contains("16:00"))
    let one = try #require(TimeScale(times: [start]))
    #expect(one.ticks.count == 1 && one.x(start).isFinite)
  }
}
