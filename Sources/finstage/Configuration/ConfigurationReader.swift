import DataSources
import Engine
import Pipelines
import PluginKit
import Trading

/// Reads and checks `config.yaml`; every fault is reported.
struct ConfigurationReader {
  let diagnostics: Diagnostics
  /// Tables of calendars that end soon after it are warned of.
  var today = Terminal.now

  /// The configuration and the faults of its file.
  static func read(path: String, shownAs name: String? = nil) -> (configuration: Configuration?, faults: [Diagnostic]) {
    let file = YAMLFile(path: path, shownAs: name, references: Environment.references(missing: .warning))
    guard let root = file.root else { return (nil, file.diagnostics.all) }
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    let configuration = ConfigurationReader(diagnostics: file.diagnostics).read(root, folder: folder)
    guard !file.diagnostics.hasErrors, let configuration else { return (nil, file.diagnostics.all) }
    return (configuration, file.diagnostics.all + configuration.noticeTemplates().faults)
  }

  private func read(_ root: YAMLValue, folder: String) -> Configuration? {
    guard var file = MappingReader(root, "the configuration", diagnostics) else { return nil }
    var configuration = Configuration(folder: folder)
    if let locale = diagnostics.word(file.take("locale"), "locale", of: ["en", "ko"]) { configuration.locale = locale }
    configuration.zone = file.take("timezone").flatMap { zone($0, "timezone") }
    if let strategies = diagnostics.text(file.take("strategies"), "strategies") {
      configuration.strategies = strategies
    }
    configuration.ledger = diagnostics.text(file.take("ledger"), "ledger")
    configuration.watchlists = watchlists(file.entry("watchlists"))
    configuration.instruments = instruments(file.entry("instruments"))
    configuration.sources = sources(file.entry("sources"), folder: folder)
    configuration.inbound = inbound(
      file.entry("sources"), channels: file.entry("channels"), isAsked: file.entry("api") != nil)
    configuration.calendars = calendars(file.entry("calendars"))
    (configuration.quality, configuration.collecting) = quality(file.entry("quality"))
    configuration.collect = collect(file.take("collect"), configuration)
    configuration.schedule = schedule(file.take("schedule"), configuration)
    configuration.storage = storage(file.entry("storage"))
    configuration.retention = retention(file.entry("retention"))
    configuration.heartbeat = heartbeat(file.entry("heartbeat"))
    configuration.resources = resources(file.entry("resources"))
    let channels = file.entry("channels")
    configuration.channelNames = channels?.value.entries?.map(\.name)
    configuration.channels = channels.map { self.channels($0, folder: folder) }
    for channel in configuration.channels ?? [] where channel.type.takesOrders {
      // What cannot be read was reported with the channel.
      configuration.orderChannels[channel.name] = try? OrderTerms(channel.settings)
    }
    configuration.notifications = notifications(
      routes: file.take("routes"), notify: file.entry("notify"), configuration)
    configuration.companies = companies(file.entry("companies"))
    configuration.lexicon = lexicon(file.entry("sentiment"), configuration)
    configuration.feeds = feeds(file.take("feeds"), configuration)
    configuration.news = news(file.entry("news"), configuration)
    configuration.api = api(file.entry("api"))
    file.finish()
    return configuration
  }

  private func collect(_ value: YAMLValue?, _ configuration: Configuration) -> [Configuration.Collection] {
    let items = diagnostics.list(value, "collect") ?? []
    return items.compactMap { item in
      guard var reader = MappingReader(item, "an item of collect", diagnostics) else { return nil }
      let source = reader.require("source")
      let name = diagnostics.text(source, "source")
      if let source, let name, configuration.inbound.contains(where: { $0.name == name }) {
        diagnostics.report(
          .unknownName, at: source, "the source \"\(name)\" brings signals from outside, and no candles",
          hint: "name the source of the candles over which its signals are judged")
      } else if let source, let name, !configuration.sources.contains(where: { $0.name == name }) {
        diagnostics.report(
          .unknownName, at: source, "there is no source \"\(name)\"",
          hint: suggestion(for: name, among: configuration.sources.map(\.name), called: "sources"))
      }
      let symbols = (diagnostics.list(reader.require("symbols"), "symbols") ?? []).compactMap { symbol -> String? in
        guard let text = diagnostics.text(symbol, "a symbol") else { return nil }
        let list = String(text.dropFirst())
        if text.hasPrefix("@"), configuration.watchlists[list] == nil {
          diagnostics.report(
            .unknownWatchlist, at: symbol, "there is no watchlist \"\(list)\"",
            hint: suggestion(for: list, among: configuration.watchlists.keys.sorted(), called: "watchlists"))
        }
        return text
      }
      let timeframe = reader.require("timeframe")
      let length = diagnostics.text(timeframe, "timeframe").flatMap { Timeframe($0) }
      if let timeframe, length == nil, timeframe.text != nil {
        diagnostics.report(
          .badTime, at: timeframe, "timeframe \(timeframe.found) is no duration",
          hint: "write 1m 5m 15m 1h 4h 1d 1w 1mo")
      }
      let exchange = exchange(reader.take("exchange"), configuration.calendars)
      let quality = practice(reader.take("quality"), "quality")
      reader.finish()
      guard let name, let length else { return nil }
      return Configuration.Collection(
        source: name, symbols: symbols, timeframe: length, exchange: exchange, quality: quality)
    }
  }
}
