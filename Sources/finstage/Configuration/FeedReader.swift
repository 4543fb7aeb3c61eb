import Calendars
import Fetching
import News
import Pipelines
import PluginKit

extension Configuration {
  /// A feed of news.
  struct Feed {
    var name: String
    /// What the configuration says that it is; nil takes what comes.
    var format: FeedFormat?
    /// With `{symbol}` where the symbols go.
    var url: String
    var symbols: [String]
    /// Whose clocks its dates show where they name no zone.
    var zone: CivilZone
    var language: String?
    var fetch: FetchSettings
  }
}

extension ConfigurationReader {
  /// Feeds are asked seldom and gently; an answer is at most as long as a feed is read.
  static let feedManners = WebManners(baseURL: "", rate: ["2/s", "60/m"])

  /// Reads `feeds:`.
  func feeds(_ value: YAMLValue?, _ configuration: Configuration) -> [Configuration.Feed] {
    var seen: Set<String> = []
    return (diagnostics.list(value, "feeds") ?? []).compactMap { item in
      guard var reader = MappingReader(item, "a feed", diagnostics) else { return nil }
      let nameValue = reader.require("name", hint: "write name: yahoo")
      let name = diagnostics.text(nameValue, "name")
      if let nameValue, let name, !seen.insert(name).inserted {
        diagnostics.report(.conflictingKeys, at: nameValue, "there are two feeds \"\(name)\"")
      }
      let word = diagnostics.word(
        reader.take("type"), "type", of: ["auto"] + FeedFormat.allCases.map(\.rawValue))
      let symbols = feedSymbols(reader.take("symbols"), configuration)
      let url = feedAddress(reader.require("url", hint: "write url: https://…"), symbols)
      let zone = reader.take("timezone").flatMap { self.zone($0, "timezone") }
      let language = diagnostics.text(reader.take("language"), "language")?.lowercased()
      let place = reader.place
      guard let settings = settings(FetchSettings.common(ConfigurationReader.feedManners), &reader) else { return nil }
      var fetch: FetchSettings
      do throws(FetchSettings.Faults) {
        fetch = try FetchSettings(settings: settings, manners: ConfigurationReader.feedManners)
      } catch {
        for fault in error.faults {
          diagnostics.report(.wrongType, at: reader.take(fault.name) ?? place, fault.sentence)
        }
        return nil
      }
      fetch.limits.maxBody = min(fetch.limits.maxBody, FeedLimits().bytes)
      // The next pass is a further try.
      if settings.text("retries") == nil { fetch.politeness.retries = 1 }
      guard let name, let url else { return nil }
      return Configuration.Feed(
        name: name, format: word.flatMap { FeedFormat(rawValue: $0) }, url: url, symbols: symbols, zone: zone ?? .utc,
        language: language, fetch: fetch)
    }
  }

  private func feedAddress(_ value: YAMLValue?, _ symbols: [String]) -> String? {
    guard let value, let url = diagnostics.text(value, "url") else { return nil }
    guard WebAddress.absolute(url.replacing("{symbol}", with: "x")) != nil, !url.contains(" ") else {
      diagnostics.report(.wrongType, at: value, "url is no address of the web", hint: "write https://host/path")
      return nil
    }
    if url.contains("{symbol}"), symbols.isEmpty {
      diagnostics.report(
        .missingKey, at: value, "the address names {symbol}, and the feed has no symbols",
        hint: "write symbols: [AAPL, \"@watchlist\"]")
      return nil
    }
    return url
  }

  /// Symbols with watchlists put in.
  func feedSymbols(_ value: YAMLValue?, _ configuration: Configuration) -> [String] {
    let texts = (value?.items ?? value.map { [$0] } ?? []).compactMap { item -> String? in
      guard let text = diagnostics.text(item, "a symbol") else { return nil }
      let list = String(text.dropFirst())
      if text.hasPrefix("@"), configuration.watchlists[list] == nil {
        diagnostics.report(
          .unknownWatchlist, at: item, "there is no watchlist \"\(list)\"",
          hint: suggestion(for: list, among: configuration.watchlists.keys.sorted(), called: "watchlists"))
      }
      return text
    }
    return configuration.expand(texts)
  }
}
