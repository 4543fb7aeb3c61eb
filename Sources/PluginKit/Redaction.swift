extension WebRequest {
  /// A text without this request's secrets, as they stand there or percent-encoded. For everything that is said of an
  /// answer too: servers repeat keys.
  public func withoutSecrets(_ text: String) -> String {
    var text = text
    for secret in secrets.sorted(by: { $0.utf8.count > $1.utf8.count }) {
      for form in Self.forms(of: secret) { text = Self.replacing(form, in: text) }
    }
    return text
  }

  /// Whether the text holds one of this request's secrets.
  public func showsSecret(_ text: String) -> Bool { withoutSecrets(text) != text }

  private static func forms(of secret: String) -> Set<String> {
    let decoded = percentDecoded(secret)
    var forms: Set<String> = []
    for plain in [secret, decoded] where !plain.isEmpty {
      forms.insert(plain)
      // Percent-encoding by a client, by a form (a space is a plus), and with each byte encoded that may be.
      for kept in ["-._~", "-._~!$&'()*+,;=:@/?"] {
        let encoded = percentEncoded(plain, keeping: kept)
        forms.formUnion([encoded, encoded.replacing("%20", with: "+")])
      }
    }
    return forms
  }

  private static func percentEncoded(_ text: String, keeping kept: String) -> String {
    text.utf8.reduce(into: "") { encoded, byte in
      let scalar = Unicode.Scalar(byte)
      if scalar.isASCII,
        scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || kept.unicodeScalars.contains(scalar)
      {
        encoded.unicodeScalars.append(scalar)
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        encoded += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
      }
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

  /// Compares bytes and the digits after a percent sign in either case.
  private static func replacing(_ form: String, in text: String) -> String {
    let form = Array(form.utf8)
    let bytes = Array(text.utf8)
    guard !form.isEmpty, form.count <= bytes.count else { return text }
    var left: [UInt8] = []
    var at = 0
    while at < bytes.count {
      if at + form.count <= bytes.count, matches(form, bytes[at..<(at + form.count)]) {
        left += Array("[secret]".utf8)
        at += form.count
      } else {
        left.append(bytes[at])
        at += 1
      }
    }
    return String(decoding: left, as: UTF8.self)
  }

  private static func matches(_ form: [UInt8], _ piece: ArraySlice<UInt8>) -> Bool {
    var digits = 0
    for (one, other) in zip(form, piece) {
      if one != other, !(digits > 0 && one | 0x20 == other | 0x20 && (one | 0x20) >= UInt8(ascii: "a")) { return false }
      digits = one == UInt8(ascii: "%") ? 2 : max(0, digits - 1)
    }
    return true
  }
}
