import Pipelines
import Storage
import Trading

/// Reports as they stand in the outbox: each in parts, one row a part and channel.
struct StoredReports {
  let kind, slot: String
  /// The moment by which it looked, as it says itself.
  let at: String?
  let parts: [(title: String, text: String)]
  let channels: [(name: String, state: OutboxEntry.State)]

  /// `report/daily/2026-11-23T08:00:00Z/001`.
  private static let prefix = "report/"

  /// The latest slots first.
  static func all(_ store: SQLiteStore, limit: Int) async throws -> [StoredReports] {
    let entries = try await store.notices(keyFrom: prefix, before: "report0")
    var order: [String] = []
    var groups: [String: [OutboxEntry]] = [:]
    for entry in entries {
      let name = entry.notice.key.split(separator: "/").dropFirst().prefix(2).joined(separator: "/")
      if groups[name] == nil { order.append(name) }
      groups[name, default: []].append(entry)
    }
    let all = order.compactMap { name in groups[name].flatMap { StoredReports($0) } }
    return Array(all.sorted { ($1.slot, $1.kind) < ($0.slot, $0.kind) }.prefix(limit))
  }

  /// Nil where there is none.
  static func one(_ store: SQLiteStore, kind: String, slot: String) async throws -> StoredReports? {
    let key = "\(prefix)\(kind)/\(slot)/"
    guard !kind.contains("/"), !slot.contains("/") else { return nil }
    return StoredReports(try await store.notices(keyFrom: key, before: String(key.dropLast()) + "0"))
  }

  /// Nil where there is no row.
  private init?(_ entries: [OutboxEntry]) {
    let words = entries.first?.notice.key.split(separator: "/").map(String.init) ?? []
    guard let first = entries.first, words.count == 4 else { return nil }
    (kind, slot) = (words[1], words[2])
    at = first.notice.fields["at"]
    parts = entries.filter { $0.notice.channel == first.notice.channel }.map { ($0.notice.title, $0.notice.body) }
    var states: [(name: String, state: OutboxEntry.State)] = []
    for entry in entries {
      if let place = states.firstIndex(where: { $0.name == entry.notice.channel }) {
        // A channel has it where it has every part of it.
        if states[place].state == .sent { states[place].state = entry.state }
      } else {
        states.append((entry.notice.channel, entry.state))
      }
    }
    channels = states
  }

  var item: [(String, JSONValue)] {
    [
      ("kind", .string(kind)), ("slot", .string(slot)), ("at", at.map { .string($0) } ?? .null),
      ("title", parts.first.map { .string($0.title) } ?? .null), ("parts", .number(Double(parts.count))),
      (
        "channels",
        .array(channels.map { .object([("channel", .string($0.name)), ("state", .string($0.state.rawValue))]) })
      ),
    ]
  }

  /// With its text.
  var json: JSONValue {
    .object(
      item + [
        ("texts", .array(parts.map { .object([("title", .string($0.title)), ("text", .string($0.text))]) }))
      ])
  }
}
