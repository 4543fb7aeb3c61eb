public import PluginKit
import Trading

/// `Plugins/README.md`: every module with its formula and source, parameters, and worked examples as tables.
public struct ModulePages: Sendable {
  private let registry: Registry
  private let sources: [String: ModuleSource]

  public init(of registry: Registry, sources: [ModuleSource]) {
    self.registry = registry
    self.sources = Dictionary(sources.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  public var text: String {
    let signals = registry.signals.values.sorted { $0.id < $1.id }
    let all = registry.indicators.values.sorted { $0.id < $1.id }
    let candlesticks = all.filter { isCandlestick($0.id) }
    let indicators = all.filter { !isCandlestick($0.id) }
    return """
      <!-- Made by `make reference` from the modules' own files. Do not edit. -->
      # Modules

      What strategies are made of: \(signals.count) signal modules, \(indicators.count) indicators and \
      \(candlesticks.count) candlestick patterns. The same in a terminal: `finstage modules`, `finstage modules ID`.

      - [Signal modules](#signal-modules), the steps of a pipeline: \(links(signals.map(\.id)))
      - [Indicators](#indicators), in [expressions](../docs/expressions.md): \(links(indicators.map(\.id)))
      - [Candlestick patterns](#candlestick-patterns), indicators too: \(links(candlesticks.map(\.id)))

      Bars count from 0. The examples are the tests: the suite runs every one of them. To add a module:
      [a tutorial](../docs/add-a-module.md).

      ## Signal modules

      \(signals.map(page).joined(separator: "\n"))
      ## Indicators

      An indicator that reads `open`, `high`, `low`, `close` or `volume` takes them by itself: `atr(14)`. One that reads
      any series is given it: `sma(volume, 20)`. Settings may be left out from the right.

      \(indicators.map(page).joined(separator: "\n"))
      ## Candlestick patterns

      The same shapes as TA-Lib's `CDL…` functions, by the same rules: 100 is bullish, −100 bearish, 0 none; a few say 80
      or 200. Each bar is judged against the averages of the bars before it; the patterns answer 0 until those are there.

      \(candlesticks.map(page).joined(separator: "\n"))
      """
  }

  private func isCandlestick(_ id: String) -> Bool { sources[id]?.file.contains("/Candlesticks/") ?? false }

  private func links(_ ids: [String]) -> String { ids.map { "[\($0)](#\($0))" }.joined(separator: " · ") }

  private func head(_ id: String, _ summary: String, form: String) -> String {
    let source = sources[id]
    let comment = source.map(\.comment).flatMap { $0.isEmpty ? nil : $0 } ?? summary
    let file = source.map { "\n[\($0.file)](\($0.file))\n" } ?? ""
    return "### \(id)\n\n`\(form)`\n\n\(comment)\n\(file)"
  }

  private func page(of entry: IndicatorEntry) -> String {
    let reads = entry.takesSeries ? "any series (\(entry.inputs.joined(separator: ", ")))" : quoted(entry.inputs)
    var text = head(entry.id, entry.summary, form: Functions.form(of: entry))
    text += "\nReads \(reads). "
    if !entry.outputs.isEmpty { text += "Outputs: \(quoted(entry.outputs.map { ".\($0)" })). " }
    text += "First value at bar \(entry([:]).warmUp) with the defaults.\n"
    text += parameters(entry.parameters)
    for example in entry.examples { text += table(of: example, entry) }
    return text
  }

  private func page(of entry: SignalEntry) -> String {
    var text = head(entry.id, entry.summary, form: "module: \(entry.id)")
    switch entry.inputs {
    case .none: break
    case .atLeast(let count): text += "\nCombines \(count) or more steps: `inputs: [a, b, …]`.\n"
    case .exactly(let count):
      text += "\nReads \(count == 1 ? "one step: `inputs: [a]`" : "\(count) steps: `inputs: [a, b, …]`").\n"
    }
    text += parameters(entry.parameters)
    guard !entry.examples.isEmpty else { return text }
    let rows = entry.examples.map { example in
      let settings = example.settings.sorted { $0.key < $1.key }.map { "\($0.key): \(written($0.value))" }
      let inputs = example.inputLevels.map { "buy above and sell below \(Figure($0))" }
      let signals = example.signals.map { "bar \($0.bar): \($0.direction.rawValue)" }
      return [
        settings.joined(separator: ", "), inputs.joined(separator: "; "), "`\(example.closes)`",
        example.volumes.map { "`\($0)`" } ?? "", signals.isEmpty ? "none" : signals.joined(separator: ", "),
        example.note,
      ]
    }
    let columns = ["with", "inputs", "closes", "volumes", "signals", "because"]
    let used = columns.indices.filter { column in rows.contains { !$0[column].isEmpty } }
    return text
      + MarkdownTable.text(used.map { columns[$0] }, rows.map { row in used.map { row[$0] } })
  }

  /// The bars of an example; bars in a row that are the same stand as one.
  private func table(of example: Example, _ entry: IndicatorEntry) -> String {
    let settings = example.settings.sorted { $0.key < $1.key }.map { "\($0.key) = \(Figure($0.value))" }
    let outputs = entry.outputs.isEmpty ? [entry.id] : entry.outputs.map { ".\($0)" }
    var rows: [(first: Int, last: Int, cells: [String])] = []
    for bar in 0..<(example.inputs.first?.count ?? 0) {
      let values = example.values.map { bar < $0.count ? $0[bar] : nil }
      let cells = example.inputs.map { figure($0[bar]) } + values.map { $0.map { figure($0) } ?? "" }
      if let last = rows.indices.last, rows[last].cells == cells {
        rows[last].last = bar
      } else {
        rows.append((bar, bar, cells))
      }
    }
    let label = settings.isEmpty ? "Example" : "Example with \(settings.joined(separator: ", "))"
    return "\n\(label): \(example.note)\n"
      + MarkdownTable.text(
        ["bar"] + entry.inputs + outputs,
        rows.map { [$0.first == $0.last ? "\($0.first)" : "\($0.first)–\($0.last)"] + $0.cells })
  }

  private func figure(_ value: Double) -> String { Figure(value).description }

  private func parameters(_ parameters: [ParameterSpec]) -> String {
    guard !parameters.isEmpty else { return "" }
    return MarkdownTable.text(
      ["parameter", "default", "admitted", "meaning"],
      parameters.map { ["`\($0.name)`", initial($0), $0.admitted, $0.meaning] })
  }

  private func initial(_ parameter: ParameterSpec) -> String {
    if case .percent = parameter.kind, let share = parameter.initial.number { return "\(Figure(share * 100))%" }
    return written(parameter.initial)
  }

  private func written(_ setting: Setting) -> String {
    switch setting {
    case .number(let value): Figure(value).description
    case .choice(let word): word
    case .numbers(let values): "[\(values.map { Figure($0).description }.joined(separator: ", "))]"
    }
  }

  private func quoted(_ names: [String]) -> String { names.map { "`\($0)`" }.joined(separator: ", ") }
}
