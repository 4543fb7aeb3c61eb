import PluginKit

/// Makes the strategies of one template for one set of values after another, in one graph. Where the values are settings
/// of steps, only those steps are made anew, and the steps that read them: the file is read once.
struct CombinationReader {
  private let template: StrategyTemplate
  private let axes: [ParameterAxis]
  private var binder: Binder
  /// The steps of the file; nil before the first set of values, or where a value may change more than steps.
  private var steps: StepReader?
  private let changesStepsOnly: Bool

  init(_ template: StrategyTemplate, _ axes: [ParameterAxis]) {
    (self.template, self.axes) = (template, axes)
    binder = template.binder()
    let plan = template.base.plan
    // A plan with expressions has columns, and one that enters again while a call is true reads the rule.
    changesStepsOnly = plan.columns.isEmpty && plan.reentry == .edge && axes.allSatisfy { $0.step != nil }
  }

  /// What all strategies so far compute.
  var graph: Graph { binder.graph }

  /// The next strategy, its own graph being left empty: its columns are those of `graph`.
  mutating func next(_ values: [Setting]) -> StrategyTemplate.Made {
    var strategy = template.bare
    let rule: SignalRule?
    if steps != nil {
      binder.diagnostics = template.diagnostics()
      binder.others = binder.graph.nodes.count
      override(with: values)
      rule = steps?.remake(axes.compactMap(\.step))
    } else {
      let fresh = template.binder()
      swap(&fresh.graph, &binder.graph)
      binder = fresh
      binder.others = binder.graph.nodes.count
      override(with: values)
      guard var file = MappingReader(template.root, "a strategy", binder.diagnostics) else {
        return .refused("no strategy")
      }
      let behaviour = template.reader.behaviour(&file, binder)
      (rule, strategy.plan) = (behaviour.rule, behaviour.plan)
      if changesStepsOnly { steps = behaviour.steps }
    }
    if let fault = binder.diagnostics.firstError { return .refused(fault) }
    guard let rule else { return .refused("it has no step that makes signals") }
    strategy.rule = rule
    return .strategy(strategy)
  }

  private func override(with values: [Setting]) {
    for (axis, value) in zip(axes, values) { binder.overrides[axis.step ?? "", default: [:]][axis.parameter] = value }
  }
}
