import Engine
import HTTPAPI
import Reporting
import Storage
import Trading

/// Jobs: when they run, how the last run ended, and what operators may do about it.
enum SchedulePage {
  @Sendable static func make(_ scope: DashboardScope) async throws -> DashboardPage {
    DashboardPage(
      scope.say("Schedule", "일정"),
      subtitle: scope.say("Times are \(scope.clock)", "시각은 \(scope.clock) 기준"),
      sections: [
        DashboardSection(
          "jobs", "", isLive: true, [.table(try await table(scope, withButtons: scope.mayOperate))])
      ])
  }

  static func table(_ scope: DashboardScope, withButtons: Bool) async throws -> DashboardTable {
    let context = scope.context
    let pauses = try await scope.store.pauses()
    var rows: [[DashboardCell]] = []
    for item in context.configuration.schedule {
      let plan = item.plan
      let run = try await scope.store.lastRun(of: plan.name)
      let isPaused = pauses[plan.name] != nil
      let next = plan.recurrence?.next(after: context.now)
      var cells = [
        DashboardCell(plan.name), DashboardCell(ScheduleListing.when(plan), .quiet),
        isPaused
          ? DashboardCell(scope.say("rests", "쉬는 중"), .warn)
          : DashboardCell(next.map(scope.stamp) ?? scope.say("after another job", "다른 작업 뒤")),
        run.map { scope.state($0.state.rawValue) } ?? DashboardCell(scope.say("never ran", "실행된 적 없음"), .quiet),
        DashboardCell(run?.finishedAt.map(scope.stamp) ?? ""), DashboardCell(run?.detail ?? "", .quiet),
      ]
      if withButtons {
        let object = plan.name
        cells.append(
          .buttons(
            isPaused
              ? [DashboardButton(scope.say("Resume", "재개"), DashboardPath.job(plan.name, "resume"), object: object)]
              : [
                DashboardButton(scope.say("Run now", "지금 실행"), DashboardPath.job(plan.name, "run"), object: object),
                DashboardButton(scope.say("Pause", "쉬기"), DashboardPath.job(plan.name, "pause"), object: object),
              ]))
      }
      rows.append(cells)
    }
    return DashboardTable(
      scope.say("Jobs", "작업"),
      heads: [
        scope.say("Job", "작업"), scope.say("When", "언제"), scope.say("Next", "다음"), scope.say("Last run", "마지막 실행"),
        scope.say("Ended", "종료"), scope.say("What it said", "결과"),
      ] + (withButtons ? [scope.say("Do", "실행")] : []), rows: rows,
      empty: scope.say("The schedule is empty.", "일정이 비어 있습니다."))
  }
}
