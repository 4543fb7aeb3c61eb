import PluginKit
import Trading

/// Reads the steps of a pipeline. Steps may stand in any order; a combinator's inputs are made before it.
struct StepReader {
  let binder: Binder
  let registry: Registry
  private(set) var outlines: [StepOutline] = []
  private var declared: [String: Declaration] = [:]
  private var used: Set<String> = []
  private var path: [String] = []
  /// Ids in the order of the file, and that of the step that makes the signals.
  private var order: [String] = []
  private var last: String?
  /// Module steps as the file has them.
  private var modules: [String: ModuleStep] = [:]
  /// Each step that is made for another takes stack.
  private static let pathLimit = 100

  /// A step whose module is known and whose settings have been read; what stands over them is not among them.
  private struct ModuleStep {
    var module: SignalEntry
    var settings: [String: Setting]
    var inputs: [String]
    /// Where faults of the settings are told.
    var place: YAMLValue
  }

  private struct Declaration {
    var id: String
    var entry: YAMLValue
    var state: State
    enum State {
      case untouched
      case made(SignalRule)
      case faulty
    }
  }

  init(binder: Binder, registry: Registry) {
    self.binder = binder
    self.registry = registry
  }

  private var diagnostics: Diagnostics { binder.diagnostics }

  /// The rule of the step that makes the signals: the one that `signal:` names, else the last.
  mutating func read(_ pipeline: YAMLValue, signal: YAMLValue?) -> SignalRule? {
    guard let items = diagnostics.list(pipeline, "pipeline") else { return nil }
    guard !items.isEmpty else {
      diagnostics.report(.outOfRange, at: pipeline, "pipeline is empty: a strategy has one step at least")
      return nil
    }
    for item in items {
      if let id = declare(item) { order.append(id) }
    }
    for id in order { _ = rule(of: id, at: nil) }
    if !binder.isBare { outlines = order.compactMap { outline(of: $0) } }
    last = order.last
    if let signal, let id = diagnostics.text(signal, "signal") {
      if declared[id] == nil {
        diagnostics.report(
          .unknownStep, at: signal, "there is no step \"\(id)\"",
          hint: suggestion(for: id, among: order, called: "steps"))
        return nil
      }
      last = id
    }
    guard let last, !diagnostics.hasErrors else { return nil }
    for id in order where id != last && !used.contains(id) {
      guard let entry = declared[id]?.entry else { continue }
      diagnostics.report(
        .unusedStep, at: idValue(entry) ?? entry, "nothing uses the step \"\(id)\"",
        hint: "the signals come from \"\(last)\"; name it in the inputs of a later step, or in signal:")
    }
    if case .made(let rule) = declared[last]?.state { return rule }
    return nil
  }

  /// Makes some module steps anew, over whose settings others stand now, and the steps that read them. All steps have
  /// been read before, into the same graph. The rule of the step that makes the signals.
  mutating func remake(_ steps: some Sequence<String>) -> SignalRule? {
    var isStale = Set(steps)
    var count = 0
    // Steps stand in any order: a reader may stand before what it reads.
    while isStale.count > count {
      count = isStale.count
      for (id, step) in modules where step.inputs.contains(where: isStale.contains) { isStale.insert(id) }
    }
    for id in isStale { declared[id]?.state = .untouched }
    for id in order where isStale.contains(id) { _ = rule(of: id, at: nil) }
    guard let last, !diagnostics.hasErrors, case .made(let rule) = declared[last]?.state else { return nil }
    return rule
  }

  private func idValue(_ entry: YAMLValue) -> YAMLValue? { entry.entries?.first { $0.name == "id" }?.value }

  private func outline(of id: String) -> StepOutline? {
    guard let declaration = declared[id], case .made(let rule) = declaration.state else { return nil }
    return StepOutline(id: id, entries: declaration.entry.entries ?? [], rule: rule)
  }

