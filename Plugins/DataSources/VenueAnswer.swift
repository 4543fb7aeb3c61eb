import MarketData
import PluginKit
import Trading

/// What a server answered, and how its faults are said.
struct VenueAnswer {
  let source: String
  let instrument: Instrument
  let request: WebRequest
  let response: WebResponse

  var isGood: Bool { (200..<300).contains(response.status) }

  /// The body as text, for formats that are none of JSON.
  var text: String { String(decoding: response.body, as: UTF8.self) }

  /// The document, whatever the status; anything else is an error by what it is.
  func json() throws(DataSourceError) -> JSON {
    do throws(JSON.Fault) {
      return try JSON.read(response.body)
    } catch {
      throw misfit("the answer is no JSON: it \(error.sentence)")
    }
  }

  /// An answer of the wrong form: a status, a page for people, nothing at all, or `sentence` about it.
  func misfit(_ sentence: String) -> DataSourceError {
    guard isGood else { return refusal(nil) }
    // A server that gives a page or nothing in place of data may be itself again later; broken data stays broken.
    if firstSign == nil { return .unavailable(said("the answer is empty")) }
    if firstSign == UInt8(ascii: "<") {
      return .unavailable(said("the answer is a page for people (HTML) where data is wanted: \(found)"))
    }
    return .unusable(said("\(sentence); found \(found)"))
  }

  /// The error of a status, with the server's own words where it has any.
  func refusal(_ words: String?) -> DataSourceError {
    let status = response.status
    var sentence = "the server answers \(status)\(VenueAnswer.meaning(of: status))"
    if let words, !words.isEmpty {
      sentence += ": \(words)"
    } else if !response.body.isEmpty, isGood || firstSign != UInt8(ascii: "<") {
      sentence += ": \(found)"
    }
    switch status {
    case 404, 410: return notFound(sentence)
    case 408, 418, 425, 429, 500...: return unavailable(sentence)
    default: return .unusable(said(sentence))
    }
  }

  func notFound(_ sentence: String) -> DataSourceError {
    .notFound(instrument, "\(source): \(printable(sentence))")
  }

  func unusable(_ sentence: String) -> DataSourceError { .unusable(said(sentence)) }

  func unavailable(_ sentence: String) -> DataSourceError {
    .unavailable(said(sentence), retryAfter: response.headers["retry-after"].flatMap { Double($0) })
  }

  /// With the source and the symbol before it, without secrets: servers repeat keys.
  private func said(_ sentence: String) -> String {
    "\(source): \(instrument.symbol): \(printable(sentence))"
  }

  private var firstSign: UInt8? { response.body.first { $0 > 0x20 } }

  /// The start of the body. Redacted before it is cut, so that no half of a secret is left.
  private var found: String {
    let text = request.withoutSecrets(String(decoding: response.body.prefix(4_096), as: UTF8.self))
    let start = text.prefix(80)
    return "\"\(start)\(start.count < text.count ? "…" : "")\""
  }

  /// In one line, without secrets, without what steers a terminal, and of bounded length.
  private func printable(_ sentence: String) -> String {
    let start = sentence.prefix(4_096)
    // Redacted before it is cut, so that no half of a secret is left; where this was cut before, one may end it.
    var text = request.withoutSecrets(String(start))
    if start.endIndex < sentence.endIndex {
      text = String(text.dropLast(3 * (request.secrets.map(\.utf8.count).max() ?? 0)))
    }
    let clean = text.unicodeScalars.map { scalar -> Character in
      scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
        ? " " : Character(scalar)
    }
    let line = String(clean).split(separator: " ").joined(separator: " ")
    return line.count > 400 ? "\(line.prefix(399))…" : line
  }

  private static func meaning(of status: Int) -> String {
    switch status {
    case 400: " (bad request)"
    case 401, 403: " (not allowed)"
    case 404: " (not found)"
    case 418: " (banned for asking too often)"
    case 422: " (cannot be answered)"
    case 429: " (too many requests)"
    case 451: " (not served in this country)"
    case 500...: " (the server's own fault)"
    default: ""
    }
  }
}
