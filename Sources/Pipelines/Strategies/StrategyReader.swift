public import PluginKit
import Trading

/// Reads a strategy file: YAML to a checked graph. Every fault of the file is reported, none twice.
public struct StrategyReader {
  public let registry: Registry
  /// The watchlists of the configuration; nil where there is none to compare with.
  public var watchlists: [String: [String]]?
  /// The channels of the configuration; nil where there is none to compare with.
  public var channels: [String]?
  public var references: References
  /// Where the price files of tests are looked for; nil is the folder of the strategy's own file, and none for a
  /// strategy that is given as bytes.
  public var dataFolder: String?
  /// Whether a strategy's name has to be that of its file; not where it comes without one.
  public var namesAreFiles = true

  public init(
    registry: Registry, watchlists: [String: [String]]? = nil, channels: [String]? = nil,
    references: References = .none
  ) {
    self.registry = registry
    self.watchlists = watchlists
    self.channels = channels
    self.references = references
  }

  /// The strategy, where the file has no error, and everything that there is to say of the file. `file` is the path as
  /// the user wrote it.
  public func read(file: String, bytes: [UInt8]) -> (strategy: Strategy?, diagnostics: [Diagnostic]) {
    read(YAMLFile(file: file, bytes: bytes, references: references), dataFolder)
  }

  /// The same from a path, which is shown as `name`.
  public func read(path: String, shownAs name: String? = nil) -> (strategy: Strategy?, diagnostics: [Diagnostic]) {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    return read(YAMLFile(path: path, shownAs: name, references: references), dataFolder ?? folder)
  }

  private func read(_ yaml: YAMLFile, _ folder: String?) -> (strategy: Strategy?, diagnostics: [Diagnostic]) {
    guard let root = yaml.root else { return (nil, yaml.diagnostics.all) }
    var strategy = read(root, folder, yaml.diagnostics)
    strategy?.text = yaml.diagnostics.source.text
    return (yaml.diagnostics.hasErrors ? nil : strategy, yaml.diagnostics.all)
  }

  private func read(_ root: YAMLValue, _ folder: String?, _ diagnostics: Diagnostics) -> Strategy? {
    guard var file = MappingReader(root, "a strategy", diagnostics) else { return nil }
    let binder = Binder(registry: registry, diagnostics: diagnostics)
    let name = diagnostics.text(file.require("name"), "name")
    if namesAreFiles, let name, let value = file.take("name") { checkName(name, value, diagnostics) }
    let title = diagnostics.text(file.take("title"), "title") ?? name ?? ""
    let description = diagnostics.text(file.take("description"), "description") ?? ""
    let timeframe = duration(file.require("timeframe", hint: "1m 5m 15m 1h 4h 1d 1w 1mo"), "timeframe", diagnostics)
    binder.timeframe = timeframe
    let groups = GroupReader.read(file.take("groups"), diagnostics)
    binder.roles = groups?.roles ?? []
    let symbols: [String]?
    if groups == nil {
      symbols = self.symbols(
        file.require("symbols", hint: "symbols: [\"@index\"], or symbols: [AAPL, MSFT]"), diagnostics)
    } else {
      if let entry = file.entry("symbols") {
        diagnostics.report(
          .conflictingKeys, at: entry.key, "a strategy acts on symbols or on groups, not on both")
      }
      symbols = []
    }
    let behaviour = behaviour(&file, binder)
    let emit = diagnostics.word(file.take("emit"), "emit", of: ["edge", "level"]) ?? "edge"
    let notify = notify(file.entry("notify"), diagnostics)
    var testReader = TestReader(timeframe: timeframe ?? .day, folder: folder)
    let tests = testReader.read(file.take("tests"), diagnostics)
    file.finish()
    guard let name, let timeframe, let symbols, let rule = behaviour.rule else { return nil }
    return Strategy(
      name: name, title: title, description: description, timeframe: timeframe, symbols: symbols,
      groups: groups?.groups ?? [], graph: binder.graph, rule: rule, emitsLevels: emit == "level",
      plan: behaviour.plan, notify: notify, tests: tests, steps: behaviour.steps)
  }

  /// What the values of parameters change.
  struct Behaviour {
    /// Nil where a step is faulty, which has been reported.
    var rule: SignalRule?
    var plan: TradePlan
    var steps: [StepOutline]
  }

  func behaviour(_ file: inout MappingReader, _ binder: Binder) -> Behaviour {
    readParameters(file.entry("params"), binder)
    readDefinitions(file.entry("let"), binder)
    let pipeline = file.require("pipeline", hint: "a list of steps; `finstage modules` lists what a step can be")
    let signal = file.take("signal")
    var steps = StepReader(binder: binder, registry: registry)
    let rule = pipeline.flatMap { steps.read($0, signal: signal) }
    if !binder.isBare { binder.bindDefinitions() }
    var trade = TradeReader(binder: binder, rule: rule)
    let plan = trade.read(file.entry("trade"))
    return Behaviour(rule: rule, plan: plan, steps: steps.outlines)
  }

  private func checkName(_ name: String, _ value: YAMLValue, _ diagnostics: Diagnostics) {
    let file = diagnostics.source.file
    let last = file.split(separator: "/").last.map(String.init) ?? file
    let stem =
      last.hasSuffix(".yaml") ? String(last.dropLast(5)) : last.hasSuffix(".yml") ? String(last.dropLast(4)) : last
    guard stem != name else { return }
    diagnostics.report(
      .nameMismatch, at: value, "the name \"\(name)\" is not the file's name \"\(stem)\"",
      hint: "a strategy is found by its file: rename one of them")
  }

