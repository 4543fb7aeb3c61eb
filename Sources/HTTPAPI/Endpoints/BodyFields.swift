#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The fields of a JSON object in a request. What is wrong with any of them is told at once; a field that nobody takes is
/// a fault.
public struct BodyFields {
  private var fields: [String: JSONField]
  private var faults: [Problem.Fault] = []

  public init(_ body: [UInt8]) throws(Problem) {
    do {
      fields = try JSONDecoder().decode([String: JSONField].self, from: Data(body))
    } catch {
      throw Problem(400, "the body is no JSON object")
    }
  }

  /// A text; nil where the field is missing, or null.
  public mutating func text(_ name: String, upTo limit: Int = 1_000) -> String? {
    switch take(name) {
    case nil, .null: return nil
    case .text(let text) where !text.isEmpty && text.utf8.count <= limit: return text
    default: return wrong(name, "it is a text of 1 to \(limit) bytes")
    }
  }

  public mutating func required(_ name: String, upTo limit: Int = 1_000) -> String {
    let isThere = fields[name] != nil
    let count = faults.count
    if let text = text(name, upTo: limit) { return text }
    if faults.count == count { report(name, isThere ? "it is null" : "it is missing") }
    return ""
  }

  /// Texts; nil where the field is missing, or null.
  public mutating func texts(_ name: String, count: ClosedRange<Int>, upTo limit: Int = 4_000) -> [String]? {
    switch take(name) {
    case nil, .null: return nil
    case .list(let items) where count.contains(items.count):
      let texts = items.compactMap { item -> String? in
        if case .text(let text) = item, !text.isEmpty, text.utf8.count <= limit { text } else { nil }
      }
      if texts.count == items.count { return texts }
      return wrong(name, "its items are texts of 1 to \(limit) bytes")
    default: return wrong(name, "it is a list of \(count.lowerBound) to \(count.upperBound) texts")
    }
  }

  /// A number; nil where the field is missing, or null.
  public mutating func number(_ name: String, in range: ClosedRange<Double>) -> Double? {
    switch take(name) {
    case nil, .null: return nil
    case .number(let number) where range.contains(number): return number
    default: return wrong(name, "it is a number from \(range.lowerBound) to \(range.upperBound)")
    }
  }

  public mutating func flag(_ name: String) -> Bool? {
    switch take(name) {
    case nil, .null: return nil
    case .flag(let flag): return flag
    default: return wrong(name, "it is true or false")
    }
  }

  /// Says what is wrong with a field.
  public mutating func report(_ name: String, _ sentence: String) {
    faults.append(Problem.Fault("body/\(name)", sentence))
  }

  /// Ends the reading: nothing is wrong, and nothing is left.
  public func finish() throws(Problem) {
    let left = fields.keys.sorted().map { Problem.Fault("body/\($0.prefix(100))", "there is no such field") }
    guard faults.isEmpty, left.isEmpty else {
      throw Problem(422, "the body is not as it is to be", faults: faults + left)
    }
  }

  private mutating func take(_ name: String) -> JSONField? { fields.removeValue(forKey: name) }

  private mutating func wrong<Value>(_ name: String, _ sentence: String) -> Value? {
    report(name, sentence)
    return nil
  }
}

/// A value of JSON as it was read.
enum JSONField: Decodable, Equatable {
  case text(String)
  case number(Double)
  case flag(Bool)
  case null
  case list([JSONField])
  case object([String: JSONField])

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let flag = try? value.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let text = try? value.decode(String.self) {
      self = .text(text)
    } else if let list = try? value.decode([JSONField].self) {
      self = .list(list)
    } else {
      self = .object(try value.decode([String: JSONField].self))
    }
  }
}
