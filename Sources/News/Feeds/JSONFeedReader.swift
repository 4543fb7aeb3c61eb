internal import Calendars

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Reads JSON Feed (https://www.jsonfeed.org/version/1.1/) item by item: the document is cut where its brackets say,
/// and each item is decoded for itself, so that one that cannot be read loses no other.
struct JSONFeedReader {
  private struct Head: Decodable {
    var version: String?
    var title: String?
    var language: String?
  }

  private struct Item: Decodable {
    var id: Text?
    var url: String?
    var external_url: String?
    var title: String?
    var content_html: String?
    var content_text: String?
    var summary: String?
    var date_published: String?
    var date_modified: String?
    var language: String?
  }

  /// Identifiers are texts by the standard, and numbers in some feeds.
  private struct Text: Decodable {
    var value: String

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let text = try? container.decode(String.self) {
        value = text
      } else if let number = try? container.decode(Int64.self) {
        value = "\(number)"
      } else {
        value = "\(try container.decode(Double.self))"
      }
    }
  }

  private let bytes: [UInt8]
  private let zone: CivilZone
  private let limits: FeedLimits
  private let address: String

  init(_ bytes: [UInt8], zone: CivilZone, limits: FeedLimits, address: String) {
    self.bytes = bytes
    self.zone = zone
    self.limits = limits
    self.address = address
  }

  func read() throws(FeedError) -> Feed {
    var scan = JSONScan(bytes)
    guard let members = scan.members() else { throw .notAFeed("JSON that is no object") }
    guard let list = members.first(where: { $0.name == "items" }) else {
      throw .notAFeed("a JSON object without items")
    }
    var feed = Feed(format: .json)
    // The head without its items, so that a fault among them does not matter here.
    let rest = members.filter { ["version", "title", "language"].contains($0.name) }
      .map { "\"\($0.name)\":" + String(decoding: bytes[$0.value], as: UTF8.self) }
    let head = try? JSONDecoder().decode(Head.self, from: Data("{\(rest.joined(separator: ","))}".utf8))
    feed.title = head?.title.map { PlainText.line(Array($0.utf8), most: limits.title) }
    feed.language = head?.language?.lowercased()
    var faults: [(at: Int, sentence: String)] = []
    if head?.version?.contains("jsonfeed.org") != true { faults.append((0, "the version of JSON Feed is not named")) }
    var items = JSONScan(bytes, at: list.value.lowerBound, end: list.value.upperBound)
    guard let elements = items.elements(most: limits.items + 1) else { throw .notAFeed("items that are no list") }
    for range in elements.prefix(limits.items) {
      if let item = item(range) {
        feed.items.append(item)
      } else if faults.count < limits.remarks {
        faults.append((range.lowerBound, "an item cannot be read, or holds nothing, and is passed over"))
      }
    }
    if elements.count > limits.items { faults.append((0, "items beyond the first \(limits.items) are passed over")) }
    if !scan.isWhole { faults.append((bytes.count, "the document breaks off")) }
    feed.isWhole = scan.isWhole
    feed.remarks = Lines(bytes).remarks(faults)
    return feed
  }

  private func item(_ range: Range<Int>) -> FeedItem? {
    guard let read = try? JSONDecoder().decode(Item.self, from: Data(bytes[range])) else { return nil }
    func html(_ text: String?, _ most: Int) -> String {
      PlainText.of(Array((text ?? "").utf8.prefix(limits.text)), most: most)
    }
    func line(_ text: String?, _ most: Int) -> String {
      PlainText.line(Array((text ?? "").utf8.prefix(limits.text)), most: most)
    }
    var draft = ItemDraft(base: address, at: range.lowerBound)
    draft.language = read.language?.lowercased()
    draft.put(.identifier, line(read.id?.value, 2_048), rank: 1)
    draft.put(.link, read.url ?? "", rank: 1)
    draft.put(.link, read.external_url ?? "", rank: 2)
    draft.put(.title, line(read.title, limits.title), rank: 1)
    draft.put(.summary, line(read.summary, limits.summary), rank: 1)
    draft.put(.summary, line(read.content_text, limits.summary), rank: 2)
    draft.put(.summary, html(read.content_html, limits.summary), rank: 3)
    draft.put(.date, read.date_published ?? "", rank: 1)
    draft.put(.date, read.date_modified ?? "", rank: 2)
    return draft.item(zone: zone, limits: limits)
  }
}

/// Finds where the values of a JSON object or list stand, by brackets and quotes alone.
struct JSONScan {
  private let bytes: [UInt8]
  private var at: Int
  private let end: Int
  /// Whether every bracket was closed.
  private(set) var isWhole = true

  init(_ bytes: [UInt8], at: Int = 0, end: Int? = nil) {
    self.bytes = bytes
    self.at = at
    self.end = end ?? bytes.count
  }

  /// The members of the object that begins here. Of one that breaks off, those before, and what there is of the last.
  mutating func members() -> [(name: String, value: Range<Int>)]? {
    skipSpace()
    guard take(UInt8(ascii: "{")) else { return nil }
    var members: [(name: String, value: Range<Int>)] = []
    while true {
      skip { $0 <= 0x20 || $0 == UInt8(ascii: ",") }
      guard at < end else { break }
      if take(UInt8(ascii: "}")) { return members }
      let name = value()
      skipSpace()
      guard take(UInt8(ascii: ":")) else { break }
      skipSpace()
      let range = value()
      members.append((String(decoding: bytes[name].dropFirst().dropLast(), as: UTF8.self), range))
      guard !range.isEmpty, members.count < 1_000 else { break }
    }
    isWhole = false
    return members
  }

  /// The elements of the list that begins here. One that breaks off is left out.
  mutating func elements(most: Int) -> [Range<Int>]? {
    skipSpace()
    guard take(UInt8(ascii: "[")) else { return nil }
    var elements: [Range<Int>] = []
    while elements.count < most {
      skip { $0 <= 0x20 || $0 == UInt8(ascii: ",") }
      guard at < end else { break }
      if take(UInt8(ascii: "]")) { return elements }
      let range = value()
      guard isWhole, !range.isEmpty else { break }
      elements.append(range)
    }
    isWhole = false
    return elements
  }

  private mutating func take(_ sign: UInt8) -> Bool {
    guard at < end, bytes[at] == sign else { return false }
    at += 1
    return true
  }

  private mutating func skipSpace() { skip { $0 <= 0x20 } }

  private mutating func skip(while holds: (UInt8) -> Bool) { while at < end, holds(bytes[at]) { at += 1 } }

  /// One value: up to where its brackets and quotes are closed.
  private mutating func value() -> Range<Int> {
    let start = at
    var depth = 0
    var isInText = false
    while at < end {
      let byte = bytes[at]
      if isInText {
        if byte == UInt8(ascii: "\\") { at += 1 } else if byte == UInt8(ascii: "\"") { isInText = false }
      } else {
        switch byte {
        case UInt8(ascii: "\""): isInText = true
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
          if depth == 0 { return start..<at }
          depth -= 1
        case UInt8(ascii: ","), UInt8(ascii: ":"): if depth == 0 { return start..<at }
        default: break
        }
      }
      at += 1
      if depth == 0, !isInText, byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
        return start..<at
      }
    }
    at = min(at, end)
    isWhole = isWhole && depth == 0 && !isInText
    return start..<at
  }
}
