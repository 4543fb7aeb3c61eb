import Logging
import Trading

/// Writes entries in a form, a line each, without the secrets that are known.
struct LineLogHandler: LogHandler {
  var metadata: Logger.Metadata = [:]
  var metadataProvider: Logger.MetadataProvider?
  var logLevel = Logger.Level.info

  private let logger: String
  private let form: any LogForm
  private let secrets: LogSecrets
  private let now: @Sendable () -> Instant
  private let write: @Sendable (String) -> Void

  /// - Parameter write: takes a line with its end.
  init(
    _ logger: String, _ form: any LogForm, without secrets: LogSecrets, now: @escaping @Sendable () -> Instant,
    write: @escaping @Sendable (String) -> Void
  ) {
    self.logger = logger
    self.form = form
    self.secrets = secrets
    self.now = now
    self.write = write
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var all = metadata
    if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
    if let own = event.metadata { all.merge(own) { $1 } }
    if let error = event.error { all["error.message"] = "\(error)" }
    let pairs = all.sorted { $0.key < $1.key }.map { (name: $0.key, value: secrets.left(out: "\($0.value)")) }
    let entry = LogEntry(
      time: now(), level: event.level, logger: logger, message: secrets.left(out: event.message.description),
      labels: pairs.filter { !$0.name.contains(".") }, fields: pairs.filter { $0.name.contains(".") })
    write(form.line(entry) + "\n")
  }
}
