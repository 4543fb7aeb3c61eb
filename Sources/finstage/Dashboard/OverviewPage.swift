import Calendars
import Engine
import HTTPAPI
import Reporting
import Storage
import Trading

/// How the host is, what fired last, and what is late.
enum OverviewPage {
  @Sendable static func make(_ scope: DashboardScope) async throws -> DashboardPage {
    let late = try await LateThings.find(scope)
    var query = SignalQuery(strategy: nil, symbol: nil, limit: 12)
    query.from = nil
    let signals = try await scope.store.signals(query)
    return DashboardPage(
      scope.say("Overview", "개요"),
      subtitle: scope.say(
        "As of \(scope.stamp(scope.context.now)), \(scope.clock)",
        "\(scope.stamp(scope.context.now)) 기준, \(scope.clock)"),
      sections: [
        DashboardSection("health", scope.say("Health", "상태"), isLive: true, try await health(scope, late.count)),
        DashboardSection(
          "signals", scope.say("Latest signals", "최근 신호"), isLive: true,
          [
            .table(SignalPages.table(signals, scope)),
            .links([DashboardCell(scope.say("All signals", "모든 신호"), link: "/signals")]),
          ]),
        DashboardSection(
          "late", scope.say("What is late or failed", "지연과 실패"), isLive: true,
          late.isEmpty
            ? [.note(scope.say("Nothing is late, and nothing has failed.", "지연되거나 실패한 것이 없습니다."), .good)]
            : [.lines(late)]),
        DashboardSection("jobs", scope.say("Jobs", "작업"), isLive: true, try await jobs(scope)),
      ])
  }

  private static func health(_ scope: DashboardScope, _ late: Int) async throws -> [DashboardBlock] {
    let context = scope.context
    let database = await APIRoutes.database(context)
    let scheduler = APIRoutes.scheduler(context)
    let channels = await context.channels.states()
    let down = channels.filter { !$0.isUp }
    let isWell = database.isUp && scheduler.isUp && down.isEmpty
    func word(_ isUp: Bool) -> DashboardCell {
      DashboardCell(isUp ? scope.say("up", "정상") : scope.say("down", "중단"), isUp ? .good : .bad)
    }
    let usage = ProcessUsage.now
    let counts = try await scope.store.counts()
    let status: DashboardBlock =
      !database.isUp || !scheduler.isUp
      ? .note(scope.say("The host does not do its work.", "호스트가 동작하지 않습니다."), .bad)
      : isWell
        ? .note(
          late == 0
            ? scope.say("All is well.", "모두 정상입니다.")
            : scope.say("The host works; \(late) things want a look.", "호스트는 정상이며, 확인할 것이 \(late)건 있습니다."),
          late == 0 ? .good : .warn)
        : .note(
          scope.say(
            "Degraded: \(down.map(\.name).joined(separator: ", "))",
            "일부 장애: \(down.map(\.name).joined(separator: ", "))"),
          .warn)
    let figures = scope.figures
    return [
      status,
      .facts([
        DashboardFact(scope.say("Database", "데이터베이스"), word(database.isUp)),
        DashboardFact(scope.say("Scheduler", "스케줄러"), word(scheduler.isUp)),
        DashboardFact(
          scope.say("Channels", "채널"),
          channels.isEmpty
            ? DashboardCell(scope.say("none", "없음"), .quiet)
            : down.isEmpty
              ? DashboardCell(scope.say("\(channels.count) up", "\(channels.count)개 정상"), .good)
              : DashboardCell(down.map { "\($0.name): \($0.detail)" }.joined(separator: "; "), .bad)),
        DashboardFact(
          scope.say("Running for", "가동 시간"),
          DashboardCell(scope.length(context.now.milliseconds - context.activity.startedAt.milliseconds))),
        DashboardFact(
          scope.say("Signals since then", "가동 후 신호"), .figure(figures.count(context.activity.signals))),
        DashboardFact(
          scope.say("Messages waiting", "대기 중인 메시지"),
          DashboardCell(figures.count(counts[.pending] ?? 0), link: "/outbox?state=pending")),
        DashboardFact(scope.say("Memory", "메모리"), .figure(usage.memory.map { figures.size($0) })),
        DashboardFact(
          scope.say("Store", "저장소"),
          .figure(figures.size(ProcessUsage.size(ofDatabase: context.workspace.database.path)))),
      ]),
    ]
  }

