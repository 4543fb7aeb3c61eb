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
  let reader: StrategyReader
  let root: YAMLValue
  private let file: String
  private let parsed = ParsedExpressions()
  let bare: Strategy

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
    var combinations = CombinationReader(self, axes)
    let made = combinations.next(values)
    guard case .strategy(var strategy) = made else { return made }
    strategy.graph = combinations.graph
    return .strategy(strategy)
  }

  /// The strategies with many sets of values of `axes` in one graph, in the order of the sets, without those that are
  /// refused; these by their places, with the reasons.
  public func family(
    _ axes: [ParameterAxis], _ sets: some Sequence<[Setting]>
  ) -> (family: StrategyFamily, refused: [Int: String]) {
    var combinations = CombinationReader(self, axes)
    var strategies: [Strategy] = []
    var refused: [Int: String] = [:]
    strategies.reserveCapacity(sets.underestimatedCount)
    for (place, values) in sets.enumerated() {
      switch combinations.next(values) {
      case .strategy(let strategy): strategies.append(strategy)
      case .refused(let reason): refused[place] = reason
      }
    }
    let family = StrategyFamily(combinations.graph, strategies)
    // What was begun for those that were refused may be what no run admits.
    return (refused.isEmpty ? family : family.extracting(strategies.indices), refused)
  }

  /// For one strategy, of which nothing is told but the words of its first fault.
  func binder() -> Binder {
    let binder = Binder(registry: registry, diagnostics: diagnostics())
    binder.isBare = true
    binder.parsed = parsed
    binder.timeframe = base.timeframe
    binder.roles = base.groups.first?.map(\.role) ?? []
    return binder
  }

  func diagnostics() -> Diagnostics { StrategyTemplate.brief(file, reader.references) }

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
