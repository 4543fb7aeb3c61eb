import Fetching
import Foundation
import News
import PluginKit
import Storage
import TestSupport
import Trading

func moment(_ text: String) -> Instant { Instant(text) ?? Instant(milliseconds: 0) }

/// Noon UTC of a Monday.
let noon = moment("2026-01-05T12:00:00Z")

func arrival(
  _ title: String, id: String? = nil, url: String? = nil, date: Instant? = noon, feed: String = "wire",
  symbols: Set<String> = [], at fetched: Instant = noon, summary: String? = nil, assumed: Bool = false
) -> NewsArrival {
  FeedItem(
    identifier: id, url: url, title: title, summary: summary, date: date.map { FeedDate($0, isZoneAssumed: assumed) }
  ).arrival(of: feed, language: "en", symbols: symbols, fetchedAt: fetched)
}

func inStore(_ body: (SQLiteStore) async throws -> Void) async throws {
  try await inFolder { folder in
    let store = try SQLiteStore(SQLiteSettings(path: "\(folder)/finstage.db"), for: .writing)
    do {
      try await body(store)
    } catch {
      try store.close()
      throw error
    }
    try store.close()
  }
}

func inFolder(_ body: (String) async throws -> Void) async throws {
  let folder = FileManager.default.temporaryDirectory.appending(path: "finstage-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  try await body(folder.path())
}

/// A feed of loopback, asked by the client that the program asks with.
func source(_ name: String, _ url: String, symbols: Set<String> = [], timeout: Int64 = 5_000) -> FeedSource {
  var limits = TransferLimits()
  limits.addresses = .any
  limits.timeout = timeout
  limits.maxBody = FeedLimits().bytes
  return FeedSource(
    name: name, addresses: [FeedSource.Address(url: url, symbols: symbols)], web: CurlClient(limits, on: TransferLoop())
  )
}

func rss(_ items: [(id: String, title: String)], date: String = "Mon, 05 Jan 2026 11:00:00 GMT") -> String {
  "<rss version=\"2.0\"><channel><title>T</title>"
    + items.map { "<item><guid>\($0.id)</guid><title>\($0.title)</title><pubDate>\(date)</pubDate></item>" }.joined()
    + "</channel></rss>"
}
