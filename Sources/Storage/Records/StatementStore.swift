public import Trading

/// What became of figures that were saved.
public struct SavedFigures: Hashable, Sendable {
  public var new = 0
  public var unchanged = 0
  /// A filing that is known says something else now: kept as known from the import on.
  public var changed = 0

  public init() {}
}

/// A figure with where it came from.
public struct StoredFigure: Hashable, Sendable {
  public var figure: FiledFigure
  public var source: String
  public var importedAt: Instant
}

/// Keeps the figures of companies' statements, every version of them.
public protocol StatementStore: Sendable {
  /// Saves figures of a symbol. What is there stays: where a source gives a filing another value than before, that
  /// value was not known when the filing came, and counts from the import on.
  func save(
    _ figures: [FiledFigure], of symbol: String, source: String, at now: Instant
  ) async throws(StoreError) -> SavedFigures
  /// All figures of a symbol, by the moment at which they were known.
  func figures(of symbol: String) async throws(StoreError) -> [StoredFigure]
}
