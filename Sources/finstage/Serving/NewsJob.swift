import Fetching
import Logging
import News
import Notifications
import PluginKit
import Storage
import Trading

/// One pass over the feeds of a configuration: asked, saved, and who is to be told is in the outbox.
struct NewsJob {
  let configuration: Configuration
  let store: SQLiteStore
  /// Whether feeds that failed lately are left alone.
  var leavesAlone = true
  /// Only these; all where none is named.
  var chosen: Set<String> = []
  var surroundings = Surroundings.machine

  /// - Parameter remark: why somebody is not told of something.
  func run(remark: @escaping @Sendable (String) -> Void = { _ in }) async throws(StoreError) -> [FeedPass] {
    let loop = TransferLoop(calls: surroundings.calls)
    let feeds = configuration.feeds.filter { chosen.isEmpty || chosen.contains($0.name) }.map { feed in
      FeedSource(
        name: feed.name, addresses: FeedSource.addresses(feed.url, symbols: feed.symbols), format: feed.format,
        language: feed.language, parser: FeedParser(zone: feed.zone),
        web: client(feed.fetch, on: loop, counted: "feed \(feed.name)"))
    }
    var settings = FeedCollector.Settings()
    settings.storyWindow = configuration.news.storyWindow
    settings.leavesAlone = leavesAlone
    let notices = NewsTelling(
      configuration,
      translating: configuration.news.translation.map { translation in
        (translation.service, client(translation.fetch, on: loop, counted: nil))
      }, now: surroundings.now, remark: remark)
    return try await FeedCollector(feeds, store: store, settings: settings, now: surroundings.now).run {
      item, isFirst in
      await notices.of(item, isFirst: isFirst)
    }
  }

  private func client(_ fetch: FetchSettings, on loop: TransferLoop, counted name: String?) -> any WebClient {
    let client = fetch.client(
      on: loop, now: surroundings.now, sleep: surroundings.sleep, random: surroundings.random,
      log: name.map { StoredRequests(source: $0, store: store) })
    return MeasuredClient(client: client, source: name ?? "translation", now: surroundings.now)
  }

  /// What a pass did in a sentence; throws where no feed answered.
  static func summary(_ passes: [FeedPass]) throws(Failure) -> String {
    if let fault = passes.compactMap(\.storeFault).first { throw Failure(fault) }
    var (new, merged) = (0, 0)
    for case .read(let fresh, let joined, _) in passes.map(\.outcome) { (new, merged) = (new + fresh, merged + joined) }
    let faults = passes.compactMap { pass in pass.failure.map { "\(pass.title): \($0)" } }
    let asked = passes.count { if case .leftAlone = $0.outcome { false } else { true } }
    if let first = faults.first, faults.count == asked { throw Failure(.unusable, first) }
    let text = "\(new) new items, \(merged) known from elsewhere, of \(asked) addresses"
    return faults.isEmpty ? text : "\(text); \(faults.count) failed: \(faults[0])"
  }
}

extension FeedPass {
  /// The feed with its symbols.
  var title: String { symbols.isEmpty ? feed : "\(feed) \(symbols.prefix(3).joined(separator: ","))" }
}

extension Host {
  /// Brings the news of `feeds:`; ends with a sentence for the job's row.
  func news() async throws -> String {
    let job = NewsJob(configuration: configuration, store: store, surroundings: surroundings)
    let log = log
    let passes = try await storing { () async throws(StoreError) in
      try await job.run { log.debug("not told: \($0)") }
    }
    try Task.checkCancellation()
    activity.noteNews(passes)
    for pass in passes {
      for remark in pass.remarks { log.debug("\(pass.title): \(remark)") }
      if let failure = pass.failure {
        log.warning(
          "\(pass.title): \(failure)",
          metadata: ["stale_since": "\(pass.answeredAt.map { "\($0)" } ?? "it has never answered")"])
      }
    }
    return try NewsJob.summary(passes)
  }
}
