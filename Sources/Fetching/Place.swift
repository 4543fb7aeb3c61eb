internal import CCurl
internal import PluginKit

/// The server that a URL names, read by libcurl's own parser: what is checked is what is asked.
struct Place: Sendable {
  /// What a message calls it: the host, with its port where that is not the scheme's. Empty while it is not known.
  let name: String
  /// Scheme, host and port: what a secret is meant for.
  let origin: String

  static let unknown = Place(name: "", origin: "")

  private init(name: String, origin: String) {
    self.name = name
    self.origin = origin
  }

  /// Throws where the request cannot be sent, or may not be by what stands in its URL.
  init(_ request: WebRequest, _ limits: TransferLimits) throws(WebError) {
    func fault(_ cause: WebError.Cause, _ sentence: String) -> WebError {
      WebError(cause, request.withoutSecrets(sentence), mayHaveArrived: false)
    }
    guard !request.url.isEmpty, !request.url.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else {
      throw fault(.badAddress, "the URL is empty or has a space or a control character in it: percent-encode it")
    }
    guard Self.isToken(request.method) else {
      throw fault(.badAddress, "\"\(request.method)\" is no method of HTTP")
    }
    for header in request.headers where !Self.isToken(header.name) || header.value.utf8.contains(where: Self.breaks) {
      throw fault(.badAddress, "the header \"\(header.name)\" cannot be sent: its name or value breaks the line")
    }
    guard let scheme = Self.part(CURLUPART_SCHEME, of: request.url) else {
      throw fault(.badAddress, "the URL cannot be read: it has the form https://host/path")
    }
    guard scheme == "http" || scheme == "https" else {
      throw fault(.badAddress, "a \(scheme) URL is not asked for: only http and https are")
    }
    guard let host = Self.part(CURLUPART_HOST, of: request.url), !host.isEmpty,
      let port = Self.part(CURLUPART_PORT, of: request.url)
    else { throw fault(.badAddress, "the URL names no host: it has the form https://host/path") }
    name = port == (scheme == "http" ? "80" : "443") ? host : "\(host):\(port)"
    origin = "\(scheme)://\(host.lowercased()):\(port)"
    let inNumbers = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
    if let address = NetworkAddress(inNumbers), !limits.addresses.admits(address) {
      throw fault(.forbiddenAddress, TransferFault.forbidden(host))
    }
  }

  /// Nil where the URL cannot be read.
  static func origin(of url: String) -> String? {
    guard let scheme = part(CURLUPART_SCHEME, of: url) else { return nil }
    let host = part(CURLUPART_HOST, of: url) ?? ""
    return "\(scheme)://\(host.lowercased()):\(part(CURLUPART_PORT, of: url) ?? "")"
  }

  private static func part(_ part: CURLUPart, of url: String) -> String? {
    var buffer = [CChar](repeating: 0, count: 1_024)
    guard ccurl_url_part(url, part, &buffer, buffer.count) == CURLUE_OK else { return nil }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// RFC 9110, 5.6.2.
  private static func isToken(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        let scalar = Unicode.Scalar(byte)
        return scalar.isASCII
          && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
            || "!#$%&'*+-.^_`|~".unicodeScalars.contains(scalar))
      }
  }

  private static func breaks(_ byte: UInt8) -> Bool { byte < 0x20 && byte != 0x09 || byte == 0x7F }
}
