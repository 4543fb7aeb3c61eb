import Storage

/// What every engine offers.
typealias Store = AccessStore & AuditStore & BirthStore & CandleStore & ChannelMemoryStore & CommandStore & InboundStore
  & InsightStore
  & InstrumentStore
  & JobStore
  & LiveStore & NewsStore & OrderStore & OutboxStore & OutcomeStore & PriceHighStore & RepairStore & ReportStore
  & RequestStore
  & RetentionStore & SessionStore & SignalStore & StatementStore & SymbolNewsStore & TrialStore

/// An engine that the suites in this folder are run against. A second one is one more item of `all`.
struct StoreEngine: Sendable, CustomStringConvertible {
  let description: String
  /// Opens the store of a folder that is the test's own, a second time too.
  let open: @Sendable (_ folder: String) throws -> any Store

  static let all = [
    StoreEngine(description: "sqlite") { folder in
      try SQLiteStore(SQLiteSettings(path: "\(folder)/finstage.db"), for: .writing)
    }
  ]
}
