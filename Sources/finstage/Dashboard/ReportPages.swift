import HTTPAPI
import Reporting
import Storage
import Trading

/// Reports that were made, as they went out.
enum ReportPages {
  @Sendable static func list(_ scope: DashboardScope) async throws -> DashboardPage {
    let reports = try await StoredReports.all(scope.store, limit: 100)
    return DashboardPage(
      scope.say("Reports", "보고서"),
      sections: [
        DashboardSection(
          "reports", "", isLive: true,
          [
            .table(
              DashboardTable(
                scope.say("Reports", "보고서"),
                heads: [
                  scope.say("Slot", "시각"), scope.say("Kind", "종류"), scope.say("Parts", "부분"),
                  scope.say("Channels", "채널"),
                ],
                rows: reports.map { report in
                  [
                    DashboardCell(
                      Instant(report.slot).map(scope.stamp) ?? report.slot,
                      link: DashboardPath.report(report.kind, report.slot)), DashboardCell(kind(report.kind, scope)),
                    .figure(scope.figures.count(report.parts.count)),
                    DashboardCell(
                      report.channels.map { "\($0.name): \(scope.state($0.state.rawValue).text ?? "")" }
                        .joined(separator: ", ")),
                  ]
                },
                empty: scope.say(
                  "No report was made yet: the schedule's jobs daily_report and weekly_report make them.",
                  "아직 보고서가 없습니다. 일정의 daily_report와 weekly_report 작업이 만듭니다.")))
          ])
      ])
  }

  private static func kind(_ word: String, _ scope: DashboardScope) -> String {
    switch word {
    case "daily": scope.say("daily", "일일")
    case "weekly": scope.say("weekly", "주간")
    case "signals": scope.say("signals", "신호")
    default: word
    }
  }

  @Sendable static func one(_ scope: DashboardScope) async throws -> DashboardPage {
    let (kind, slot) = (scope.request.path["kind"] ?? "", scope.request.path["slot"] ?? "")
    guard let report = try await StoredReports.one(scope.store, kind: kind, slot: slot) else {
      throw Problem(404, "there is no report of this kind and slot")
    }
    return DashboardPage(
      report.parts.first?.title ?? scope.say("Report", "보고서"),
      subtitle: "\(self.kind(kind, scope)) · \(Instant(slot).map(scope.stamp) ?? slot)",
      sections: report.parts.enumerated().map { number, part in
        DashboardSection("part-\(number + 1)", number == 0 ? "" : part.title, [.text([part.text])])
      })
  }
}
