/// One parameter of a plugin, said once: decoding, range check, did-you-mean, JSON Schema, reference page and sweeps
/// all read this line. Its default is the initial value of the property it names.
public struct Parameter<Owner>: Sendable {
  public let spec: ParameterSpec
  let set: @Sendable (inout Owner, Setting) -> Void

  init(_ spec: ParameterSpec, set: @escaping @Sendable (inout Owner, Setting) -> Void) {
    self.spec = spec
    self.set = set
  }
}

/// A parameter without its owner's type.
public struct ParameterSpec: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case integer(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    /// A fraction that is written as a percentage: 0.02 is `2%`.
    case percent(ClosedRange<Double>)
    case choice([String])
    /// A list of numbers, each within the range.
    case numbers(ClosedRange<Double>)
  }

  public let name: String
  public let kind: Kind
  public let initial: Setting
  public let meaning: String
}

/// The value of a parameter.
public enum Setting: Hashable, Sendable {
  case number(Double)
  case choice(String)
  case numbers([Double])

  public var number: Double? { if case .number(let value) = self { value } else { nil } }
  public var choice: String? { if case .choice(let value) = self { value } else { nil } }
  public var numbers: [Double]? { if case .numbers(let values) = self { values } else { nil } }
}

extension Parameter where Owner: Configurable {
  public static func integer(
    _ name: String, _ path: any WritableKeyPath<Owner, Int> & Sendable, _ range: ClosedRange<Int>, _ meaning: String
  ) -> Parameter {
    Parameter(
      ParameterSpec(
        name: name, kind: .integer(range), initial: .number(Double(Owner()[keyPath: path])), meaning: meaning)
    ) { owner, setting in
      if case .number(let value) = setting, let whole = Int(exactly: value) { owner[keyPath: path] = whole }
    }
  }

  public static func number(
    _ name: String, _ path: any WritableKeyPath<Owner, Double> & Sendable, _ range: ClosedRange<Double>,
    _ meaning: String
  ) -> Parameter { real(name, path, .number(range), meaning) }

  public static func percent(
    _ name: String, _ path: any WritableKeyPath<Owner, Double> & Sendable, _ range: ClosedRange<Double>,
    _ meaning: String
  ) -> Parameter { real(name, path, .percent(range), meaning) }

  private static func real(
    _ name: String, _ path: any WritableKeyPath<Owner, Double> & Sendable, _ kind: ParameterSpec.Kind,
    _ meaning: String
  ) -> Parameter {
    Parameter(
      ParameterSpec(name: name, kind: kind, initial: .number(Owner()[keyPath: path]), meaning: meaning)
    ) { owner, setting in
      if case .number(let value) = setting { owner[keyPath: path] = value }
    }
  }

  public static func choice(
    _ name: String, _ path: any WritableKeyPath<Owner, String> & Sendable, _ choices: [String], _ meaning: String
  ) -> Parameter {
    Parameter(
      ParameterSpec(name: name, kind: .choice(choices), initial: .choice(Owner()[keyPath: path]), meaning: meaning)
    ) { owner, setting in
      if case .choice(let value) = setting { owner[keyPath: path] = value }
    }
  }

  public static func numbers(
    _ name: String, _ path: any WritableKeyPath<Owner, [Double]> & Sendable, _ range: ClosedRange<Double>,
    _ meaning: String
  ) -> Parameter {
    Parameter(
      ParameterSpec(name: name, kind: .numbers(range), initial: .numbers(Owner()[keyPath: path]), meaning: meaning)
    ) { owner, setting in
      if case .numbers(let values) = setting { owner[keyPath: path] = values }
    }
  }
}

/// What has parameters: every plugin.
public protocol Configurable: Sendable {
  init()
}

extension ParameterSpec {
  /// Says what is wrong with a setting: nil where it is admitted.
  public func fault(in setting: Setting) -> String? {
    switch (kind, setting) {
    case (.integer(let range), .number(let value)):
      guard let whole = Int(exactly: value) else { return "\(name) \(Figure(value)) is not a whole number" }
      return range.contains(whole) ? nil : "\(name) \(whole) is out of range"
    case (.number(let range), .number(let value)):
      return range.contains(value) ? nil : "\(name) \(Figure(value)) is out of range"
    case (.percent(let range), .number(let value)):
      return range.contains(value) ? nil : "\(name) \(Figure(value * 100))% is out of range"
    case (.choice(let choices), .choice(let value)):
      return choices.contains(value) ? nil : "\(name) \"\(value)\" is unknown"
    case (.numbers(let range), .numbers(let values)):
      return values.first { !range.contains($0) }.map { "\(name) \(Figure($0)) is out of range" }
    case (.numbers, _):
      return "\(name) is not a list"
    case (.choice, .number(let value)):
      return "\(name) \(Figure(value)) is a number"
    case (_, .numbers):
      return "\(name) is a list"
    case (_, .choice(let value)):
      return "\(name) \"\(value)\" is not a number"
    }
  }

  /// What is admitted, in words: `1 to 10000`, `0% to 100%`, `sma, ema`.
  public var admitted: String {
    switch kind {
    case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .number(let range): "a number from \(Figure(range.lowerBound)) to \(Figure(range.upperBound))"
    case .percent(let range): "\(Figure(range.lowerBound * 100))% to \(Figure(range.upperBound * 100))%"
    case .choice(let choices): "one of: " + choices.joined(separator: ", ")
    case .numbers(let range): "a list of numbers from \(Figure(range.lowerBound)) to \(Figure(range.upperBound))"
    }
  }
}
