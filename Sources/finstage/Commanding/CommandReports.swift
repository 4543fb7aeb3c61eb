import Backtesting
import Insights
import Notifications
import Pipelines
import Reporting
import Storage
import Trading

/// Answers that look something up.
extension CommandDesk {
  /// Lines of one answer.
  private static let most = 40
  /// Messages of a report that are shown.
  private static let mostParts = 10
  /// Signals that are looked at for open calls, the latest ones.
  private static let mostSignals = 20_000

  func status(at moment: Instant) async throws -> CommandAnswer {
    var lines = [
      words.runs(Finstage.version, since: activity.startedAt),
      words.scheduler(
        turnedAt: activity.turnedAt,
        isLate: activity.turnedAt.map { abs(moment.milliseconds - $0.milliseconds) > 180_000 } ?? true),
      words.strategies(await host.strategyNames.count), words.signals(activity.signals),
    ]
    lines += activity.jobs.sorted { $0.key < $1.key }.prefix(CommandDesk.most).map { name, job in
      words.job(name, job.succeededAt, failures: job.failures)
    }
    let counts = try await store.counts()
    let known = OutboxEntry.State.allCases.compactMap { state in counts[state].map { "\(state.rawValue) \($0)" } }
    lines.append(words.messages(known.isEmpty ? "0" : known.joined(separator: " · ")))
    lines += activity.commands.all.filter { !$0.state.isUp }.map { words.ear($0.source, $0.state.detail) }
    let silences = try await store.silences(at: moment)
    lines += silences.isEmpty ? [words.nothingIsMuted] : cut(silences.map { "🔕 \(words.isMuted($0))" })
    return CommandAnswer(lines.joined(separator: "\n"), title: words.statusTitle)
  }

  func open() async throws -> CommandAnswer {
    let sides = await host.sides
    let signals = try await store.signals(strategy: nil, symbol: nil, limit: CommandDesk.mostSignals)
    let taken = try await store.takenSignals()
    var calls = OpenCalls.of(signals, sides: sides)
    guard !calls.isEmpty else { return CommandAnswer(words.nothingIsOpen, title: words.openTitle) }
    for place in calls.indices { calls[place].isTaken = taken.contains(calls[place].entry.id) }
    let lines = calls.map { words.open($0, price: price($0.entry.record.signal.price)) }
    return CommandAnswer((cut(lines) + ["", words.openNote]).joined(separator: "\n"), title: words.openTitle)
  }

  func report(_ kind: String?) async throws -> CommandAnswer {
    let kinds = DailyReport.Kind.allCases.map(\.rawValue)
    if let kind, !kinds.contains(kind) {
      return CommandAnswer(words.noReportKind(kinds), detail: "refused: no such report")
    }
    let wanted = kind ?? DailyReport.Kind.daily.rawValue
    let found = try await StoredReports.all(store, limit: 500).first { $0.kind == wanted }
    guard let found else { return CommandAnswer(words.noReport) }
    let texts = found.parts.prefix(CommandDesk.mostParts).map { AnswerText($0.text, isNotice: true) }
    return CommandAnswer(texts, detail: "\(found.kind) \(found.slot)")
  }

  func performance(of strategy: String?) async throws -> CommandAnswer {
    let horizon = Horizon.session
    var question = StoredPerformance.Question(horizon: horizon)
    question.strategies = strategy.map { [$0] } ?? []
    let found = try await StoredPerformance(question, host.workspace, store)
    guard !found.isEmpty else { return CommandAnswer(words.noSignals) }
    var lines = found.performance.groups.map { line($0.key.first ?? "", $0, question.minSamples) }
    if try await !store.takenSignals().isEmpty {
      question.by = [.taken]
      let taken = try await StoredPerformance(question, host.workspace, store)
      lines += taken.performance.groups.map { group in
        line(words.takenGroup(group.key.first == Performance.taken), group, question.minSamples)
      }
    }
    lines = cut(lines) + cut(found.failures.map { "⚠️ \(LogText.line($0))" })
    return CommandAnswer(lines.joined(separator: "\n"), title: words.performanceTitle("\(horizon)"))
  }

  private func line(_ name: String, _ group: Performance.Group, _ least: Int) -> String {
    let outcome = group.outcome
    var parts = ["\(name): \(words.count(outcome.count, open: group.open))"]
    guard outcome.count >= least, let rate = percent(outcome.successRate) else {
      return (parts + [words.tooFew(least)]).joined(separator: " · ")
    }
    parts.append(words.rate(rate, base: percent(outcome.baseRate)))
    if let mean = outcome.meanReturn, mean.isFinite { parts.append(words.mean(signed(mean))) }
    return parts.joined(separator: " · ")
  }

  private func percent(_ fraction: Double?) -> String? {
    fraction.flatMap { $0.isFinite ? "\(Int(($0 * 100).rounded())) %" : nil }
  }

  /// In hundredths of a percent: `+1.25 %`.
  private func signed(_ fraction: Double) -> String {
    let hundredths = Int((min(max(fraction, -1e6), 1e6) * 10_000).rounded())
    let digits = "\(abs(hundredths) % 100)"
    return "\(hundredths < 0 ? "-" : "+")\(abs(hundredths) / 100).\(digits.count < 2 ? "0" : "")\(digits) %"
  }

  private func price(_ price: Double) -> String {
    price == price.rounded() && abs(price) < 1e15 ? "\(Int64(price))" : "\(price)"
  }

  private func cut(_ lines: [String]) -> [String] {
    guard lines.count > CommandDesk.most else { return lines }
    return lines.prefix(CommandDesk.most) + [words.more(lines.count - CommandDesk.most)]
  }
}
