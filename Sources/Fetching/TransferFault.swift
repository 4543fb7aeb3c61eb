internal import CCurl
internal import PluginKit

/// What libcurl says of a transfer that failed, in this project's causes and sentences.
enum TransferFault {
  static func describe(
    _ code: CURLcode, refusal: Transfer.Refusal?, said: String, wasConnected: Bool, _ limits: TransferLimits
  ) -> (WebError.Cause, String) {
    switch refusal {
    // One refused address of several is no fault where another one answered, or broke off later.
    case .address(let address) where !wasConnected || code == CURLE_ABORTED_BY_CALLBACK:
      return (.forbiddenAddress, forbidden(address))
    case .body: return (.tooLarge, tooLarge(limits))
    case .headers: return (.tooLarge, "its headers are longer than \(limits.maxHeaders) bytes")
    default: break
    }
    switch code {
    case CURLE_OPERATION_TIMEDOUT:
      // libcurl has one code for all three.
      if said.hasPrefix("Operation too slow") {
        return (.timeout, "nothing came for \(seconds((limits.idleTimeout + 999) / 1_000 * 1_000))")
      }
      if !wasConnected, limits.connectTimeout < limits.timeout {
        return (.timeout, "no connection within \(seconds(limits.connectTimeout))")
      }
      return (.timeout, "no whole answer within \(seconds(limits.timeout))")
    case CURLE_FILESIZE_EXCEEDED: return (.tooLarge, tooLarge(limits))
    // libcurl's own limit on one line of a header, which it reports as a lack of memory.
    case CURLE_OUT_OF_MEMORY: return (.tooLarge, "a line of its headers is longer than libcurl takes")
    case CURLE_URL_MALFORMAT: return (.badAddress, "the URL cannot be read: it has the form https://host/path")
    case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_HTTP2, CURLE_HTTP2_STREAM:
      return (.malformed, "what it answered is no HTTP (\(said))")
    case CURLE_BAD_CONTENT_ENCODING: return (.malformed, "what it sent cannot be decompressed (\(said))")
    case CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_GOT_NOTHING:
      return (.connection, "the connection broke before the answer was whole (\(said))")
    case CURLE_COULDNT_RESOLVE_HOST: return (.connection, "its name cannot be resolved (\(said))")
    case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY: return (.connection, "the proxy cannot be used (\(said))")
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
      return (.untrusted, "its certificate cannot be trusted (\(said))")
    default: return (.connection, "no connection (\(said))")
    }
  }

  static func forbidden(_ address: String) -> String {
    "\(address) is no public address, and the configuration does not allow it (allow_private: true does)"
  }

  private static func tooLarge(_ limits: TransferLimits) -> String {
    "the answer is longer than \(limits.maxBody) bytes (max_body)"
  }

  static func seconds(_ milliseconds: Int64) -> String {
    milliseconds % 1_000 == 0 ? "\(milliseconds / 1_000) s" : "\(milliseconds) ms"
  }
}
