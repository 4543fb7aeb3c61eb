internal import PluginKit
internal import Storage
internal import Trading

/// What a server said when it was asked for a feed.
enum FeedAnswer: Sendable {
  case unchanged
  case feed(Feed, entityTag: String?, lastModified: String?)
  /// `retryAfter` in milliseconds, where the server says so.
  case failure(String, retryAfter: Int64?)

  /// Asks for a document, or whether it has changed since its items were saved (RFC 9110, 13).
  static func ask(_ source: FeedSource, _ address: FeedSource.Address, since state: FeedState?) async -> FeedAnswer {
    var request = WebRequest(
      address.url, headers: [("Accept", "application/rss+xml, application/atom+xml, application/feed+json, */*;q=0.5")])
    if let tag = state?.entityTag { request.headers.append(("If-None-Match", tag)) }
    if let date = state?.lastModified { request.headers.append(("If-Modified-Since", date)) }
    let response: WebResponse
    do throws(WebError) {
      response = try await source.web.send(request)
    } catch {
      return .failure(error.message, retryAfter: error.retryAfter.map { Int64($0 * 1_000) })
    }
    if response.status == 304, state?.entityTag != nil || state?.lastModified != nil { return .unchanged }
    guard response.status == 200 else { return .failure("the server answers \(response.status)", retryAfter: nil) }
    do throws(FeedError) {
      let feed = try source.parser.read(
        response.body, contentType: response.headers["content-type"] ?? "", address: address.url)
      return .feed(feed, entityTag: response.headers["etag"], lastModified: response.headers["last-modified"])
    } catch {
      return .failure("\(error)", retryAfter: nil)
    }
  }
}
