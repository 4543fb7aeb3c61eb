import Foundation
import PluginKit
import Synchronization
import Trading

@testable import DataSources

/// Answers as servers give them, from files, for what a source makes of them; `SourceFaultTests` has a server that
/// really answers.
final class Recorded: WebClient {
  private let answers: [WebResponse]
  private let seen = Mutex<[WebRequest]>([])

  init(_ answers: [WebResponse]) { self.answers = answers }

  convenience init(_ file: String, status: Int = 200) throws {
    self.init([WebResponse(status: status, headers: [:], body: try Recorded.bytes(file))])
  }

  convenience init(text: String, status: Int = 200, headers: [String: String] = [:]) {
    self.init([WebResponse(status: status, headers: headers, body: Array(text.utf8))])
  }

  static func bytes(_ file: String) throws -> [UInt8] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    return Array(try Data(contentsOf: folder.appending(path: "Answers/\(file)")))
  }

  /// What was asked for, without the server.
  var asked: [String] { seen.withLock { $0.map(\.url) } }
  var requests: [WebRequest] { seen.withLock { $0 } }

  func send(_ request: WebRequest) async throws(WebError) -> WebResponse {
    let count = seen.withLock { seen in
      seen.append(request)
      return seen.count
    }
    guard let answer = answers.indices.contains(count - 1) ? answers[count - 1] : answers.last else {
      throw WebError(.connection, "nothing was recorded")
    }
    return answer
  }

  /// The history that a source makes of it.
  func history<Source: DataSource>(
    _ type: Source.Type, _ symbol: String, _ timeframe: String = "1d", from: String? = nil, to: String? = nil,
    now: String = "2024-03-20T00:00:00Z", settings: PluginSettings = [:]
  ) async throws -> PriceHistory {
    let now = Instant(now) ?? Instant(seconds: 0)
    let source = try type.init(
      settings: settings, host: SourceHost(baseDirectory: "", web: self, now: { now }))
    return try await source.history(
      of: Instrument(symbol: symbol), timeframe: Timeframe(timeframe) ?? .day, from: from.flatMap { Instant($0) },
      to: to.flatMap { Instant($0) })
  }

  /// The error that it makes of it, in words.
  func error<Source: DataSource>(
    _ type: Source.Type, _ symbol: String, _ timeframe: String = "1d", settings: PluginSettings = [:],
    from: String? = nil
  ) async -> DataSourceError? {
    do {
      _ = try await history(type, symbol, timeframe, from: from, settings: settings)
      return nil
    } catch {
      return error as? DataSourceError
    }
  }
}

extension PriceHistory {
  var dates: [String] { series.times.map(\.dateText) }
  var closes: [Double] { Array(series.column(.close)) }
}
