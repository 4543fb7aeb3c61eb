import Foundation
import HTTPAPI
import Testing

@testable import finstage

/// What `deploy/` asks of Prometheus is what the host serves.
@Suite struct DeployedMetricsTests {
  private static let served = Set(HostMetrics.all.map { "finstage_\($0.name)" })

  /// The names of our metrics in expressions, without the endings of histograms.
  private func names(_ text: String) -> Set<String> {
    let names = text.matches(of: /finstage_[a-z0-9_]+/).map { String($0.output) }
    return Set(
      names.map { name in
        let ending = ["_bucket", "_sum", "_count"].first { name.hasSuffix($0) }
        return Self.served.contains(name) ? name : ending.map { String(name.dropLast($0.count)) } ?? name
      })
  }

  @Test func `every expression of the dashboard names a metric that is served`() throws {
    let file = CommandTests.root.appending(path: "deploy/grafana/finstage.json")
    let board = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
    let panels = try #require(board["panels"] as? [[String: Any]])
    #expect(panels.count > 10)
    for panel in panels {
      let targets = try #require(panel["targets"] as? [[String: Any]])
      for target in targets {
        let expression = try #require(target["expr"] as? String)
        let asked = names(expression)
        #expect(!asked.isEmpty && asked.isSubset(of: Self.served), "\(expression)")
      }
    }
  }

  @Test func `every alert names a metric that is served`() throws {
    let text = try String(
      contentsOf: CommandTests.root.appending(path: "deploy/prometheus/alerts.yml"), encoding: .utf8)
    let asked = names(text)
    #expect(asked.count > 5 && asked.isSubset(of: Self.served), "\(asked.subtracting(Self.served))")
  }

  @Test func `counters and lengths of time are named as Prometheus wants it`() {
    for meaning in HostMetrics.all {
      #expect((meaning.kind == .counter) == meaning.name.hasSuffix("_total"), "\(meaning.name)")
      if meaning.kind == .histogram { #expect(meaning.name.hasSuffix("_seconds")) }
      #expect(!meaning.help.isEmpty && meaning.help.hasSuffix("."))
    }
    #expect(Self.served.count == HostMetrics.all.count)
  }
}
