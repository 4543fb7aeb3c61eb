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

  /// A number, a name under `params:`, or one of the parameter's words.
  private func setting(_ value: YAMLValue, _ parameter: ParameterSpec) -> Setting? {
    let diagnostics = binder.diagnostics
    if case .choice(let words) = parameter.kind {
      return diagnostics.word(value, parameter.name, of: words).map { .choice($0) }
    }
    if let text = value.text, let named = binder.parameters[text] { return .number(named) }
    var percent = false
    if case .percent = parameter.kind { percent = true }
    if let number = diagnostics.number(
      value, parameter.name, percent: percent, hint: "\(parameter.name) is \(parameter.admitted)")
    {
      return .number(number)
    }
    return nil
  }
}
