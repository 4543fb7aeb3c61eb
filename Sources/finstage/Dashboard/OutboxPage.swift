import HTTPAPI
import Reporting
import Storage
import Trading

/// Messages: what waits, what went out, what did not.
enum OutboxPage {
  private static let size = 100

  @Sendable static func make(_ scope: DashboardScope) async throws -> DashboardPage {
    let state = scope.text("state").flatMap { OutboxEntry.State(rawValue: $0) }
    let entries = try await scope.store.entries(in: state.map { [$0] } ?? [], limit: size)
    let counts = try await scope.store.counts()
    let total = counts.values.reduce(0, +)
    let states =
      [DashboardCell(scope.say("all", "전체"), link: "/outbox", detail: scope.figures.count(total))]
      + OutboxEntry.State.allCases.compactMap { one in
        counts[one].map { count in
          DashboardCell(
            scope.state(one.rawValue).text, link: "/outbox?state=\(one.rawValue)", detail: scope.figures.count(count))
        }
      }
    return DashboardPage(
      scope.say("Outbox", "발송함"),
      sections: [DashboardSection("messages", "", isLive: true, [.links(states), .table(table(entries, scope))])])
  }

  private static func table(_ entries: [OutboxEntry], _ scope: DashboardScope) -> DashboardTable {
    DashboardTable(
      scope.say("Messages", "메시지"),
      heads: [
        scope.say("Queued", "등록"), scope.say("State", "상태"), scope.say("Channel", "채널"), scope.say("About", "내용"),
        scope.say("Tries", "시도"), scope.say("Why", "이유"),
      ] + (scope.mayOperate ? [scope.say("Do", "실행")] : []),
      rows: entries.map { entry in
        let notice = entry.notice
        var about = DashboardCell(notice.title.isEmpty ? notice.symbol ?? notice.code : notice.title)
        about.link = entry.signal.map(DashboardPath.signal)
        about.detail = notice.code
        var cells = [
          DashboardCell(scope.stamp(entry.createdAt)), scope.state(entry.state.rawValue), DashboardCell(notice.channel),
          about, .figure(scope.figures.count(entry.attempts)), DashboardCell(entry.failure ?? "", .quiet),
        ]
        if scope.mayOperate { cells.append(.buttons(buttons(entry, scope))) }
        return cells
      }, empty: scope.say("There are no messages.", "메시지가 없습니다."))
  }

  private static func buttons(_ entry: OutboxEntry, _ scope: DashboardScope) -> [DashboardButton] {
    var buttons: [DashboardButton] = []
    let object = "\(entry.notice.code), \(entry.notice.channel)"
    if [.unknown, .parked, .dead, .dropped].contains(entry.state) {
      buttons.append(
        DashboardButton(scope.say("Send again", "다시 보내기"), DashboardPath.message(entry.id, "retry"), object: object))
    }
    if [.pending, .parked, .unknown, .dead].contains(entry.state) {
      buttons.append(
        DashboardButton(scope.say("Drop", "제외"), DashboardPath.message(entry.id, "drop"), object: object))
    }
    return buttons
  }
}
