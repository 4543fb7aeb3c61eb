public import PluginKit

/// A strategy file that is read once and made into a strategy for each set of values of its parameters.
///
/// What it makes runs like the strategy that the file would be with those values in it, signal by signal; it carries no
/// reasons, tests or outlines of steps, which a sweep does not look at.
public struct StrategyTemplate {
  /// The strategy with the file's own values.
  public let base: Strategy
  /// What stands under `params:`.
  public let constants: [Constant]
  let registry: Registry
  private let reader: StrategyReader
  private let root: YAMLValue
  private let file: String
  private let parsed = ParsedExpressions()
  private let bare: Strategy

  /// A constant of the file.
  public struct Constant: Sendable {
    public let name: String
    /// Its range as written; nil where none is declared.
    public let range: String?
  }

  /// What became of a set of values.
  public enum Made: Sendable {
    case strategy(Strategy)
    /// The values do not go together, or one is nothing that its step takes: the first fault, in words.
    case refused(String)
  }

  init(base: Strategy, root: YAMLValue, reader: StrategyReader, file: String) {
    self.base = base
    self.root = root
    self.reader = reader
    self.file = file
    registry = reader.registry
    let binder = Binder(registry: reader.registry, diagnostics: StrategyTemplate.brief(file, reader.references))
    reader.readParameters(root.entries?.first { $0.name == "params" }, binder)
    constants = binder.parameters.keys.sorted().map { Constant(name: $0, range: binder.ranges[$0]) }
    var bare = base
    (bare.tests, bare.steps, bare.graph) = ([], [], Graph())
    self.bare = bare
  }

  /// The strategy with the values of `axes`, in their order.
  public func strategy(_ axes: [ParameterAxis], _ values: [Setting]) -> Made {
    let binder = Binder(registry: registry, diagnostics: StrategyTemplate.brief(file, reader.references))
    binder.isBare = true
    binder.parsed = parsed
    binder.timeframe = base.timeframe
    binder.roles = base.groups.first?.map(\.role) ?? []
    for (axis, value) in zip(axes, values) { binder.overrides[axis.step ?? "", default: [:]][axis.parameter] = value }
    guard var file = MappingReader(root, "a strategy", binder.diagnostics) else { return .refused("no strategy") }
    let behaviour = reader.behaviour(&file, binder)
    if let fault = binder.diagnostics.firstError { return .refused(fault) }
    guard let rule = behaviour.rule else { return .refused("it has no step that makes signals") }
    var strategy = bare
    (strategy.graph, strategy.rule, strategy.plan) = (binder.graph, rule, behaviour.plan)
    return .strategy(strategy)
  }

  /// Everything that can be swept, as it is named: `trend.fast`, `n`.
  public var parameterNames: [String] {
    constants.map(\.name)
      + base.steps.flatMap { step in
        (step.module.flatMap { registry.signals[$0] }?.parameters ?? []).map { "\(step.id).\($0.name)" }
      }
  }

  private static func brief(_ file: String, _ references: References) -> Diagnostics {
    Diagnostics(source: SourceText(file: file, text: ""), references: references, isBrief: true)
  }
}

extension StrategyReader {
  /// A template, where the file has no error, and everything that there is to say of it.
  public func template(path: String, shownAs name: String? = nil) -> (StrategyTemplate?, [Diagnostic]) {
    let (strategy, diagnostics) = read(path: path, shownAs: name)
    return (template(strategy, YAMLFile(path: path, shownAs: name, references: references)), diagnostics)
  }

  /// The same from bytes; `file` is how it is called in messages.
  public func template(file: String, bytes: [UInt8]) -> (StrategyTemplate?, [Diagnostic]) {
    let (strategy, diagnostics) = read(file: file, bytes: bytes)
    return (template(strategy, YAMLFile(file: file, bytes: bytes, references: references)), diagnostics)
  }

  private func template(_ strategy: Strategy?, _ yaml: YAMLFile) -> StrategyTemplate? {
    guard let strategy, let root = yaml.root else { return nil }
    return StrategyTemplate(base: strategy, root: root, reader: self, file: yaml.diagnostics.source.file)
  }
}
