internal import CCurl
internal import PluginKit
internal import Synchronization

/// One mail handed to one server by SMTP (RFC 5321), or only a greeting.
///
/// Unchecked for the reason that `Transfer` is.
final class MailTransfer: LoopTransfer, @unchecked Sendable {
  private let isCancelled = Atomic(false)

  private let server: MailServer
  /// Nil where it is only greeted.
  private let mail: Mail?
  private let limits: TransferLimits

  private var easy: UnsafeMutableRawPointer?
  private var receivers: UnsafeMutablePointer<curl_slist>?
  private var gatekeeper = UnsafeMutablePointer<ccurl_gatekeeper>.allocate(capacity: 1)
  private var reason = UnsafeMutableBufferPointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

  private var unsent: ArraySlice<UInt8>
  /// The last line that the server said, and the last with which it refused something.
  private var reply = ""
  private var refusal = ""
  private var refused: String?

  init(_ server: MailServer, _ mail: Mail?, _ limits: TransferLimits) {
    self.server = server
    self.mail = mail
    self.limits = limits
    unsent = mail?.message[...] ?? []
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

  func start() throws(MailError) -> UnsafeMutableRawPointer {
    guard let easy = ccurl_easy_init() else { throw failure("there is no memory for a mail") }
    self.easy = easy
    let code = setUp(easy)
    guard code == CURLE_OK else {
      throw error(.badMail, "the mail cannot be sent: \(String(cString: ccurl_describe(code)))", mayHaveArrived: false)
    }
    return easy
  }

  func end(_ code: CURLcode) -> Result<Void, MailError> {
    defer { release() }
    guard let easy else { return .failure(failure("the mail was not started")) }
    return code == CURLE_OK ? .success(()) : .failure(fault(code, of: easy))
  }

  func cancel() -> MailError {
    defer { release() }
    return error(.cancelled, "the mail was cancelled", mayHaveArrived: mayHaveArrived)
  }

  func failure(_ sentence: String) -> MailError { error(.connection, sentence, mayHaveArrived: false) }

  private func release() {
    if let easy { ccurl_easy_cleanup(easy) }
    easy = nil
    ccurl_list_free(receivers)
    receivers = nil
  }

  // MARK: The mail

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
    func sink(_ option: CURLoption, _ value: @escaping ccurl_sink) {
      if fault == CURLE_OK { fault = ccurl_set_sink(easy, option, value) }
    }
    // The path is the name in EHLO: the domain that the mail is from, not this machine's name.
    let name = mail?.from.split(separator: "@").last.map { String($0) } ?? "localhost"
    text(CURLOPT_URL, "\(server.security == .tls ? "smtps" : "smtp")://\(server.host):\(server.port)/\(name)")
    text(CURLOPT_PROTOCOLS_STR, "smtp,smtps")
    number(CURLOPT_USE_SSL, server.security == .starttls ? Int64(CURLUSESSL_ALL.rawValue) : 0)
    number(CURLOPT_NOSIGNAL, 1)
    number(CURLOPT_QUICK_EXIT, 1)
    pointer(CURLOPT_ERRORBUFFER, reason.baseAddress)
    number(CURLOPT_TIMEOUT_MS, max(1, limits.timeout))
    number(CURLOPT_CONNECTTIMEOUT_MS, limits.connectTimeout)
    number(CURLOPT_SERVER_RESPONSE_TIMEOUT, max(1, (limits.timeout + 999) / 1_000))
    if let authorities = limits.authorities { text(CURLOPT_CAINFO, authorities) }
    text(CURLOPT_PROXY, "")
    text(CURLOPT_NOPROXY, "")
    if let user = server.user { text(CURLOPT_USERNAME, user) }
    if let password = server.password { text(CURLOPT_PASSWORD, password) }
    sink(CURLOPT_HEADERFUNCTION, replySink)
    pointer(CURLOPT_HEADERDATA, context)
    sink(CURLOPT_WRITEFUNCTION, replySink)
    pointer(CURLOPT_WRITEDATA, context)
    if let mail {
      text(CURLOPT_MAIL_FROM, "<\(mail.from)>")
      for receiver in mail.to {
        guard let longer = ccurl_list_append(receivers, "<\(receiver)>") else { return CURLE_OUT_OF_MEMORY }
        receivers = longer
      }
      pointer(CURLOPT_MAIL_RCPT, receivers)
      number(CURLOPT_UPLOAD, 1)
      sink(CURLOPT_READFUNCTION, source)
      pointer(CURLOPT_READDATA, context)
      if fault == CURLE_OK { fault = ccurl_set_size(easy, CURLOPT_INFILESIZE_LARGE, Int64(unsent.count)) }
    } else {
      text(CURLOPT_CUSTOMREQUEST, "NOOP")
    }
    if fault == CURLE_OK { fault = ccurl_set_gatekeeper(easy, gatekeeper) }
    return fault
  }

