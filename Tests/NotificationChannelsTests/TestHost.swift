import PluginKit
import Synchronization
import TestSupport
import Trading

@testable import Fetching

/// What a channel under test is given: a client that may reach this machine, and a record of what was shown and noted.
final class TestHost: Sendable {
  static let moment = Instant(milliseconds: 1_700_000_000_000)

  private struct State {
    var shown: [String] = []
    var notes: [String] = []
  }

  private let state = Mutex(State())
  private let folder: String
  private let timeout: Int64
  private let loop = TransferLoop()

  init(folder: String = "", timeout: Int64 = 2_000) {
    self.folder = folder
    self.timeout = timeout
  }

  var shown: [String] { state.withLock { $0.shown } }
  var notes: [String] { state.withLock { $0.notes } }

  var host: ChannelHost {
    var limits = TransferLimits()
    limits.timeout = timeout
    limits.addresses = .publicAnd("127.0.0.1")
    limits.connectTimeout = timeout
    limits.maxBody = 1_000_000
    limits.maxRedirects = 0
    var politeness = Politeness()
    politeness.retries = 0
    politeness.failuresToOpen = .max
    let web = PoliteClient(
      CurlClient(limits, on: loop), politeness, now: { TestHost.moment }, sleep: { _ in }, random: { 0.5 })
    return ChannelHost(
      baseDirectory: folder, web: web, mail: CurlMailClient(limits), now: { TestHost.moment },
      show: { text in self.state.withLock { $0.shown.append(text) } },
      note: { text in self.state.withLock { $0.notes.append(text) } })
  }
}

extension Delivery {
  /// What it is, without its sentence.
  var kind: String {
    switch self {
    case .sent: "sent"
    case .notSent: "notSent"
    case .refused: "refused"
    case .unknown: "unknown"
    case .unusable: "unusable"
    }
  }
}
