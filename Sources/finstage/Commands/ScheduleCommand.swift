import ArgumentParser
import Calendars
import Engine
import Pipelines
import Trading

struct ScheduleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schedule",
    abstract: "Lists the jobs of schedule: with their next runs.",
    discussion: "Times are UTC. Jitter, retries and what is still to be caught up with are not in it.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

  @OptionGroup var config: ConfigOption
  @Option(help: "How many runs of each job, 1 to 1000.")
  var next = 3
  @Option(help: ArgumentHelp("The moment after which they come. Default: now.", valueName: "TIME"))
  var from: String?
  @Option(help: "table or json")
  var format = Format.table

  func validate() throws {
    guard (1...1_000).contains(next) else { throw ValidationError("--next is 1 to 1000; found \(next)") }
    if let from, Instant(from) == nil {
      throw ValidationError("--from \"\(from)\" is no time; write 2027-01-31 or 2027-01-31T08:00:00Z")
    }
  }

  func run() throws {
    let workspace = try Workspace.sound(config)
    guard let configuration = workspace.configuration else {
      throw Failure(.usage, "there is no \(config.path): name a configuration with --config")
    }
    let moment = from.flatMap { Instant($0) } ?? Terminal.now
    let listing = ScheduleListing(configuration.schedule, after: moment, count: next)
    if format == .json { return Terminal.print(listing.json) }
    if configuration.schedule.isEmpty {
      Terminal.say("\(config.path) has no schedule: docs/schedule.md says what one looks like")
    } else {
      Terminal.print(listing.table)
    }
  }
}
