import Pipelines

/// The answer of `test`.
struct TestReport {
  struct File {
    var path, name: String
    var outcomes: [StrategyTest.Outcome]
    var coverage: ConditionCoverage?
  }

  private let showsCoverage: Bool
  private var files: [File] = []
  private(set) var unusable: [Diagnostic] = []

  init(coverage: Bool) { showsCoverage = coverage }

  mutating func add(_ file: File) { files.append(file) }
  mutating func add(unusable faults: [Diagnostic]) { unusable += faults }

  private var outcomes: [StrategyTest.Outcome] { files.flatMap(\.outcomes) }
  var passed: Int { outcomes.count { $0.faults.isEmpty } }
  var failed: Int { outcomes.count { !$0.faults.isEmpty } }

  var text: String {
    var lines: [String] = []
    for file in files {
      for outcome in file.outcomes {
        lines.append("\(outcome.faults.isEmpty ? "ok  " : "FAIL") \(file.name): \(outcome.name)")
        lines += outcome.faults.map { "     \(file.path):\(outcome.line): \($0)" }
        for trace in outcome.traces { lines += [""] + trace.lines.map { "     \($0)" } + [""] }
      }
    }
    if showsCoverage { lines += coverage }
    lines.append("\(passed) passed, \(failed) failed")
    return lines.joined(separator: "\n")
  }

  private var coverage: [String] {
    var lines: [String] = [""]
    var (never, untested, total) = (0, 0, 0)
    for file in files {
      guard let coverage = file.coverage else { continue }
      total += coverage.entries.count
      never += coverage.uncovered.count
      untested += coverage.untested.count
      if coverage.uncovered.isEmpty, coverage.untested.isEmpty { continue }
      lines.append("\(file.name)")
      lines += coverage.uncovered.map { "  never true          \(TestReport.row($0))" }
      lines += coverage.untested.map { "  only on sample data \(TestReport.row($0))" }
    }
    return lines + ["\(total) conditions: \(never) never true, \(untested) true on sample data and in no test"]
  }

  private static func row(_ entry: ConditionCoverage.Entry) -> String {
    "\(entry.step).\(entry.condition)\(entry.isPart ? ", side" : ""): \(entry.text)"
  }

  var json: JSONValue {
    .object([
      ("passed", .number(Double(passed))), ("failed", .number(Double(failed))),
      (
        "strategies",
        .array(
          files.map { file in
            .object(
              [
                ("name", .string(file.name)), ("file", .string(file.path)),
                ("tests", .array(file.outcomes.map(TestReport.json))),
              ] + (file.coverage.map { [("coverage", $0.json)] } ?? []))
          })
      ),
      (
        "diagnostics",
        .array(
          unusable.map { fault in
            .object([
              ("file", .string(fault.file)), ("line", .number(Double(fault.line))),
              ("column", .number(Double(fault.column))), ("code", .string(fault.code.rawValue)),
              ("message", .string(fault.message)),
            ])
          })
      ),
    ])
  }

  private static func json(_ outcome: StrategyTest.Outcome) -> JSONValue {
    .object([
      ("name", .string(outcome.name)), ("line", .number(Double(outcome.line))),
      ("passed", .bool(outcome.faults.isEmpty)), ("faults", .array(outcome.faults.map { .string($0) })),
      ("bars", .array(outcome.traces.map(\.json))),
    ])
  }
}
