import PluginKit

/// Reads the `with:` of a module step against the parameters that the module states.
struct SettingsReader {
  let binder: Binder

  func read(_ entry: YAMLValue.Entry?, of module: SignalEntry) -> [String: Setting]? {
    guard let entry else { return [:] }
    let diagnostics = binder.diagnostics
    guard var reader = MappingReader(entry.value, "with of \(module.id)", at: entry.key, diagnostics) else {
      return nil
    }
    var settings: [String: Setting] = [:]
    for parameter in module.parameters {
      guard let value = reader.take(parameter.name), let setting = setting(value, parameter) else { continue }
      if let fault = parameter.fault(in: setting) {
        diagnostics.report(.outOfRange, at: value, fault, hint: "\(parameter.name) is \(parameter.admitted)")
      }
      settings[parameter.name] = setting
    }
    reader.finish()
    return settings
  }

  /// A number, a name under `params:`, a list of those, or one of the parameter's words.
  private func setting(_ value: YAMLValue, _ parameter: ParameterSpec) -> Setting? {
    let diagnostics = binder.diagnostics
    if case .choice(let words) = parameter.kind {
      return diagnostics.word(value, parameter.name, of: words).map { .choice($0) }
    }
    if case .numbers = parameter.kind {
      guard let items = diagnostics.list(value, parameter.name) else { return nil }
      let values = items.compactMap { number($0, parameter, "each of \(parameter.name)") }
      return values.count == items.count ? .numbers(values) : nil
    }
    return number(value, parameter, parameter.name).map { .number($0) }
  }

  private func number(_ value: YAMLValue, _ parameter: ParameterSpec, _ what: String) -> Double? {
    if let text = value.text, let named = binder.parameters[text] { return named }
    var percent = false
    if case .percent = parameter.kind { percent = true }
    return binder.diagnostics.number(
      value, what, percent: percent, hint: "\(parameter.name) is \(parameter.admitted)")
  }
}