  fileprivate func give(_ count: Int) -> ArraySlice<UInt8> {
    defer { unsent = unsent.dropFirst(count) }
    return unsent.prefix(count)
  }

  fileprivate func take(_ line: UnsafeRawBufferPointer) {
    reply = String(decoding: line.prefix(512), as: UTF8.self)
    if reply.first == "4" || reply.first == "5" { refusal = reply }
  }

  fileprivate func admits(_ address: String) -> Bool {
    if let known = NetworkAddress(address), limits.addresses.admits(known) { return true }
    refused = address
    return false
  }

  // MARK: What went wrong

  /// Whether libcurl has had all of the mail, so that the full stop that ends it may have gone out.
  private var mayHaveArrived: Bool { mail != nil && unsent.isEmpty }

  private func fault(_ code: CURLcode, of easy: UnsafeMutableRawPointer) -> MailError {
    let status = ccurl_number(easy, CURLINFO_RESPONSE_CODE)
    let said = String(cString: Array(reason) + [0])
    let why = said.isEmpty ? String(cString: ccurl_describe(code)) : said
    if let refused { return error(.forbiddenAddress, TransferFault.forbidden(refused), mayHaveArrived: false) }
    switch code {
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS,
      CURLE_SSL_CONNECT_ERROR:
      return error(.untrusted, "its certificate cannot be trusted (\(why))", mayHaveArrived: false)
    case CURLE_USE_SSL_FAILED:
      return error(
        .untrusted, "it does not encrypt (STARTTLS), and the configuration asks for that: \(words)",
        mayHaveArrived: false)
    case CURLE_OPERATION_TIMEDOUT:
      return error(
        .timeout, "no end within \(TransferFault.seconds(limits.timeout))", mayHaveArrived: mayHaveArrived)
    default: break
    }
    switch status {
    case 530, 534, 535, 538: return error(.login, "it does not let us in: \(words)", mayHaveArrived: false)
    case 500..<600: return error(.never, "it refuses the mail: \(words)", mayHaveArrived: false)
    case 400..<500: return error(.later, "it does not take the mail for now: \(words)", mayHaveArrived: false)
    default:
      if code == CURLE_LOGIN_DENIED {
        return error(.login, "it offers no way to log in that is known here (\(why))", mayHaveArrived: false)
      }
      return error(.connection, "no connection, or one that broke (\(why))", mayHaveArrived: mayHaveArrived)
    }
  }

  /// The server's own.
  private var words: String {
    (refusal.isEmpty ? reply : refusal).split { $0.isNewline }.last.map { String($0) } ?? "nothing was said"
  }

  private func error(_ cause: MailError.Cause, _ sentence: String, mayHaveArrived: Bool) -> MailError {
    let secrets = WebRequest("", secrets: Self.secrets(of: server))
    return MailError(
      cause, secrets.withoutSecrets("\(server.host):\(server.port): \(sentence)"), mayHaveArrived: mayHaveArrived)
  }

  /// The password as it is and as it goes out (RFC 4616, RFC 4954).
  private static func secrets(of server: MailServer) -> [String] {
    guard let password = server.password, !password.isEmpty else { return [] }
    return [password, Base64.text("\0\(server.user ?? "")\0\(password)".utf8), Base64.text(password.utf8)]
  }
}

private let gate: ccurl_gate = { address, context in
  guard let context else { return false }
  return Unmanaged<MailTransfer>.fromOpaque(context).takeUnretainedValue().admits(String(cString: address))
}

private let replySink: ccurl_sink = { bytes, size, count, context in
  guard let context else { return 0 }
  let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
  Unmanaged<MailTransfer>.fromOpaque(context).takeUnretainedValue().take(line)
  return line.count
}

private let source: ccurl_sink = { bytes, size, count, context in
  guard let context, let bytes else { return 0 }
  let piece = Unmanaged<MailTransfer>.fromOpaque(context).takeUnretainedValue().give(size * count)
  UnsafeMutableRawBufferPointer(start: bytes, count: size * count).copyBytes(from: piece)
  return piece.count
}
