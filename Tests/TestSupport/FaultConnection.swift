import Foundation

/// One connection of a `FaultServer`: reads requests and takes the steps of its answers.
struct FaultConnection {
  private let descriptor: Int32
  private var unread: [UInt8] = []
  /// Bytes that are still read before the connection breaks.
  private var left: Int

  init(_ descriptor: Int32, atMost left: Int? = nil) {
    self.descriptor = descriptor
    self.left = left ?? .max
  }

  /// The next request; nil where the client has gone, or sent what is none.
  mutating func next() -> FaultServer.Request? {
    let gap = Array("\r\n\r\n".utf8)
    while true {
      if let start = (0..<max(0, unread.count - 3)).first(where: { unread[$0...].starts(with: gap) }) {
        return request(headEnd: start)
      }
      // A handshake of TLS, for one.
      if let first = unread.first, !(0x41...0x5A).contains(first) { return nil }
      guard unread.count < 1_000_000, more() else { return nil }
    }
  }

  private mutating func request(headEnd: Int) -> FaultServer.Request? {
    let lines = String(decoding: unread[..<headEnd], as: UTF8.self).split(separator: "\r\n")
    let words = lines.first?.split(separator: " ") ?? []
    guard words.count == 3 else { return nil }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      if parts.count == 2 { headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces) }
    }
    let end = headEnd + 4 + (headers["content-length"].flatMap { Int($0) } ?? 0)
    while unread.count < end { guard more() else { return nil } }
    defer { unread.removeFirst(end) }
    return FaultServer.Request(
      method: String(words[0]), target: String(words[1]), headers: headers, body: Array(unread[(headEnd + 4)..<end]))
  }

  private mutating func more() -> Bool {
    var buffer = [UInt8](repeating: 0, count: min(16_384, left))
    guard !buffer.isEmpty else {
      Sockets.resetOnClose(descriptor)
      return false
    }
    let count = recv(descriptor, &buffer, buffer.count, 0)
    guard count > 0 else { return false }
    left -= count
    unread += buffer[..<count]
    return true
  }

  /// False where the connection is over.
  func take(_ step: FaultAnswer.Step, isStopped: () -> Bool) -> Bool {
    switch step {
    case .send(let bytes):
      return send(bytes)
    case .sendOften(let bytes, let count):
      for _ in 0..<count { guard send(bytes) else { return false } }
      return true
    case .pause(let milliseconds):
      return !Sockets.waitsForHangUp(descriptor, milliseconds: milliseconds) && !isStopped()
    case .drip(let bytes, let milliseconds):
      while send(bytes) {
        if Sockets.waitsForHangUp(descriptor, milliseconds: milliseconds) || isStopped() { return false }
      }
      return false
    case .reset:
      Sockets.resetOnClose(descriptor)
      return false
    }
  }

  private func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { Sockets.send(descriptor, UnsafeRawBufferPointer(rebasing: $0[sent...])) }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }
}

/// The calls of the system, which have other types on macOS than on Linux.
enum Sockets {
  static func tcp() -> Int32 {
    #if canImport(Darwin)
    socket(AF_INET, SOCK_STREAM, 0)
    #else
    socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    #endif
  }

  /// The port it listens at on 127.0.0.1; 0 where it cannot.
  static func listen(_ descriptor: Int32) -> UInt16 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, length) == 0 && Foundation.listen(descriptor, 64) == 0
          && getsockname(descriptor, address, &length) == 0
      }
    }
    return isBound ? UInt16(bigEndian: address.sin_port) : 0
  }

  /// Nil where the listener was shut down.
  static func accept(_ listener: Int32) -> Int32? {
    while true {
      let descriptor = Foundation.accept(listener, nil, nil)
      if descriptor >= 0 {
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return descriptor
      }
      if errno != EINTR && errno != ECONNABORTED { return nil }
    }
  }

  static func send(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    #if canImport(Darwin)
    var yes: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &yes, socklen_t(MemoryLayout<Int32>.size))
    return Foundation.send(descriptor, bytes.baseAddress, bytes.count, 0)
    #else
    return Foundation.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
    #endif
  }

  static func shutdown(_ descriptor: Int32) { _ = Foundation.shutdown(descriptor, Int32(SHUT_RDWR)) }

  static func close(_ descriptor: Int32) { if descriptor >= 0 { _ = Foundation.close(descriptor) } }

  /// True where the client has gone, or the server is stopped, before the time is up.
  static func waitsForHangUp(_ descriptor: Int32, milliseconds: Int32) -> Bool {
    var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&watched, 1, milliseconds) != 0
  }

  /// Closing sends a reset then, instead of an end.
  static func resetOnClose(_ descriptor: Int32) {
    var now = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
  }
}
