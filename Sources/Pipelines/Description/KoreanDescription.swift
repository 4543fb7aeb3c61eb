import PluginKit
import Trading

/// The description in Korean.
struct KoreanDescription {
  private let strategy: Strategy
  private let source: NarratedGraph
  private let narrator: KoreanNarrator

  init(_ strategy: Strategy, _ source: NarratedGraph) {
    (self.strategy, self.source) = (strategy, source)
    narrator = KoreanNarrator(source)
  }

  var lines: [String] {
    var lines = [strategy.title]
    if !strategy.description.isEmpty { lines.append(strategy.description) }
    lines += ["", "봉 간격 \(strategy.timeframe), 대상 \(strategy.actedOn)"]
    for step in strategy.steps {
      lines += ["", "단계 '\(step.id)'" + (step.moduleText.map { ", \($0)" } ?? "")]
      if !step.inputs.isEmpty { lines.append("  앞 단계 \(step.inputs.joined(separator: ", "))의 판단을 모읍니다.") }
      for condition in step.conditions where !source.graph.isConstant(condition.node) {
        source.startAgain()
        let name = KoreanNarrator.name(condition.direction)
        lines.append("  \(name): \(narrator.condition(condition.node)) \(KoreanDescription.act(condition.direction)).")
      }
    }
    return lines + ["", "신호"] + signals + ["", "거래"] + KoreanTrade(strategy.plan, narrator).lines
  }

  private static func act(_ direction: Direction) -> String {
    switch direction {
    case .buy: "매수합니다"
    case .sell: "매도합니다"
    case .exitLong: "매수 포지션을 정리합니다"
    case .exitShort: "매도 포지션을 정리합니다"
    }
  }

  private var signals: [String] {
    var lines: [String] = []
    if let step = strategy.decidingStep { lines.append("  신호는 '\(step.id)' 단계에서 나옵니다.") }
    lines.append(
      strategy.emitsLevels
        ? "  조건이 참인 모든 봉이 신호입니다." : "  조건이 참으로 바뀌는 봉이 신호이고, 참인 동안에는 다시 신호를 내지 않습니다.")
    if case .both = strategy.rule.calls { lines.append("  한 봉에서 매수와 매도가 함께 참이면 둘 다 신호가 아닙니다.") }
    let first = strategy.rule.firstBars(in: strategy.graph)
    let earliest = [first.buy, first.sell].compactMap { $0 }.min() ?? 0
    if earliest > 0 { lines.append("  처음 \(earliest)봉 동안은 값이 준비되지 않아 신호를 낼 수 없습니다.") }
    return lines
  }
}
