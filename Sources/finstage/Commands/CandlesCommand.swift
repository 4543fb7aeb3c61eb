import ArgumentParser
import Storage
import Trading

struct CandlesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "candles", abstract: "Shows the candles of the store, row by row; without a symbol, what there is.",
    discussion: """
      finstage candles ^IXIC --from 2018-01-01 --format csv > ixic.csv
      --as-of shows what was known at a moment. --revisions shows the values that were replaced.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case table, csv, json }

  @OptionGroup var config: ConfigOption
  @Argument(help: "A symbol.")
  var symbol: String?
  @Option(help: "The length of a bar; needed where there are several.")
  var timeframe: String?
  @Option(help: "The source; needed where there are several.")
  var source: String?
  @Option(help: "The first bar's opening, inclusive: 2008-01-31 or 2008-01-31T15:00Z")
  var from: String?
  @Option(help: "The last bar's opening, inclusive; a date means the whole day.")
  var to: String?
  @Option(help: ArgumentHelp("What was known at that moment.", valueName: "TIME"))
  var asOf: String?
  @Flag(help: "The values that later ones replaced.")
  var revisions = false
  @Option(help: "table, csv or json")
  var format = Format.table

  func validate() throws {
    if let timeframe, Timeframe(timeframe) == nil {
      throw ValidationError("--timeframe \"\(timeframe)\" is none; write 1m 5m 15m 1h 4h 1d 1w 1mo")
    }
    for (option, text) in [("--from", from), ("--to", to), ("--as-of", asOf)] {
      if let text, Instant(text) == nil {
        throw ValidationError("\(option) \"\(text)\" is no time; write 2008-01-31 or 2008-01-31T15:00Z")
      }
    }
    if revisions, asOf != nil { throw ValidationError("--revisions and --as-of exclude each other") }
    if symbol == nil, revisions || asOf != nil { throw ValidationError("name a symbol") }
  }

  func run() async throws {
    let workspace = try Workspace.sound(config)
    let store = try workspace.store(for: .reading)
    let wanted = timeframe.flatMap { Timeframe($0) }
    guard let symbol else {
      let kept = try await storing { () async throws(StoreError) in try await store.profiles() }
      let fitting = try await store.coverages(symbol: nil, source: source, timeframe: wanted)
      Terminal.print(CoverageListing(fitting, names: workspace.names(kept: kept)).text(format))
      return
    }
    let key = try await store.key(of: symbol, source: source, timeframe: wanted)
    let (first, last) = (from.flatMap { Instant($0) }, to.flatMap(CandlesCommand.end))
    if revisions {
      let bars = try await storing { () async throws(StoreError) in
        try await store.replaced(key, from: first, to: last)
      }
      Terminal.print(CandleListing(key: key).text(bars, format))
      return
    }
    let moment = asOf.flatMap(CandlesCommand.end)
    let history = try await storing { () async throws(StoreError) in
      try await store.history(key, from: first, to: last, asOf: moment)
    }
    Terminal.print(CandleListing(key: key).text(history, format))
  }

  /// The last moment that a text means: a date is the whole day.
  static func end(_ text: String) -> Instant? {
    let isDate = text.count == 10 && text.contains("-") || text.count == 8 && text.allSatisfy(\.isNumber)
    return Instant(text).map { isDate ? $0.advanced(by: 86_400_000 - 1) : $0 }
  }
}
