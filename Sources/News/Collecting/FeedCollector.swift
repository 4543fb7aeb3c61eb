internal import PluginKit
public import Storage
public import Trading

/// What one pass over an address of a feed brought.
public struct FeedPass: Hashable, Sendable {
  public enum Outcome: Hashable, Sendable {
    /// The server says that nothing has changed.
    case unchanged
    case read(new: Int, merged: Int, known: Int)
    case failed(String)
    /// It failed before, and is left alone until then.
    case leftAlone(until: Instant)
  }

  public var feed: String
  public var symbols: [String]
  public var outcome: Outcome
  /// What in the document was passed over or guessed.
  public var remarks: [String] = []
  /// When it last answered; nil where it never has.
  public var answeredAt: Instant?
  /// Why what it brought could not be saved: the store's fault, and not the feed's.
  public var storeFault: StoreError?

  public var failure: String? { if case .failed(let reason) = outcome { reason } else { nil } }
}

/// Asks feeds side by side and saves what they bring. One that fails or is slow costs the others nothing; what it
/// brought before stays.
public struct FeedCollector: Sendable {
  public struct Settings: Sendable {
    /// Feeds asked at one time.
    public var width = 8
    /// How far apart the items of a story are, in milliseconds.
    public var storyWindow: Int64 = 3 * 86_400_000
    /// Whether feeds that failed are left alone for a while: 5 minutes, doubled with each failure, 6 hours at most.
    public var leavesAlone = true

    public init() {}
  }

  private let feeds: [FeedSource]
  private let store: any NewsStore
  private let settings: Settings
  private let now: @Sendable () -> Instant

  public init(
    _ feeds: [FeedSource], store: any NewsStore, settings: Settings = Settings(),
    now: @escaping @Sendable () -> Instant
  ) {
    self.feeds = feeds
    self.store = store
    self.settings = settings
    self.now = now
  }

  private struct Answered: Sendable {
    var source: FeedSource
    var address: FeedSource.Address
    var state: FeedState?
    /// Nil where it was not asked.
    var answer: FeedAnswer?
    var askedAt: Instant
  }

  /// One pass over all feeds, the results in the order in which they came.
  ///
  /// - Parameter notices: who is told of an item that is new, or newly about a symbol. `isFirst` says that the address has never
  ///   answered before, so that what it brings is not new to the world.
  public func run(
    notices: @Sendable (_ item: NewsItem, _ isFirst: Bool) async -> [Notice] = { _, _ in [] }
  ) async throws(StoreError) -> [FeedPass] {
    let states = Dictionary(
      try await store.feeds().map { ([$0.feed, $0.address], $0) }, uniquingKeysWith: { first, _ in first })
    var stories = try await told(since: now().advanced(by: -settings.storyWindow))
    let (requests, leavesAlone, now) = (requests, settings.leavesAlone, now)
    return await withTaskGroup(of: Answered?.self) { group in
      var next = 0
      func begin() {
        guard next < requests.count else { return }
        let (source, address) = requests[next]
        next += 1
        group.addTask {
          let state = states[[source.name, address.mark]]
          var one = Answered(source: source, address: address, state: state, answer: nil, askedAt: now())
          let isLeft = leavesAlone && state?.notBefore.map { one.askedAt < $0 } ?? false
          if !isLeft { one.answer = await FeedAnswer.ask(source, address, since: state) }
          return Task.isCancelled ? nil : one
        }
      }
      for _ in 0..<max(1, settings.width) { begin() }
      var passes: [FeedPass] = []
      while let answered = await group.next() {
        begin()
        if let one = answered { passes.append(await save(one, &stories, notices)) }
      }
      return passes
    }
  }

  /// Stories that the store has, and from when on.
  private struct Told {
    var index: StoryIndex
    var since: Instant
  }

  private func told(since: Instant) async throws(StoreError) -> Told {
    var index = StoryIndex(window: settings.storyWindow)
    for told in try await store.stories(from: since, limit: 20_000) {
      index.remember(told.title, at: told.publishedAt, story: told.story, isDated: told.isDated)
    }
    return Told(index: index, since: since)
  }

  /// How far back stories are looked for, in milliseconds: few feeds show what is older.
  private static let reach: Int64 = 30 * 86_400_000

