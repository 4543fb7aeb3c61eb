import Pipelines
import Reporting
import Storage
import Trading

/// A stored signal with what became of it and the news before it.
struct SignalContext {
  let id: Int64
  let record: Storage.SignalRecord
  private let editions: [SignalEdition]
  private let messages: [OutboxEntry]
  private let news: [StoredNews]
  private let taken: [TakenSignal]

  /// - Parameter store: The workspace's, where it is open already.
  init(_ id: Int64, _ workspace: Workspace, _ store: SQLiteStore? = nil) async throws {
    let store = try store ?? workspace.store(for: .reading)
    let around = workspace.configuration?.news.around ?? Configuration.News().around
    let found = try await storing { () async throws(StoreError) in try await store.signal(id) }
    guard let found else {
      throw Failure(.usage, "there is no signal \(id) in the store; a strategy is explained with --at TIME")
    }
    self.id = id
    record = found
    let knownAt = found.knownAt
    let query = NewsQuery(symbol: found.symbol, from: knownAt.advanced(by: -around), to: knownAt, limit: 20)
    (editions, messages, news, taken) = try await storing { () async throws(StoreError) in
      (
        try await store.editions(of: id), try await store.entries(about: id), try await store.news(query),
        try await store.taken(id)
      )
    }
  }

  func text(_ explanation: Explanation?) -> String {
    let signal = record.signal
    var lines = [
      "signal \(id): \(record.strategy) \(record.symbol) \(record.timeframe), "
        + (record.source.map { "from \($0) at \(signal.time)" } ?? "bar of \(signal.time)"),
      "\(signal.direction.rawValue) at \(signal.price), confidence \(signal.confidence): \(signal.reason)",
    ]
    for edition in editions { lines.append("corrected at \(edition.replacedAt): \(edition.cause)") }
    for entry in messages {
      lines.append("message \(entry.notice.code) to \(entry.notice.channel): \(entry.state.rawValue)")
    }
    for one in taken { lines.append("taken at \(one.at) by \(one.name) (\(one.actor))") }
    lines.append(news.isEmpty ? "no news about it before" : "news about it before:")
    for one in news { lines.append("  \(one.item.publishedAt) \(one.item.title) (\(one.item.feed))") }
    return lines.joined(separator: "\n") + "\n" + (explanation.map { "\n\($0.text)" } ?? "")
  }

  /// What a page shows besides the rule.
  func sections(isKorean: Bool) -> [ExplanationPage.Section] {
    let none = isKorean ? "없음" : "none"
    let about = news.map { "\($0.item.publishedAt) \($0.item.title) (\($0.item.feed))" }
    var sections = [ExplanationPage.Section(isKorean ? "이전 뉴스" : "News before it", about.isEmpty ? [none] : about)]
    if !editions.isEmpty {
      sections.append(
        .init(isKorean ? "정정" : "Corrections", editions.map { "\($0.replacedAt): \($0.cause)" }))
    }
    if !taken.isEmpty {
      sections.append(.init(isKorean ? "진입" : "Taken", taken.map { "\($0.at): \($0.name) (\($0.actor))" }))
    }
    sections.append(
      .init(
        isKorean ? "메시지" : "Messages",
        messages.isEmpty
          ? [none] : messages.map { "\($0.notice.code) · \($0.notice.channel): \($0.state.rawValue)" }))
    return sections
  }

  func json(_ explanation: Explanation?) -> JSONValue {
    let signal = record.signal
    let corrections: [JSONValue] = editions.map { .string("\($0.replacedAt): \($0.cause)") }
    return .object([
      ("id", .number(Double(id))), ("strategy", .string(record.strategy)), ("version", .string(record.version)),
      ("symbol", .string(record.symbol)), ("timeframe", .string("\(record.timeframe)")),
      ("time", .string("\(signal.time)")), ("direction", .string(signal.direction.rawValue)),
      ("price", .number(signal.price)), ("confidence", .number(signal.confidence)), ("reason", .string(signal.reason)),
      ("source", record.source.map { .string($0) } ?? .null),
      ("corrections", .array(corrections)),
      ("messages", .array(messages.map(json))),
      (
        "taken",
        .array(
          taken.map { one in
            .object([("at", .string("\(one.at)")), ("by", .string(one.actor)), ("name", .string(one.name))])
          })
      ), ("news", .array(news.map(json))),
      ("explanation", explanation.map(\.json) ?? .null),
    ])
  }

  private func json(_ entry: OutboxEntry) -> JSONValue {
    .object([
      ("id", .string(entry.notice.code)), ("channel", .string(entry.notice.channel)),
      ("state", .string(entry.state.rawValue)),
    ])
  }

  private func json(_ one: StoredNews) -> JSONValue {
    let url: JSONValue = one.item.url.map { .string($0) } ?? .null
    return .object([
      ("id", .number(Double(one.id))), ("published_at", .string("\(one.item.publishedAt)")),
      ("title", .string(one.item.title)), ("feed", .string(one.item.feed)), ("url", url),
    ])
  }
}
