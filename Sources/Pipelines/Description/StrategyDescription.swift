public import PluginKit
import Trading

/// A strategy in words: what each step says, how it is traded, and when it cannot speak.
public struct StrategyDescription: Sendable {
  public enum Locale: String, Sendable, CaseIterable { case en, ko }

  public let text: String

  public init(of strategy: Strategy, locale: Locale, registry: Registry) {
    let source = NarratedGraph(strategy, registry: registry)
    switch locale {
    case .en: text = EnglishDescription(strategy, source).lines.joined(separator: "\n")
    case .ko: text = KoreanDescription(strategy, source).lines.joined(separator: "\n")
    }
  }
}

extension Strategy {
  /// Its symbols, or those of its groups by role.
  var actedOn: String {
    let groups = groups.map { $0.map { "\($0.role) = \($0.symbol)" }.joined(separator: " and ") }
    return (symbols + groups).joined(separator: ", ")
  }
}

extension StrategyDescription {
  /// Whatever a file declares, in words.
  public init(of declared: Declaration, locale: Locale, registry: Registry) {
    switch declared {
    case .strategy(let strategy): self.init(of: strategy, locale: locale, registry: registry)
    case .rotation(let rotation):
      let source = NarratedGraph(rotation.graph, registry: registry)
      let lines = locale == .en ? EnglishPortfolio.lines(rotation, source) : KoreanPortfolio.lines(rotation, source)
      self.init(text: lines.joined(separator: "\n"))
    case .priceAlert(let alert):
      let lines = locale == .en ? EnglishAlert.lines(alert) : KoreanAlert.lines(alert)
      self.init(text: lines.joined(separator: "\n"))
    case .portfolio(let portfolio):
      let lines = locale == .en ? EnglishPortfolio.lines(portfolio) : KoreanPortfolio.lines(portfolio)
      self.init(text: lines.joined(separator: "\n"))
    }
  }

  private init(text: String) { self.text = text }
}

extension StepOutline {
  /// `ma_breakout (period 20, margin 2%)`.
  var moduleText: String? {
    guard let module else { return nil }
    let settings = settings.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
    return settings.isEmpty ? module : "\(module) (\(settings))"
  }
}

extension TradePlan {
  static func percent(_ share: Double) -> String { Figure(share * 100).description + "%" }
}

/// The description in English.
struct EnglishDescription {
  private let strategy: Strategy
  private let source: NarratedGraph
  private let narrator: EnglishNarrator

  init(_ strategy: Strategy, _ source: NarratedGraph) {
    (self.strategy, self.source) = (strategy, source)
    narrator = EnglishNarrator(source)
  }

  var lines: [String] {
    var lines = [strategy.title]
    if !strategy.description.isEmpty { lines.append(strategy.description) }
    lines += ["", "On bars of \(strategy.timeframe), for \(strategy.actedOn)."]
    for step in strategy.steps {
      lines += ["", "Step \"\(step.id)\"" + (step.moduleText.map { ", \($0)" } ?? "") + ":"]
      if let module = step.module, let summary = source.registry.signals[module]?.summary {
        lines.append("  \(summary)")
      }
      if !step.inputs.isEmpty { lines.append("  It reads the steps \(step.inputs.joined(separator: ", ")).") }
      for condition in step.conditions where !source.graph.isConstant(condition.node) {
        source.startAgain()
        lines.append("  \(EnglishDescription.act(condition.name)) when \(narrator.clause(condition.node)).")
      }
    }
    return lines + ["", "Signals"] + signals + ["", "Trading"] + EnglishTrade(strategy.plan, narrator).lines
  }

  private static func act(_ name: String) -> String {
    switch name {
    case "buy": "Buys"
    case "sell": "Sells"
    case "long.enter": "Goes long"
    case "long.exit": "Leaves a long position"
    case "short.enter": "Goes short"
    default: "Leaves a short position"
    }
  }

  private var signals: [String] {
    var lines: [String] = []
    if let step = strategy.decidingStep { lines.append("  The signals are those of the step \"\(step.id)\".") }
    lines.append(
      strategy.emitsLevels
        ? "  Every bar on which a condition is true is a signal."
        : "  A signal is the bar on which a condition becomes true; while it stays true there is no other.")
    if case .both = strategy.rule.calls { lines.append("  Where buy and sell are true on one bar there is neither.") }
    let first = strategy.rule.firstBars(in: strategy.graph)
    let earliest = [first.buy, first.sell].compactMap { $0 }.min() ?? 0
    if earliest > 0 {
      lines.append("  It cannot speak on the first \(earliest) bars: its values need them to warm up.")
    }
    return lines
  }
}
