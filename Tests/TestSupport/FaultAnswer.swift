/// What a `FaultServer` does with a request: steps on the raw connection.
public struct FaultAnswer: Sendable {
  public enum Step: Sendable {
    case send([UInt8])
    case sendOften([UInt8], Int)
    /// In milliseconds; a negative number waits until the client goes.
    case pause(Int32)
    /// Again and again after so many milliseconds, until the client goes.
    case drip([UInt8], every: Int32)
    /// The connection is broken with a reset.
    case reset
  }

  public var steps: [Step]
  /// Whether the connection stays for another request.
  public var keepsOpen = false

  public init(_ steps: [Step]) { self.steps = steps }

  /// The same up to so many bytes, and then a reset.
  public func cut(after count: Int) -> FaultAnswer {
    var left = count
    var kept: [Step] = []
    for step in steps {
      guard case .send(let bytes) = step else { continue }
      kept.append(.send(Array(bytes.prefix(left))))
      left -= min(left, bytes.count)
    }
    return FaultAnswer(kept + [.pause(5), .reset])
  }

  // MARK: Sound answers

  public static func reply(
    _ body: [UInt8], status: Int = 200, headers: [(name: String, value: String)] = []
  ) -> FaultAnswer {
    var answer = FaultAnswer([.send(head(status, headers + [("Content-Length", "\(body.count)")])), .send(body)])
    answer.keepsOpen = true
    return answer
  }

  public static func text(
    _ body: String, status: Int = 200, type: String = "text/plain", headers: [(name: String, value: String)] = []
  ) -> FaultAnswer {
    reply(Array(body.utf8), status: status, headers: [("Content-Type", type)] + headers)
  }

  public static func json(_ body: String, status: Int = 200) -> FaultAnswer {
    text(body, status: status, type: "application/json")
  }

  public static func gzip(_ body: [UInt8]) -> FaultAnswer {
    reply(Deflate.gzip(body), headers: [("Content-Encoding", "gzip")])
  }

  /// A few words as body, as servers send them with a status.
  public static func status(_ status: Int, headers: [(name: String, value: String)] = []) -> FaultAnswer {
    text("status \(status)", status: status, headers: headers)
  }

  public static func redirect(to place: String, status: Int = 302) -> FaultAnswer {
    .status(status, headers: [("Location", place)])
  }

  // MARK: Faults

  /// 429, with Retry-After as it is given: seconds, or a date of HTTP.
  public static func tooMany(retryAfter: String?) -> FaultAnswer {
    .status(429, headers: retryAfter.map { [("Retry-After", $0)] } ?? [])
  }

  /// A page for people where data was asked for, as if all were well.
  public static let htmlInstead = FaultAnswer.text(
    "<!DOCTYPE html><html><body><h1>Checking your browser</h1></body></html>", type: "text/html")

  public static let empty = FaultAnswer.reply([])

  /// Says more than it sends, and closes.
  public static func partial(_ body: String, missing: Int = 1_000) -> FaultAnswer {
    let length = body.utf8.count + missing
    return FaultAnswer([
      .send(head(200, [("Content-Type", "application/json"), ("Content-Length", "\(length)")]) + Array(body.utf8))
    ])
  }

  /// Said to be gzip, and plain text.
  public static let wrongGzip = FaultAnswer.reply(
    Array("{\"this\": \"is not compressed\"}".utf8), headers: [("Content-Encoding", "gzip")])

  /// Zeros that are 158 times as many as the bytes that come. A gigabyte, unless said.
  public static func gzipBomb(bytes: Int = 1_000_000_000) -> FaultAnswer {
    let bomb = Deflate.zeros(bytes)
    return FaultAnswer([
      .send(head(200, [("Content-Encoding", "gzip"), ("Connection", "close")]) + bomb.start),
      .sendOften(bomb.piece, bomb.count),
    ])
  }

  /// More than anybody wants; a gigabyte, unless said. Its length is said only where asked.
  public static func endless(bytes: Int = 1_000_000_000, saysLength: Bool = false) -> FaultAnswer {
    let headers = saysLength ? [("Content-Length", "\(bytes)")] : [("Connection", "close")]
    return FaultAnswer([
      .send(head(200, headers)), .sendOften([UInt8](repeating: UInt8(ascii: "x"), count: 65_536), bytes / 65_536),
    ])
  }

  /// A byte of a body that never ends, again and again: one a second, unless said.
  public static func drip(every milliseconds: Int32 = 1_000) -> FaultAnswer {
    FaultAnswer([
      .send(head(200, [("Content-Length", "1000000")])), .drip([UInt8(ascii: "x")], every: milliseconds),
    ])
  }

  /// A reset: before the answer, or in the midst of it.
  public static func reset(after body: String? = nil) -> FaultAnswer {
    guard let body else { return FaultAnswer([.reset]) }
    return FaultAnswer([
      .send(head(200, [("Content-Length", "1000000")]) + Array(body.utf8)), .pause(50), .reset,
    ])
  }

  /// Takes the request and says nothing.
  public static let silence = FaultAnswer([.pause(-1)])

  /// Headers without end.
  public static let headerFlood = FaultAnswer([
    .send(Array("HTTP/1.1 200 OK\r\n".utf8)),
    .sendOften(Array("X-Flood: \(String(repeating: "x", count: 1_000))\r\n".utf8), 100_000),
  ])

  /// One header without end.
  public static let longHeader = FaultAnswer([
    .send(Array("HTTP/1.1 200 OK\r\nX-Long: ".utf8)),
    .sendOften([UInt8](repeating: UInt8(ascii: "x"), count: 10_000), 10_000),
  ])

  /// A header's byte again and again.
  public static func slowHeaders(every milliseconds: Int32 = 1_000) -> FaultAnswer {
    FaultAnswer([.send(Array("HTTP/1.1 200 OK\r\nX-Slow: ".utf8)), .drip([UInt8(ascii: "x")], every: milliseconds)])
  }

  public static let garbage = FaultAnswer([.send(Array("\u{0}\u{1}SSH-2.0-not-http\r\n\r\nfee fie foe\r\n".utf8))])

  private static func head(_ status: Int, _ headers: [(name: String, value: String)]) -> [UInt8] {
    let lines = headers.map { "\($0.name): \($0.value)\r\n" }
    return Array("HTTP/1.1 \(status) \(status < 400 ? "OK" : "Error")\r\n\(lines.joined())\r\n".utf8)
  }
}
