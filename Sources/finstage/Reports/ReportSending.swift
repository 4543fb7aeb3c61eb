import Calendars
import Notifications
import Reporting
import Storage
import Trading

/// Reports in words, and on their way to the channels.
struct ReportSending {
  let configuration: Configuration

  var clock: ReportClock {
    guard let zone = configuration.zone else { return .utc }
    return ReportClock(zone: zone.name) { Instant(seconds: zone.local(at: $0)) }
  }

  private var writer: NoticeWriter {
    NoticeWriter(templates: configuration.noticeTemplates().templates, zone: configuration.zone)
  }

  func text(of content: ReportContent) -> String { writer.text(of: ReportText(content)) }

  /// The channels that get reports.
  var channels: [String] { configuration.notifications.rules.reports ?? configuration.channelNames ?? [] }

  /// Queues a report by all channels in one transaction; false where one of its name was queued before.
  func queue(
    _ report: DailyReport, _ content: ReportContent, through: String, slot: Instant, in store: SQLiteStore,
    at moment: Instant
  ) async throws -> Bool {
    let name = ReportName(report.kind, slot: slot)
    let fields = [
      "kind": "\(report.kind.rawValue)_report", "at": "\(report.at)", "from": "\(report.from)", "through": through,
      "fired": "\(report.fired.count)", "closed": "\(report.closed.count)",
    ]
    let text = ReportText(content)
    let notices = channels.flatMap { writer.notices(of: text, called: name.name, fields: fields, channel: $0) }
    return try await storing { () async throws(StoreError) -> Bool in
      // A second one may be longer, and its last parts would be new.
      guard try await store.lastNotice(keyFrom: name.key, before: name.end) == nil else { return false }
      try await store.add(notices, at: moment)
      return true
    }
  }
}

extension ReportText {
  fileprivate init(_ content: ReportContent) {
    self.init(
      title: content.title, subtitle: content.subtitle, opening: content.opening,
      sections: content.sections.map {
        Section(heading: $0.heading, sentences: $0.sentences, lines: $0.lines)
      }, glossaryHeading: content.glossaryHeading,
      glossary: content.glossary.map { Term($0.term, meaning: $0.meaning) }, footer: content.footer)
  }
}
