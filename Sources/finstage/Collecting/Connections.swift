import DataSources
import Fetching
import PluginKit
import Storage
import Trading

/// The sources of a configuration, put to work: one client each, so that each keeps to its own rate.
struct Connections {
  private let configuration: Configuration
  private let store: any RequestStore
  private let loop = TransferLoop()

  /// - Parameter store: Where requests are counted beyond the end of the program.
  init(_ configuration: Configuration, counting store: any RequestStore) {
    self.configuration = configuration
    self.store = store
  }

  /// A source by its name in the configuration.
  func source(_ declared: Configuration.Source) throws(Failure) -> any DataSource {
    let host = SourceHost(
      baseDirectory: configuration.folder, web: client(of: declared), now: { Terminal.now })
    do throws(DataSourceError) {
      return try declared.type.init(settings: declared.settings, host: host)
    } catch {
      throw Failure(.unusable, "sources: \(declared.name): \(error)")
    }
  }

  private func client(of declared: Configuration.Source) -> any WebClient {
    declared.fetch?.client(
      on: loop, now: { Terminal.now }, sleep: { try await Task.sleep(for: .milliseconds($0)) },
      random: { Double.random(in: 0..<1) }, log: StoredRequests(source: declared.name, store: store)) ?? Unconnected()
  }
}
