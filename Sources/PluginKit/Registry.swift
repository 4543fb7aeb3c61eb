/// What is known of an indicator without its type.
public struct IndicatorEntry: Sendable {
  public let id: String
  public let summary: String
  public let inputs: [String]
  public let outputs: [String]
  public let parameters: [ParameterSpec]
  public let examples: [Example]
  public let measure: Measure
  /// Whether the user names its inputs (`sma(close, 20)`) or it reads candle columns by itself (`atr(14)`).
  public let takesSeries: Bool
  let configured: @Sendable ([String: Double]) -> ConfiguredIndicator

  @inlinable
  public init<Module: Indicator>(_ type: Module.Type) {
    self.init(type) { module in
      ConfiguredIndicator(warmUp: module.warmUp, reach: module.reach) {
        .native(ColumnWork(of: module))
      }
    }
  }

  @usableFromInline
  init<Module: Indicator>(_ type: Module.Type, _ configure: @escaping @Sendable (Module) -> ConfiguredIndicator) {
    id = Module.id
    summary = Module.summary
    inputs = Module.inputs
    outputs = Module.outputs
    let parameters = Module.parameters
    self.parameters = parameters.map(\.spec)
    examples = Module.examples
    measure = Module.measure
    takesSeries = !Module.inputs.allSatisfy(Self.candleColumns.contains)
    configured = { settings in
      var module = Module()
      for parameter in parameters {
        if let value = settings[parameter.spec.name] { parameter.set(&module, .number(value)) }
      }
      return configure(module)
    }
  }

  /// The indicator with these settings; a name that is not given keeps its default.
  public func callAsFunction(_ settings: [String: Double]) -> ConfiguredIndicator { configured(settings) }

  public static let candleColumns: Set<String> = ["open", "high", "low", "close", "volume"]
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

/// What is known of a signal module without its type.
public struct SignalEntry: Sendable {
  public let id: String
  public let summary: String
  public let inputs: StepCount
  public let parameters: [ParameterSpec]
  public let examples: [SignalExample]
  private let configured: @Sendable ([String: Setting]) -> any SignalModule

  public init<Module: SignalModule>(_ type: Module.Type) {
    id = Module.id
    summary = Module.summary
    inputs = Module.inputs
    let parameters = Module.parameters
    self.parameters = parameters.map(\.spec)
    examples = Module.examples
    configured = { settings in
      var module = Module()
      for parameter in parameters {
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