  /// Takes note of a step under its id; nil where it cannot be referred to.
  private mutating func declare(_ item: YAMLValue) -> String? {
    guard let entries = item.entries else {
      diagnostics.report(
        .wrongType, at: item, "a step is a mapping of keys; found \(item.found)",
        hint: "- { id: trend, module: ma_breakout }")
      return nil
    }
    guard let value = entries.first(where: { $0.name == "id" })?.value else {
      diagnostics.report(.missingKey, at: entries.first?.key ?? item, "a step needs the key \"id\"")
      return nil
    }
    guard let id = diagnostics.text(value, "id") else { return nil }
    if let other = declared[id] {
      diagnostics.report(
        .duplicateID, at: value, "the id \"\(id)\" is taken",
        hint: "it stands in line \(idValue(other.entry)?.line ?? other.entry.line) already")
      return nil
    }
    declared[id] = Declaration(id: id, entry: item, state: .untouched)
    if UnquotedComma.report(in: entries, to: diagnostics) { declared[id]?.state = .faulty }
    return id
  }

  /// The rule of a step, made on first use; nil where it is faulty, which has been reported.
  private mutating func rule(of id: String, at reference: YAMLValue?) -> SignalRule? {
    guard let declaration = declared[id] else { return nil }
    switch declaration.state {
    case .made(let rule): return rule
    case .faulty: return nil
    case .untouched: break
    }
    if let start = path.firstIndex(of: id) {
      let cycle = (path[start...] + [id]).joined(separator: " → ")
      if let reference {
        diagnostics.report(
          .cycle, at: reference, "the steps feed each other in a circle: \(cycle)",
          hint: "a step can only read steps that do not read it")
      }
      return nil
    }
    guard path.count < StepReader.pathLimit else {
      diagnostics.report(
        .tooDeep, at: reference ?? declaration.entry, "more than \(StepReader.pathLimit) steps feed each other in a row"
      )
      return nil
    }
    path.append(id)
    let rule = make(declaration)
    path.removeLast()
    declared[id]?.state = rule.map { .made($0) } ?? .faulty
    return rule
  }

  private mutating func make(_ declaration: Declaration) -> SignalRule? {
    if let known = modules[declaration.id] {
      let inputs = known.inputs.compactMap { input(of: $0, at: nil) }
      return inputs.count == known.inputs.count ? rule(of: known, declaration.id, inputs) : nil
    }
    guard var step = MappingReader(declaration.entry, "a step", diagnostics) else { return nil }
    _ = step.take("id")
    let kinds = ["module", "buy", "sell", "long", "short"].filter { key in step.entries.contains { $0.name == key } }
    let rule: SignalRule?
    if kinds.first == "module" {
      rule = module(&step, of: declaration.id)
      if let other = step.entries.first(where: { $0.name != "module" && kinds.contains($0.name) }) {
        diagnostics.report(
          .conflictingKeys, at: other.key, "a step is a module or has expressions, not both",
          hint: "make \"\(other.name)\" a step of its own")
        _ = step.take(other.name)
      }
      for key in kinds { _ = step.take(key) }
    } else if kinds.isEmpty {
      let words = ["module", "buy", "sell", "long", "short"]
      if let entry = step.entries.first(where: { nearest($0.name, among: words) != nil }) {
        diagnostics.report(
          .unknownKey, at: entry.key, "a step has no key \"\(entry.name)\"",
          hint: suggestion(for: entry.name, among: words, called: "keys"))
      } else {
        diagnostics.report(
          .missingKey, at: step.place, "a step has a module, buy: and sell:, or long: and short:",
          hint: "`finstage modules` lists the modules")
      }
      return nil
    } else {
      _ = step.take("module")
      rule = ExpressionStep(binder: binder).read(&step, kinds)
    }
    step.finish()
    return rule
  }

  private mutating func module(_ step: inout MappingReader, of stepID: String) -> SignalRule? {
    guard let value = step.take("module"), let id = diagnostics.text(value, "module") else { return nil }
    guard let entry = registry.signals[id] else {
      let isIndicator = registry.indicators[id] != nil
      diagnostics.report(
        .unknownModule, at: value, "there is no module \"\(id)\"",
        hint: isIndicator
          ? "\(id) is an indicator: use it in an expression, buy: \(id)(…) > …"
          : nearest(id, among: registry.signals.keys).map { "did you mean \"\($0)\"?" }
            ?? "`finstage modules` lists them")
      for key in ["with", "inputs"] { _ = step.take(key) }
      return nil
    }
    let before = diagnostics.errors
    let settings = SettingsReader(binder: binder).read(step.entry("with"), of: entry)
    let inputs = inputs(step.entry("inputs"), of: entry, at: value)
    guard diagnostics.errors == before, let settings, let inputs else { return nil }
    let place = step.entries.first { $0.name == "with" }?.key ?? value
    let known = ModuleStep(module: entry, settings: settings, inputs: inputs.map(\.id), place: place)
    modules[stepID] = known
    return rule(of: known, stepID, inputs)
  }

