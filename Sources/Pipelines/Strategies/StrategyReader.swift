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
  /// The category of each symbol that has one; nil where there is no configuration to compare with.
  public var categories: [String: String]?
  /// Where the price files of tests are looked for; nil is the folder of the strategy's own file, and none for a
  /// strategy that is given as bytes.
  public var dataFolder: String?
  /// Whether a strategy's name has to be that of its file; not where it comes without one.
  public var namesAreFiles = true
  /// The files of all strategies by name, among which those of a portfolio are looked for after its own folder; nil
  /// where there are none to compare with. Asked only where a file is a portfolio.
  public var library: (() -> [String: String])?

  public init(
    registry: Registry, watchlists: [String: [String]]? = nil, channels: [String]? = nil,
    references: References = .none
  ) {
    self.registry = registry
    self.watchlists = watchlists
    self.channels = channels
    self.references = references
  }

  /// What the file declares, where it has no error, and everything that there is to say of it. `file` is the path as
  /// the user wrote it.
  public func declaration(file: String, bytes: [UInt8]) -> (declaration: Declaration?, diagnostics: [Diagnostic]) {
    read(YAMLFile(file: file, bytes: bytes, references: references), dataFolder)
  }

  /// The same from a path, which is shown as `name`.
  public func declaration(
    path: String, shownAs name: String? = nil
  ) -> (declaration: Declaration?, diagnostics: [Diagnostic]) {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    return read(YAMLFile(path: path, shownAs: name, references: references), dataFolder ?? folder)
  }

  /// The strategy of a file that declares one; of another kind there is none.
  public func read(file: String, bytes: [UInt8]) -> (strategy: Strategy?, diagnostics: [Diagnostic]) {
    let (declared, diagnostics) = declaration(file: file, bytes: bytes)
    return (declared?.strategy, diagnostics)
  }

  /// The same from a path, which is shown as `name`.
  public func read(path: String, shownAs name: String? = nil) -> (strategy: Strategy?, diagnostics: [Diagnostic]) {
    let (declared, diagnostics) = declaration(path: path, shownAs: name)
    return (declared?.strategy, diagnostics)
  }

  /// The strategy of a name among those that a text declares; nil where it declares none of that name, or is faulty.
  public func strategy(_ name: String, in text: String) -> Strategy? {
    var reader = self
    reader.namesAreFiles = false
    let (declared, _) = reader.declaration(file: "\(name).yaml", bytes: Array(text.utf8))
    return declared?.strategies.first { $0.name == name }
  }

  private func read(_ yaml: YAMLFile, _ folder: String?) -> (declaration: Declaration?, diagnostics: [Diagnostic]) {
    guard let root = yaml.root else { return (nil, yaml.diagnostics.all) }
    let declared = read(root, folder, yaml.diagnostics)
    return (yaml.diagnostics.hasErrors ? nil : declared, yaml.diagnostics.all)
  }

  private func read(_ root: YAMLValue, _ folder: String?, _ diagnostics: Diagnostics) -> Declaration? {
    let kind = root.entries?.first { $0.name == "kind" }
    switch kind.map({ diagnostics.word($0.value, "kind", of: Declaration.Kind.allCases.map(\.rawValue)) }) {
    case nil, "strategy":
      var strategy = strategy(root, folder, diagnostics)
      strategy?.text = diagnostics.source.text
      return strategy.map { .strategy($0) }
    case "rotation": return rotation(root, diagnostics).map { .rotation($0) }
    case "price_alert": return priceAlert(root, folder, diagnostics).map { .priceAlert($0) }
    case "portfolio": return portfolio(root, folder, diagnostics).map { .portfolio($0) }
    default: return nil  // of what kind it is has been asked, and what belongs into it is not known
    }
  }

  private func strategy(_ root: YAMLValue, _ folder: String?, _ diagnostics: Diagnostics) -> Strategy? {
    guard var file = MappingReader(root, "a strategy", diagnostics) else { return nil }
    _ = file.take("kind")
    let binder = Binder(registry: registry, diagnostics: diagnostics)
    let head = head(&file)
    let timeframe = duration(file.require("timeframe", hint: "1m 5m 15m 1h 4h 1d 1w 1mo"), "timeframe", diagnostics)
    binder.timeframe = timeframe
    let groups = GroupReader.read(file.take("groups"), diagnostics)
    binder.roles = groups?.roles ?? []
    let symbols: [String]?
    if groups == nil {
      symbols = self.symbols(
        file.require("symbols", hint: "symbols: [\"@index\"], or symbols: [AAPL, MSFT]"), "symbols", diagnostics)
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
    var testReader = TestReader(timeframe: timeframe ?? .day, folder: folder, roles: binder.roles)
    let tests = testReader.read(file.take("tests"), diagnostics)
    file.finish()
    guard let name = head.name, let timeframe, let symbols, let rule = behaviour.rule else { return nil }
    return Strategy(
      name: name, title: head.title, description: head.description, timeframe: timeframe, symbols: symbols,
      groups: groups?.groups ?? [], graph: binder.graph, rule: rule, emitsLevels: emit == "level",
      plan: behaviour.plan, notify: notify, tests: tests, steps: behaviour.steps.outlines)
  }

  /// What the values of parameters change.
  struct Behaviour {
    /// Nil where a step is faulty, which has been reported.
    var rule: SignalRule?
    var plan: TradePlan
    var steps: StepReader
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
    return Behaviour(rule: rule, plan: plan, steps: steps)
  }

  func checkName(_ name: String, _ value: YAMLValue, _ diagnostics: Diagnostics) {
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

  func symbols(_ value: YAMLValue?, _ what: String, _ diagnostics: Diagnostics) -> [String]? {
    guard let value, let items = diagnostics.list(value, what) else { return nil }
    if items.isEmpty {
      diagnostics.report(.outOfRange, at: value, "\(what) is empty: a strategy acts on one symbol at least")
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

  func readDefinitions(_ entry: YAMLValue.Entry?, _ binder: Binder) {
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
    if Binder.series[name] != nil || (Binder.tradeNames + Binder.factNames).contains(name)
      || registry.indicators[name] != nil
      || Functions.builtIn[name] != nil
      || binder.parameters[name] != nil
    {
      binder.diagnostics.report(
        .duplicateID, at: key, "\"\(name)\" means something already", hint: "choose another name")
      return nil
    }
    return name
  }

  func notify(_ entry: YAMLValue.Entry?, _ diagnostics: Diagnostics) -> Notify {
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
