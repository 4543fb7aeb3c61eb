import Engine
import Logging
import Reporting
import Storage

extension Host {
  /// Computes a report by what is known now and queues it; ends with a sentence for the job's row.
  func report(_ kind: DailyReport.Kind, for slot: JobSlot) async throws -> String {
    let now = surroundings.clock.now()
    let sending = ReportSending(configuration: configuration)
    let collector = try await ReportCollector(workspace, store, kind, at: now, slot: slot.dueAt)
    let report = try await collector.report(charts: sending.showsCharts && !isDry ? 3 : 0)
    let content = ReportWords(report, locale: configuration.locale, clock: sending.clock).content
    let text = "\(report.fired.count) signals, \(report.closed.count) results"
    guard !isDry else {
      log.notice("would go out: \(content.title)", metadata: ["signals": "\(report.fired.count)"])
      return text
    }
    let isNew = try await sending.queue(
      report, content, pictures: sending.pictures(of: report) { log.warning("\($0)") },
      through: collector.through(report), slot: slot.dueAt, in: store, at: now)
    guard isNew else { return "it was queued before" }
    return "\(text), to \(sending.channels.count) channels"
  }
}
