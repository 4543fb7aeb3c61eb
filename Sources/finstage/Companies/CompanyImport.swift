import News
import Storage
import Trading

/// Takes records of companies into the store.
struct CompanyImport {
  let store: SQLiteStore
  let source: String

  /// What became of them, in a line.
  func take(
    _ records: [Record], named name: String, symbol: String?, at now: Instant
  ) async throws(Failure) -> String {
    if FiledStatement.fits(records) {
      return try await statements(
        try CompanyImport.read { () throws(RecordFault) in
          try FiledStatement.read(records, file: name, symbol: symbol)
        }, at: now)
    }
    guard CompanyTable.fits(records) else {
      throw Failure(
        .unusable,
        "\(name): is neither a register (symbol, name, …) nor statements (symbol, end, period, filed, revenue, …)")
    }
    let profiles = try CompanyImport.read { () throws(RecordFault) in try CompanyTable.read(records, file: name) }
    return try await register(profiles, name, at: now)
  }

  private static func read<Value>(_ body: () throws(RecordFault) -> Value) throws(Failure) -> Value {
    do throws(RecordFault) { return try body() } catch { throw Failure(.unusable, "\(error)") }
  }

  private func register(
    _ profiles: [InstrumentProfile], _ name: String, at now: Instant
  ) async throws(Failure) -> String {
    try await storing { () async throws(StoreError) in
      let known = Dictionary(
        try await store.profiles().map { ($0.instrument, $0) }, uniquingKeysWith: { first, _ in first })
      var (new, changed) = (0, 0)
      let saved = profiles.compactMap { profile -> InstrumentProfile? in
        guard var merged = known[profile.instrument].map(profile.filled) else {
          new += 1
          return profile.taken(from: source, at: now)
        }
        // Who asks again and finds the same has changed nothing.
        (merged.source, merged.updatedAt) = (known[profile.instrument]?.source, known[profile.instrument]?.updatedAt)
        if merged == known[profile.instrument] { return nil }
        changed += 1
        return merged.taken(from: source, at: now)
      }
      try await store.save(saved)
      return "\(name): \(new) new, \(changed) changed, \(profiles.count - new - changed) unchanged"
    }
  }

  private func statements(_ statements: [FiledStatement], at now: Instant) async throws(Failure) -> String {
    var lines: [String] = []
    for statement in statements {
      let saved = try await storing { () async throws(StoreError) in
        try await store.save(statement.figures, of: statement.symbol, source: source, at: now)
      }
      lines.append(
        "\(statement.symbol): \(saved.new) figures new, \(saved.unchanged) unchanged"
          + (saved.changed > 0 ? ", \(saved.changed) changed by the source, known from now on" : ""))
    }
    return lines.joined(separator: "\n")
  }
}

extension InstrumentProfile {
  fileprivate func taken(from source: String, at now: Instant) -> InstrumentProfile {
    var profile = self
    (profile.source, profile.updatedAt) = (source, now)
    return profile
  }
}
