import PluginKit
import Trading

/// The pipeline and the tests of a strategy that is one module: its first worked example.
struct ModuleScaffold {
  private let entry: SignalEntry

  init(_ entry: SignalEntry) { self.entry = entry }

  static let silence = """
      - name: a flat line does not fire
        closes: '100x120'
        must_not_fire: true

    """

  var text: String {
    let example = entry.examples.first
    var lines = ["pipeline:", "  # \(entry.summary)", "  # `finstage modules \(entry.id)` explains it."]
    let levels = example?.inputLevels ?? []
    let inputs = levels.indices.map { "step\($0 + 1)" }
    for (id, level) in zip(inputs, levels) {
      lines.append(
        "  - { id: \(id), buy: close > \(Figure(level)), sell: close < \(Figure(level)) }   # put yours here")
    }
    lines += ["  - id: call", "    module: \(entry.id)"]
    if !inputs.isEmpty { lines.append("    inputs: [\(inputs.joined(separator: ", "))]") }
    if !entry.parameters.isEmpty {
      lines.append("    with:")
      for parameter in entry.parameters {
        let setting = example?.settings[parameter.name] ?? parameter.initial
        let usual = setting == parameter.initial ? "" : "; \(written(parameter.initial, parameter)) by default"
        lines.append(
          "      \(parameter.name): \(written(setting, parameter))   # \(parameter.meaning): \(parameter.admitted)\(usual)"
        )
      }
    }
    lines += ["# Bars count from 0. `expect` lists every signal that there is.", "tests:"]
    for (place, example) in entry.examples.enumerated() where place == 0 {
      lines += ["  - name: its worked example", "    # \(example.note)", "    closes: '\(example.closes)'"]
      if let volumes = example.volumes { lines.append("    volumes: '\(volumes)'") }
      let signals = example.signals.map { "{ bar: \($0.bar), direction: \($0.direction.rawValue) }" }
      lines.append("    expect: [\(signals.joined(separator: ", "))]")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func written(_ setting: Setting, _ parameter: ParameterSpec) -> String {
    switch setting {
    case .choice(let word): return word
    case .numbers(let values): return "[\(values.map { Figure($0).description }.joined(separator: ", "))]"
    case .number(let value):
      if case .percent = parameter.kind { return "\(Figure(value * 100))%" }
      return Figure(value).description
    }
  }
}
