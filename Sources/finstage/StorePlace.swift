import Storage
import Synchronization
import Trading

extension Workspace {
  /// Where the database is and how it is used.
  var database: SQLiteSettings {
    let storage = configuration?.storage ?? Configuration.Storage()
    var settings = SQLiteSettings(path: configuration?.path(storage.sqlite) ?? storage.sqlite)
    settings.readers = storage.readers
    settings.timeout = storage.timeout
    return settings
  }

  /// The database to be read, opened once.
  func reading() throws(StoreError) -> SQLiteStore { try opened.store(database) }

  /// The database to be written, with what the configuration says of instruments.
  ///
  /// - Parameter calls: as `SQLiteStore` has it.
  func storeForCollecting(calls: (@Sendable (Int) -> Void)? = nil) async throws(Failure) -> SQLiteStore {
    let store = try store(for: .writing, calls: calls)
    try await keepInstruments(in: store)
    return store
  }

  /// Keeps what the configuration says of instruments.
  func keepInstruments(in store: SQLiteStore) async throws(Failure) {
    let profiles = configuration?.instruments.values.sorted { $0.instrument.symbol < $1.instrument.symbol } ?? []
    try await storing { () async throws(StoreError) in
      let known = Dictionary(
        try await store.profiles().map { ($0.instrument, $0) }, uniquingKeysWith: { first, _ in first })
      let changed = profiles.filter { known[$0.instrument] != $0 }
      if !changed.isEmpty { try await store.save(changed) }
    }
  }

  /// The database, made where there is none. `reading` works beside a service that writes.
  func store(
    for access: SQLiteStore.Access, calls: (@Sendable (Int) -> Void)? = nil
  ) throws(Failure) -> SQLiteStore {
    do throws(StoreError) { return try SQLiteStore(database, for: access, calls: calls) } catch { throw Failure(error) }
  }
}

extension Workspace {
  /// The database for what single statements change, also beside a service that writes.
  func storeForChanging() throws(Failure) -> SQLiteStore {
    do throws(StoreError) {
      return try SQLiteStore(database, for: .writing)
    } catch {
      guard case .inUse = error else { throw Failure(error) }
      return try store(for: .changing)
    }
  }
}

/// A database that is opened when it is first read.
final class OpenedStore: Sendable {
  private let store = Mutex<SQLiteStore?>(nil)

  func store(_ settings: SQLiteSettings) throws(StoreError) -> SQLiteStore {
    let opened = store.withLock { store in
      Result { () throws(StoreError) in
        if let store { return store }
        let made = try SQLiteStore(settings, for: .reading)
        store = made
        return made
      }
    }
    return try opened.get()
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
