public import PluginKit
internal import Synchronization

/// Keeps small documents with what the server calls their version (ETag, Last-Modified), and asks only whether they have
/// changed: what has not comes from memory, as a 200 (RFC 9111, 4.3).
public final class RevalidatingClient: WebClient {
  private struct Key: Hashable {
    let url: String
    /// A server may answer otherwise to other headers.
    let headers: [String]
  }

  private struct Document {
    var response: WebResponse
    /// When it was last of use, by count.
    var used: Int
  }

  private struct State {
    var documents: [Key: Document] = [:]
    var bytes = 0
    var uses = 0
  }

  private let client: any WebClient
  private let mostBytes: Int
  private let state = Mutex(State())

  /// Keeps `mostBytes` of bodies altogether, and none that is longer than an eighth of that.
  public init(_ client: any WebClient, mostBytes: Int = 8_000_000) {
    self.client = client
    self.mostBytes = mostBytes
  }

  public func send(_ request: WebRequest) async throws(WebError) -> WebResponse {
    let names = Set(request.headers.map { $0.name.lowercased() })
    // Who asks for a version, or for a part, wants the answer as it is.
    let own: Set = ["if-none-match", "if-modified-since", "if-match", "if-unmodified-since", "range"]
    guard request.method == "GET", request.body.isEmpty, names.isDisjoint(with: own) else {
      return try await client.send(request)
    }
    let key = Key(url: request.url, headers: request.headers.map { "\($0.name.lowercased()): \($0.value)" })
    let known = document(key)
    var asked = request
    if let tag = known?.headers["etag"] { asked.headers.append(("If-None-Match", tag)) }
    if let date = known?.headers["last-modified"] { asked.headers.append(("If-Modified-Since", date)) }
    var response = try await client.send(asked)
    if response.status == 304, let known {
      let headers = known.headers.merging(response.headers) { _, new in new }
      response = WebResponse(status: known.status, headers: headers, body: known.body)
    }
    keep(response, key)
    return response
  }

  private func document(_ key: Key) -> WebResponse? {
    state.withLock { state in
      guard state.documents[key] != nil else { return nil }
      state.uses += 1
      state.documents[key]?.used = state.uses
      return state.documents[key]?.response
    }
  }

  private func keep(_ response: WebResponse, _ key: Key) {
    guard response.status == 200 else { return }
    let hasVersion = response.headers["etag"] != nil || response.headers["last-modified"] != nil
    let mayStay = !(response.headers["cache-control"] ?? "").lowercased().contains("no-store")
    state.withLock { state in
      if let old = state.documents.removeValue(forKey: key) { state.bytes -= old.response.cost }
      guard hasVersion, mayStay, response.cost <= mostBytes / 8 else { return }
      while state.bytes + response.cost > mostBytes,
        let oldest = state.documents.min(by: { $0.value.used < $1.value.used })
      {
        state.documents[oldest.key] = nil
        state.bytes -= oldest.value.response.cost
      }
      state.uses += 1
      state.documents[key] = Document(response: response, used: state.uses)
      state.bytes += response.cost
    }
  }
}

extension WebResponse {
  /// Bytes it takes, roughly; an empty one is not for nothing.
  fileprivate var cost: Int {
    headers.reduce(body.count + 1_000) { $0 + $1.key.utf8.count + $1.value.utf8.count }
  }
}
