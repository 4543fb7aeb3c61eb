public import PluginKit

/// One parameter of a strategy and the values that it takes in a sweep.
public struct ParameterAxis: Hashable, Sendable {
  /// As the user names it: `trend.fast`, or `n` for a value under `params:`.
  public let name: String
  /// The step; nil for a value under `params:`.
  public let step: String?
  /// The parameter of the step's module, or the name under `params:`.
  public let parameter: String
  /// In the order in which they are tried; none twice.
  public let values: [Setting]

  /// Reads `trend.fast=5..50:5` against the strategy's steps and parameters. Every value lies in the range that the
  /// module or the file declares. A name under `params:` alone takes its declared range.
  public init(_ text: String, of template: StrategyTemplate) throws(AxisFault) {
    let equals = text.firstIndex(of: "=")
    name = text[..<(equals ?? text.endIndex)].trimmed
    let values = equals.map { text[text.index(after: $0)...].trimmed }
    guard !name.isEmpty else {
      throw AxisFault("--set \"\(text)\" names no parameter", hint: "write --set id.param=A..B")
    }
    if let dot = name.lastIndex(of: ".") {
      (step, parameter) = (String(name[..<dot]), String(name[name.index(after: dot)...]))
      guard let values else { throw AxisFault("--set \(name) has no values", hint: "write --set \(name)=A..B") }
      self.values = try ParameterAxis.values(values, name, try template.spec(of: parameter, step: step ?? "", name))
    } else {
      (step, parameter) = (nil, name)
      self.values = try template.values(values, ofConstant: name)
    }
    if self.values.isEmpty { throw AxisFault("--set \(name) has no values") }
  }

  /// An axis of given values, which are not looked at.
  init(name: String, step: String?, parameter: String, values: [Setting]) {
    (self.name, self.step, self.parameter, self.values) = (name, step, parameter, values)
  }

  private static func values(_ text: String, _ name: String, _ spec: ParameterSpec) throws(AxisFault) -> [Setting] {
    if case .numbers = spec.kind {
      throw AxisFault(
        "\(name) is a list of numbers, which a sweep does not set", hint: "\(spec.name) is \(spec.admitted)")
    }
    var words = false
    if case .choice = spec.kind { words = true }
    let values = try AxisValues.read(text, of: name, words: words)
    for value in values {
      if let fault = spec.fault(in: value) {
        throw AxisFault("--set \(name)=\(text): \(fault)", hint: "\(spec.name) is \(spec.admitted)")
      }
    }
    return values
  }

  /// The axis that takes one value alone, checked in the same way.
  public init(_ name: String, _ value: Setting, of template: StrategyTemplate) throws(AxisFault) {
    let text =
      switch value {
      case .number(let number): "\(number)"
      case .choice(let word): word
      case .numbers: ""
      }
    (self.name, values) = (name, [value])
    if let dot = name.lastIndex(of: ".") {
      (step, parameter) = (String(name[..<dot]), String(name[name.index(after: dot)...]))
      let spec = try template.spec(of: parameter, step: step ?? "", name)
      if let fault = spec.fault(in: value) {
        throw AxisFault("\(name): \(fault)", hint: "\(spec.name) is \(spec.admitted)")
      }
    } else {
      (step, parameter) = (nil, name)
      guard case .number(let number) = value else { throw AxisFault("\(name): \"\(text)\" is not a number") }
      try template.check(number, ofConstant: name, text)
    }
  }
}

extension StrategyTemplate {
  fileprivate func spec(of parameter: String, step id: String, _ name: String) throws(AxisFault) -> ParameterSpec {
    guard let step = base.steps.first(where: { $0.id == id }) else {
      throw AxisFault(
        "--set \(name): there is no step \"\(id)\"",
        hint: suggestion(for: id, among: base.steps.map(\.id), called: "steps"))
    }
    guard let module = step.module, let entry = registry.signals[module] else {
      let names = constants.map(\.name)
      throw AxisFault(
        "--set \(name): the step \"\(id)\" is made of expressions and has no parameters",
        hint: names.isEmpty
          ? "give the number a name under params: and sweep that"
          : "names under params: \(names.joined(separator: ", "))")
    }
    guard let spec = entry.parameters.first(where: { $0.name == parameter }) else {
      throw AxisFault(
        "--set \(name): \(module) has no parameter \"\(parameter)\"",
        hint: suggestion(for: parameter, among: entry.parameters.map(\.name), called: "parameters"))
    }
    return spec
  }

  private func constant(_ name: String) throws(AxisFault) -> Constant {
    guard let constant = constants.first(where: { $0.name == name }) else {
      let known = constants.map(\.name)
      let steps = base.steps.filter { step in
        step.module.flatMap { registry.signals[$0] }?.parameters.contains { $0.name == name } ?? false
      }
      throw AxisFault(
        "--set \(name): there is nothing called \"\(name)\" under params:",
        hint: steps.first.map { "a step's parameter is named with its step: \($0.id).\(name)" }
          ?? suggestion(for: name, among: known, called: "names under params:"))
    }
    return constant
  }

  fileprivate func values(_ text: String?, ofConstant name: String) throws(AxisFault) -> [Setting] {
    let constant = try constant(name)
    guard let text = text ?? constant.range else {
      throw AxisFault("--set \(name) has no values, and the file declares no range", hint: "write --set \(name)=A..B")
    }
    let values = try AxisValues.read(text, of: name, words: false)
    for value in values.compactMap(\.number) { try check(value, of: constant, text) }
    return values
  }

  fileprivate func check(_ value: Double, ofConstant name: String, _ text: String) throws(AxisFault) {
    try check(value, of: try constant(name), text)
  }

  private func check(_ value: Double, of constant: Constant, _ text: String) throws(AxisFault) {
    guard let range = constant.range.flatMap(ParameterRange.init), value < range.low || value > range.high else {
      return
    }
    throw AxisFault(
      "--set \(constant.name)=\(text): \(Figure(value)) is out of range",
      hint: "the file declares \(constant.name): range \(constant.range ?? "")")
  }
}
