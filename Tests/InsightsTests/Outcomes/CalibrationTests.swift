import Testing

@testable import Insights

@Suite struct CalibrationTests {
  @Test func `a case by hand`() throws {
    let calibration = try #require(
      Calibration([
        .init(confidence: 0.8, isRight: true, base: 0.5), .init(confidence: 0.8, isRight: true, base: 0.5),
        .init(confidence: 0.8, isRight: false, base: 0.5), .init(confidence: 0.85, isRight: false, base: 0.5),
        .init(confidence: 0.7, isRight: true, base: 0.5), .init(confidence: 0.6, isRight: false, base: 0.5),
        .init(confidence: 0.69999, isRight: true, base: 0.5), .init(confidence: 1, isRight: true, base: 0.5),
      ]))
    #expect(calibration.bins.map(\.count) == [2, 1, 4, 1])
    #expect(calibration.bins.map(\.lower) == [0.6, 0.7, 0.8, 0.9])
    #expect(zip(calibration.bins.map(\.rate), [0.5, 1, 0.5, 1]).allSatisfy { agree($0, $1) })
    #expect(agree(calibration.bins[2].confidence, 0.8125))
    // (2 × 0.04 + 0.64 + 0.7225 + 0.09 + 0.36 + 0.30001² + 0) / 8
    let brier: Double = 1.9825060001 / 8
    #expect(agree(calibration.brier, brier))
    // (2 × |0.5 − 0.649995| + |1 − 0.7| + 4 × |0.5 − 0.8125| + 0) / 8
    let error: Double = 1.84999 / 8
    #expect(agree(calibration.expectedError, error))
    #expect(agree(calibration.baseBrier, 0.25) && agree(calibration.rate, 5.0 / 8))
    #expect(agree(calibration.skill, 1 - calibration.brier / 0.25))
  }

  @Test func `whoever is right as often as he says has no error, and no calls no calibration`() throws {
    let calls = (0..<100).map { Calibration.Call(confidence: 0.55, isRight: $0 < 55) }
    let calibration = try #require(Calibration(calls))
    #expect(agree(calibration.expectedError, 0) && agree(calibration.brier, 0.55 * 0.45))
    #expect(calibration.baseBrier == nil && calibration.skill == nil)
    #expect(Calibration([]) == nil)
  }

  @Test func `a confidence lies in the tenth that begins at it`() {
    #expect(stride(from: 0, through: 100, by: 10).map { Calibration.bin(of: Double($0) / 100) } == Array(0...9) + [9])
  }
}
