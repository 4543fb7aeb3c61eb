public import PluginKit

/// Hands mail to servers through libcurl: within a deadline, to admitted addresses alone, with TLS verified, and without
/// anything from the environment.
///
/// Each mail has a loop, and so a thread and a connection, of its own: libcurl stands still while it waits for the
/// server's last word and for its goodbye, and keeps a connection whose server went silent.
public struct CurlMailClient: MailClient {
  private let limits: TransferLimits

  public init(_ limits: TransferLimits) { self.limits = limits }

  public func send(_ mail: Mail) async throws(MailError) {
    for address in mail.to + [mail.from] where !Self.isPlain(address) {
      throw MailError(.badMail, "\"\(address.prefix(80))\" is no address of mail", mayHaveArrived: false)
    }
    guard !mail.to.isEmpty else { throw MailError(.badMail, "the mail is to nobody", mayHaveArrived: false) }
    try check(mail.server)
    try await TransferLoop().run(MailTransfer(mail.server, mail, limits)).get()
  }

  public func greet(_ server: MailServer) async throws(MailError) {
    try check(server)
    try await TransferLoop().run(MailTransfer(server, nil, limits)).get()
  }

  private func check(_ server: MailServer) throws(MailError) {
    let signs = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]".utf8)
    guard !server.host.isEmpty, server.host.utf8.allSatisfy(signs.contains), (1...65_535).contains(server.port) else {
      throw MailError(.badMail, "\(server.host):\(server.port) is no server of mail", mayHaveArrived: false)
    }
  }

  /// Without what would end the command it stands in.
  private static func isPlain(_ address: String) -> Bool {
    address.utf8.count <= 320 && address.split(separator: "@", omittingEmptySubsequences: false).count == 2
      && !address.hasPrefix("@") && !address.hasSuffix("@")
      && address.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ">") }
  }
}
