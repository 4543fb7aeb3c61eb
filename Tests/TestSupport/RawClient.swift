import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A connection to a server on this machine that sends bytes as they are given: also what no client would send.
public final class RawClient {
  private let socket: Int32

  /// Nil where nobody listens there.
  public init?(port: Int) {
    #if canImport(Darwin)
    let kind = SOCK_STREAM
    #else
    let kind = Int32(SOCK_STREAM.rawValue)
    #endif
    socket = Foundation.socket(AF_INET, kind, 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    // What is set is given back by deinit, also where this fails.
    guard socket >= 0, result == 0 else { return nil }
  }

  deinit { if socket >= 0 { close(socket) } }

  /// Sends; false where the other side has gone.
  @discardableResult
  public func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  @discardableResult
  public func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      #if canImport(Darwin)
      let flags: Int32 = 0
      #else
      let flags = Int32(MSG_NOSIGNAL)
      #endif
      let count = bytes[sent...].withUnsafeBytes { Foundation.send(socket, $0.baseAddress, $0.count, flags) }
      if count <= 0 { return false }
      sent += count
    }
    return true
  }

  /// What comes until it is enough, the other side ends, or so many seconds have passed.
  public func read(seconds: Int = 10, until isEnough: (String) -> Bool = { _ in false }) -> (
    text: String, isEnded: Bool
  ) {
    // Short waits within a long one: a signal may end any of them.
    var time = timeval(tv_sec: 0, tv_usec: 200_000)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    let end = Date().addingTimeInterval(Double(seconds))
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      errno = 0
      let count = recv(socket, &buffer, buffer.count, 0)
      let fault = errno
      if count == 0 || (count < 0 && [ECONNRESET, ENOTCONN, EPIPE].contains(fault)) {
        return (String(decoding: bytes, as: UTF8.self), true)
      }
      if count < 0, Date() > end { return (String(decoding: bytes, as: UTF8.self), false) }
      guard count > 0 else { continue }
      bytes += buffer[..<count]
      let text = String(decoding: bytes, as: UTF8.self)
      if isEnough(text) { return (text, false) }
    }
  }

  /// One request and its whole answer; the connection is closed behind it.
  public static func ask(
    _ port: Int, _ method: String, _ path: String, headers: [String] = [], body: String? = nil, host: String? = nil
  ) -> (status: Int, head: String, body: String)? {
    guard let client = RawClient(port: port) else { return nil }
    var lines = ["\(method) \(path) HTTP/1.1", "Host: \(host ?? "127.0.0.1:\(port)")", "Connection: close"] + headers
    if let body { lines.append("Content-Length: \(body.utf8.count)") }
    client.send(lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? ""))
    let text = client.read(seconds: 60).text
    guard let gap = text.range(of: "\r\n\r\n"), let status = Int(text.dropFirst(9).prefix(3)) else { return nil }
    return (status, String(text[..<gap.lowerBound]), String(text[gap.upperBound...]))
  }
}
