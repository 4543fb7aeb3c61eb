import ArgumentParser
import Pipelines
import Storage
import Trading

struct BirthsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "births", abstract: "When each strategy's rules were first seen.",
    discussion: """
      A rule is what a strategy computes and does; comments, names and descriptions are no part of it. What came after the
      day on which it was first seen is out-of-sample. `finstage validate`, `scan` and `run` stamp rules.
      Exits with 3 where there is no database, or no such strategy in it.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

  @Argument(help: ArgumentHelp("Names of strategies; without one, all.", valueName: "STRATEGY"))
  var strategies: [String] = []
  @OptionGroup var config: ConfigOption
  @Option(help: "table or json")
  var format = Format.table

  func run() async throws {
    let workspace = try Workspace.sound(config)
    let store = try workspace.store(for: .reading)
    let all = try await storing { () async throws(StoreError) in try await store.births() }
    let known = Set(all.map(\.strategy)).sorted()
    for name in strategies where !known.contains(name) {
      throw Failure(
        .unusable,
        "no rule of a strategy \"\(name)\" was stamped; \(suggestion(for: name, among: known, called: "strategies"))")
    }
    let births = all.filter { strategies.isEmpty || strategies.contains($0.strategy) }
    switch format {
    case .json:
      let rows = births.map { birth in
        JSONValue.object([
          ("strategy", .string(birth.strategy)), ("rule", .string(birth.rule)), ("seen", .string("\(birth.seen)")),
          ("ancestor", birth.ancestor.map { .string($0) } ?? .null), ("current", .bool(birth.isCurrent)),
        ])
      }
      Terminal.print(JSONValue.object([("births", .array(rows))]).text)
    case .table:
      guard !births.isEmpty else { return Terminal.say("no rule was stamped yet: finstage validate stamps them") }
      let rows = births.map { birth in
        [
          birth.strategy, "\(birth.seen)", String(birth.rule.prefix(8)),
          birth.ancestor.map { String($0.prefix(8)) } ?? "-", birth.isCurrent ? "now" : "",
        ]
      }
      Terminal.print(CandleListing.table([["strategy", "seen", "rule", "after", ""]] + rows, leading: 5))
    }
  }
}