  private static func jobs(_ scope: DashboardScope) async throws -> [DashboardBlock] {
    [
      .table(try await SchedulePage.table(scope, withButtons: false)),
      .links([DashboardCell(scope.say("Schedule", "일정"), link: "/schedule")]),
    ]
  }
}

/// What should have happened, and has not.
enum LateThings {
  /// Milliseconds behind its slot from which a run that waits is late.
  private static let patience: Int64 = 120_000

  static func find(_ scope: DashboardScope) async throws -> [DashboardCell] {
    try await jobs(scope) + messages(scope) + feeds(scope) + prices(scope)
  }

  private static func jobs(_ scope: DashboardScope) async throws -> [DashboardCell] {
    var found: [DashboardCell] = []
    let pauses = try await scope.store.pauses()
    for item in scope.context.configuration.schedule {
      let name = item.plan.name
      if let since = pauses[name] {
        found.append(
          DashboardCell(
            scope.say("\(name) rests", "\(name) 작업이 쉬는 중"), .quiet, link: "/schedule",
            detail: scope.say("since \(scope.stamp(since))", "\(scope.stamp(since))부터")))
        continue
      }
      guard let run = try await scope.store.lastRun(of: name) else { continue }
      if run.state == .failed {
        found.append(
          DashboardCell(
            scope.say("\(name) failed", "\(name) 작업 실패"), .bad, link: "/schedule", detail: run.detail ?? ""))
      } else if run.state == .pending, scope.context.now > run.dueAt.advanced(by: patience) {
        let length = scope.length(scope.context.now.milliseconds - run.dueAt.milliseconds)
        found.append(
          DashboardCell(
            scope.say("\(name) is late by \(length)", "\(name) 작업이 \(length) 지연됨"), .warn, link: "/schedule",
            detail: run.detail ?? ""))
      }
    }
    return found
  }

  private static func messages(_ scope: DashboardScope) async throws -> [DashboardCell] {
    let counts = try await scope.store.counts()
    let states: [OutboxEntry.State] = [.dead, .unknown, .parked]
    return states.compactMap { state in
      guard let count = counts[state], count > 0 else { return nil }
      let cell = scope.state(state.rawValue)
      return DashboardCell(
        scope.say("Messages \(state.rawValue): \(count)", "메시지 \(cell.text ?? ""): \(count)"), cell.tone,
        link: "/outbox?state=\(state.rawValue)")
    }
  }

  private static func feeds(_ scope: DashboardScope) async throws -> [DashboardCell] {
    try await scope.store.feeds().filter { $0.failures > 0 }.prefix(10).map { feed in
      DashboardCell(
        scope.say("Feed \(feed.feed): \(feed.failures) failures", "피드 \(feed.feed): \(feed.failures)번 실패"), .warn,
        link: "/news", detail: feed.failure ?? "")
    }
  }

  private static func prices(_ scope: DashboardScope) async throws -> [DashboardCell] {
    var late: [DashboardCell] = []
    for (key, coverage) in try await scope.store.coverages() {
      guard let expected = expected(key, scope), isLate(coverage, key, expected) else { continue }
      late.append(
        DashboardCell(
          scope.say("Prices of \(key.symbol) \(key.timeframe)", "\(key.symbol) \(key.timeframe) 가격"), .warn,
          link: "/data",
          detail: scope.say(
            "the last bar is \(scope.bar(coverage.last, key.timeframe))",
            "마지막 봉 \(scope.bar(coverage.last, key.timeframe))"))
      )
    }
    guard late.count > 10 else { return late }
    let more = late.count - 10
    return late.prefix(10) + [DashboardCell(scope.say("and \(more) more", "그 밖에 \(more)건"), .quiet, link: "/data")]
  }

  /// The close of the last session that should be there; nil where nobody can say, and for series that no item brings.
  static func expected(_ key: CandleKey, _ scope: DashboardScope) -> Instant? {
    let now = scope.context.now
    guard let item = scope.context.configuration.item(for: key.symbol, key.timeframe), item.source == key.source else {
      return nil
    }
    let calendar = item.exchange.flatMap { scope.workspace.calendar($0) }
    return calendar?.session(before: now)?.close ?? now.advanced(by: -max(key.timeframe.milliseconds, 86_400_000))
  }

  static func isLate(_ coverage: Coverage, _ key: CandleKey, _ expected: Instant) -> Bool {
    let knownAt = key.timeframe.knownAt(open: coverage.last)
    let length = key.timeframe.milliseconds > 86_400_000 ? key.timeframe.milliseconds : 0
    return knownAt.advanced(by: length) < expected
  }
}
