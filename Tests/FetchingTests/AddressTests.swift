import PluginKit
import TestSupport
import Testing

@testable import Fetching

/// Private and special ranges: IANA's registries (RFC 6890).
@Suite struct AddressTests {
  @Test(arguments: [
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.0.1", "169.254.169.254", "172.16.0.1",
    "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.7",
    "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1",
    "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1",
    "2002:7f00:1::", "2002:a00:1::1", "3fff::1", "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1",
  ])
  func `an address of a network that not everybody reaches is not public`(_ text: String) throws {
    let address = try #require(NetworkAddress(text))
    #expect(!address.isPublic)
    #expect(!AddressPolicy.publicOnly.admits(address))
    #expect(AddressPolicy.any.admits(address))
  }

  @Test(arguments: [
    "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "172.15.0.1", "172.32.0.1",
    "192.0.1.1", "192.169.0.1", "198.17.0.1", "198.20.0.1", "223.255.255.255", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8",
    "2001:4860:4860::8888", "2606:4700::1111", "2002:808:808::1", "2a00:1450::1",
  ])
  func `any other is`(_ text: String) throws { #expect(try #require(NetworkAddress(text)).isPublic) }

  @Test(arguments: ["", "localhost", "1.2.3", "256.1.1.1", "1.2.3.4.5", ":::", "fe80::1%eth0", "::1 "])
  func `what is no address in numbers is none`(_ text: String) { #expect(NetworkAddress(text) == nil) }

  /// The server is there and would answer: the refusal is the client's.
  @Test(arguments: [
    "127.0.0.1", "localhost", "LOCALHOST", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0.0.0.0",
    "0", "[::1]", "[::ffff:127.0.0.1]", "[::]", "[0:0:0:0:0:ffff:7f00:1]", "user@127.0.0.1",
  ])
  func `this machine is not asked unless that is allowed, whatever it is called`(_ host: String) async throws {
    let server = try FaultServer { _, _ in .text("inside") }
    defer { server.stop() }
    let client = CurlClient(limits { $0.addresses = .publicOnly }, on: TransferLoop())
    let result = await send(WebRequest("http://\(host):\(server.port)/"), with: client)
    #expect(result.cause == .forbiddenAddress, "\(result)")
    #expect(result.message.contains("allow_private"))
    #expect(server.requests.isEmpty)
  }

  @Test(arguments: ["127.0.0.1", "localhost", "2130706433", "0.0.0.0"])
  func `it is asked where that is allowed`(_ host: String) async throws {
    let server = try FaultServer { _, _ in .text("inside") }
    defer { server.stop() }
    let client = CurlClient(limits { $0.addresses = .any }, on: TransferLoop())
    #expect(await send(WebRequest("http://\(host):\(server.port)/"), with: client).text == "inside")
  }

  @Test func `a connection that one client may have is not another's`() async throws {
    let server = try FaultServer { _, _ in .text("inside") }
    defer { server.stop() }
    let loop = TransferLoop()
    // By name, so that the second client meets the open connection and not the check of what stands in the URL.
    let request = WebRequest("http://localhost:\(server.port)/")
    #expect(await send(request, with: CurlClient(limits { $0.addresses = .any }, on: loop)).text == "inside")
    let strict = CurlClient(limits { $0.addresses = .publicOnly }, on: loop)
    #expect(await send(request, with: strict).cause == .forbiddenAddress)
    #expect(server.requests.count == 1)
  }
}
