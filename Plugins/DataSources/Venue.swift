import PluginKit
import Trading

/// The server that a source asks. Every error names the source, the symbol and what was found, and shows no secret.
struct Venue: Sendable {
  /// The source's id.
  let id: String
  private let base: String
  private let web: any WebClient
  private let symbols: [String: String]
  let now: @Sendable () -> Instant

  /// A key that every source with a server admits.
  static let symbolSetting = PluginSetting(
    "symbols", .mapping, meaning: "the source's own symbols by those of the config, where they differ")

  init<Source: DataSource>(of source: Source.Type, _ settings: PluginSettings, _ host: SourceHost) {
    id = source.id
    let own = source.web?.baseURL ?? ""
    // A source whose url stands in the config has no base of its own.
    var base = own.isEmpty ? "" : settings.text("base_url") ?? own
    while base.hasSuffix("/") { base.removeLast() }
    self.base = base
    web = host.web
    now = host.now
    symbols = settings.mapping("symbols") ?? [:]
  }

  /// What the source calls an instrument.
  func symbol(of instrument: Instrument) -> String { symbols[instrument.symbol] ?? instrument.symbol }

  /// Asks for `path?query` below the base address; the query is encoded here, the path is as given.
  func ask(
    _ instrument: Instrument, _ path: String, _ query: [(name: String, value: String?)] = [],
    headers: [(name: String, value: String)] = [], secrets: [String] = []
  ) async throws(DataSourceError) -> VenueAnswer {
    let parts = query.compactMap { part in part.value.map { "\(part.name)=\(Venue.encoded($0))" } }
    let url = base + path + (parts.isEmpty ? "" : "?" + parts.joined(separator: "&"))
    let request = WebRequest(url, headers: headers, secrets: secrets)
    do throws(WebError) {
      let response = try await web.send(request)
      return VenueAnswer(source: id, instrument: instrument, request: request, response: response)
    } catch {
      let sentence = request.withoutSecrets("\(id): \(instrument.symbol): \(error.message)")
      if error.isTransient { throw .unavailable(sentence, retryAfter: error.retryAfter) }
      throw .unusable(sentence)
    }
  }

  /// The source's word for a timeframe; throws, and names those it has.
  func word(for timeframe: Timeframe, among words: [(timeframe: String, word: String)]) throws(DataSourceError)
    -> String
  {
    if let word = words.first(where: { Timeframe($0.timeframe)?.isAs(long: timeframe) ?? false })?.word { return word }
    let known = words.map(\.timeframe).joined(separator: ", ")
    throw .unusable("\(id): there are no candles of \(timeframe); it has \(known)")
  }

  /// A setting that may be a reference; one that brought nothing is an error only now, where it is needed.
  static func resolved(_ text: String, _ name: String) throws(DataSourceError) -> String {
    guard !text.isEmpty, !text.contains("${") else {
      throw .badSetting(name: name, "is not set on this machine: \(text.isEmpty ? "it is empty" : text)")
    }
    return text
  }

  /// Whether a server's words say that it was asked too much.
  static func isAboutLimits(_ words: String) -> Bool {
    let words = words.lowercased()
    return ["limit", "too many", "per day", "per minute", "per second", "frequency", "quota"].contains {
      words.contains($0)
    }
  }

  /// Percent-encoded, all but the unreserved characters of RFC 3986.
  static func encoded(_ text: String) -> String {
    text.utf8.reduce(into: "") { encoded, byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        encoded.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        encoded += byte < 16 ? "%0\(digits)" : "%\(digits)"
      }
    }
  }
}

extension Timeframe {
  /// Whether both mean one length: `60m` and `1h`; a month is no number of days.
  func isAs(long other: Timeframe) -> Bool {
    milliseconds == other.milliseconds && (unit == .month) == (other.unit == .month)
  }
}
