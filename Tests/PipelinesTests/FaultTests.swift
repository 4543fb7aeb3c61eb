import Foundation
import Pipelines
import StrategyModules
import Testing

/// Golden cases: `Faults/NAME.yaml` with `NAME.expected`, what `validate` says of it; `Sound/NAME.yaml`, of which there
/// is nothing to say. A case is added by adding a file; with RECORD_CASES=1 the missing answer is written, to be read
/// and judged before it is kept.
@Suite struct FaultTests {
  @Test("there are cases to check") func thereAreCases() {
    #expect(cases(in: "Faults").count >= 100)
    #expect(cases(in: "Sound").count >= 15)
  }

  @Test("a faulty file gets its expected message", arguments: cases(in: "Faults"))
  func explains(_ name: String) throws {
    let bytes = [UInt8](try Data(contentsOf: caseFile("Faults/\(name).yaml")))
    let (strategy, diagnostics) = read(bytes, file: "\(name).yaml")
    let found = diagnostics.map(\.description).joined(separator: "\n")
    let answer = caseFile("Faults/\(name).expected")
    if !FileManager.default.fileExists(atPath: answer.path),
      ProcessInfo.processInfo.environment["RECORD_CASES"] == "1"
    {
      try found.write(to: answer, atomically: true, encoding: .utf8)
    }
    #expect(try found == String(contentsOf: answer, encoding: .utf8))
    #expect(!diagnostics.isEmpty)
    #expect((strategy == nil) == diagnostics.contains { $0.severity == .error })
  }

  @Test("a sound file gets no message", arguments: cases(in: "Sound"))
  func admits(_ name: String) throws {
    let bytes = [UInt8](try Data(contentsOf: caseFile("Sound/\(name).yaml")))
    let (declared, diagnostics) = declaration(bytes, file: "\(name).yaml")
    #expect(diagnostics.map(\.description) == [])
    let sound = try #require(declared)
    var outcomes = try sound.strategy?.runTests() ?? []
    if case .priceAlert(let alert) = sound { outcomes += try alert.runTests() }
    for outcome in outcomes { #expect(outcome.faults == [], "\(outcome.name)") }
  }

  @Test("the shipped strategies are sound and pass their own tests", arguments: try shipped())
  func shippedStrategiesPass(_ name: String) throws {
    let bytes = [UInt8](try Data(contentsOf: repositoryFile("strategies/\(name).yaml")))
    let (strategy, diagnostics) = read(bytes, file: "\(name).yaml")
    #expect(diagnostics.map(\.description) == [])
    let sound = try #require(strategy)
    #expect(sound.tests.count >= 2)
    #expect(sound.tests.contains { !$0.expected.isEmpty } && sound.tests.contains { $0.expected.isEmpty })
    for outcome in try sound.runTests() { #expect(outcome.faults == [], "\(outcome.name)") }
  }

  /// The shipped strategies: family and name; portfolios and price alerts have tests of their own.
  static func shipped() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: repositoryFile("strategies").path)
      .filter { $0.hasSuffix(".yaml") && !$0.hasPrefix("portfolios/") && !$0.hasPrefix("alerts/") }.map {
        String($0.dropLast(5))
      }.sorted()
  }
}
