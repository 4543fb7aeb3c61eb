public import PluginKit
import Trading

/// Messages as mail, handed to a server by SMTP.
///
/// The Message-ID is made of the message's id: a repeat has the same, and many readers of mail show it once. Answers
/// name what they answer, so that they stand below it.
public struct Email: NotificationChannel {
  public static let id = "email"
  public static let summary = "Messages as mail, by SMTP."
  public static let mails = true
  public static let settings = [
    PluginSetting("host", .text, required: true, meaning: "the server that takes mail, such as smtp.example.com"),
    PluginSetting("port", .number, meaning: "its port; 587 with starttls, 465 with tls, 25 with none"),
    PluginSetting(
      "security", .text,
      meaning: "starttls (never without encryption), tls (from the first byte) or none; starttls"),
    PluginSetting("user", .text, meaning: "who logs in; without it nobody does"),
    PluginSetting("password", .text, secret: true, meaning: "the password, as ${env:NAME} or ${file:PATH}"),
    PluginSetting("from", .text, required: true, meaning: "the sender: host@example.com or Name <host@example.com>"),
    PluginSetting("to", .list, required: true, meaning: "the receivers"),
  ]

  private let server: MailServer
  private let from: MailAddress
  private let to: [MailAddress]
  private let mail: any MailClient
  private let now: @Sendable () -> Instant

  public init(settings: PluginSettings, host: ChannelHost) throws(ChannelError) {
    let word = settings.text("security") ?? MailServer.Security.starttls.rawValue
    guard let security = MailServer.Security(rawValue: word) else {
      throw .badSetting(name: "security", "is starttls, tls or none; found \"\(word)\"")
    }
    let usual = [MailServer.Security.starttls: 587, .tls: 465, .none: 25][security] ?? 587
    let port = settings.text("port").map { Int($0) ?? 0 } ?? usual
    guard (1...65_535).contains(port) else { throw .badSetting(name: "port", "is 1 to 65535") }
    let user = settings.text("user")
    let password = settings.text("password")
    guard (user == nil) == (password == nil) else {
      throw .badSetting(name: user == nil ? "user" : "password", "is missing: a login has a user and a password")
    }
    server = MailServer(
      host: settings.text("host") ?? "", port: port, security: security, user: user, password: password)
    from = try MailAddress(settings.text("from") ?? "", "from")
    var to: [MailAddress] = []
    for text in settings.list("to") ?? [] { to.append(try MailAddress(text, "to")) }
    guard !to.isEmpty, to.count <= 50 else { throw .badSetting(name: "to", "are 1 to 50 receivers") }
    self.to = to
    mail = host.mail
    now = host.now
  }

  public func check() async throws(ChannelError) -> String {
    if let missing { throw .unusable(missing) }
    do throws(MailError) {
      try await mail.greet(server)
    } catch {
      switch error.cause {
      case .badMail, .forbiddenAddress, .login, .never: throw .unusable("\(Email.id): \(error.message)")
      case .timeout, .connection, .untrusted, .later, .cancelled: throw .unavailable("\(Email.id): \(error.message)")
      }
    }
    return "\(server.host) answers\(server.user == nil ? "" : " and lets us in")"
  }

  public func send(_ message: ChannelMessage) async -> Delivery {
    if let missing { return .unusable(missing) }
    let letter = letter(message)
    do throws(MailError) {
      try await mail.send(
        Mail(server: server, from: from.address, to: to.map(\.address), message: Array(letter.text.utf8)))
    } catch {
      let reason = "\(Email.id): \(error.message)"
      if error.mayHaveArrived { return .unknown(reason) }
      return switch error.cause {
      case .badMail, .forbiddenAddress, .login: .unusable(reason)
      case .never: .refused(reason)
      case .timeout, .connection, .untrusted, .later, .cancelled: .notSent(reason)
      }
    }
    return .sent(reference: letter.messageID)
  }

  public func preview(_ message: ChannelMessage) -> [String] {
    let letter = letter(message)
    return [letter.headers.map { "\($0.name): \($0.value)" }.joined(separator: "\n") + "\n\n" + letter.body]
  }

  private var missing: String? {
    guard let password = server.password, password.contains("${") else { return nil }
    return "\(Email.id): password is not set on this machine: \(password)"
  }

  private func letter(_ message: ChannelMessage) -> Letter {
    let domain = from.address.split(separator: "@").last.map { String($0) } ?? "localhost"
    let signs = message.id.utf8.map { byte -> Character in
      let sign = Character(Unicode.Scalar(byte))
      return sign.isASCII && (sign.isLetter || sign.isNumber) ? sign : "-"
    }
    let first = message.text.split { $0.isNewline }.first.map { String($0) } ?? ""
    return Letter(
      from: from, to: to, subject: message.title.isEmpty ? first : message.title, at: now(),
      messageID: "<finstage.\(String(signs))@\(domain)>", replyTo: message.replyTo,
      importance: message.priority == .high ? "high" : nil, body: message.text)
  }
}
