import PluginKit
import Synchronization

/// Values that no entry of the log shows, in whatever way they are written in it. Most of what names a secret leaves it
/// out by itself; this is for what does not.
final class LogSecrets: Sendable {
  /// A secret of fewer signs stands in any text by chance.
  static let least = 6

  private let known = Mutex<Set<String>>([])

  /// Leaves these out from now on, beside those that were known before: what is logged may be of the time before.
  func hide(_ secrets: [String]) {
    known.withLock { $0.formUnion(secrets.filter { $0.unicodeScalars.count >= LogSecrets.least }) }
  }

  /// The text with `[secret]` where one stood, and no longer than so many signs; those of a line of the log.
  func left(out text: String, upTo limit: Int = LogText.limit) -> String {
    let secrets = known.withLock { $0 }
    guard !secrets.isEmpty else { return text }
    // One that the cut goes through would not be found: what could be a part of one is not shown either.
    let margin = 12 * (secrets.map(\.unicodeScalars.count).max() ?? 0)
    var shown = text.unicodeScalars.prefix(limit + margin)
    let isCut = shown.endIndex < text.unicodeScalars.endIndex
    let whole = WebRequest("", secrets: Array(secrets)).withoutSecrets(String(shown))
    guard isCut else { return whole }
    shown = whole.unicodeScalars.dropLast(margin)
    return String(shown) + "…"
  }
}