  /// Reads older stories too where an item may belong to one: it is older than the window itself, or has no date.
  private func reachBack(_ stories: inout Told, for item: NewsItem) async throws(StoreError) {
    let end = item.fetchedAt.advanced(by: -FeedCollector.reach)
    let isOld = item.publishedAt.advanced(by: -settings.storyWindow) < stories.since
    guard stories.since > end, isOld || !item.isDated else { return }
    stories = try await told(since: end)
  }

  /// The first address of each feed, then the second: a feed of many symbols that keeps to its rate holds up no other.
  private var requests: [(FeedSource, FeedSource.Address)] {
    feeds.flatMap { feed in feed.addresses.enumerated().map { (place: $0.offset, feed: feed, address: $0.element) } }
      .enumerated().sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }
      .map { ($0.element.feed, $0.element.address) }
  }

  /// Saves what came of one address. What the server calls the document's version is kept only with its items, and only
  /// where all of it was read: else what was lost would never be asked for again.
  private func save(
    _ one: Answered, _ stories: inout Told, _ notices: @Sendable (NewsItem, Bool) async -> [Notice]
  ) async -> FeedPass {
    var pass = FeedPass(
      feed: one.source.name, symbols: one.address.symbols.sorted(), outcome: .unchanged,
      answeredAt: one.state?.answeredAt)
    var state = one.state ?? FeedState(feed: one.source.name, address: one.address.mark, askedAt: one.askedAt)
    state.askedAt = one.askedAt
    var arrivals: [NewsArrival] = []
    switch one.answer {
    case nil:
      pass.outcome = .leftAlone(until: one.state?.notBefore ?? one.askedAt)
      return pass
    case .failure(let reason, let retryAfter):
      state.failure = reason
      state.failures += 1
      let wait: Int64 = min(300_000 << Int64(min(state.failures - 1, 10)), 21_600_000)
      state.notBefore = one.askedAt.advanced(by: max(wait, min(retryAfter ?? 0, 86_400_000)))
      pass.outcome = .failed(reason)
    case .unchanged:
      answered(&state, at: one.askedAt)
    case .feed(let feed, let entityTag, let lastModified):
      answered(&state, at: one.askedAt)
      (state.entityTag, state.lastModified) = feed.isWhole ? (entityTag, lastModified) : (nil, nil)
      pass.remarks = feed.remarks.map(\.description)
      if let format = one.source.format, format != feed.format {
        pass.remarks.append("is \(feed.format.rawValue), and the configuration says \(format.rawValue)")
      }
      // The oldest first, as they were written: feeds begin with the latest.
      arrivals = feed.items.reversed().map { item in
        item.arrival(
          of: one.source.name, language: one.source.language ?? feed.language, symbols: one.address.symbols,
          fetchedAt: one.askedAt)
      }
    }
    do throws(StoreError) {
      for (place, isFresh) in try await store.fresh(arrivals).enumerated() where isFresh {
        let (item, key) = (arrivals[place].item, arrivals[place].ownKey)
        try await reachBack(&stories, for: item)
        arrivals[place].item.story = stories.index.story(
          of: item.title, at: item.publishedAt, key: key, isDated: item.isDated)
        arrivals[place].notices = await notices(arrivals[place].item, one.state?.answeredAt == nil)
      }
      let receipt = try await store.save(arrivals, of: state, at: one.askedAt)
      if case .feed = one.answer {
        pass.outcome = .read(
          new: receipt.count(.new), merged: receipt.count(.merged), known: receipt.count(.known))
      }
      pass.answeredAt = state.answeredAt
    } catch {
      pass.storeFault = error
      pass.outcome = .failed("what it brought cannot be saved: \(error)")
    }
    return pass
  }

  private func answered(_ state: inout FeedState, at moment: Instant) {
    state.answeredAt = moment
    (state.failure, state.failures, state.notBefore) = (nil, 0, nil)
  }
}

extension NewsItem {
  /// Whether its moment is the one that its feed gives.
  fileprivate var isDated: Bool { dating.isOwn }
}

extension NewsArrival {
  /// By what a story is called that begins with this item.
  var ownKey: Int64 { keys.last ?? FeedItem.key(["own", item.feed, item.identifier]) }
}
