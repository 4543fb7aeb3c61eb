import Engine
import Logging
import Notifications
import PluginKit
import Storage
import Trading

/// What the host says of itself, each thing once: by the log, and by the channels that the configuration names for that.
extension Host {
  /// The most lines of one message; a file may have many faults.
  private static let mostLines = 20

  /// The configuration was read again and is run.
  func tellTaken(_ changes: [String], _ more: String?) async {
    log.notice("\(path) was read again: changed: \(changes.joined(separator: ", "))")
    await inform(words.wasRead(path), [words.changed(changes)] + (more.map { [$0] } ?? []))
  }

  /// The configuration is faulty, or no longer where there are no faults.
  func tellFaulty(_ faults: [String]?) async {
    guard faults != toldFaults else { return }
    toldFaults = faults
    guard let faults else { return }
    logLines("\(path) is faulty, and the configuration that runs goes on:", faults)
    await inform(words.isFaulty(path), faults, .high)
  }

  nonisolated var words: HostWords { HostWords(locale: configuration.locale) }

  /// Entries of the log are single lines: what has several is several entries.
  func logLines(_ head: String, _ texts: [String]) {
    log.error("\(head)")
    for line in texts.flatMap({ $0.split(separator: "\n") }) { log.error("\(line)") }
  }

  /// Tells the channels for that; in a dry run nobody.
  func inform(_ subject: String, _ texts: [String], _ priority: ChannelMessage.Priority = .medium) async {
    guard !isDry else { return }
    var lines = texts.flatMap { $0.split(separator: "\n").map(String.init) }
    if lines.count > Host.mostLines {
      lines = lines.prefix(Host.mostLines) + ["… and \(lines.count - Host.mostLines) lines more, in the log"]
    }
    let channels = configuration.notifications.rules.alarms ?? configuration.messageChannels
    let writer = NoticeWriter(templates: configuration.noticeTemplates().templates, zone: configuration.zone)
    let (store, now) = (store, surroundings.clock.now())
    let notices = channels.map {
      writer.host(subject, lines.joined(separator: "\n"), priority: priority, at: now, channel: $0)
    }
    do throws(StoreError) { try await store.add(notices, at: now) } catch { log.error("the store: \(error)") }
  }
}
