import PluginKit

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A document of JSON with places in its texts, such as `{"content": "{title}: {text}"}`.
struct BodyTemplate: Sendable {
  static let places = ["id", "title", "text", "priority", "time", "reply_to"]

  /// Whatever can be read at all.
  private struct AnyJSON: Decodable { init(from decoder: any Decoder) {} }

  private enum Piece {
    case text(String)
    case place(String)
  }

  private let pieces: [Piece]

  /// Throws where it holds a place that does not exist, or is no JSON.
  init(_ template: String) throws(ChannelError) {
    var pieces: [Piece] = []
    var rest = template[...]
    while let open = rest.firstIndex(of: "{") {
      let behind = rest[rest.index(after: open)...]
      let name = behind.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ".") }
      // A brace of JSON is followed by a quote, a space or a brace.
      guard !name.isEmpty, behind[name.endIndex...].first == "}" else {
        pieces.append(.text(String(rest[...open])))
        rest = behind
        continue
      }
      guard Self.places.contains(String(name)) || name.hasPrefix("field.") && name.count > 6 else {
        let known = Self.places.map { "{\($0)}" }.joined(separator: " ")
        throw .badSetting(name: "body", "has {\(name)}; there are \(known) and {field.NAME}")
      }
      pieces.append(.text(String(rest[..<open])))
      pieces.append(.place(String(name)))
      rest = behind[behind.index(after: name.endIndex)...]
    }
    self.pieces = pieces + [.text(String(rest))]
    let probe = MessageDocument(ChannelMessage(id: "\"", title: "\"", text: "\"\n"), at: "")
    guard (try? JSONDecoder().decode(AnyJSON.self, from: Data(text(of: probe).utf8))) != nil else {
      throw .badSetting(
        name: "body", "is no JSON once its places are filled; they stand within quotes: {\"content\": \"{text}\"}")
    }
  }

  /// A place for which there is nothing is empty.
  func text(of document: MessageDocument) -> String {
    pieces.map { piece in
      switch piece {
      case .text(let text): text
      case .place(let name): Self.escaped(Self.value(name, document))
      }
    }.joined()
  }

  private static func value(_ name: String, _ document: MessageDocument) -> String {
    switch name {
    case "id": document.id
    case "title": document.title
    case "text": document.text
    case "priority": document.priority
    case "time": document.time
    case "reply_to": document.reply_to ?? ""
    default: document.fields[String(name.dropFirst(6))] ?? ""
    }
  }

  /// As it stands between the quotes of JSON.
  private static func escaped(_ text: String) -> String {
    String(String(decoding: ChannelServer.json(text), as: UTF8.self).dropFirst().dropLast())
  }
}
