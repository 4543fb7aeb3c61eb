internal import CCurl
internal import PluginKit
internal import Synchronization

/// One request to one server and its answer; a redirect is the next transfer's work.
///
/// Unchecked: whoever makes it hands it to a `TransferLoop` and touches it no more, and all its changes happen on that
/// loop's thread; only `isCancelled`, which is atomic, is set from elsewhere.
final class Transfer: LoopTransfer, @unchecked Sendable {
  struct Answer: Sendable {
    var response: WebResponse
    /// Where the server says to go on, absolute, with that place's origin.
    var redirect: String?
    var origin: String
    var redirectOrigin: String?
    /// Microseconds that it took.
    var took: Int64
  }

  private let isCancelled = Atomic(false)

  private let request: WebRequest
  private let limits: TransferLimits
  /// In microseconds.
  private let deadline: Int64

  private var easy: UnsafeMutableRawPointer?
  private var lines: UnsafeMutablePointer<curl_slist>?
  private var gatekeeper = UnsafeMutablePointer<ccurl_gatekeeper>.allocate(capacity: 1)
  private var reason = UnsafeMutableBufferPointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
  private var place = Place.unknown

  private var headers: [String: String] = [:]
  private var headerBytes = 0
  private var body: [UInt8] = []
  private(set) var refusal: Refusal?

  /// Why a callback ended the transfer.
  enum Refusal: Equatable {
    case address(String)
    case body, headers
  }

  init(_ request: WebRequest, _ limits: TransferLimits, deadline: Int64) {
    self.request = request
    self.limits = limits
    self.deadline = deadline
    reason.initialize(repeating: 0)
    gatekeeper.initialize(to: ccurl_gatekeeper(gate: gate, context: nil))
  }

  deinit {
    release()
    gatekeeper.deallocate()
    reason.deallocate()
  }

  func noteCancelled() { isCancelled.store(true, ordering: .releasing) }
  var isToEnd: Bool { isCancelled.load(ordering: .acquiring) }

  func start() throws(WebError) -> UnsafeMutableRawPointer {
    place = try Place(request, limits)
    guard let easy = ccurl_easy_init() else {
      throw error(.connection, "there is no memory for a request", mayHaveArrived: false)
    }
    self.easy = easy
    let code = setUp(easy)
    guard code == CURLE_OK else {
      let sentence = "the request cannot be made: \(String(cString: ccurl_describe(code)))"
      throw error(.badAddress, sentence, mayHaveArrived: false)
    }
    return easy
  }

  func end(_ code: CURLcode) -> Result<Answer, WebError> {
    defer { release() }
    guard let easy else {
      return .failure(error(.connection, "the request was not started", mayHaveArrived: false))
    }
    guard code == CURLE_OK else { return .failure(fault(code, of: easy)) }
    let status = Int(ccurl_number(easy, CURLINFO_RESPONSE_CODE))
    let redirect = ccurl_text(easy, CURLINFO_REDIRECT_URL).map { String(cString: $0) }
    return .success(
      Answer(
        response: WebResponse(status: status, headers: headers, body: body), redirect: redirect, origin: place.origin,
        redirectOrigin: redirect.flatMap { Place.origin(of: $0) }, took: ccurl_size(easy, CURLINFO_TOTAL_TIME_T)))
  }

  /// Gives libcurl's handle back.
  private func release() {
    if let easy { ccurl_easy_cleanup(easy) }
    easy = nil
    ccurl_list_free(lines)
    lines = nil
  }

  func error(_ cause: WebError.Cause, _ sentence: String, mayHaveArrived: Bool) -> WebError {
    let message = request.withoutSecrets(place.name.isEmpty ? sentence : "\(place.name): \(sentence)")
    return WebError(cause, message, mayHaveArrived: mayHaveArrived)
  }

  func failure(_ sentence: String) -> WebError { error(.connection, sentence, mayHaveArrived: false) }

  func cancel() -> WebError {
    defer { release() }
    return error(.cancelled, "the request was cancelled", mayHaveArrived: easy.map(hasSent) ?? false)
  }

  /// Whether a byte of the request has gone out. libcurl counts bytes as it writes them, and notes the time of transfer
  /// only when all are written or waiting to be.
  private func hasSent(_ easy: UnsafeMutableRawPointer) -> Bool {
    ccurl_number(easy, CURLINFO_REQUEST_SIZE) > 0 || ccurl_size(easy, CURLINFO_PRETRANSFER_TIME_T) > 0
  }

  // MARK: The request

