import Calendars
import Engine
import MarketData
import Pipelines
import Storage
import Trading

extension Workspace {
  /// The rules for a series: those of the configuration, with the bars that its calendar expects and the currency that
  /// `instruments:` names.
  ///
  /// - Parameter exchange: A calendar that is named instead of that of the configuration.
  func rules(
    for symbol: String, _ timeframe: Timeframe, from source: String?, exchange: String? = nil
  ) throws(Failure) -> QualityRules {
    var rules = configuration?.quality ?? QualityRules()
    rules.currency = configuration?.instruments[symbol]?.currency
    if let name = exchange ?? self.exchange(of: symbol, timeframe, from: source) {
      let calendar = try known(name)
      rules.expectedOpens = { calendar.opens(of: timeframe, from: $0, to: $1) }
    }
    return rules
  }

  func rules(for key: CandleKey, exchange: String? = nil) throws(Failure) -> QualityRules {
    try rules(for: key.symbol, key.timeframe, from: key.source, exchange: exchange)
  }

  /// The calendar of a name that a user gave.
  func known(_ name: String) throws(Failure) -> ExchangeCalendar {
    if let calendar = calendar(name) { return calendar }
    throw Failure(
      .usage,
      "there is no calendar \"\(name)\"; " + suggestion(for: name, among: ExchangeCalendar.names, called: "calendars"))
  }

  /// The exchange that an item under `collect:` names for a series, else that of its instrument.
  func exchange(of symbol: String, _ timeframe: Timeframe, from source: String?) -> String? {
    guard let configuration else { return nil }
    if let item = configuration.item(for: symbol, timeframe, from: source) { return item.exchange }
    if let item = configuration.collect.first(where: { configuration.brings(symbol, $0) }) {
      return item.exchange
    }
    return configuration.instruments[symbol]?.exchange.flatMap { calendar($0) == nil ? nil : $0 }
  }

  /// The stage that looks through what comes into the store under a key; nil where the configuration wants none.
  func stage(
    for key: CandleKey, in store: SQLiteStore, now: @escaping @Sendable () -> Instant = { Terminal.now }
  ) throws(Failure) -> QualityStage? {
    let item = configuration?.item(for: key.symbol, key.timeframe, from: key.source)
    let practice = item?.quality ?? configuration?.collecting ?? .check
    return QualityStage(practice, try rules(for: key), in: store, now: now)
  }
}

extension Configuration {
  /// Whether an item brings a symbol.
  func brings(_ symbol: String, _ item: Collection) -> Bool {
    item.symbols.contains { name in
      name.hasPrefix("@")
        ? watchlists[String(name.dropFirst())]?.contains { $0.symbol == symbol } == true : name == symbol
    }
  }

  /// The item that brings a symbol from a source, or from any where none is named.
  func item(for symbol: String, _ timeframe: Timeframe, from source: String?) -> Collection? {
    collect.first {
      $0.timeframe == timeframe && (source == nil || $0.source == source) && brings(symbol, $0)
    }
  }
}
