/// What is known of an indicator without its type. All but its name is looked at when it is first asked for: a command
/// that starts names a hundred indicators, and uses a few.
public struct IndicatorEntry: Sendable {
  public let id: String
  public var summary: String { facts.value.summary }
  public var inputs: [String] { facts.value.inputs }
  public var outputs: [String] { facts.value.outputs }
  public var parameters: [ParameterSpec] { facts.value.parameters }
  public var examples: [Example] { facts.value.examples }
  public var measure: Measure { facts.value.measure }
  /// Whether the user names its inputs (`sma(close, 20)`) or it reads candle columns by itself (`atr(14)`).
  public var takesSeries: Bool { facts.value.takesSeries }
  private let facts: Deferred<Facts>
  private let configured: @Sendable ([String: Double]) -> ConfiguredIndicator

  @usableFromInline
  struct Facts: Sendable {
    let summary: String
    let inputs, outputs: [String]
    let parameters: [ParameterSpec]
    let examples: [Example]
    let measure: Measure
    let takesSeries: Bool

    @usableFromInline
    init<Module: Indicator>(_ type: Module.Type) {
      summary = Module.summary
      inputs = Module.inputs
      outputs = Module.outputs
      parameters = Module.parameters.map { $0.spec }
      examples = Module.examples
      measure = Module.measure
      takesSeries = !Module.inputs.allSatisfy(IndicatorEntry.candleColumns.contains)
    }
  }

  // The closures name the type, and nothing here does: so it is made known to the runtime when they are called.
  @inlinable
  public init<Module: Indicator>(_ type: Module.Type) {
    self.init(id: Module.id, facts: { Facts(Module.self) }) { settings in
      let module = configure(Module.self, settings)
      return ConfiguredIndicator(warmUp: module.warmUp, reach: module.reach) {
        .native(ColumnWork(of: module))
      }
    }
  }

  @usableFromInline
  init(
    id: String, facts: @escaping @Sendable () -> Facts,
    _ configured: @escaping @Sendable ([String: Double]) -> ConfiguredIndicator
  ) {
    self.id = id
    self.facts = Deferred(facts)
    self.configured = configured
  }

  /// An indicator whose work is done by something else than its own steps.
  init<Module: Indicator>(_ type: Module.Type, _ work: @escaping @Sendable (Module) -> ConfiguredIndicator) {
    self.init(id: Module.id, facts: { Facts(Module.self) }) { work(configure(Module.self, $0)) }
  }

  /// The indicator with these settings; a name that is not given keeps its default.
  public func callAsFunction(_ settings: [String: Double]) -> ConfiguredIndicator { configured(settings) }

  public static let candleColumns: Set<String> = ["open", "high", "low", "close", "volume"]
}

/// An indicator with these settings.
@usableFromInline
func configure<Module: Indicator>(_ type: Module.Type, _ settings: [String: Double]) -> Module {
  var module = Module()
  for parameter in Module.parameters {
    if let value = settings[parameter.spec.name] { parameter.set(&module, .number(value)) }
  }
  return module
}

/// An indicator with its settings, ready to be put to work any number of times.
public struct ConfiguredIndicator: Sendable {
  public let warmUp: Int
  public let reach: Int
  public let begin: @Sendable () -> Worker

  /// Who does the work: this process, or another that is awaited.
  public enum Worker {
    case native(ColumnWork)
    case remote(any RemoteColumns)
  }

  public init(warmUp: Int, reach: Int, begin: @escaping @Sendable () -> Worker) {
    self.warmUp = warmUp
    self.reach = reach
    self.begin = begin
  }
}

/// What is known of a signal module without its type; all but its name is looked at when it is first asked for.
public struct SignalEntry: Sendable {
  public let id: String
  public var summary: String { facts.value.summary }
  public var inputs: StepCount { facts.value.inputs }
  public var parameters: [ParameterSpec] { facts.value.parameters }
  public var examples: [SignalExample] { facts.value.examples }
  private let facts: Deferred<Facts>
  private let configured: @Sendable ([String: Setting]) -> any SignalModule

  private struct Facts: Sendable {
    let summary: String
    let inputs: StepCount
    let parameters: [ParameterSpec]
    let examples: [SignalExample]
  }

  public init<Module: SignalModule>(_ type: Module.Type) {
    id = Module.id
    facts = Deferred {
      Facts(
        summary: Module.summary, inputs: Module.inputs, parameters: Module.parameters.map { $0.spec },
        examples: Module.examples)
    }
    configured = { settings in
      var module = Module()
      for parameter in Module.parameters {
        if let value = settings[parameter.spec.name] { parameter.set(&module, value) }
      }
      return module
    }
  }

  /// The module with these settings; a name that is not given keeps its default.
  public func callAsFunction(_ settings: [String: Setting]) -> any SignalModule { configured(settings) }
}

/// Every module that strategies can name, by id.
public struct Registry: Sendable {
  public let indicators: [String: IndicatorEntry]
  public let signals: [String: SignalEntry]

  /// The first of two with one id stays; a test over the lists keeps ids apart.
  public init(indicators: [IndicatorEntry], signals: [SignalEntry]) {
    self.indicators = Dictionary(indicators.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    self.signals = Dictionary(signals.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
  }
}
