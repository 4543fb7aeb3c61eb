public import MarketData
import SeriesMath
public import Trading

/// A message as it came in.
public struct InboundRequest: Sendable {
  public enum Form: Sendable {
    case json
    /// Fields as a form of a page sends them: freqtrade does so where nothing else is asked for.
    case fields([(name: String, value: String)])
  }

  public var form: Form
  public var body: [UInt8]
  /// `Finstage-Signature` and `Authorization`, as they came.
  public var signature: String?
  public var authorization: String?
  /// The last part of the path, where there is one.
  public var pathToken: String?

  public init(body: [UInt8], form: Form = .json) {
    self.body = body
    self.form = form
  }

  /// What it says, not yet believed.
  public func document() throws(InboundFault) -> JSON {
    switch form {
    case .fields(let fields): return .object(fields.map { JSON.Member(name: $0.name, value: .text($0.value)) })
    case .json:
      do throws(JSON.Fault) { return try JSON.read(body) } catch { throw .unreadable(error.sentence) }
    }
  }
}

extension InboundSource {
  /// What a request says, where it shows that it comes from who has the secret. Texts are compared in a time that says
  /// nothing about where they differ.
  public func believed(_ request: InboundRequest, at now: Instant) throws(InboundFault) -> JSON {
    let secret = proof.secret
    // A reference that brought nothing is known to everybody.
    guard !secret.contains("${"), secret.utf8.count >= InboundSource.shortestSecret else {
      throw .withoutSecret(name)
    }
    switch proof {
    case .signature:
      try checkSignature(request, secret, at: now)
      return try request.document()
    case .header:
      let parts = (request.authorization ?? "").split(separator: " ", maxSplits: 1)
      guard parts.count == 2, parts[0].lowercased() == "bearer", Self.same(String(parts[1]), secret) else {
        throw .notBelieved
      }
      return try request.document()
    case .path:
      guard let token = request.pathToken, Self.same(token, secret) else { throw .notBelieved }
      return try request.document()
    case .body(_, let path):
      let document = try request.document()
      guard let token = path.find(in: document)?.text, Self.same(token, secret) else { throw .notBelieved }
      return document
    }
  }

  /// Takes as long as a check that finds nothing: who asks for a source that is not there does not learn so by the
  /// clock.
  public static func doubt(_ request: InboundRequest) {
    _ = HMACSHA256.value(of: request.body, key: Array("there is no source of this name".utf8))
  }

  private func checkSignature(_ request: InboundRequest, _ secret: String, at now: Instant) throws(InboundFault) {
    let parts = (request.signature ?? "").split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].hasPrefix("t="), parts[1].hasPrefix("v1="), (5...16).contains(parts[0].utf8.count),
      let seconds = Int64(parts[0].dropFirst(2)), let brought = Self.bytes(parts[1].dropFirst(3))
    else { throw .notBelieved }
    let own = HMACSHA256.value(
      of: Array(parts[0].dropFirst(2).utf8) + [UInt8(ascii: ".")] + request.body, key: Array(secret.utf8))
    guard Self.same(own, brought) else { throw .notBelieved }
    // Who has the secret may know how the clocks differ.
    let age = now.milliseconds - seconds * 1_000
    guard abs(age) <= tolerance else {
      throw .outOfTime(
        "the signature is of \(Instant(seconds: seconds)), and it is \(now): \(tolerance / 1_000) s is admitted")
    }
  }

  /// 32 bytes of 64 hexadecimal digits.
  private static func bytes(_ digits: Substring) -> [UInt8]? {
    let values = digits.utf8.compactMap { byte -> UInt8? in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
      default: nil
      }
    }
    guard values.count == 64, digits.utf8.count == 64 else { return nil }
    return stride(from: 0, to: 64, by: 2).map { values[$0] << 4 | values[$0 + 1] }
  }

  /// By digests of equal length, so that not even the length of the secret is told.
  private static func same(_ one: String, _ other: String) -> Bool { same(digest(one), digest(other)) }

  private static func digest(_ text: String) -> [UInt8] {
    var hash = SHA256()
    hash.update(Array(text.utf8))
    return hash.value()
  }

  private static func same(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    one.count == other.count && zip(one, other).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
