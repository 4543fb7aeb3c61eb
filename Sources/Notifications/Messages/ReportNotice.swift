internal import Mustache
internal import PluginKit
public import Storage

/// A picture of a report, and what is said of it.
public struct ReportPicture: Sendable, Hashable {
  /// The symbol and what is drawn of it, plain and in one line.
  public var caption: String
  public var png: [UInt8]

  public init(caption: String, png: [UInt8]) {
    self.caption = caption
    self.png = png
  }
}

/// A report in words, as its template sees it.
public struct ReportText: Sendable, Hashable {
  public struct Section: Sendable, Hashable {
    public var heading: String
    public var sentences, lines: [String]

    public init(heading: String, sentences: [String], lines: [String]) {
      self.heading = heading
      self.sentences = sentences
      self.lines = lines
    }
  }

  public struct Term: Sendable, Hashable {
    public var term, meaning: String

    public init(_ term: String, meaning: String) {
      self.term = term
      self.meaning = meaning
    }
  }

  public var title, subtitle: String
  public var opening: [String]
  public var sections: [Section]
  public var glossaryHeading: String
  public var glossary: [Term]
  public var footer: String

  public init(
    title: String, subtitle: String, opening: [String], sections: [Section], glossaryHeading: String,
    glossary: [Term], footer: String
  ) {
    self.title = title
    self.subtitle = subtitle
    self.opening = opening
    self.sections = sections
    self.glossaryHeading = glossaryHeading
    self.footer = footer
    self.glossary = glossary
  }
}

extension NoticeWriter {
  /// So much of Telegram's 4,096 units is left for a report's text: its code and number stand below.
  static let partLimit = 4_000

  /// A report by one channel: a notice a part, each of them short enough for every channel's message.
  ///
  /// - Parameters:
  ///   - name: its kind and slot, `daily/2026-01-05T23:00:00Z`: of one name a channel is told once.
  ///   - fields: for channels that programs read.
  public func notices(
    of report: ReportText, called name: String, fields: [String: String], channel: String
  ) -> [Notice] {
    let parts = parts(of: report)
    let title = MarkedText.value(report.title)
    return parts.enumerated().map { number, part in
      // Three digits, so that the keys of parts are in their order.
      let key = "report/\(name)/\(String(1_001 + number).dropFirst())"
      let code = NoticeWriter.code(of: key)
      let place = parts.count > 1 ? " · \(number + 1)/\(parts.count)" : ""
      return Notice(
        key: key, code: code, channel: channel, priority: ChannelMessage.Priority.medium.rawValue,
        title: title + place, body: "\(part)\n🔖 \(code)\(place)", line: "\(title)\(place) · \(code)", fields: fields)
    }
  }

  /// The pictures of a report by a channel that takes some: a notice each, behind the parts in words.
  ///
  /// - Parameters: as of the parts.
  public func notices(
    of pictures: [ReportPicture], called name: String, fields: [String: String], channel: String
  ) -> [Notice] {
    pictures.enumerated().map { number, picture in
      let key = "report/\(name)/picture \(String(1_001 + number).dropFirst())"
      let code = NoticeWriter.code(of: key)
      let caption = MarkedText.value(picture.caption)
      return Notice(
        key: key, code: code, channel: channel, priority: ChannelMessage.Priority.low.rawValue, title: caption,
        body: "\(caption)\n🔖 \(code)", line: "\(caption) · \(code)", fields: fields, picture: picture.png)
    }
  }

  /// The same as plain text, parted nowhere.
  public func text(of report: ReportText) -> String {
    let whole = MessageParts(limit: .max) { $0.utf16.count }
    return MarkedText.value(
      whole.parts(of: templates.text(.report, values(of: report)), at: MarkedText.part).joined(separator: "\n\n"))
  }

  private func parts(of report: ReportText) -> [String] {
    MessageParts(limit: NoticeWriter.partLimit) { MarkedText.written($0, in: .telegramHTML).utf16.count }
      .parts(of: templates.text(.report, values(of: report)), at: MarkedText.part)
  }

  private func values(of report: ReportText) -> [String: Any] {
    func plain(_ texts: [String]) -> [String] { texts.map(MarkedText.value) }
    return [
      "bold": NoticeWriter.bold, "part": String(Character(MarkedText.part)), "title": MarkedText.value(report.title),
      "subtitle": MarkedText.value(report.subtitle), "opening": plain(report.opening),
      "sections": report.sections.map { section -> [String: Any] in
        [
          "heading": MarkedText.value(section.heading), "sentences": plain(section.sentences),
          "lines": plain(section.lines),
        ]
      },
      "has_glossary": !report.glossary.isEmpty, "glossary_heading": MarkedText.value(report.glossaryHeading),
      "glossary": report.glossary.map { term -> [String: Any] in
        ["term": MarkedText.value(term.term), "meaning": MarkedText.value(term.meaning)]
      },
      "footer": MarkedText.value(report.footer),
    ]
  }
}
