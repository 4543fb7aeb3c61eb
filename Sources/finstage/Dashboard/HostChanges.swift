import Engine
import HTTPAPI
import Storage
import Trading

/// What operators change, over the API and on pages alike.
enum HostChanges {
  typealias OfMessage = @Sendable (SQLiteStore, Int64, Instant) async throws(StoreError) -> Bool

  /// Changes a job of the schedule; gives its state then.
  static func job(
    _ context: APIContext, _ name: String, _ body: @Sendable (APIContext, String) async throws -> String
  ) async throws -> String {
    guard context.configuration.schedule.contains(where: { $0.plan.name == name }) else {
      throw Problem(404, "the schedule has no job of this name")
    }
    let state = try await body(context, name)
    context.bell.ring()
    return state
  }

  @Sendable static func run(_ context: APIContext, _ name: String) async throws -> String {
    guard try await context.store.pauses()[name] == nil else { throw Problem(409, "the job rests; resume it first") }
    guard try await context.store.request(name, at: context.now) != nil else {
      throw Problem(409, "the job was asked for at this moment already")
    }
    return "pending"
  }

  @Sendable static func pause(_ context: APIContext, _ name: String) async throws -> String {
    guard try await context.store.pause(name, at: context.now) else { throw Problem(409, "the job rests already") }
    return "paused"
  }

  @Sendable static func resume(_ context: APIContext, _ name: String) async throws -> String {
    guard try await context.store.resume(name) else { throw Problem(409, "the job does not rest") }
    return "scheduled"
  }

  /// Changes every message of an id, or the one of a number; says of each whether it was changed.
  static func message(
    _ context: APIContext, _ id: String, _ body: OfMessage
  ) async throws -> [(entry: OutboxEntry, isChanged: Bool)] {
    let entries = try await context.store.entries(called: id)
    guard let first = entries.first else { throw Problem(404, "there is no message of this id") }
    var changed: [(entry: OutboxEntry, isChanged: Bool)] = []
    for entry in entries { changed.append((entry, try await body(context.store, entry.id, context.now))) }
    guard changed.contains(where: \.isChanged) else {
      throw Problem(409, "its state is \(first.state.rawValue), and stays so")
    }
    return changed
  }

  static let retry: OfMessage = { store, id, now throws(StoreError) in try await store.retry(id, at: now) }
  static let drop: OfMessage = { store, id, now throws(StoreError) in
    try await store.drop(id, "taken out over HTTP", at: now)
  }
}
