import ArgumentParser
import Engine
import Pipelines
import Storage
import Trading

/// Which series of the store are meant.
struct SeriesOption: ParsableArguments {
  @Option(help: "The length of a bar; needed where there are several.")
  var timeframe: String?
  @Option(help: "The source; needed where there are several.")
  var source: String?

  func validate() throws {
    if let timeframe, Timeframe(timeframe) == nil {
      throw ValidationError("--timeframe \"\(timeframe)\" is none; write 1m 5m 15m 1h 4h 1d 1w 1mo")
    }
  }

  func admits(_ key: CandleKey) -> Bool {
    (source == nil || key.source == source) && (timeframe.flatMap { Timeframe($0) }.map { $0 == key.timeframe } ?? true)
  }
}

struct DataRepairsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repairs", abstract: "Lists what was mended in the candles of the store, when and why.",
    discussion: "The values that were replaced: finstage candles SYMBOL --revisions")

  @Argument(help: "Symbols; all, where none is named.")
  var symbols: [String] = []
  @OptionGroup var config: ConfigOption
  @OptionGroup var series: SeriesOption
  @Option(help: "table or json")
  var format = DataCheckCommand.Format.table

  func run() async throws {
    let store = try Workspace.sound(config).store(for: .reading)
    let keys = try await storing { () async throws(StoreError) in try await store.keys() }
    if let lacking = symbols.first(where: { symbol in !keys.contains { $0.symbol == symbol } }) {
      throw Failure(.unusable, "there are no candles of \(lacking): `finstage candles` lists what there is")
    }
    var found: [(key: CandleKey, repair: CandleRepair)] = []
    for key in keys where (symbols.isEmpty || symbols.contains(key.symbol)) && series.admits(key) {
      found += try await storing { () async throws(StoreError) in try await store.repairs(of: key) }.map { (key, $0) }
    }
    Terminal.print(format == .json ? json(found) : table(found))
  }

  private func table(_ found: [(key: CandleKey, repair: CandleRepair)]) -> String {
    if found.isEmpty { return "nothing was mended" }
    return found.map { key, repair in
      let state = repair.undoneBy.map { ", taken back by revision \($0)" } ?? ""
      let head =
        "\(key), revision \(repair.revision) of \(repair.madeAt): \(repair.extent)\(state)"
      return ([head] + repair.reasons.map { "  \($0)" }).joined(separator: "\n")
    }.joined(separator: "\n\n")
  }

  private func json(_ found: [(key: CandleKey, repair: CandleRepair)]) -> String {
    let items = found.map { key, repair in
      JSONValue.object([
        ("symbol", .string(key.symbol)), ("timeframe", .string("\(key.timeframe)")), ("source", .string(key.source)),
        ("revision", .number(Double(repair.revision))), ("made_at", .string("\(repair.madeAt)")),
        ("bars", .number(Double(repair.bars))), ("actions", .number(Double(repair.actions))),
        ("undone_by", repair.undoneBy.map { .number(Double($0)) } ?? .null),
        ("reasons", .array(repair.reasons.map { .string($0) })),
      ])
    }
    return JSONValue.object([("repairs", .array(items))]).text
  }
}

struct DataUndoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "undo", abstract: "Takes a repair back: the bars are again what the source gave.",
    discussion: """
      What the source has given anew since, or a later repair has changed, stays. Where the configuration mends at
      collecting, take the kind out of quality.repair first, or the next fetch mends it again.
      """)

  @Argument(help: "A symbol.")
  var symbol: String
  @OptionGroup var config: ConfigOption
  @OptionGroup var series: SeriesOption
  @Option(help: "The repair, as `finstage data repairs` lists it. Default: the latest that stands.")
  var revision: Int?

  func run() async throws {
    let workspace = try Workspace.sound(config)
    let store = try workspace.store(for: .writing)
    let keys = try await storing { () async throws(StoreError) in try await store.keys() }
      .filter { $0.symbol == symbol && series.admits($0) }
    var standing: [(key: CandleKey, repair: CandleRepair)] = []
    for key in keys {
      standing += try await storing { () async throws(StoreError) in try await store.repairs(of: key) }
        .filter { $0.undoneBy == nil && (revision == nil || $0.revision == revision) }.map { (key, $0) }
    }
    guard let last = standing.last else {
      let what = revision.map { "no repair of revision \($0)" } ?? "no repair"
      throw Failure(.unusable, "\(symbol): there is \(what) that could be taken back; see finstage data repairs")
    }
    let others = Set(standing.map(\.key))
    guard others.count == 1 else {
      throw Failure(
        .usage,
        "more than one series was mended, \(others.map { "\($0)" }.sorted().joined(separator: ", ")): "
          + "choose by --source and --timeframe")
    }
    let undo = try await storing { () async throws(StoreError) in
      try await store.undo(repair: last.repair.revision, of: last.key, at: Terminal.now)
    }
    let parts = [(undo?.bars, last.repair.bars, "bars"), (undo?.actions, last.repair.actions, "dividends")]
      .filter { $0.1 > 0 }.map { "\($0.0 ?? 0) of \($0.1) \($0.2)" }
    Terminal.print(
      "\(last.key): the repair of revision \(last.repair.revision) is taken back; \(parts.joined(separator: " and ")) "
        + "are as they were")
    let rules = try workspace.rules(for: last.key)
    guard let stage = QualityStage(.check, rules, in: store, now: { Terminal.now }) else { return }
    let checked = try await storing { () async throws(StoreError) in try await stage.run(last.key) }
    if let line = CandleCheck(checked.left, at: Terminal.now).line(last.key) { Terminal.say(line) }
  }
}
