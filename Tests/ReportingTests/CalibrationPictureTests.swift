import Foundation
import Insights
import Testing

@testable import Reporting

#if canImport(FoundationXML)
import FoundationXML
#endif

@Suite struct CalibrationPictureTests {
  private func calibration() throws -> Calibration {
    var calls: [Calibration.Call] = []
    calls += (0..<100).map { Calibration.Call(confidence: 0.8, isRight: $0 < 50) }
    calls += (0..<25).map { Calibration.Call(confidence: 0.3, isRight: $0 < 10) }
    var calibration = try #require(Calibration(calls))
    calibration.bins[1].interval = 0.4...0.6
    return calibration
  }

  @Test func `points stand where they were said and came, by hand`() throws {
    let text = ReliabilityDiagram(try calibration()).document(title: "A < B")
    // 46 + 0.8 × 360 = 334 and 374 − 0.5 × 360 = 194; 46 + 0.3 × 360 = 154 and 374 − 0.4 × 360 = 230.
    #expect(text.contains("cx=\"334\" cy=\"194\" r=\"11\""), "\(text)")
    // A quarter of the calls is a quarter of the area.
    #expect(text.contains("cx=\"154\" cy=\"230\" r=\"5.5\""))
    #expect(text.contains("M334 230V158") && text.contains("said 80.0%, right in 50.0% of 100"))
    #expect(text.contains("A &lt; B") && text.contains("xmlns=\"http://www.w3.org/2000/svg\""))
    #expect(!text.contains("NaN") && !text.contains("inf"))
    let parser = XMLParser(data: Data(text.utf8))
    #expect(parser.parse())
    let page = ReliabilityDiagram(try calibration()).svg(title: "t")
    #expect(page.hasPrefix("<svg class=\"chart\"") && XMLParser(data: Data(page.utf8)).parse())
  }

  @Test func `the table says the same in words`() throws {
    let text = CalibrationTable(try calibration()).text()
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines[1].hasPrefix("30–40") && lines[1].contains("25") && lines[1].contains("40.0%"))
    #expect(lines[1].hasSuffix("██████│█············"), "\(lines[1])")
    #expect(lines[2].hasPrefix("80–90") && lines[2].contains("40%–60%") && lines[2].hasSuffix("██████████······│···"))
    // (25 × 0.1 + 100 × 0.3) / 125 = 0.26; (25 × (0.3² × 15 + 0.7² × 10) / 25 + 100 × (0.2² + 0.8²) / 2) / 125 = 0.322.
    #expect(text.contains("right in 48.0% of 125. Calibration error 26.0%, Brier score 0.322."), "\(text)")
  }
}
