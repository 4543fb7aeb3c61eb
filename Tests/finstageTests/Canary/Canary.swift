import Foundation

/// A secret that is looked for everywhere, in every form that it may take on its way.
struct Canary: Sendable {
  /// What all of them begin with, and what no text has by chance.
  static let beak = "c4n4ry"

  /// Signs that are written otherwise in URLs, in JSON and in base64.
  static let telegram = Canary("7701:\(beak)T/Qz+7=a9&x")
  static let hook = Canary("\(beak)H/Qz+7=a9&x")
  static let bearer = Canary("\(beak)B/Qz+7=a9")
  static let address = Canary("\(beak)U-Qz_7a9")
  static let mail = Canary("\(beak)M/Qz+7=a9&x")
  static let source = Canary("\(beak)K/Qz+7=a9&x")
  static let all = [telegram, hook, bearer, address, mail, source]

  let text: String

  init(_ text: String) { self.text = text }

  var percentEncoded: String {
    text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text
  }

  var base64: String { Data(text.utf8).base64EncodedString() }

  /// As some servers write it in JSON.
  var escaped: String { text.replacing("/", with: "\\/").replacing("+", with: "\\u002B") }

  /// Parts of it that stand in whatever base64 holds it: behind nothing, one, and two bytes of something else.
  private var base64Parts: [String] {
    (0..<3).map { shift in
      let encoded = Data([UInt8](repeating: 0x78, count: shift) + Array(text.utf8)).base64EncodedString()
      return String(encoded.filter { $0 != "=" }.dropFirst([0, 2, 3][shift]).dropLast(2))
    }
  }

  private var hexadecimal: String { text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }

  /// Which of them, in which form, stand in these bytes.
  static func found(in bytes: Data) -> [String] {
    // Case says nothing about a name, and letters stay letters in every other form.
    let small = Data(bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 })
    var found: [String] = []
    if let range = small.firstRange(of: Data(beak.utf8)) {
      found.append("…\(String(decoding: bytes[range.lowerBound...].prefix(20), as: UTF8.self))")
    }
    for canary in all {
      found += canary.base64Parts.filter { bytes.firstRange(of: Data($0.utf8)) != nil }.map { "base64 \($0)" }
      if small.firstRange(of: Data(canary.hexadecimal.utf8)) != nil { found.append("hexadecimal \(canary.text)") }
    }
    return found
  }

  static func found(in text: String) -> [String] { found(in: Data(text.utf8)) }
}
