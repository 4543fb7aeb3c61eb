#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Tells the service manager how the host is, as systemd's `sd_notify(3)` does: a datagram to the socket that
/// `NOTIFY_SOCKET` names. Without one, nobody is told, and nothing fails.
struct ServiceNotice: Sendable {
  private let address: String?

  init(address: String?) { self.address = address }

  /// Says lines such as `READY=1` or `STATUS=…`; gives whether somebody took them.
  @discardableResult
  func say(_ lines: String...) -> Bool {
    guard let address, let (found, length) = Self.place(of: address) else { return false }
    #if canImport(Darwin)
    let kind = SOCK_DGRAM
    #else
    let kind = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    #endif
    let file = socket(AF_UNIX, kind, 0)
    guard file >= 0 else { return false }
    defer { close(file) }
    let text = Array(lines.joined(separator: "\n").utf8)
    var place = found
    // Never waits: a manager that does not listen must not hold the host up.
    let sent = withUnsafePointer(to: &place) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        sendto(file, text, text.count, Int32(MSG_DONTWAIT), $0, length)
      }
    }
    return sent == text.count
  }

  /// A path, or an abstract name that begins with `@`. Nil where it is longer than a socket's address may be.
  private static func place(of address: String) -> (sockaddr_un, socklen_t)? {
    var place = sockaddr_un()
    place.sun_family = sa_family_t(AF_UNIX)
    var name = Array(address.utf8)
    guard !name.isEmpty, name.count < MemoryLayout.size(ofValue: place.sun_path) else { return nil }
    if name.first == UInt8(ascii: "@") { name[0] = 0 }
    withUnsafeMutableBytes(of: &place.sun_path) { $0.copyBytes(from: name) }
    let head = MemoryLayout.size(ofValue: place) - MemoryLayout.size(ofValue: place.sun_path)
    return (place, socklen_t(head + name.count))
  }
}
