import HTTPAPI
import Reporting
import Storage

/// All strategies beside each other: by the last backtest of all of them, and by what became of what they said live.
enum LeaguePage {
  @Sendable static func make(_ scope: DashboardScope) async throws -> DashboardPage {
    let jobs = await scope.context.backtests.all.filter { $0.question.strategies.isEmpty && $0.question.symbol == nil }
    var blocks: [DashboardBlock] = []
    if let running = jobs.first(where: { !$0.hasEnded }) {
      let (done, total) = running.progress.value
      blocks.append(
        .progress(Double(done) / Double(max(1, total)), scope.say("\(done) of \(total)", "\(total) 중 \(done)")))
      blocks.append(
        .links([DashboardCell(scope.say("The backtest", "백테스트"), link: DashboardPath.backtest(running.id))]))
    }
    if let latest = jobs.first(where: { $0.answer != nil }), let league = latest.answer?.league[scope.language] {
      blocks.append(
        .text([
          scope.say(
            "By the backtest of \(latest.endedAt.map(scope.stamp) ?? "")",
            "\(latest.endedAt.map(scope.stamp) ?? "") 백테스트 기준")
        ]))
      blocks += self.blocks(league, scope)
    } else if blocks.isEmpty {
      blocks.append(
        .text([
          scope.say("No backtest of all strategies was run since the host began.", "호스트 시작 후 전체 전략 백테스트가 없습니다.")
        ]))
    }
    if scope.mayOperate {
      blocks.append(
        .form(DashboardForm("/backtests", button: scope.say("Run all strategies", "모든 전략 실행"), fields: [])))
    }
    return DashboardPage(
      scope.say("League table", "순위표"), sections: [DashboardSection("league", "", isLive: true, blocks)])
  }

  /// The verdicts are written in English; a Korean page says what they rest on instead.
  static func blocks(
    _ league: (verdicts: [String], table: DashboardTable), _ scope: DashboardScope
  ) -> [DashboardBlock] {
    let words =
      scope.isKorean
      ? ["표본 외 수익은 규칙이 만들어진 다음 날부터의 수익입니다.", "보정 p값은 시도한 모든 전략에 맞춰 보정한 값입니다. 0.05보다 크면 운과 구별되지 않습니다."] : league.verdicts
    return [.text(words), .table(league.table)]
  }
}
