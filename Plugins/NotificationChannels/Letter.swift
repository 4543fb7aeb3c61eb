import PluginKit
import Trading

/// An address of mail, with a name where it has one.
struct MailAddress: Hashable, Sendable {
  let name: String
  let address: String

  /// `host@example.com` or `Name <host@example.com>`.
  init(_ text: String, _ setting: String) throws(ChannelError) {
    var name = ""
    var address = text
    var isPlainName = true
    if text.hasSuffix(">"), let open = text.lastIndex(of: "<") {
      let given = text[..<open]
      isPlainName = !given.unicodeScalars.contains { "<>@".unicodeScalars.contains($0) || $0.value < 0x20 }
      name = given.split { $0.isWhitespace || $0 == "\"" }.joined(separator: " ")
      address = String(text[text.index(after: open)...].dropLast())
    }
    let parts = address.split(separator: "@", omittingEmptySubsequences: false)
    let isPlain = address.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"<>()[],;:\\\"".utf8.contains($0) }
    guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }), isPlain, isPlainName, address.utf8.count <= 254 else {
      throw .badSetting(name: setting, "is host@example.com or Name <host@example.com>; found \"\(text)\"")
    }
    self.name = name
    self.address = address
  }
}

/// A mail by RFC 5322 and MIME: plain text in UTF-8.
struct Letter: Sendable {
  let headers: [(name: String, value: String)]
  let body: String
  let messageID: String

  init(
    from: MailAddress, to: [MailAddress], subject: String, at moment: Instant, messageID: String, replyTo: String?,
    importance: String?, body: String
  ) {
    self.body = body
    self.messageID = messageID
    func written(_ address: MailAddress) -> String {
      guard !address.name.isEmpty else { return address.address }
      let isWords = address.name.utf8.allSatisfy { byte in
        let sign = Character(Unicode.Scalar(byte))
        return sign.isASCII && (sign.isLetter || sign.isNumber || sign == " ")
      }
      return "\(isWords ? address.name : Letter.encodedWords(address.name)) <\(address.address)>"
    }
    var headers = [
      ("From", written(from)), ("To", to.map(written).joined(separator: ",\r\n ")),
      ("Subject", Letter.unstructured(subject)), ("Date", Letter.date(moment)), ("Message-ID", messageID),
    ]
    // Only what this channel has called a message can stand here.
    if let replyTo, replyTo.hasPrefix("<"), replyTo.hasSuffix(">"), replyTo.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
    {
      headers += [("In-Reply-To", replyTo), ("References", replyTo)]
    }
    if let importance { headers.append(("Importance", importance)) }
    headers += [
      ("Auto-Submitted", "auto-generated"), ("MIME-Version", "1.0"), ("Content-Type", "text/plain; charset=utf-8"),
      ("Content-Transfer-Encoding", "base64"),
    ]
    self.headers = headers.map { (name: $0.0, value: $0.1) }
  }

  /// With lines ended by CR LF. The body in base64, so that no line is too long and none begins with a full stop.
  var text: String {
    let lines = body.split(omittingEmptySubsequences: false) { $0.isNewline }.joined(separator: "\r\n")
    let signs = Array(Base64.text("\(lines)\r\n".utf8).utf8)
    let coded = stride(from: 0, to: signs.count, by: 76).map {
      String(decoding: signs[$0..<min($0 + 76, signs.count)], as: UTF8.self)
    }
    return headers.map { "\($0.name): \($0.value)\r\n" }.joined() + "\r\n" + coded.joined(separator: "\r\n") + "\r\n"
  }

  /// RFC 5322, 3.3: `Tue, 14 Nov 2023 22:13:20 +0000`.
  static func date(_ moment: Instant) -> String {
    let text = moment.description
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    let parts = text.split { "-T:Z.".contains($0) }.map { String($0) }
    guard parts.count >= 6, let month = Int(parts[1]), months.indices.contains(month - 1) else { return text }
    return
      "\(days[moment.weekday - 1]), \(parts[2]) \(months[month - 1]) \(parts[0]) \(parts[3]):\(parts[4]):\(parts[5]) +0000"
  }

  /// One line: as it is where it is short and plain, else in encoded words.
  private static func unstructured(_ text: String) -> String {
    let line = text.split { $0.isWhitespace }.joined(separator: " ")
    let isPlain = line.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } && line.utf8.count <= 60 && !line.contains("=?")
    return isPlain ? line : encodedWords(String(line.unicodeScalars.prefix(200)))
  }

  /// RFC 2047: words of at most 75 signs, each whole characters.
  private static func encodedWords(_ text: String) -> String {
    var words: [String] = []
    var bytes: [UInt8] = []
    for scalar in text.unicodeScalars {
      let more = Array(String(scalar).utf8)
      if bytes.count + more.count > 42 {
        words.append("=?UTF-8?B?\(Base64.text(bytes))?=")
        bytes = []
      }
      bytes += more
    }
    words.append("=?UTF-8?B?\(Base64.text(bytes))?=")
    return words.joined(separator: "\r\n ")
  }
}
