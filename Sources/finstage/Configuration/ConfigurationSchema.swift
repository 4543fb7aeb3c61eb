import DataSources
import Engine
import Fetching
import MarketData
import News
import NotificationChannels
import Pipelines
import PluginKit

/// The JSON Schema (2020-12) of `config.yaml`.
enum ConfigurationSchema {
  static var text: String { document.text }

  private static var document: JSONValue {
    .object([
      ("$schema", "https://json-schema.org/draft/2020-12/schema"), ("title", "Finstage configuration"),
      ("type", "object"), ("additionalProperties", false),
      (
        "properties",
        .object([
          ("locale", SchemaForm.described("Language of messages.", SchemaForm.words(["en", "ko"]))),
          ("timezone", text("Zone of messages: Asia/Seoul")),
          ("strategies", text("Folder of the strategies, relative to this file.")),
          (
            "ledger", text("The trial ledger's file, relative to this file; none keeps none. Default: var/trials.jsonl")
          ),
          (
            "watchlists",
            SchemaForm.described(
              "Symbols by list, or symbols with the dates of their membership; a strategy names a list as @name.",
              SchemaForm.named(SchemaForm.list(of: member)))
          ),
          (
            "instruments",
            SchemaForm.described(
              "What is known of symbols besides their prices.", SchemaForm.named(instrument))
          ),
          (
            "sources",
            SchemaForm.described("Where candles come from, and signals from outside.", SchemaForm.named(source))
          ),
          (
            "calendars",
            SchemaForm.described(
              "Changes to the calendars of exchanges, and calendars of one's own, by name.", CalendarSchema.value)
          ),
          ("collect", SchemaForm.described("What is fetched.", SchemaForm.list(of: collection))),
          ("quality", SchemaForm.described("What is looked for in prices, and what is mended.", quality)),
          ("storage", SchemaForm.described("Where candles and everything else are kept.", StorageSchema.storage)),
          ("companies", SchemaForm.described("Servers that tell of companies.", SchemaForm.named(company))),
          (
            "sentiment",
            SchemaForm.described(
              "How news is judged.",
              SchemaForm.mapping([
                (
                  "lexicon",
                  SchemaForm.described(
                    "A file of words, or several, one over the other; bundled is the one that comes along.",
                    .object([
                      ("if", ["type": "array"]), ("then", SchemaForm.list(of: SchemaForm.text)),
                      ("else", SchemaForm.text),
                    ]))
                )
              ]))
          ),
          ("feeds", SchemaForm.described("Where news come from.", NewsSchema.feeds)),
          ("news", SchemaForm.described("Who is told of news, and what belongs together.", NewsSchema.news)),
          ("channels", SchemaForm.described("Where messages go.", SchemaForm.named(channel))),
          ("routes", SchemaForm.described("Which signals go to which channels.", NotificationSchema.routes)),
          ("notify", SchemaForm.described("When and how signals are told.", NotificationSchema.notify)),
          ("heartbeat", SchemaForm.described("Whom the host tells that it is alive.", heartbeat)),
          (
            "resources", SchemaForm.described("Beyond which use of the machine somebody is told.", ResourceSchema.value)
          ),
          ("schedule", SchemaForm.described("Which jobs run when.", ScheduleSchema.value)),
          ("retention", SchemaForm.described("How long rows are kept.", StorageSchema.retention)),
          ("api", SchemaForm.described("Where the host is asked over HTTP.", APISchema.value)),
        ])
      ),
    ])
  }

  private static var quality: JSONValue {
    let kinds = SchemaForm.list(of: SchemaForm.words(QualityKind.allCases.map(\.rawValue)))
    return SchemaForm.mapping([
      ("off", SchemaForm.described("Kinds that are not looked for.", kinds)),
      ("repair", SchemaForm.described("Kinds that are mended; without it, all that is surely wrong.", kinds)),
      ("collecting", practice("What becomes of what is found in prices that come into the store. Default: check")),
      (
        "spike_deviations",
        SchemaForm.described(
          "How many times the usual move between two bars a spike is, at least. Default: 10",
          .object([("type", "number"), ("minimum", .number(3)), ("maximum", .number(1_000))]))
      ),
      (
        "stale_bars",
        SchemaForm.described(
          "How many bars in a row are alike, at least, where they are stale. Default: 3", SchemaForm.whole(2...100_000))
      ),
    ])
  }

  private static func practice(_ meaning: String) -> JSONValue {
    SchemaForm.described(meaning, SchemaForm.words(QualityStage.Practice.allCases.map(\.rawValue)))
  }

