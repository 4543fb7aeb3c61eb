import ArgumentParser
import Pipelines
import Storage
import Trading

struct OutboxCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "outbox",
    abstract: "Shows the messages that wait, went out or failed; sends them again or takes them out.",
    subcommands: [List.self, Retry.self, Drop.self])

  enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "Messages, the latest first, and how many there are of each state.",
      discussion: "States: pending, sending, sent, unknown, parked, dead, dropped.")

    @OptionGroup var config: ConfigOption
    @Option(help: "A state; may be given several times. Without it, all.")
    var state: [String] = []
    @Option(help: "How many messages, at most.")
    var limit = 50
    @Option(help: "table or json")
    var format = Format.table

    func validate() throws {
      let known = OutboxEntry.State.allCases.map(\.rawValue)
      for word in state where !known.contains(word) {
        throw ValidationError("--state \"\(word)\" is none; \(suggestion(for: word, among: known, called: "states"))")
      }
      guard (1...100_000).contains(limit) else { throw ValidationError("--limit is a number from 1 to 100000") }
    }

    func run() async throws {
      let store = try Workspace.sound(config).store(for: .reading)
      let states = state.compactMap { OutboxEntry.State(rawValue: $0) }
      let (entries, counts) = try await storing { () async throws(StoreError) in
        (try await store.entries(in: states, limit: limit), try await store.counts())
      }
      Terminal.print(format == .json ? OutboxListing.json(entries, counts) : OutboxListing.table(entries, counts))
    }
  }

  struct Retry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "retry", abstract: "Makes messages due again that are unknown, parked, dead or dropped.",
      discussion: """
        An id stands in the message and in `outbox list`; of one id, all channels are meant, of a number that message
        alone. A service that is running sends them within a second or two.
        """)

    @Argument(help: ArgumentHelp("Ids or numbers.", valueName: "ID"))
    var ids: [String]
    @OptionGroup var config: ConfigOption

    func run() async throws {
      try await OutboxCommand.change(ids, config, "due again") { store, entry throws(StoreError) in
        try await store.retry(entry.id, at: Terminal.now)
      }
    }
  }

  struct Drop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "drop", abstract: "Takes out messages that are pending, parked, unknown or dead.")

    @Argument(help: ArgumentHelp("Ids or numbers.", valueName: "ID"))
    var ids: [String]
    @OptionGroup var config: ConfigOption

    func run() async throws {
      try await OutboxCommand.change(ids, config, "dropped") { store, entry throws(StoreError) in
        try await store.drop(entry.id, "taken out by hand", at: Terminal.now)
      }
    }
  }

  /// Does something to each message that is named, and says of each what became of it.
  private static func change(
    _ ids: [String], _ config: ConfigOption, _ done: String,
    _ body: (SQLiteStore, OutboxEntry) async throws(StoreError) -> Bool
  ) async throws {
    let workspace = try Workspace.sound(config)
    // An empty database is not made for what cannot be in it.
    _ = try workspace.store(for: .reading)
    let store = try workspace.storeForChanging()
    var (changed, failed) = (0, 0)
    for id in ids {
      let entries = try await storing { () async throws(StoreError) in try await store.entries(called: id) }
      if entries.isEmpty {
        Terminal.say("\(id): there is no message of this id; `finstage outbox list` shows them")
        failed += 1
      }
      for entry in entries {
        let isDone = try await storing { () async throws(StoreError) in try await body(store, entry) }
        let name = "\(entry.notice.code) to \(entry.notice.channel)"
        if isDone {
          Terminal.print("\(name): \(done)")
        } else {
          Terminal.say("\(name): is \(entry.state.rawValue), and stays so")
        }
        if isDone { changed += 1 } else { failed += 1 }
      }
    }
    if failed > 0 { throw Failure(changed > 0 ? .partly : .badAnswer) }
  }
}

/// Messages of the outbox as text.
enum OutboxListing {
  static func table(_ entries: [OutboxEntry], _ counts: [OutboxEntry.State: Int]) -> String {
    let summary = OutboxEntry.State.allCases.compactMap { state in counts[state].map { "\(state.rawValue) \($0)" } }
    guard !entries.isEmpty else { return summary.isEmpty ? "the outbox is empty" : summary.joined(separator: " · ") }
    let header = ["id", "number", "channel", "state", "tries", "queued", "due", "about", "why"]
    let rows = entries.map { entry in
      [
        entry.notice.code, "\(entry.id)", entry.notice.channel, entry.state.rawValue, "\(entry.attempts)",
        "\(entry.createdAt)", entry.state == .pending ? "\(entry.dueAt)" : "",
        entry.notice.title.isEmpty ? entry.notice.symbol ?? "" : entry.notice.title, entry.failure ?? "",
      ]
    }
    return CandleListing.table([header] + rows, leading: header.count) + "\n" + summary.joined(separator: " · ")
  }

  static func json(_ entries: [OutboxEntry], _ counts: [OutboxEntry.State: Int]) -> String {
    func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
    let messages = entries.map { entry in
      JSONValue.object([
        ("id", .string(entry.notice.code)), ("number", .number(Double(entry.id))),
        ("channel", .string(entry.notice.channel)), ("state", .string(entry.state.rawValue)),
        ("attempts", .number(Double(entry.attempts))), ("doubts", .number(Double(entry.doubts))),
        ("priority", .string(entry.notice.priority)), ("delivery", .string(entry.notice.policy.rawValue)),
        ("title", .string(entry.notice.title)), ("symbol", text(entry.notice.symbol)),
        ("strategy", text(entry.notice.strategy)), ("direction", text(entry.notice.direction?.rawValue)),
        ("reason", text(entry.failure)), ("reference", text(entry.reference)),
        ("queued_at", .string("\(entry.createdAt)")), ("due_at", .string("\(entry.dueAt)")),
        ("claimed_at", text(entry.claimedAt.map { "\($0)" })), ("finished_at", text(entry.finishedAt.map { "\($0)" })),
      ])
    }
    return JSONValue.object([
      ("counts", .object(OutboxEntry.State.allCases.map { ($0.rawValue, .number(Double(counts[$0] ?? 0))) })),
      ("messages", .array(messages)),
    ]).text
  }
}