  private func setUp(_ easy: UnsafeMutableRawPointer) -> CURLcode {
    let context = Unmanaged.passUnretained(self).toOpaque()
    gatekeeper.pointee.context = context
    var fault = CURLE_OK
    func number(_ option: CURLoption, _ value: Int64) {
      if fault == CURLE_OK { fault = ccurl_set_number(easy, option, value) }
    }
    func text(_ option: CURLoption, _ value: String) {
      if fault == CURLE_OK { fault = ccurl_set_text(easy, option, value) }
    }
    func pointer(_ option: CURLoption, _ value: UnsafeMutableRawPointer?) {
      if fault == CURLE_OK { fault = ccurl_set_pointer(easy, option, value) }
    }
    text(CURLOPT_URL, request.url)
    text(CURLOPT_PROTOCOLS_STR, "http,https")
    number(CURLOPT_FOLLOWLOCATION, 0)
    number(CURLOPT_NOSIGNAL, 1)
    // Else a name server that never answers would hold up every other transfer when one is taken out.
    number(CURLOPT_QUICK_EXIT, 1)
    pointer(CURLOPT_ERRORBUFFER, reason.baseAddress)
    number(CURLOPT_TIMEOUT_MS, max(1, deadline / 1_000))
    number(CURLOPT_CONNECTTIMEOUT_MS, limits.connectTimeout)
    number(CURLOPT_LOW_SPEED_LIMIT, 1)
    number(CURLOPT_LOW_SPEED_TIME, (limits.idleTimeout + 999) / 1_000)
    if fault == CURLE_OK { fault = ccurl_set_size(easy, CURLOPT_MAXFILESIZE_LARGE, Int64(limits.maxBody)) }
    text(CURLOPT_ACCEPT_ENCODING, "")  // whatever libcurl can decompress
    // An empty text keeps libcurl from asking the environment.
    text(CURLOPT_PROXY, limits.proxy ?? "")
    text(CURLOPT_NOPROXY, "")
    number(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    text(CURLOPT_USERAGENT, limits.userAgent)
    setMethod(number, text)
    // libcurl asks again by itself where a connection that it kept turns out to be closed.
    if !request.isIdempotent { number(CURLOPT_FRESH_CONNECT, 1) }
    if !request.body.isEmpty || request.method == "POST" {
      if fault == CURLE_OK { fault = ccurl_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, Int64(request.body.count)) }
      var body = request.body + [0]
      body.withUnsafeMutableBytes { pointer(CURLOPT_COPYPOSTFIELDS, $0.baseAddress) }
    }
    let own = request.headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
    // A server that does not know Expect would cost a second.
    for line in own + ["Expect:"] {
      guard let longer = ccurl_list_append(lines, line) else { return CURLE_OUT_OF_MEMORY }
      lines = longer
    }
    pointer(CURLOPT_HTTPHEADER, lines)
    if fault == CURLE_OK { fault = ccurl_set_sink(easy, CURLOPT_HEADERFUNCTION, headerSink) }
    if fault == CURLE_OK { fault = ccurl_set_sink(easy, CURLOPT_WRITEFUNCTION, bodySink) }
    pointer(CURLOPT_HEADERDATA, context)
    pointer(CURLOPT_WRITEDATA, context)
    // Of a proxy, the address that is connected to is the one the user has named.
    if fault == CURLE_OK, limits.proxy == nil { fault = ccurl_set_gatekeeper(easy, gatekeeper) }
    return fault
  }

  private func setMethod(_ number: (CURLoption, Int64) -> Void, _ text: (CURLoption, String) -> Void) {
    switch request.method {
    case "GET" where request.body.isEmpty: number(CURLOPT_HTTPGET, 1)
    case "HEAD" where request.body.isEmpty: number(CURLOPT_NOBODY, 1)
    case "POST": number(CURLOPT_POST, 1)
    default: text(CURLOPT_CUSTOMREQUEST, request.method)
    }
  }

  // MARK: What comes

  fileprivate func admits(_ address: String) -> Bool {
    if let known = NetworkAddress(address), limits.addresses.admits(known) { return true }
    refusal = .address(address)
    return false
  }

  fileprivate func takeHeader(_ bytes: UnsafeRawBufferPointer) -> Bool {
    headerBytes += bytes.count
    guard headerBytes <= limits.maxHeaders else {
      refusal = .headers
      return false
    }
    let line = String(decoding: bytes, as: UTF8.self)
    if line.hasPrefix("HTTP/") {
      headers = [:]
    } else if let colon = line.firstIndex(of: ":") {
      let value = line[line.index(after: colon)...]
      headers[line[..<colon].lowercased()] = String(value.trimmed)
    }
    return true
  }

  fileprivate func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count <= limits.maxBody - body.count else {
      refusal = .body
      body = []
      return false
    }
    body.append(contentsOf: bytes)
    return true
  }

  private func fault(_ code: CURLcode, of easy: UnsafeMutableRawPointer) -> WebError {
    let said = String(cString: Array(reason) + [0])
    let wasConnected = ccurl_size(easy, CURLINFO_PRETRANSFER_TIME_T) > 0
    let (cause, sentence) = TransferFault.describe(
      code, refusal: refusal, said: said.isEmpty ? String(cString: ccurl_describe(code)) : said,
      wasConnected: wasConnected, limits)
    return error(cause, sentence, mayHaveArrived: hasSent(easy))
  }
}

private let gate: ccurl_gate = { address, context in
  guard let context else { return false }
  return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().admits(String(cString: address))
}

private let headerSink: ccurl_sink = { bytes, size, count, context in
  guard let context else { return 0 }
  let piece = UnsafeRawBufferPointer(start: bytes, count: size * count)
  return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().takeHeader(piece) ? piece.count : 0
}

private let bodySink: ccurl_sink = { bytes, size, count, context in
  guard let context else { return 0 }
  let piece = UnsafeRawBufferPointer(start: bytes, count: size * count)
  return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().takeBody(piece) ? piece.count : 0
}

extension StringProtocol {
  /// Without white space and line ends around it.
  fileprivate var trimmed: SubSequence {
    guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace }) else {
      return self[endIndex...]
    }
    return self[first...last]
  }
}
