import ArgumentParser
import Engine
import Pipelines
import Storage
import Trading

struct FetchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch",
    abstract: "Brings what collect: names from its sources into the store: all that is not there.",
    discussion: """
      What a source has once answered for is not asked for again, except its last bars, which it may still mend. Ctrl-C
      ends it between two answers; the next run goes on there.
      Exits with 3 where nothing could be brought, 4 where one of several failed.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

  @Argument(help: "Symbols that the configuration collects; all of them, where none is named.")
  var symbols: [String] = []
  @OptionGroup var config: ConfigOption
  @Option(help: "Only from this source.")
  var source: String?
  @Option(help: ArgumentHelp("How far back, where the source has it. Default: ten years.", valueName: "DATE"))
  var from: String?
  @Option(help: "Symbols at one time, 1 to 64; each source's own bounds hold besides.")
  var jobs = 8
  @Option(help: "table or json")
  var format = Format.table

  func validate() throws {
    if let from, Instant(from) == nil { throw ValidationError("--from \"\(from)\" is no date; write 2008-01-31") }
    guard (1...64).contains(jobs) else { throw ValidationError("--jobs is 1 to 64; found \(jobs)") }
  }

  func run() async throws {
    let workspace = try Workspace.sound(config)
    let store = try await workspace.storeForCollecting()
    let start = from.flatMap { Instant($0) } ?? FetchPlan.tenYears(before: Terminal.now)
    let plan = try FetchPlan(workspace, store, symbols: symbols, source: source, from: start)
    for line in plan.passedOver { Terminal.say(line) }
    Terminal.noteInterrupt()
    let collected = await run(plan.tasks)
    let listing = CollectedListing(collected)
    if !collected.isEmpty || format == .json { Terminal.print(format == .json ? listing.json : listing.table) }
    for one in collected {
      if let repair = one.repair { Terminal.say(repair.line(one.key)) }
      let check: CandleCheck?
      if let own = one.check { check = own } else { check = try? await store.check(of: one.key) }
      if let line = check?.line(one.key) { Terminal.say(line) }
    }
    let faults = collected.compactMap { $0.fault }
    for line in plan.failures + faults.filter({ $0.kind != .cancelled }).map(\.description) { Terminal.say(line) }
    if Terminal.isInterrupted {
      Terminal.say("interrupted; the same command goes on where it ended")
      throw Failure(.interrupted)
    }
    guard plan.failures.isEmpty, faults.isEmpty else {
      throw Failure(faults.count == collected.count ? .unusable : .partly)
    }
  }

  /// Runs the tasks beside a look at Ctrl-C, which ends them between two answers.
  private func run(_ tasks: [Collector.Task]) async -> [Collected] {
    let width = jobs
    let work = Task {
      var progress = Progress("fetching", of: tasks.count)
      let answers = await Collector(tasks, width: width).run(done: { progress.step($0.key.symbol) })
      progress.finish()
      return answers
    }
    let watch = Task {
      while !Task.isCancelled {
        if Terminal.isInterrupted { return work.cancel() }
        try? await Task.sleep(for: .milliseconds(50))
      }
    }
    let answers = await work.value
    watch.cancel()
    return answers
  }
}
