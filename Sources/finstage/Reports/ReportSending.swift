import Calendars
import Notifications
import PluginKit
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
  var channels: [String] { configuration.notifications.rules.reports ?? configuration.messageChannels }

  /// Whether somebody would get the charts: only such a report draws them.
  var showsCharts: Bool {
    #if Cairo
    channels.contains(where: takesPictures)
    #else
    false
    #endif
  }

  private func takesPictures(_ channel: String) -> Bool {
    configuration.channels?.first { $0.name == channel }.map { $0.type.takesPictures($0.settings) } ?? false
  }

  /// The charts of a report; one that cannot be drawn is told of and left out, for the report does not wait for it.
  func pictures(of report: DailyReport, _ log: (String) -> Void) -> [ReportPicture] {
    var pictures: [ReportPicture] = []
    #if Cairo
    for chart in report.charts where showsCharts {
      guard let picture = chart.picture(locale: configuration.locale) else { continue }
      let caption = [picture.title, picture.subtitle].filter { !$0.isEmpty }.joined(separator: " · ")
      do throws(ReportingError) {
        pictures.append(ReportPicture(caption: caption, png: try picture.png(locale: configuration.locale)))
      } catch {
        log("the chart of \(caption) was left out: \(error)")
      }
    }
    #endif
    return pictures
  }

  /// Queues a report by all channels in one transaction; false where one of its name was queued before.
  func queue(
    _ report: DailyReport, _ content: ReportContent, pictures: [ReportPicture] = [], through: String, slot: Instant,
    in store: SQLiteStore, at moment: Instant
  ) async throws -> Bool {
    let name = ReportName(report.kind, slot: slot)
    let fields = [
      "kind": "\(report.kind.rawValue)_report", "at": "\(report.at)", "from": "\(report.from)", "through": through,
      "fired": "\(report.fired.count)", "closed": "\(report.closed.count)",
    ]
    let text = ReportText(content)
    let notices = channels.flatMap { channel in
      writer.notices(of: text, called: name.name, fields: fields, channel: channel)
        + writer.notices(
          of: takesPictures(channel) ? pictures : [], called: name.name, fields: fields, channel: channel)
    }
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
