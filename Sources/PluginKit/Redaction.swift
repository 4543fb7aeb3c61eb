extension WebRequest {
  /// A text without this request's secrets, however they are written in it (`WrittenSecret`). For everything that is said
  /// of an answer too: servers repeat keys.
  public func withoutSecrets(_ text: String) -> String {
    var bytes = Array(text.utf8)
    var isChanged = false
    for secret in secrets.sorted(by: { $0.utf8.count > $1.utf8.count }) {
      for form in Self.forms(of: secret) {
        guard let left = form.removed(from: bytes) else { continue }
        bytes = left
        isChanged = true
      }
    }
    return isChanged ? String(decoding: bytes, as: UTF8.self) : text
  }

  /// Whether the text holds one of this request's secrets.
  public func showsSecret(_ text: String) -> Bool { withoutSecrets(text) != text }

  /// The secret and, where it is percent-encoded itself, what it stands for; then both as they stand in base64.
  private static func forms(of secret: String) -> [WrittenSecret] {
    let decoded = percentDecoded(secret)
    let plain = (decoded == secret ? [secret] : [secret, decoded]).filter { !$0.isEmpty }
    return plain.map { WrittenSecret($0) } + plain.flatMap(base64Forms).map { WrittenSecret($0) }
  }

  /// What stands in any base64 that holds it, whatever stands before and behind it: by how many bytes it is shifted,
  /// some letters at its ends are shared. Of a short secret too little is left that is certainly its own.
  private static func base64Forms(of plain: String) -> [String] {
    let bytes = Array(plain.utf8)
    guard bytes.count >= 8 else { return [] }
    return (0..<3).flatMap { shift in
      let encoded = Base64.text([UInt8](repeating: 0, count: shift) + bytes)
      let whole = (shift + bytes.count) * 8 / 6
      let own = String(encoded.prefix(whole).dropFirst((shift * 8 + 5) / 6))
      return [own, own.replacing("+", with: "-").replacing("/", with: "_")]
    }
  }

  private static func percentDecoded(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var decoded: [UInt8] = []
    var at = 0
    while at < bytes.count {
      let pair = bytes[at] == UInt8(ascii: "%") && at + 2 < bytes.count ? bytes[(at + 1)...(at + 2)] : []
      if pair.count == 2, let byte = UInt8(String(decoding: pair, as: UTF8.self), radix: 16) {
        decoded.append(byte)
        at += 3
      } else {
        decoded.append(bytes[at])
        at += 1
      }
    }
    return String(decoding: decoded, as: UTF8.self)
  }
}
