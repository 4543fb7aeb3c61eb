import Foundation
import SeriesMath
import Synchronization
import TestSupport

/// Messages to a source of signals from outside: of each ten six are new, three are repeats and one is forged.
struct InboundFlood: Sendable {
  enum Kind: Sendable { case new, repeated, forged }

  struct Message: Sendable {
    let kind: Kind
    let id: String
    let body: String
    let signature: String
  }

  /// What was answered.
  struct Counts: Sendable {
    var saved: [String: Int] = [:]
    var repeated = 0
    var refused = 0
    /// Told to come again, and sent again.
    var postponed = 0
    /// What was answered otherwise than it should be.
    var faults: [String] = []

    mutating func add(_ other: Counts) {
      saved.merge(other.saved) { $0 + $1 }
      repeated += other.repeated
      refused += other.refused
      postponed += other.postponed
      faults += other.faults
    }
  }

  static let secret = "0123456789abcdef0123456789abcdef"
  let messages: [Message]

  /// - Parameter now: Seconds since 1970.
  init(count: Int, seed: UInt64, now: Int) {
    var random = SplitMix64(seed: seed)
    var messages: [Message] = []
    var sent: [Int] = []
    for place in 0..<count {
      switch place % 10 {
      case 3, 6, 9:
        // A repeat of any that was made before, byte for byte or signed anew.
        let earlier = messages[sent[Int(random.next() % UInt64(sent.count))]]
        let again = random.next() % 2 == 0 ? earlier.signature : Self.sign(earlier.body, now)
        messages.append(Message(kind: .repeated, id: earlier.id, body: earlier.body, signature: again))
      case 7: messages.append(Self.forged(place, &random, now))
      default:
        sent.append(messages.count)
        let body = Self.body(place, "id-\(place)")
        messages.append(Message(kind: .new, id: "id-\(place)", body: body, signature: Self.sign(body, now)))
      }
    }
    self.messages = messages
  }

  var new: [Message] { messages.filter { $0.kind == .new } }

  private static func body(_ place: Int, _ id: String) -> String {
    let side = place % 3 == 0 ? "sell" : "buy"
    return """
      {"id": "\(id)", "strategy": "s\(place % 7)", "symbol": "SYM\(place % 40)", "side": "\(side)", \
      "price": \(100 + place % 50).5, "why": "\(id)"}
      """
  }

  private static func sign(_ body: String, _ seconds: Int, key: String = secret) -> String {
    "t=\(seconds),v1=\(HMACSHA256.text(of: Array("\(seconds).\(body)".utf8), key: Array(key.utf8)))"
  }

  /// Signed with another secret, not at all, for another body, for another second, or an hour ago.
  private static func forged(_ place: Int, _ random: inout SplitMix64, _ now: Int) -> Message {
    let body = self.body(place, "forged-\(place)")
    let signature =
      switch random.next() % 5 {
      case 0: sign(body, now, key: "another secret, and quite as long")
      case 1: "t=\(now),v1=\(String(repeating: "0", count: 64))"
      case 2: sign(body + " ", now)
      case 3: sign(body, now).replacing("t=\(now)", with: "t=\(now + 1)")
      default: sign(body, now - 3_600)
      }
    return Message(kind: .forged, id: "forged-\(place)", body: body, signature: signature)
  }

  /// Sends all of them over so many connections, each connection in order, spread over so many seconds; comes back when
  /// every one is answered.
  func send(to port: Int, connections: Int, over seconds: Double) -> Counts {
    let all = Mutex(Counts())
    let began = Date()
    let gap = seconds / Double(max(1, messages.count))
    DispatchQueue.concurrentPerform(iterations: connections) { lane in
      var counts = Counts()
      var client: RawClient?
      for place in stride(from: lane, to: messages.count, by: connections) {
        let wait = began.addingTimeInterval(Double(place) * gap).timeIntervalSinceNow
        if wait > 0 { usleep(UInt32(wait * 1e6)) }
        for _ in 0..<100 {
          if client == nil { client = RawClient(port: port) }
          guard let open = client, let (status, text) = Self.ask(open, messages[place]) else {
            client = nil
            continue
          }
          if status == 429 || status == 503 {
            counts.postponed += 1
            usleep(1_000_000)
            continue
          }
          counts.note(status, text, of: messages[place])
          break
        }
      }
      let own = counts
      all.withLock { $0.add(own) }
    }
    return all.withLock { $0 }
  }

  private static func ask(_ client: RawClient, _ message: Message) -> (status: Int, text: String)? {
    let lines = [
      "POST /api/v1/inbound/desk HTTP/1.1", "Host: localhost", "Content-Type: application/json",
      "Finstage-Signature: \(message.signature)", "Content-Length: \(message.body.utf8.count)",
    ]
    guard client.send(lines.joined(separator: "\r\n") + "\r\n\r\n" + message.body) else { return nil }
    let text = client.read(seconds: 60) { isWhole($0) }.text
    guard isWhole(text), let status = Int(text.dropFirst(9).prefix(3)) else { return nil }
    return (status, text)
  }

  /// Whether an answer is there with all of its body.
  private static func isWhole(_ text: String) -> Bool {
    guard let gap = text.range(of: "\r\n\r\n") else { return false }
    let length = text[..<gap.lowerBound].lowercased().split(separator: "\r\n")
      .first { $0.hasPrefix("content-length:") }?.drop { !$0.isNumber }
    return text[gap.upperBound...].utf8.count >= length.flatMap { Int($0) } ?? 0
  }
}

extension InboundFlood.Counts {
  mutating func note(_ status: Int, _ text: String, of message: InboundFlood.Message) {
    let (isSaved, isRepeated) = (text.contains("\"saved\""), text.contains("\"repeated\""))
    switch message.kind {
    case .forged:
      refused += 1
      if status != 401 && status != 403 { faults.append("\(message.id): \(status)") }
    // Over another connection a repeat may come in before what it repeats.
    case .new, .repeated:
      if status == 200, isSaved != isRepeated {
        if isSaved { saved[message.id, default: 0] += 1 } else { repeated += 1 }
      } else {
        faults.append("\(message.id): \(status) \(text.suffix(200))")
      }
    }
  }
}
