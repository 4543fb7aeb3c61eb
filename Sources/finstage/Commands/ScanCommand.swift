import ArgumentParser
import Engine
import Pipelines
import Storage
import Trading

struct ScanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scan", abstract: "One pass now: fetches, evaluates every strategy at its new closed bars, prints.",
    discussion: """
      What it finds is saved, and the next pass goes on behind it. Of a symbol that was never evaluated the signals of its
      latest bar are shown, and saved are those of later bars. --dry-run works on a copy of the database, which it takes
      away again: it stores and sends nothing, and prints what would have been.
      Exits with 3 where nothing could be evaluated, 4 where a strategy, a symbol or a source failed.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

  @OptionGroup var config: ConfigOption
  @Flag(help: "Stores and sends nothing.")
  var dryRun = false
  @Flag(help: "Asks no source: evaluates what is stored.")
  var noFetch = false
  @Option(help: "Symbols at one time, 1 to 64.")
  var jobs: Int?
  @Option(help: "table or json")
  var format = Format.table

  func validate() throws {
    if let jobs, !(1...64).contains(jobs) { throw ValidationError("--jobs is 1 to 64; found \(jobs)") }
  }

  func run() async throws {
    let workspace = try Workspace.sound(config)
    let live = try LiveWorkspace(workspace)
    let copy = dryRun ? try await StoreCopy(of: workspace) : nil
    defer { copy?.remove() }
    let store = try copy?.store ?? workspace.store(for: .writing)
    var failures = noFetch ? [] : try await fetch(workspace, store)

    // Where a file is faulty, the version goes on that ran before.
    let running = try await live.running(store)
    let plan = await ReloadPlan(running: running, found: live.found, over: NoBars(), bars: 1)
    failures += plan.items.filter { $0.change == .faulty }.flatMap(\.faults)
    guard !plan.strategies.isEmpty else {
      throw Failure(.unusable, (failures + ["there are no strategies in \(workspace.folder)"]).joined(separator: "\n"))
    }
    var settings = LiveRun.Settings()
    settings.jobs = jobs ?? Terminal.processors
    let run = LiveRun(bars: try live.bars(store, for: plan.strategies), store: store, settings: settings)
    let started = try await storing { () async throws(StoreError) in
      try await run.start(plan.strategies, at: Terminal.now)
    }
    if !dryRun {
      let stamps = live.stamps(of: plan.strategies)
      for birth in try await storing({ () async throws(StoreError) in try await store.stamp(stamps, at: Terminal.now) })
      {
        Terminal.say(birth.sentence)
      }
    }
    let now = Terminal.now
    let notices = PassNotices(live.configuration, store, now: now)
    var pass = await run.evaluate(at: now) { await notices.of($0) }
    pass.failures = started.failures + pass.failures
    let listing = LivePassListing(pass: pass, isDry: dryRun)
    let text = format == .json ? listing.json(await run.size) : listing.table
    if !text.isEmpty { Terminal.print(text) }
    if let line = live.passedOver { Terminal.say(line) }
    for line in failures + pass.failures.map(\.description) { Terminal.say(line) }
    Terminal.say(summary(pass, await run.size))
    if let fault = pass.storeFault { throw Failure(fault) }
    guard failures.isEmpty, pass.failures.isEmpty else {
      throw Failure(pass.markets + pass.replayed == 0 && started.replayed == 0 ? .unusable : .partly)
    }
  }

  private func summary(_ pass: LivePass, _ size: (strategies: Int, markets: Int, pairs: Int)) -> String {
    let first = pass.signals.count { $0.occasion == .first }
    var text = "\(size.strategies) strategies over \(size.markets) symbols and groups: \(pass.bars) new bars, "
    text += "\(pass.signals.count - first) signals, \(pass.corrections.count) corrected"
    if first > 0 { text += "; \(first) more stood when their symbols were first looked at, and are not saved" }
    return text + (dryRun ? "; nothing was stored or sent" : "")
  }

  private func fetch(_ workspace: Workspace, _ store: SQLiteStore) async throws -> [String] {
    let plan = try FetchPlan(workspace, store)
    var progress = Progress("fetching", of: plan.tasks.count)
    let collected = await Collector(plan.tasks).run(done: { progress.step($0.key.symbol) })
    progress.finish()
    return plan.failures + collected.compactMap { $0.fault?.description }
  }
}
