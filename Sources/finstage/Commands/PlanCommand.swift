import ArgumentParser
import Engine
import Storage

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct PlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "What the strategies' files and watchlists would change in the running host, without changing it.",
    discussion: """
      Compares the files, and the symbols of their watchlists, with what the host last read, which its database says. Of a
      changed strategy it shows the signals of the last bars that only one version says.
      Exits with 1 where a file is faulty: the host goes on with the version that it has.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

  @OptionGroup var config: ConfigOption
  @Option(help: "Bars of each symbol that are compared, 1 to 100000.")
  var bars = 250
  @Option(help: "table or json")
  var format = Format.table

  func validate() throws {
    guard (1...100_000).contains(bars) else { throw ValidationError("--bars is 1 to 100000; found \(bars)") }
  }

  func run() async throws {
    let workspace = try Workspace.sound(config)
    let live = try LiveWorkspace(workspace)
    guard FileManager.default.fileExists(atPath: workspace.database.path) else {
      throw Failure(
        .unusable, "there is no database \(workspace.database.path) yet: nothing has run; `finstage scan` begins")
    }
    let store = try workspace.store(for: .reading)
    let running = try await live.running(store)
    let prices = try live.bars(store, for: running + live.found.compactMap(\.strategy))
    let plan = await ReloadPlan(running: running, found: live.found, over: prices, bars: bars)
    let listing = PlanListing(plan: plan, bars: bars)
    Terminal.print(format == .json ? listing.json : listing.table)
    let faults = plan.items.flatMap(\.faults)
    if let line = live.passedOver { Terminal.say(line) }
    for line in faults { Terminal.say(line) }
    if plan.items.contains(where: { $0.change == .faulty }) { throw Failure(.badAnswer) }
    if !faults.isEmpty { throw Failure(.partly) }
  }
}
