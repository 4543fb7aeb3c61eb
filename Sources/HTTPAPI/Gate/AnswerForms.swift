import SeriesMath
import Synchronization

/// What an answer's bytes are sent with, made once for those who ask for the same: the digest of its tag, and the bytes
/// as gzip.
final class AnswerForms: Sendable {
  private struct State {
    var digest: String?
    var gzip: [UInt8]?
  }

  private let state = Mutex(State())

  /// The first 32 digits of their SHA-256.
  func digest(of bytes: [UInt8]) -> String {
    if let digest = state.withLock({ $0.digest }) { return digest }
    let digest = AnswerForms.digest(of: bytes)
    state.withLock { $0.digest = digest }
    return digest
  }

  static func digest(of bytes: [UInt8]) -> String { String(SHA256.text(of: bytes).prefix(32)) }

  var gzip: [UInt8]? { state.withLock { $0.gzip } }

  func keep(gzip bytes: [UInt8]) { state.withLock { $0.gzip = bytes } }
}
