internal import Mustache

/// The templates of a language: the user's where there is a sound one, else those that the build writes into the
/// program.
public struct NoticeTemplates: Sendable {
  public let locale: String
  private var templates: [TemplateName: MustacheTemplate] = [:]
  private var shipped: [TemplateName: MustacheTemplate] = [:]

  /// - Parameters:
  ///   - locale: `en` or `ko`.
  ///   - files: the user's templates by the names of their files.
  /// - Returns: what is wrong with the user's files; each of them is replaced by the shipped one.
  public static func load(
    locale: String, files: [(name: String, text: String)] = []
  ) -> (templates: NoticeTemplates, faults: [TemplateFault]) {
    var templates = NoticeTemplates(locale: locale)
    var faults: [TemplateFault] = []
    // The file for the language goes before the one for all.
    var ranks: [TemplateName: Int] = [:]
    for file in files {
      let words = file.name.split(separator: ".", omittingEmptySubsequences: false)
      guard words.last == "mustache", (2...3).contains(words.count) else { continue }
      guard let name = TemplateName(rawValue: String(words[0])), words.count == 2 || ["en", "ko"].contains(words[1])
      else {
        faults.append(
          TemplateFault(
            file: file.name, line: 1, column: 1,
            message: "there is no message \"\(words.dropLast().joined(separator: "."))\"",
            candidates: TemplateName.allCases.map(\.rawValue), found: String(words[0])))
        continue
      }
      let found = TemplateScan.faults(in: file.text, of: name, file: file.name)
      faults += found
      let rank = words.count
      guard found.isEmpty, words.count == 2 || words[1] == locale, rank > ranks[name, default: 0] else { continue }
      do {
        templates.templates[name] = try NoticeTemplates.parsed(file.text)
        ranks[name] = rank
      } catch {
        faults.append(NoticeTemplates.fault(error, file: file.name))
      }
    }
    return (templates, faults)
  }

  private init(locale: String) {
    self.locale = locale
    for (name, bytes) in NoticeTemplates.sources(locale) {
      // A test renders each of them.
      shipped[name] = try? NoticeTemplates.parsed(String(decoding: bytes, as: UTF8.self))
    }
    templates = shipped
  }

  /// A message; by the shipped template where the user's makes an empty one, and by the values alone where there is
  /// none at all.
  func text(_ name: TemplateName, _ values: [String: Any]) -> String {
    for template in [templates[name], shipped[name]].compactMap({ $0 }) {
      let text = NoticeTemplates.trimmed(template.render(values))
      if text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) { return text }
    }
    return values.compactMap { $0.value as? String }.sorted().joined(separator: "\n")
  }

  /// Without a library: a template that names another gets nothing, so none can call itself for ever.
  private static func parsed(_ text: String) throws -> MustacheTemplate {
    let pragma = "{{% CONTENT_TYPE:TEXT}}"
    // Faults are told of the text as it was written.
    let template = try MustacheTemplate(string: pragma + text)
    let marked = text.split(separator: "\n", omittingEmptySubsequences: false).map(marked)
    return (try? MustacheTemplate(string: pragma + marked.joined(separator: "\n"))) ?? template
  }

  /// A line in which bold begins and ends, with the signs in place of the section: what stands in a section is read as a
  /// template each time that it is written.
  private static func marked(_ line: Substring) -> String {
    let (starts, ends) = (line.ranges(of: "{{#bold}}"), line.ranges(of: "{{/bold}}"))
    guard starts.count == 1, ends.count == 1, starts[0].upperBound <= ends[0].lowerBound else { return String(line) }
    return line[..<starts[0].lowerBound] + String(MarkedText.bold.start)
      + line[starts[0].upperBound..<ends[0].lowerBound] + String(MarkedText.bold.end) + line[ends[0].upperBound...]
  }

  private static func fault(_ error: any Error, file: String) -> TemplateFault {
    guard let error = error as? MustacheTemplate.ParserError else {
      return TemplateFault(file: file, line: 1, column: 1, message: "\(error)", candidates: [])
    }
    let line = error.context.lineNumber
    let pragma = line == 1 ? "{{% CONTENT_TYPE:TEXT}}".count : 0
    return TemplateFault(
      file: file, line: line, column: max(1, error.context.columnNumber - pragma), message: words(error.error),
      candidates: [])
  }

  private static func words(_ error: any Error) -> String {
    switch error as? MustacheTemplate.Error {
    case .sectionCloseNameIncorrect: "a section is closed by another name than it was opened with"
    case .unfinishedName: "a name is not closed by }}"
    case .expectedSectionEnd: "a section is opened and not closed"
    default: "this is no Mustache: \(error)"
    }
  }

  private static func trimmed(_ text: String) -> String {
    var scalars = text.unicodeScalars
    while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
    return String(scalars)
  }

  private static func sources(_ locale: String) -> [(TemplateName, [UInt8])] {
    locale == "ko"
      ? [
        (.signal, PackageResources.signal_ko_mustache), (.alert, PackageResources.alert_ko_mustache),
        (.exit, PackageResources.exit_ko_mustache),
        (.line, PackageResources.line_ko_mustache), (.digest, PackageResources.digest_ko_mustache),
        (.correction, PackageResources.correction_ko_mustache), (.alarm, PackageResources.alarm_ko_mustache),
        (.news, PackageResources.news_ko_mustache), (.newsLine, PackageResources.news_line_ko_mustache),
        (.group, PackageResources.group_ko_mustache), (.host, PackageResources.host_ko_mustache),
        (.drift, PackageResources.drift_ko_mustache), (.report, PackageResources.report_ko_mustache),
      ]
      : [
        (.signal, PackageResources.signal_en_mustache), (.alert, PackageResources.alert_en_mustache),
        (.exit, PackageResources.exit_en_mustache),
        (.line, PackageResources.line_en_mustache), (.digest, PackageResources.digest_en_mustache),
        (.correction, PackageResources.correction_en_mustache), (.alarm, PackageResources.alarm_en_mustache),
        (.news, PackageResources.news_en_mustache), (.newsLine, PackageResources.news_line_en_mustache),
        (.group, PackageResources.group_en_mustache), (.host, PackageResources.host_en_mustache),
        (.drift, PackageResources.drift_en_mustache), (.report, PackageResources.report_en_mustache),
      ]
  }
}
