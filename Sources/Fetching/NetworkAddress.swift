internal import CCurl

/// An IPv4 or IPv6 address. One that stands in IPv6 for an IPv4 address (`::ffff:10.0.0.1`) is that IPv4 address.
struct NetworkAddress: Hashable, Sendable {
  /// Four or sixteen, in network order.
  private let bytes: [UInt8]

  private init(bytes: [UInt8]) { self.bytes = bytes }

  /// Nil where the text is no address in numbers.
  init?(_ text: String) {
    var buffer = [UInt8](repeating: 0, count: 16)
    let count = Int(ccurl_address_bytes(text, &buffer))
    guard count == 4 || count == 16 else { return nil }
    let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]
    bytes = count == 16 && buffer.starts(with: mapped) ? Array(buffer.suffix(4)) : Array(buffer.prefix(count))
  }

  /// Whether it belongs to a machine that everybody can reach: not loopback, private, link-local, shared by a carrier,
  /// multicast, documentation or reserved.
  var isPublic: Bool {
    if let carried { return carried.isPublic }
    if bytes.count == 4 { return !Self.specialV4.contains { $0.contains(self) } }
    return Self.globalV6.contains(self) && !Self.specialV6.contains { $0.contains(self) }
  }

  /// The IPv4 address that a gateway makes of this one: NAT64 (RFC 6052), 6to4 (RFC 3056).
  private var carried: NetworkAddress? {
    if Self.nat64.contains(self) { return NetworkAddress(bytes: Array(bytes.suffix(4))) }
    if Self.sixToFour.contains(self) { return NetworkAddress(bytes: Array(bytes[2..<6])) }
    return nil
  }

  /// The addresses that share their first bits.
  struct Block: Sendable {
    let start: NetworkAddress
    let bits: Int

    init(_ start: [UInt8], bits: Int) {
      self.start = NetworkAddress(bytes: start)
      self.bits = bits
    }

    func contains(_ address: NetworkAddress) -> Bool {
      guard address.bytes.count == start.bytes.count else { return false }
      var rest = bits
      for (one, other) in zip(start.bytes, address.bytes) where rest > 0 {
        let mask: UInt8 = rest >= 8 ? 0xFF : ~(0xFF >> UInt8(rest))
        if one & mask != other & mask { return false }
        rest -= 8
      }
      return true
    }
  }

  private static func v6(_ first: [UInt8], bits: Int) -> Block {
    Block(first + [UInt8](repeating: 0, count: 16 - first.count), bits: bits)
  }

  private static let nat64 = v6([0x00, 0x64, 0xFF, 0x9B], bits: 96)
  private static let sixToFour = v6([0x20, 0x02], bits: 16)
  private static let globalV6 = v6([0x20], bits: 3)

  // IANA's registries of special-purpose addresses (RFC 6890 and what came after), and multicast.
  private static let specialV4 = [
    Block([0, 0, 0, 0], bits: 8), Block([10, 0, 0, 0], bits: 8), Block([100, 64, 0, 0], bits: 10),
    Block([127, 0, 0, 0], bits: 8), Block([169, 254, 0, 0], bits: 16), Block([172, 16, 0, 0], bits: 12),
    Block([192, 0, 0, 0], bits: 24), Block([192, 0, 2, 0], bits: 24), Block([192, 88, 99, 0], bits: 24),
    Block([192, 168, 0, 0], bits: 16), Block([198, 18, 0, 0], bits: 15), Block([198, 51, 100, 0], bits: 24),
    Block([203, 0, 113, 0], bits: 24), Block([224, 0, 0, 0], bits: 3),
  ]
  private static let specialV6 = [
    v6([0x20, 0x01], bits: 23), v6([0x20, 0x01, 0x0D, 0xB8], bits: 32), v6([0x3F, 0xFF], bits: 20),
  ]
}

/// Which addresses a client may connect to.
public struct AddressPolicy: Hashable, Sendable {
  private let admitsAll: Bool
  private let exceptions: Set<NetworkAddress>

  /// Public addresses alone.
  public static let publicOnly = AddressPolicy(admitsAll: false, exceptions: [])
  /// Any address, those of this machine and its network among them.
  public static let any = AddressPolicy(admitsAll: true, exceptions: [])

  /// Public addresses, and those given in numbers; what is no address is left out.
  static func publicAnd(_ addresses: String...) -> AddressPolicy {
    AddressPolicy(admitsAll: false, exceptions: Set(addresses.compactMap { NetworkAddress($0) }))
  }

  func admits(_ address: NetworkAddress) -> Bool {
    admitsAll || address.isPublic || exceptions.contains(address)
  }
}
