import SeriesMath
import Storage
import Synchronization
import Trading

/// Who has signed in through a browser. Kept in memory alone: a restart ends every session, and the token lets in again.
///
/// Of a session's id only the digest is kept. Each request asks the store for the token behind it, so that a token that is
/// revoked or expires takes its sessions with it.
public final class Sessions: Sendable {
  /// Milliseconds after which a session ends, and those without a request after which it does.
  public static let lifetime: Int64 = 12 * 3_600_000
  public static let idle: Int64 = 2 * 3_600_000
  /// Sessions at one time, and those of one token; of more, the one ends that was used the longest time ago.
  static let most = 1_000
  static let mostOfToken = 20

  struct Session: Sendable {
    /// What the store finds the token by.
    let digest: [UInt8]
    let token: String
    let startedAt: Instant
    var seenAt: Instant
    /// What its forms bring back.
    let secret: [UInt8]

    func isValid(at moment: Instant) -> Bool {
      moment < startedAt.advanced(by: Sessions.lifetime) && moment < seenAt.advanced(by: Sessions.idle)
        && moment >= startedAt
    }
  }

  private let draw: @Sendable (Int) -> [UInt8]
  private let sessions = Mutex<[String: Session]>([:])
  /// What forms bring back of those who have no session.
  let visitors: [UInt8]

  /// - Parameter draw: So many bytes of the system's generator.
  public init(draw: @escaping @Sendable (Int) -> [UInt8]) {
    self.draw = draw
    visitors = draw(32)
  }

  public var count: Int { sessions.withLock(\.count) }

  /// A new session; gives its id, which is kept nowhere.
  func begin(_ token: AccessToken, at moment: Instant) -> String {
    let id = Sessions.text(draw(32))
    let session = Session(
      digest: token.digest, token: token.name, startedAt: moment, seenAt: moment, secret: draw(32))
    sessions.withLock { sessions in
      sessions = sessions.filter { $0.value.isValid(at: moment) }
      let own = sessions.filter { $0.value.token == token.name }
      if own.count >= Sessions.mostOfToken { Sessions.removeOldest(of: own, from: &sessions) }
      if sessions.count >= Sessions.most { Sessions.removeOldest(of: sessions, from: &sessions) }
      sessions[Sessions.key(of: id)] = session
    }
    return id
  }

  private static func removeOldest(of some: [String: Session], from all: inout [String: Session]) {
    if let oldest = some.min(by: { $0.value.seenAt < $1.value.seenAt }) { all[oldest.key] = nil }
  }

  /// The session of an id, which has been used now; nil where there is none, or it has ended.
  func use(_ id: String, at moment: Instant) -> (key: String, session: Session)? {
    let key = Sessions.key(of: id)
    return sessions.withLock { sessions in
      guard var session = sessions[key] else { return nil }
      guard session.isValid(at: moment) else {
        sessions[key] = nil
        return nil
      }
      session.seenAt = moment
      sessions[key] = session
      return (key, session)
    }
  }

  /// Whether it goes on; asking is no use of it.
  func session(_ key: String, at moment: Instant) -> Session? {
    sessions.withLock { $0[key] }.flatMap { $0.isValid(at: moment) ? $0 : nil }
  }

  func end(_ key: String) { sessions.withLock { $0[key] = nil } }

  // MARK: - What forms bring back

  /// A secret as a form holds it, written another way each time: what is compressed along with it tells nothing of it
  /// (BREACH).
  func ticket(_ secret: [UInt8]) -> String {
    let mask = draw(secret.count)
    return Sessions.text(mask + zip(mask, secret).map { $0 ^ $1 })
  }

  /// Whether a form has brought the secret back. Takes as long whatever is wrong.
  static func isTicket(_ text: String, of secret: [UInt8]) -> Bool {
    let digits = text.utf8.map { UInt8(Character(Unicode.Scalar($0)).hexDigitValue ?? 255) }
    guard digits.count == 4 * secret.count, !digits.contains(255) else { return false }
    let bytes = stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    let difference = zip(zip(bytes, bytes.dropFirst(secret.count)), secret).reduce(0 as UInt8) {
      $0 | ($1.0.0 ^ $1.0.1 ^ $1.1)
    }
    return difference == 0
  }

  private static func key(of id: String) -> String { SHA256.text(of: Array(id.utf8)) }

  private static func text(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
