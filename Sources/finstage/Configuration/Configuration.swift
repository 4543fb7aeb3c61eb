import Calendars
import DataSources
import Engine
import Fetching
import MarketData
import Notifications
import Pipelines
import PluginKit
import Storage
import Trading

/// `config.yaml` as read.
struct Configuration {
  struct Source {
    var name: String
    var type: any DataSource.Type
    var settings: PluginSettings
    /// How its server is asked; nil where it has none.
    var fetch: FetchSettings?
  }

  struct Channel {
    var name: String
    var type: any NotificationChannel.Type
    var settings: PluginSettings
    /// How its server is asked; nil where it has none.
    var fetch: FetchSettings?
    /// How its server of mail is reached; nil where it sends none.
    var mail: MailSettings?
  }

  struct Collection {
    var source: String
    var symbols: [String]
    var timeframe: Timeframe
    /// The market's MIC, or the name of another calendar.
    var exchange: String?
    /// What becomes of what is wrong with its prices; nil where `quality: collecting:` says it for all.
    var quality: QualityStage.Practice?
  }

  /// The folder that relative paths are relative to.
  var folder: String
  var strategies = "strategies"
  /// The language of messages: `en` or `ko`.
  var locale = "en"
  /// `timezone:`, that of messages; nil where none is named.
  var zone: CivilZone?
  var watchlists: [String: [Universe.Member]] = [:]
  /// What is known of instruments, by symbol.
  var instruments: [String: InstrumentProfile] = [:]
  var sources: [Source] = []
  /// Sources of signals from outside.
  var inbound: [InboundSource] = []
  var collect: [Collection] = []
  /// Changed ones and own ones; the others are known by their names.
  var calendars: [String: ExchangeCalendar] = [:]
  /// Nil where the configuration says nothing of channels.
  var channels: [Channel]?
  /// The names under channels, those too that cannot be used.
  var channelNames: [String]?
  /// Of the channels that take order intents, by their names.
  var orderChannels: [String: OrderTerms] = [:]
  /// Who is told of signals, when and how.
  var notifications = Notifications()
  var feeds: [Feed] = []
  /// Who is told of news.
  var news = News()
  var schedule: [ScheduledItem] = []
  /// Whom the host tells that it is alive; nil is nobody.
  var heartbeat: Heartbeat?
  /// Beyond which use of the machine somebody is told; nil where nothing is limited.
  var resources: Resources?
  var storage = Storage()
  var retention: [RetentionRule] = []
  /// What is looked for in prices, and what is mended.
  var quality = QualityRules()
  /// What becomes of what is wrong with prices that come into the store; an item under `collect:` may say otherwise.
  var collecting = QualityStage.Practice.check
  /// Servers that tell of companies.
  var companies: [CompanyServer] = []
  /// Files of words by which news is judged, one over the other; `bundled` is the lexicon that comes along.
  var lexicon: [String] = []
  /// Where it is asked over HTTP; nil is nowhere.
  var api: API?
  /// The trial ledger's file; `none` keeps none.
  var ledger: String?

  /// The names of channels that take messages.
  var messageChannels: [String] { (channelNames ?? []).filter { orderChannels[$0] == nil } }

  /// Whether intents of a strategy are handed off: by a route that names it, or by channels of its own.
  func handsOff(_ strategy: String, own: [String]) -> Bool {
    let routed = notifications.rules.routes.filter { $0.selection.strategies.contains(strategy) }.flatMap(\.channels)
    return (own + routed).contains { orderChannels[$0]?.isEnabled == true }
  }

  /// Symbols with `@name` replaced by the watchlist of that name; each stands once.
  func expand(_ symbols: [String]) -> [String] {
    var seen: Set<String> = []
    return members(symbols).map(\.symbol).filter { seen.insert($0).inserted }
  }

  /// The same with the dates of membership that the watchlists name.
  func universe(_ symbols: [String]) -> Universe { Universe(members(symbols)) }

  private func members(_ symbols: [String]) -> [Universe.Member] {
    symbols.flatMap { symbol in
      symbol.hasPrefix("@") ? watchlists[String(symbol.dropFirst())] ?? [] : [Universe.Member(symbol: symbol)]
    }
  }

  func path(_ relative: String) -> String {
    relative.hasPrefix("/") || folder.isEmpty ? relative : "\(folder)/\(relative)"
  }
}
