import HTTPAPI
import Pipelines
import Storage

extension Configuration {
  /// `api:`, where the host is asked over HTTP.
  struct API: Equatable {
    var host = "127.0.0.1"
    var port = 8080
    /// What those may do who bring no token; nil is nothing.
    var anonymous: AccessRole?
    /// Names under which it may be asked, besides those of the address.
    var hosts: [String] = []
    /// Addresses of proxies in front of it, which bring TLS.
    var proxies: [String] = []
    /// Requests a second of one token or address, and so many at once.
    var rate = 20
    var burst = 60
    var connections = 256

    /// Whether only this machine reaches it.
    var isLoopback: Bool { API.isLoopback(host) }

    static func isLoopback(_ host: String) -> Bool {
      if host == "localhost" || host == "::1" { return true }
      let parts = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
      return parts.count == 4 && parts[0] == 127 && !parts.contains(nil)
    }

    var gate: GateSettings {
      var names = Set(hosts.map { $0.lowercased() })
      if host != "0.0.0.0", host != "::" { names.insert(host.lowercased()) }
      if isLoopback { names.formUnion(["localhost", "127.0.0.1", "::1"]) }
      var settings = GateSettings(anonymous: anonymous, hosts: names)
      settings.proxies = Set(proxies)
      settings.perSecond = Double(rate)
      settings.burst = Double(burst)
      return settings
    }

    var limits: ConnectionSettings {
      var settings = ConnectionSettings()
      settings.limit = connections
      return settings
    }
  }
}

extension ConfigurationReader {
  /// Reads `api:`; nil where it is not there, or faulty.
  func api(_ entry: YAMLValue.Entry?) -> Configuration.API? {
    guard let entry, var file = MappingReader(entry.value, "api", at: entry.key, diagnostics) else { return nil }
    let before = diagnostics.all.count { $0.severity == .error }
    var api = Configuration.API()
    let listen = file.require("listen", hint: "the address, such as 127.0.0.1:8080")
    if let listen, let text = diagnostics.text(listen, "listen") {
      if let (host, port) = ConfigurationReader.address(text) {
        (api.host, api.port) = (host, port)
      } else {
        diagnostics.report(
          .wrongType, at: listen, "listen \(listen.found) is no address", hint: "write 127.0.0.1:8080 or [::1]:8080")
      }
    }
    let anonymous = file.take("anonymous")
    let words = ["none"] + AccessRole.allCases.map(\.rawValue)
    api.hosts = names(file.take("hosts"), "hosts")
    api.proxies = names(file.take("proxies"), "proxies")
    // A proxy, or a name of its own, brings others to an address that this machine alone reaches.
    api.anonymous = api.isLoopback && api.hosts.isEmpty && api.proxies.isEmpty ? .operate : nil
    if let word = diagnostics.word(anonymous, "anonymous", of: words) { api.anonymous = AccessRole(rawValue: word) }
    if let rate = diagnostics.whole(file.take("rate"), "rate", 1...10_000) { api.rate = rate }
    if let burst = diagnostics.whole(file.take("burst"), "burst", 1...100_000) { api.burst = burst }
    if let most = diagnostics.whole(file.take("connections"), "connections", 8...10_000) { api.connections = most }
    file.finish()
    if api.isLoopback, !api.proxies.isEmpty, let role = api.anonymous, let anonymous {
      diagnostics.report(
        .conflictingKeys, at: anonymous,
        "through a proxy it is reached by others, and anonymous: \(role.rawValue) lets them in",
        hint: "write anonymous: none, and make tokens by finstage token create")
    }
    if !api.isLoopback, let listen {
      if api.anonymous != nil {
        diagnostics.report(
          .conflictingKeys, at: anonymous ?? listen,
          "\(api.host) is reached by others, and anonymous: \(api.anonymous?.rawValue ?? "") lets them in",
          hint: "write anonymous: none, and make tokens by finstage token create")
      }
      if api.proxies.isEmpty {
        diagnostics.report(
          .missingKey, at: listen, "\(api.host) is reached by others, and what they say could be read on the way",
          hint: "put a proxy with TLS before it and name its address under proxies:, or listen at 127.0.0.1")
      }
      if ["0.0.0.0", "::"].contains(api.host), api.hosts.isEmpty {
        diagnostics.report(
          .missingKey, at: listen, "\(api.host) is every address: hosts: names those by which it may be asked",
          hint: "write hosts: [finstage.example.org]")
      }
    }
    return diagnostics.all.count { $0.severity == .error } == before ? api : nil
  }

  private func names(_ value: YAMLValue?, _ what: String) -> [String] {
    (diagnostics.list(value, what) ?? []).compactMap { item in
      guard let text = diagnostics.text(item, "an item of \(what)") else { return nil }
      let isName =
        (1...253).contains(text.utf8.count)
        && text.utf8.allSatisfy { byte in
          (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || [0x2D, 0x2E, 0x3A].contains(byte)
        }
      if isName { return text }
      diagnostics.report(
        .wrongType, at: item, "\(item.found) is no name of a host and no address", hint: "write it without a port")
      return nil
    }
  }

  /// `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080`.
  private static func address(_ text: String) -> (host: String, port: Int)? {
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
      (0...65_535).contains(port)
    else { return nil }
    var host = String(text[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = String(host.dropFirst().dropLast())
      return host.contains(":") ? (host, port) : nil
    }
    return host.isEmpty || host.contains(where: { ":/@ ".contains($0) }) ? nil : (host, port)
  }
}
