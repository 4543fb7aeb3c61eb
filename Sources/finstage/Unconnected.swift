import PluginKit

/// The web client of commands that work without a network.
struct Unconnected: WebClient {
  func send(_ request: WebRequest) async throws(WebError) -> WebResponse {
    throw WebError(
      .forbiddenAddress, "this command asks no server; `finstage fetch` brings prices into the store",
      mayHaveArrived: false)
  }
}
