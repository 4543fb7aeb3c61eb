import Engine
import Fetching
import Logging
import PluginKit
import Synchronization
import Trading

/// Tells a watch elsewhere that the host is alive, as long as its scheduler turns: who hears nothing raises the alarm (a
/// dead man's switch, such as healthchecks.io). Nothing here keeps the host from its work.
final class Heartbeat: Sendable {
  /// Milliseconds without a turn of the scheduler after which the host is not said to be alive; it turns at least once
  /// a minute.
  private static let patience: Int64 = 180_000

  private let settings: Configuration.Heartbeat
  private let web: any WebClient
  private let surroundings: Surroundings
  private let log: Logger
  private let turnedAt: Mutex<Instant>

  init(_ settings: Configuration.Heartbeat, _ log: Logger, in surroundings: Surroundings) {
    self.settings = settings
    self.surroundings = surroundings
    turnedAt = Mutex(surroundings.now())
    self.log = log
    web = settings.fetch.client(
      on: TransferLoop(calls: surroundings.calls), now: surroundings.now, sleep: surroundings.sleep,
      random: surroundings.random)
  }

  /// The scheduler has looked at the clock.
  func noteTurn(at moment: Instant) { turnedAt.withLock { $0 = moment } }

  /// Beats until the task is cancelled.
  func run() async {
    if settings.url.contains("${") {
      log.error("heartbeat: url is not set on this machine, and nobody is told that the host is alive")
      return
    }
    var said: String?
    while !Task.isCancelled {
      let fault = await beat()
      // The same is said once; a new fault, and the end of one, are said again.
      if let fault, fault != said { log.warning("heartbeat: \(fault)") }
      if fault == nil, said != nil { log.notice("heartbeat: heard again") }
      said = fault
      do { try await surroundings.sleep(settings.every) } catch { return }
    }
  }

  /// Why nobody heard; nil where somebody did.
  private func beat() async -> String? {
    let now = surroundings.now()
    let turned = turnedAt.withLock { $0 }
    guard abs(now.milliseconds - turned.milliseconds) <= Heartbeat.patience else {
      return "the scheduler does not turn; the host is not said to be alive"
    }
    let request = WebRequest(
      settings.url, method: settings.method,
      body: settings.method == "POST" ? Array("finstage is alive\n".utf8) : [], secrets: secrets)
    do throws(WebError) {
      let status = try await web.send(request).status
      return (200..<300).contains(status) ? nil : "the watch answers \(status)"
    } catch {
      return request.withoutSecrets(error.message)
    }
  }

  /// All behind the host's name: who has that may beat.
  private var secrets: [String] {
    guard let gap = settings.url.firstRange(of: "://"),
      let slash = settings.url[gap.upperBound...].firstIndex(of: "/")
    else { return [] }
    let path = String(settings.url[settings.url.index(after: slash)...])
    let login = settings.url[gap.upperBound..<slash].split(separator: "@").dropLast().map { String($0) }
    let parts = path.split { "/?&=#".contains($0) }.map { String($0) }.filter { $0.count >= 6 }
    return (path.isEmpty ? [] : [path]) + parts + login
  }
}
