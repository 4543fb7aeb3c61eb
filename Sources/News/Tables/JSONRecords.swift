#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Lists of objects as JSON: `[{…}, …]`, `{ "0": {…}, "1": {…} }` as the SEC has it, `{ "fields": […], "data": [[…], …]
/// }`, or an object in which such a list stands under a name.
enum JSONRecords {
  static func read(_ bytes: [UInt8], file: String) throws(RecordFault) -> [Record] {
    let document: Node
    do {
      document = try JSONDecoder().decode(Node.self, from: Data(bytes))
    } catch let error as DecodingError {
      throw RecordFault(file, ["is no sound JSON: \(JSONRecords.words(error))"])
    } catch {
      throw RecordFault(file, ["is no sound JSON"])
    }
    guard let rows = rows(of: document) else {
      throw RecordFault(file, ["has no list of objects"])
    }
    guard rows.count <= Record.rowLimit else {
      throw RecordFault(file, ["has \(rows.count) objects; \(Record.rowLimit) are admitted"])
    }
    var records: [Record] = []
    records.reserveCapacity(rows.count)
    for (index, row) in rows.enumerated() {
      guard case .object(let members) = row else { throw RecordFault(file, ["item \(index + 1): is no object"]) }
      var fields: [String: String] = [:]
      for (name, value) in members {
        if let text = value.text { fields[DelimitedText.name(name)] = text.trimmed }
      }
      records.append(Record(place: "item \(index + 1)", fields: fields))
    }
    return records
  }

  private static func words(_ error: DecodingError) -> String {
    guard case .dataCorrupted(let context) = error else { return "it cannot be read" }
    return context.underlyingError.map { "\($0)" } ?? context.debugDescription
  }

  private static func rows(of node: Node) -> [Node]? {
    switch node {
    case .list(let items): return items
    case .object(let members):
      if case .list(let names)? = members["fields"], case .list(let rows)? = members["data"] {
        let names = names.map { $0.text ?? "" }
        return rows.map { row in
          guard case .list(let values) = row else { return row }
          return .object(Dictionary(zip(names, values), uniquingKeysWith: { first, _ in first }))
        }
      }
      let numbered = members.compactMap { name, value in Int(name).map { (number: $0, value: value) } }
      if !members.isEmpty, numbered.count == members.count {
        return numbered.sorted { $0.number < $1.number }.map(\.value)
      }
      for name in members.keys.sorted() {
        if case .list(let items)? = members[name], case .object? = items.first { return items }
      }
      return nil
    case .scalar: return nil
    }
  }

  private indirect enum Node: Decodable {
    case object([String: Node])
    case list([Node])
    case scalar(String?)

    init(from decoder: any Decoder) throws {
      if let members = try? decoder.container(keyedBy: Key.self) {
        var object: [String: Node] = [:]
        for key in members.allKeys { object[key.stringValue] = try members.decode(Node.self, forKey: key) }
        self = .object(object)
      } else if var items = try? decoder.unkeyedContainer() {
        var list: [Node] = []
        while !items.isAtEnd { list.append(try items.decode(Node.self)) }
        self = .list(list)
      } else {
        let value = try decoder.singleValueContainer()
        if let text = try? value.decode(String.self) {
          self = .scalar(text)
        } else if let whole = try? value.decode(Int64.self) {
          self = .scalar("\(whole)")
        } else if let number = try? value.decode(Double.self) {
          self = .scalar("\(number)")
        } else if let flag = try? value.decode(Bool.self) {
          self = .scalar("\(flag)")
        } else {
          self = .scalar(nil)
        }
      }
    }

    /// Of a list of texts, those with commas between.
    var text: String? {
      switch self {
      case .scalar(let text): text
      case .list(let items): items.compactMap(\.text).joined(separator: ",")
      case .object: nil
      }
    }
  }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
