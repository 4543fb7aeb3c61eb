import ArgumentParser
import News
import Pipelines
import Storage
import Trading

struct NewsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "news", abstract: "Shows and searches the stored news; brings new ones from the feeds.",
    subcommands: [List.self, Fetch.self, Feeds.self], defaultSubcommand: List.self)

  enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "News, the latest first.",
      discussion: """
        --search takes words that all stand in title or summary, "two words" in quotes for a phrase, infla* for the
        beginning of a word, -word for one that must not stand there. Korean words are found inside others too.
        """)

    @Option(help: "Words to look for.") var search: String?
    @Option(help: "Only what is about this symbol.") var symbol: String?
    @Option(help: "Only what this feed brought.") var feed: String?
    @Option(help: "Published from this date or time on.") var from: String?
    @Option(help: "Published up to this date or time, the whole day of a date.") var to: String?
    @Option(help: "How many, at most.") var limit = 50
    @Option(help: "table or json") var format = Format.table
    @OptionGroup var config: ConfigOption

    func validate() throws {
      for (name, text) in [("--from", from), ("--to", to)] {
        if let text, Instant(text) == nil { throw ValidationError("\(name) \"\(text)\" is no date; write 2024-01-31") }
      }
      guard (1...100_000).contains(limit) else { throw ValidationError("--limit is a number from 1 to 100000") }
    }

    func run() async throws {
      let workspace = try Workspace.sound(config)
      let (store, lexicon) = (try workspace.store(for: .reading), try workspace.lexicon())
      var end = to.flatMap { Instant($0) }
      if let to, to.count <= 10 { end = end?.advanced(by: 86_399_999) }
      let query = NewsQuery(
        search: search, symbol: symbol, feed: feed, from: from.flatMap { Instant($0) }, to: end, limit: limit)
      let found = try await storing { () async throws(StoreError) in
        var found: [(StoredNews, [NewsSource])] = []
        for news in try await store.news(query) { found.append((news, try await store.sources(of: news.id))) }
        return found
      }
      Terminal.print(format == .json ? NewsListing.json(found, judgedBy: lexicon) : NewsListing.table(found.map(\.0)))
    }
  }

  struct Fetch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "fetch", abstract: "Brings the news of feeds: into the store, as the job news does.",
      discussion: "Exits with 3 where no feed answered, 4 where one of several did not.")

    @Argument(help: "Names of feeds; all of them, where none is named.") var feeds: [String] = []
    @Option(help: "table or json") var format = Format.table
    @OptionGroup var config: ConfigOption

    func run() async throws {
      let workspace = try Workspace.sound(config)
      guard let configuration = workspace.configuration, !configuration.feeds.isEmpty else {
        throw Failure(.unusable, "the configuration names no feeds; write feeds: [{ name: …, url: https://… }]")
      }
      let known = configuration.feeds.map(\.name)
      for name in feeds where !known.contains(name) {
        throw Failure(
          .usage, "there is no feed \"\(name)\"; \(suggestion(for: name, among: known, called: "feeds"))")
      }
      let store = try await workspace.storeForCollecting()
      var job = NewsJob(configuration: configuration, store: store)
      job.chosen = Set(feeds)
      job.leavesAlone = false
      let ready = job
      let passes = try await storing { () async throws(StoreError) in try await ready.run() }
      Terminal.print(format == .json ? NewsListing.json(passes) : NewsListing.table(passes))
      for pass in passes {
        for remark in pass.remarks { Terminal.say("\(pass.title): \(remark)") }
        if let failure = pass.failure { Terminal.say("\(pass.title): \(failure)") }
      }
      if let fault = passes.compactMap(\.storeFault).first { throw Failure(fault) }
      let failed = passes.count { $0.failure != nil }
      if failed > 0 { throw Failure(failed == passes.count ? .unusable : .partly) }
    }
  }

  struct Feeds: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "feeds", abstract: "How the feeds went the last time, and which of them are stale.")

    @Option(help: "table or json") var format = Format.table
    @OptionGroup var config: ConfigOption

    func run() async throws {
      let store = try Workspace.sound(config).store(for: .reading)
      let states = try await storing { () async throws(StoreError) in try await store.feeds() }
      Terminal.print(format == .json ? NewsListing.json(states) : NewsListing.table(states))
    }
  }
}
