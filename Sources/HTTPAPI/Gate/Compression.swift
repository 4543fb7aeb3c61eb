import CZlib
import HTTPTypes

/// Answers as gzip (RFC 9110, 8.4.1) for those who take it: texts alone, and of a size that makes it worth while.
enum Compression {
  /// Bytes below which it saves nothing that counts, and above which it would take too long.
  static let sizes = 1_024...(16 << 20)
  /// Bytes that take a few milliseconds at most.
  static let quick = 64 << 10
  private static let level: Int32 = 5

  /// What an answer is sent as.
  enum Coding {
    /// It has but this one form.
    case plain
    /// It could be sent as gzip, and this caller does not take it.
    case identity
    case gzip

    init(_ answer: Answer, _ head: HTTPRequest) {
      guard case .bytes(let bytes) = answer.body, Compression.sizes.contains(bytes.count),
        Compression.isText(answer.type), !answer.headers.contains(where: { $0.name == "Content-Encoding" })
      else {
        self = .plain
        return
      }
      self = Compression.isTaken(head.headerFields[values: .acceptEncoding].joined(separator: ",")) ? .gzip : .identity
    }
  }

  /// Pictures and archives are compressed already.
  static func isText(_ type: String) -> Bool {
    let type = type.prefix { $0 != ";" }
    return type.hasPrefix("text/") && type != "text/event-stream" || type.hasSuffix("json") || type.hasSuffix("xml")
      || ["application/javascript", "application/yaml"].contains(type)
  }

  /// Whether `Accept-Encoding` names gzip, or `*`, with a weight above 0. Without it, nothing is compressed.
  static func isTaken(_ header: String) -> Bool {
    var weights: [String: Double] = [:]
    for item in header.lowercased().split(separator: ",") {
      let parts = item.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" } }
      guard let name = parts.first else { continue }
      let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 }
      weights[name == "x-gzip" ? "gzip" : name] = weight ?? 1
    }
    return (weights["gzip"] ?? weights["*"] ?? 0) > 0
  }

  /// The bytes as gzip; nil where zlib has no room.
  static func gzip(_ bytes: [UInt8]) -> [UInt8]? {
    guard let count = UInt32(exactly: bytes.count),
      let most = UInt32(exactly: czlib_gzip_bound(UInt(count)))
    else { return nil }
    var isDone = false
    let packed = [UInt8](unsafeUninitializedCapacity: Int(most)) { room, written in
      var length = most
      isDone = czlib_gzip(bytes, count, room.baseAddress, &length, level) == Z_OK
      written = isDone ? Int(length) : 0
    }
    return isDone ? packed : nil
  }
}
