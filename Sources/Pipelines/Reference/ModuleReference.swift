public import PluginKit
import Trading

/// The registry as text: what `finstage modules` prints.
public enum ModuleReference {
  /// One line for each module and function.
  public static func list(of registry: Registry) -> String {
    var lines = ["Signal modules (steps of a pipeline)"]
    for entry in registry.signals.values.sorted(by: { $0.id < $1.id }) { lines.append(row(entry.id, entry.summary)) }
    lines += ["", "Indicators (in expressions)"]
    for entry in registry.indicators.values.sorted(by: { $0.id < $1.id }) {
      lines.append(row(Functions.form(of: entry), entry.summary))
    }
    lines += ["", "Functions (in expressions)"]
    for function in Functions.all { lines.append(row(function.form, function.meaning)) }
    lines += ["", "News and statements (in expressions)"]
    for form in FactForm.all { lines.append(row(form.form, form.meaning)) }
    lines += ["", "`finstage modules ID` explains one with its parameters and a worked example."]
    return lines.joined(separator: "\n")
  }

  private static func row(_ name: String, _ meaning: String) -> String {
    "  " + name + String(repeating: " ", count: max(2, 36 - name.count)) + meaning
  }

  /// A module with its parameters and examples; nil where there is none of that id.
  public static func page(of id: String, in registry: Registry) -> String? {
    if let entry = registry.indicators[id] { return page(of: entry) }
    if let entry = registry.signals[id] { return page(of: entry) }
    if let form = FactForm.all.first(where: { $0.name == id }) {
      let fields = id == "fundamental" ? "\n\nFields: \(FactForm.fields)" : ""
      return "\(form.form)\n\n\(form.meaning)\(fields)"
    }
    guard let function = Functions.builtIn[id] else { return nil }
    return "\(function.form)\n\n\(function.meaning)"
  }

  private static func page(of entry: IndicatorEntry) -> String {
    var lines = ["\(Functions.form(of: entry))", "", entry.summary, ""]
    lines.append(
      "Reads: \(entry.takesSeries ? "any series (\(entry.inputs.joined(separator: ", ")))" : entry.inputs.joined(separator: ", "))"
    )
    if !entry.outputs.isEmpty { lines.append("Outputs: \(entry.outputs.map { ".\($0)" }.joined(separator: ", "))") }
    let configured = entry([:])
    lines.append("First value: bar \(configured.warmUp) (from 0) with the defaults")
    lines += parameters(entry.parameters)
    for example in entry.examples {
      let settings = example.settings.sorted { $0.key < $1.key }.map { "\($0.key) = \(Figure($0.value))" }
      lines += ["", "Example\(settings.isEmpty ? "" : " (\(settings.joined(separator: ", ")))"): \(example.note)"]
      for (name, column) in zip(entry.inputs, example.inputs) { lines.append(series(name, column.map { $0 })) }
      let names = entry.outputs.isEmpty ? [entry.id] : entry.outputs.map { ".\($0)" }
      for (name, column) in zip(names, example.values) { lines.append(series(name, column)) }
    }
    return lines.joined(separator: "\n")
  }

  private static func series(_ name: String, _ values: [Double?]) -> String {
    "  \(name): " + values.map { $0.map { Figure($0).description } ?? "–" }.joined(separator: "  ")
  }

  private static func page(of entry: SignalEntry) -> String {
    var lines = ["module: \(entry.id)", "", entry.summary]
    switch entry.inputs {
    case .none: break
    case .exactly(1): lines += ["", "Inputs: 1 step, inputs: [a]"]
    case .exactly(let count): lines += ["", "Inputs: \(count) steps, inputs: [a, b, …]"]
    case .atLeast(let count): lines += ["", "Inputs: \(count) or more steps, inputs: [a, b, …]"]
    }
    lines += parameters(entry.parameters)
    for example in entry.examples {
      lines += ["", "Example: \(example.note)"]
      if !example.settings.isEmpty {
        let settings = example.settings.sorted { $0.key < $1.key }.map { "\($0.key): \(written($0.value))" }
        lines.append("  with: { \(settings.joined(separator: ", ")) }")
      }
      if !example.inputLevels.isEmpty {
        lines.append(
          "  inputs: buy above and sell below "
            + example.inputLevels.map { Figure($0).description }.joined(separator: ", "))
      }
      lines.append("  closes: '\(example.closes)'")
      if let volumes = example.volumes { lines.append("  volumes: '\(volumes)'") }
      let signals = example.signals.map { "{ bar: \($0.bar), direction: \($0.direction.rawValue) }" }
      lines.append("  expect: [\(signals.joined(separator: ", "))]")
    }
    return lines.joined(separator: "\n")
  }

  private static func parameters(_ parameters: [ParameterSpec]) -> [String] {
    guard !parameters.isEmpty else { return [] }
    return ["", "Parameters"]
      + parameters.map { "  \($0.name) = \(written($0.initial)): \($0.meaning) (\($0.admitted))" }
  }

  private static func written(_ setting: Setting) -> String {
    switch setting {
    case .number(let value): Figure(value).description
    case .choice(let word): word
    case .numbers(let values): "[\(values.map { Figure($0).description }.joined(separator: ", "))]"
    }
  }
}
