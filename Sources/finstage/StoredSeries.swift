import Storage
import Trading

extension SQLiteStore {
  /// What there is of these series; nil names all.
  func coverages(
    symbol: String?, source: String?, timeframe: Timeframe?
  ) async throws(Failure) -> [(key: CandleKey, coverage: Coverage)] {
    try await storing { () async throws(StoreError) in try await coverages() }.filter {
      (symbol == nil || $0.key.symbol == symbol) && (source == nil || $0.key.source == source)
        && (timeframe == nil || $0.key.timeframe == timeframe)
    }
  }

  /// The one series that is meant.
  func key(of symbol: String, source: String?, timeframe: Timeframe?) async throws(Failure) -> CandleKey {
    let fitting = try await coverages(symbol: symbol, source: source, timeframe: timeframe)
    guard let key = fitting.first?.key else {
      let others = try await coverages(symbol: symbol, source: nil, timeframe: nil).map { "\($0.key)" }
      throw Failure(
        .unusable,
        "there are no candles of \(symbol)"
          + (others.isEmpty
            ? ": `finstage candles` lists what there is" : " like that: there is \(others.joined(separator: ", "))"))
    }
    guard fitting.count == 1 else {
      throw Failure(
        .usage,
        "there is more than one series, \(fitting.map { "\($0.key)" }.joined(separator: ", ")): "
          + "choose by --source and --timeframe")
    }
    return key
  }
}
