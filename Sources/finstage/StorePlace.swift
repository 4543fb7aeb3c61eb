import Storage

extension Workspace {
  /// Where the database is and how it is used.
  var database: SQLiteSettings {
    let storage = configuration?.storage ?? Configuration.Storage()
    var settings = SQLiteSettings(path: configuration?.path(storage.sqlite) ?? storage.sqlite)
    settings.readers = storage.readers
    settings.timeout = storage.timeout
    return settings
  }

  /// The database, made where there is none. `reading` works beside a service that writes.
  func store(for access: SQLiteStore.Access) throws(Failure) -> SQLiteStore {
    do throws(StoreError) { return try SQLiteStore(database, for: access) } catch { throw Failure(error) }
  }
}

extension Failure {
  init(_ error: StoreError) {
    if case .cancelled = error { self.init(.interrupted) } else { self.init(.unusable, "\(error)") }
  }
}

/// What the store says against it ends the command.
func storing<Value: Sendable>(
  _ body: () async throws(StoreError) -> Value
) async throws(Failure) -> Value {
  do throws(StoreError) { return try await body() } catch { throw Failure(error) }
}
