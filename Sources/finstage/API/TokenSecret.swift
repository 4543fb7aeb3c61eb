import CCrypto
import HTTPAPI

/// The secrets of tokens: how they are made, and what of them is kept.
enum TokenSecret {
  /// 256 bits from the system's generator, as a user keeps them.
  static func make() -> String {
    var generator = SystemRandomNumberGenerator()
    return TokenCheck.text(of: (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) })
  }

  /// SHA-256. A secret of 256 random bits cannot be guessed from it, so that no slower digest is wanted.
  static func digest(_ bytes: [UInt8]) throws(Failure) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    if let fault = ccrypto_sha256(bytes, bytes.count, &digest) {
      throw Failure(.unusable, "tokens cannot be checked: \(String(cString: fault))")
    }
    return digest
  }
}
