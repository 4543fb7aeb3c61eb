public import Storage
import Synchronization
import Trading

/// Tells what a token admits; the secret itself is kept nowhere.
public struct TokenCheck: Sendable {
  /// The beginning of every token, by which tools that look for secrets in files find them.
  public static let prefix = "finstage_"

  private let digest: @Sendable ([UInt8]) throws -> [UInt8]
  private let find: @Sendable ([UInt8]) async throws -> AccessToken?
  private let mark: @Sendable () -> AnswerMark?
  private let found = Found()

  /// Tokens that were found, while the mark is the same under which they were.
  private final class Found: Sendable {
    let state = Mutex<(mark: AnswerMark?, tokens: [[UInt8]: AccessToken])>((nil, [:]))
  }

  /// - Parameters:
  ///   - digest: SHA-256.
  ///   - mark: Another one whenever a token was added or revoked; nil where that cannot be told, and `find` is asked for
  ///     every request.
  ///   - find: The token of a digest; nil where there is none.
  public init(
    digest: @escaping @Sendable ([UInt8]) throws -> [UInt8], mark: @escaping @Sendable () -> AnswerMark? = { nil },
    find: @escaping @Sendable ([UInt8]) async throws -> AccessToken?
  ) {
    self.digest = digest
    self.mark = mark
    self.find = find
  }

  /// The text that a user keeps, of 32 bytes.
  public static func text(of secret: [UInt8]) -> String {
    prefix
      + secret.map { byte in
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
      }.joined()
  }

  /// Whether a text is written as a token is.
  static func isWellFormed(_ text: String) -> Bool {
    let secret = text.dropFirst(prefix.count)
    return text.hasPrefix(prefix) && secret.utf8.count == 64
      && secret.utf8.allSatisfy {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
      }
  }

  /// What a header `Authorization: Bearer …` admits.
  func token(in header: String, at now: Instant) async throws -> AccessToken {
    let parts = header.split(separator: " ", maxSplits: 1)
    // The same answer for each reason: who guesses learns nothing.
    let refusal = Problem(
      401, "the token is not valid", headers: [["WWW-Authenticate", "Bearer error=\"invalid_token\""]])
    guard parts.count == 2, parts[0].lowercased() == "bearer",
      let token = try await token(of: String(parts[1]), at: now)
    else { throw refusal }
    return token
  }

  /// The token of a text; nil where it is none that is good.
  func token(of text: String, at now: Instant) async throws -> AccessToken? {
    guard TokenCheck.isWellFormed(text) else { return nil }
    return try await token(digest: try digest(Array(text.utf8)), at: now)
  }

  /// The same of its digest.
  func token(digest: [UInt8], at now: Instant) async throws -> AccessToken? {
    guard let token = try await kept(digest), token.isValid(at: now) else { return nil }
    return token
  }

  private func kept(_ digest: [UInt8]) async throws -> AccessToken? {
    guard let mark = mark() else { return try await find(digest) }
    let known = found.state.withLock { state -> AccessToken? in
      if state.mark != mark { state = (mark, [:]) }
      return state.tokens[digest]
    }
    if let known { return known }
    // Those that are none are asked for each time: there is no end of them.
    guard let token = try await find(digest) else { return nil }
    found.state.withLock { if $0.mark == mark { $0.tokens[digest] = token } }
    return token
  }
}