  private func rule(of step: ModuleStep, _ id: String, _ inputs: [Step]) -> SignalRule? {
    var settings = step.settings
    if let overrides = binder.overrides[id] { settings.merge(overrides) { _, given in given } }
    let module = step.module(settings)
    if let conflict = module.conflict ?? module.conflict(with: inputs) {
      diagnostics.report(.outOfRange, at: step.place, "\(step.module.id): \(conflict)")
      return nil
    }
    let made = module.rule(inputs)
    let rule = SignalRule(made, in: binder)
    guard let own = binder.timeframe, !binder.graph.clocks.isEmpty,
      let low = made.timeframes.first(where: { $0.milliseconds <= own.milliseconds })
    else { return rule }
    diagnostics.report(
      .badTime, at: step.place, "\(step.module.id): \(low) is not above the strategy's timeframe, \(own)")
    return nil
  }

  private mutating func inputs(
    _ entry: YAMLValue.Entry?, of module: SignalEntry, at place: YAMLValue
  ) -> [Step]? {
    let least: Int
    var most: Int?
    switch module.inputs {
    case .exactly(let count): (least, most) = (count, count)
    case .atLeast(let count): least = count
    case .none:
      if let entry {
        diagnostics.report(.unknownKey, at: entry.key, "\(module.id) reads prices and takes no inputs")
        return nil
      }
      return []
    }
    guard let entry else {
      diagnostics.report(
        .missingInput, at: place, "\(module.id) combines steps and needs the key \"inputs\"",
        hint: "inputs: [\(declared.keys.filter { !path.contains($0) }.sorted().prefix(24).joined(separator: ", "))]")
      return nil
    }
    guard let items = diagnostics.list(entry.value, "inputs") else { return nil }
    guard items.count >= least else {
      diagnostics.report(
        .missingInput, at: entry.key,
        "\(module.id) needs at least \(least) input\(least == 1 ? "" : "s"); found \(items.count)")
      return nil
    }
    if let most, items.count > most {
      diagnostics.report(
        .outOfRange, at: items[most], "\(module.id) takes \(most) input\(most == 1 ? "" : "s"); found \(items.count)")
      return nil
    }
    var steps: [Step] = []
    for item in items {
      guard let id = diagnostics.text(item, "an input") else { continue }
      guard declared[id] != nil else {
        diagnostics.report(
          .unknownStep, at: item, "there is no step \"\(id)\"",
          hint: suggestion(for: id, among: declared.keys.sorted(), called: "steps"))
        continue
      }
      if let step = input(of: id, at: item) { steps.append(step) }
    }
    return steps.count == items.count ? steps : nil
  }

  private mutating func input(of id: String, at item: YAMLValue?) -> Step? {
    used.insert(id)
    guard let rule = rule(of: id, at: item) else { return nil }
    return Step(id: id, vote: .column(ColumnID(rule.vote(in: &binder.graph))))
  }
}

extension SignalRule {
  /// The direction of this rule at each bar, as a combinator reads it.
  func vote(in graph: inout Graph) -> Int {
    switch calls {
    case .both(let buy, let sell): return graph.apply(.vote, [buy, sell])
    case .positions(let long, let short):
      let never = graph.number(0)
      return graph.apply(.vote, [long?.enter ?? never, short?.enter ?? never])
    }
  }
}

extension Rule {
  /// Timeframes of the other clocks that it reads.
  fileprivate var timeframes: [Timeframe] {
    ([buy, sell, confidence] + quotes.map(\.term)).flatMap(\.timeframes)
  }
}

extension Term {
  fileprivate var timeframes: [Timeframe] {
    switch self {
    case .number, .column: []
    case .series(let key): key.timeframe.map { [$0] } ?? []
    case .call(_, let inputs, _, _), .operation(_, let inputs): inputs.flatMap(\.timeframes)
    case .clock(let inner, let timeframe): [timeframe] + inner.timeframes
    }
  }
}
