import DataSources
import Fetching
import PluginKit
import Storage
import Synchronization
import Trading

/// The sources of a configuration, put to work: one client each, so that each keeps to its own rate, and leaves a
/// server alone that fails, for as long as this lives.
final class Connections: Sendable {
  private let configuration: Configuration
  private let store: any RequestStore
  private let surroundings: Surroundings
  private let loop: TransferLoop
  private let sources = Mutex<[String: any DataSource]>([:])

  /// - Parameter store: Where requests are counted beyond the end of the program.
  init(_ configuration: Configuration, counting store: any RequestStore, in surroundings: Surroundings = .machine) {
    self.configuration = configuration
    self.store = store
    self.surroundings = surroundings
    loop = TransferLoop(calls: surroundings.calls)
  }

  /// A source by its name in the configuration.
  func source(_ declared: Configuration.Source) throws(Failure) -> any DataSource {
    if let known = sources.withLock({ $0[declared.name] }) { return known }
    let host = SourceHost(
      baseDirectory: configuration.folder, web: client(of: declared), now: surroundings.now)
    do throws(DataSourceError) {
      let source = try declared.type.init(settings: declared.settings, host: host)
      sources.withLock { $0[declared.name] = source }
      return source
    } catch {
      throw Failure(.unusable, "sources: \(declared.name): \(error)")
    }
  }

  private func client(of declared: Configuration.Source) -> any WebClient {
    guard let fetch = declared.fetch else { return Unconnected() }
    let client = fetch.client(
      on: loop, now: surroundings.now, sleep: surroundings.sleep, random: surroundings.random,
      log: StoredRequests(source: declared.name, store: store))
    return MeasuredClient(client: client, source: declared.name, now: surroundings.now)
  }
}