  func duration(_ value: YAMLValue?, _ what: String, _ diagnostics: Diagnostics) -> Timeframe? {
    guard let value, let text = diagnostics.text(value, what) else { return nil }
    if let timeframe = Timeframe(text) { return timeframe }
    diagnostics.report(
      .badTime, at: value, "\(what) \"\(text)\" is no duration",
      hint: "write 1m 5m 15m 1h 4h 1d 1w 1mo (m is a minute, mo a month)")
    return nil
  }

  private func symbols(_ value: YAMLValue?, _ diagnostics: Diagnostics) -> [String]? {
    guard let value, let items = diagnostics.list(value, "symbols") else { return nil }
    if items.isEmpty {
      diagnostics.report(.outOfRange, at: value, "symbols is empty: a strategy acts on one symbol at least")
    }
    var symbols: [String] = []
    for item in items {
      guard let symbol = diagnostics.text(item, "a symbol") else { continue }
      if symbol.hasPrefix("@"), let watchlists, watchlists[String(symbol.dropFirst())] == nil {
        diagnostics.report(
          .unknownWatchlist, at: item, "the configuration has no watchlist \"\(symbol.dropFirst())\"",
          hint: suggestion(for: String(symbol.dropFirst()), among: watchlists.keys.sorted(), called: "watchlists"))
      }
      symbols.append(symbol)
    }
    return symbols
  }

  func readParameters(_ entry: YAMLValue.Entry?, _ binder: Binder) {
    guard let entry, let entries = MappingReader(entry.value, "params", at: entry.key, binder.diagnostics)?.entries
    else { return }
    for parameter in entries {
      guard let name = name(parameter.key, binder) else { continue }
      guard
        var reader = MappingReader(parameter.value, "the parameter \"\(name)\"", at: parameter.key, binder.diagnostics)
      else { continue }
      let initial = binder.diagnostics.number(reader.require("default"), "default of \(name)", percent: true)
      let range = reader.take("range")
      reader.finish()
      if let initial { binder.parameters[name] = binder.overrides[""]?[name]?.number ?? initial }
      guard let range, let text = binder.diagnostics.text(range, "range of \(name)") else { continue }
      guard let bounds = ParameterRange(text) else {
        binder.diagnostics.report(
          .wrongType, at: range, "range of \(name) is written A..B or A..B:STEP; found \(range.found)")
        continue
      }
      binder.ranges[name] = text
      if let initial, let value = reader.take("default"), initial < bounds.low || initial > bounds.high {
        binder.diagnostics.report(
          .outOfRange, at: value, "default of \(name) \(Figure(initial)) is outside its range \(text)")
      }
    }
  }

  private func readDefinitions(_ entry: YAMLValue.Entry?, _ binder: Binder) {
    guard let entry else { return }
    guard let entries = MappingReader(entry.value, "let", at: entry.key, binder.diagnostics)?.entries else {
      for definition in entry.value.entries ?? [] { binder.define(definition.name, as: nil) }
      return
    }
    for definition in entries {
      if let name = name(definition.key, binder) { binder.define(name, as: definition.value) }
    }
  }

  /// A name that expressions can use.
  private func name(_ key: YAMLValue, _ binder: Binder) -> String? {
    guard let name = binder.diagnostics.text(key, "a name") else { return nil }
    let isWord =
      name.utf8.first.map { !($0 >= 48 && $0 <= 57) } ?? false
      && name.utf8.allSatisfy {
        ($0 >= 97 && $0 <= 122) || ($0 >= 65 && $0 <= 90) || ($0 >= 48 && $0 <= 57) || $0 == 95
      }
    guard isWord, !["and", "or", "not"].contains(name) else {
      binder.diagnostics.report(
        .wrongType, at: key, "a name has letters, digits and _ and begins with a letter; found \"\(name)\"")
      return nil
    }
    if Binder.series[name] != nil || Binder.tradeNames.contains(name) || registry.indicators[name] != nil
      || Functions.builtIn[name] != nil
      || binder.parameters[name] != nil
    {
      binder.diagnostics.report(
        .duplicateID, at: key, "\"\(name)\" means something already", hint: "choose another name")
      return nil
    }
    return name
  }

  private func notify(_ entry: YAMLValue.Entry?, _ diagnostics: Diagnostics) -> Notify {
    var notify = Notify()
    guard let entry, var reader = MappingReader(entry.value, "notify", at: entry.key, diagnostics) else {
      return notify
    }
    let priorities = Notify.Priority.allCases.map(\.rawValue)
    if let word = diagnostics.word(reader.take("priority"), "priority", of: priorities) {
      notify.priority = Notify.Priority(rawValue: word) ?? .medium
    }
    for item in diagnostics.list(reader.take("channels"), "channels") ?? [] {
      guard let channel = diagnostics.text(item, "a channel") else { continue }
      if let channels, !channels.contains(channel) {
        diagnostics.report(
          .unknownName, at: item, "the configuration has no channel \"\(channel)\"",
          hint: suggestion(for: channel, among: channels, called: "channels"))
      }
      notify.channels.append(channel)
    }
    notify.cooldown = duration(reader.take("cooldown"), "cooldown", diagnostics)
    reader.finish()
    return notify
  }
}

/// The values that a parameter may take: `2..50` or `2..50:2`.
public struct ParameterRange: Hashable, Sendable {
  public var low, high, step: Double

  public init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 2, let bounds = parts.first, let dots = bounds.firstRange(of: "..") else { return nil }
    guard let low = Diagnostics.number(String(bounds[..<dots.lowerBound]), percent: true),
      let high = Diagnostics.number(String(bounds[dots.upperBound...]), percent: true), low <= high
    else { return nil }
    var step = 1.0
    if parts.count == 2 {
      guard let given = Diagnostics.number(parts[1], percent: true), given > 0 else { return nil }
      step = given
    }
    (self.low, self.high, self.step) = (low, high, step)
  }
}
