import PluginKit

/// The clients of commands that work without a network.
struct Unconnected: WebClient, MailClient {
  func send(_ request: WebRequest) async throws(WebError) -> WebResponse {
    throw WebError(
      .forbiddenAddress, "this command asks no server; `finstage fetch` brings prices into the store",
      mayHaveArrived: false)
  }

  func send(_ mail: Mail) async throws(MailError) { try greet(mail.server) }

  func greet(_ server: MailServer) throws(MailError) {
    throw MailError(.forbiddenAddress, "this command sends no mail", mayHaveArrived: false)
  }
}