  private static func text(_ meaning: String) -> JSONValue { SchemaForm.described(meaning, SchemaForm.text) }

  private static var member: JSONValue {
    let date: JSONValue = .object([
      ("type", "string"), ("pattern", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), ("examples", ["1999-01-31"]),
    ])
    let dated = SchemaForm.mapping(
      ["symbol"],
      [
        ("symbol", SchemaForm.text), ("from", SchemaForm.described("The first date.", date)),
        ("to", SchemaForm.described("The last date.", date)),
      ])
    return .object([("if", ["type": "object"]), ("then", dated), ("else", SchemaForm.text)])
  }

  private static var instrument: JSONValue {
    let names = SchemaForm.mapping([("en", SchemaForm.text), ("ko", SchemaForm.text)])
    return SchemaForm.mapping([
      (
        "name",
        SchemaForm.described(
          "Its name, or its names by language.",
          .object([("if", ["type": "object"]), ("then", names), ("else", SchemaForm.text)]))
      ),
      ("category", text("A word for its kind: index, stock, future, currency, crypto")),
      ("exchange", text("The exchange's MIC: XNYS")), ("currency", text("ISO 4217: USD")),
      (
        "precision",
        SchemaForm.described(
          "Digits behind the point in which its price is written.",
          SchemaForm.whole(0...12))
      ),
    ])
  }

  /// A source by its type.
  private static var source: JSONValue {
    byType(
      dataSources.map {
        ($0.id, $0.summary, ConfigurationReader.settings(of: $0))
      } + [(InboundSource.id, InboundSource.summary, InboundSource.settings)])
  }

  /// A server that tells of companies, by its type.
  private static var company: JSONValue {
    byType(
      CompanySource.allCases.map {
        ($0.rawValue, "Companies from \($0.rawValue).", $0.settings + FetchSettings.common($0.web))
      })
  }

  /// A channel by its type.
  private static var channel: JSONValue {
    byType(notificationChannels.map { ($0.id, $0.summary, ConfigurationReader.settings(of: $0)) })
  }

  private static var heartbeat: JSONValue {
    let settings = ConfigurationReader.heartbeatSettings
    return SchemaForm.mapping(
      settings.filter(\.isRequired).map(\.name),
      settings.map { setting in
        let form = setting.name == "method" ? SchemaForm.words(["get", "head", "post"]) : form(of: setting.kind)
        return (setting.name, SchemaForm.described(setting.meaning, form))
      })
  }

  private static func byType(_ types: [(id: String, summary: String, settings: [PluginSetting])]) -> JSONValue {
    .object([
      ("type", "object"), ("required", ["type"]),
      ("properties", .object([("type", SchemaForm.words(types.map(\.id)))])),
      (
        "allOf",
        .array(
          types.map { type in
            let settings = type.settings.map { ($0.name, SchemaForm.described($0.meaning, form(of: $0.kind))) }
            let required = ["type"] + type.settings.filter(\.isRequired).map(\.name)
            return SchemaForm.when(
              "type", is: type.id,
              SchemaForm.described(type.summary, SchemaForm.mapping(required, [("type", true)] + settings)))
          })
      ),
    ])
  }

  static func form(of kind: PluginSetting.Kind) -> JSONValue {
    switch kind {
    case .text: .object([("type", ["string", "number", "boolean"]), ("minLength", .number(1))])
    case .number: .object([("type", ["number", "string"]), ("pattern", "^[-+.0-9eE]+$")])
    case .duration: .object([("type", "string"), ("pattern", "^0*[1-9][0-9]*(ms|s|m|h|d|w|mo)$")])
    case .flag: .object([("enum", [true, false, "true", "false"])])
    case .list: .object([("anyOf", .array([SchemaForm.text, SchemaForm.list(of: SchemaForm.text)]))])
    case .mapping: SchemaForm.named(SchemaForm.text)
    }
  }

  private static var collection: JSONValue {
    SchemaForm.mapping(
      ["source", "symbols", "timeframe"],
      [
        ("source", text("A name under sources.")),
        ("symbols", SchemaForm.described("Symbols and @watchlists.", SchemaForm.list(of: SchemaForm.text))),
        ("timeframe", SchemaForm.described("The length of a bar.", SchemaForm.duration)),
        ("exchange", text("The calendar of the exchange: a MIC such as XNYS, 24/7, FX, or a name under calendars.")),
        ("quality", practice("What becomes of what is wrong with its prices. Default: quality: collecting:")),
      ])
  }
}
