import Foundation
import HTTPAPI
import Pipelines
import Storage
import Testing

@testable import finstage

/// `api:` in the configuration: what lets others in is refused unless it is safe.
@Suite struct APIConfigurationTests {
  private func faults(_ api: String) throws -> [String] {
    var lines: [String] = []
    try CommandTests.inFolder(["config.yaml": "api: \(api)\n"]) { folder in
      let path = folder.appending(path: "config.yaml").path()
      lines = ConfigurationReader.read(path: path).faults.filter { $0.severity == .error }.map(\.message)
    }
    return lines
  }

  private func read(_ api: String) throws -> Configuration.API {
    var found: Configuration.API?
    try CommandTests.inFolder(["config.yaml": "api: \(api)\n"]) { folder in
      found = ConfigurationReader.read(path: folder.appending(path: "config.yaml").path()).configuration?.api
    }
    return try #require(found)
  }

  @Test(arguments: ["127.0.0.1:8080", "127.9.9.9:0", "[::1]:8080", "localhost:65535"])
  func `this machine alone may operate without a token`(_ address: String) throws {
    let api = try read("{ listen: \"\(address)\" }")
    #expect(api.anonymous == .operate && api.isLoopback)
    #expect(api.gate.hosts.isSuperset(of: ["localhost", "127.0.0.1", "::1"]))
  }

  @Test func `another address takes tokens, a proxy, and the names by which it is asked`() throws {
    #expect(try faults("{ listen: \"10.0.0.5:8080\" }").count == 1)
    #expect(try faults("{ listen: \"0.0.0.0:8080\" }").count == 2)
    #expect(try faults("{ listen: \"0.0.0.0:8080\", anonymous: read }").count == 3)
    let api = try read("{ listen: \"0.0.0.0:8080\", proxies: [10.0.0.1], hosts: [finstage.example.org] }")
    #expect(api.anonymous == nil && api.gate.hosts == ["finstage.example.org"] && api.gate.proxies == ["10.0.0.1"])
    // Names that look like this machine and are not.
    for host in ["127.0.0.1.example.org", "127.1", "0127.0.0.1.5", "localhost.example.org"] {
      #expect(try !faults("{ listen: \"\(host):80\" }").isEmpty, "\(host)")
    }
  }

  @Test func `behind a proxy, or under a name of its own, nobody comes in without a token`() throws {
    #expect(try read("{ listen: \"127.0.0.1:80\", proxies: [127.0.0.1] }").anonymous == nil)
    #expect(try read("{ listen: \"127.0.0.1:80\", hosts: [finstage.example.org] }").anonymous == nil)
    #expect(try read("{ listen: \"127.0.0.1:80\", proxies: [127.0.0.1], anonymous: none }").anonymous == nil)
    #expect(try read("{ listen: \"127.0.0.1:80\", hosts: [desk.local], anonymous: read }").anonymous == .read)
    for role in ["read", "operate", "admin"] {
      let found = try faults("{ listen: \"127.0.0.1:80\", proxies: [127.0.0.1], anonymous: \(role) }")
      #expect(found.count == 1 && found[0].contains("through a proxy"), "\(found)")
    }
  }

  @Test(arguments: [
    "{}", "{ listen: 8080 }", "{ listen: \"127.0.0.1\" }", "{ listen: \"127.0.0.1:99999\" }", "{ listen: \":80\" }",
    "{ listen: \"http://127.0.0.1:80\" }", "{ listen: \"127.0.0.1:80\", anonymous: root }",
    "{ listen: \"127.0.0.1:80\", hosts: [\"a/b\"] }", "{ listen: \"127.0.0.1:80\", rate: 0 }",
    "{ listen: \"127.0.0.1:80\", connections: 1 }", "{ listen: \"127.0.0.1:80\", token: abc }",
  ])
  func `what cannot be meant is a fault`(_ api: String) throws { #expect(try !faults(api).isEmpty) }
}
