import Notifications
import Pipelines

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Configuration {
  /// The largest template that is read, in bytes.
  private static let templateLimit = 65_536

  /// Writes messages by the templates as they are now.
  var noticeWriter: NoticeWriter { NoticeWriter(templates: noticeTemplates().templates, zone: zone) }

  /// The templates of messages, and what is wrong with the user's; each faulty one is replaced by the shipped one.
  func noticeTemplates() -> (templates: NoticeTemplates, faults: [Diagnostic]) {
    guard let relative = notifications.templates else { return (NoticeTemplates.load(locale: locale).templates, []) }
    let folder = path(relative)
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
      .filter { $0.hasSuffix(".mustache") }.sorted().prefix(100)
    var texts: [String: String] = [:]
    var faults: [Diagnostic] = []
    if names.isEmpty {
      faults += Configuration.diagnostic(
        TemplateFault(
          file: "", line: 1, column: 1, message: "there is no template in this folder"),
        text: "", path: folder)
    }
    for name in names {
      guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)"),
        data.count <= Configuration.templateLimit, let text = String(data: data, encoding: .utf8)
      else {
        faults += Configuration.diagnostic(
          TemplateFault(
            file: name, line: 1, column: 1, message: "the file cannot be read as UTF-8 of up to 64 KiB"), text: "",
          path: "\(folder)/\(name)")
        continue
      }
      texts[name] = text
    }
    let (templates, found) = NoticeTemplates.load(
      locale: locale, files: names.compactMap { name in texts[name].map { (name, $0) } })
    for fault in found {
      faults += Configuration.diagnostic(fault, text: texts[fault.file] ?? "", path: "\(folder)/\(fault.file)")
    }
    return (templates, faults)
  }

  private static func diagnostic(_ fault: TemplateFault, text: String, path: String) -> [Diagnostic] {
    let diagnostics = Diagnostics(source: SourceText(file: path, text: text))
    let hint = fault.found.map { suggestion(for: $0, among: fault.candidates, called: "names") }
    diagnostics.report(
      .badTemplate, line: fault.line, columns: fault.column..<fault.column + 1, fault.message, hint: hint)
    return diagnostics.all
  }
}
