import Fetching
import News
import Pipelines
import PluginKit

/// The JSON Schema of `feeds:` and `news:`.
enum NewsSchema {
  static var feeds: JSONValue {
    let common = FetchSettings.common(ConfigurationReader.feedManners).map { setting in
      (setting.name, SchemaForm.described(setting.meaning, ConfigurationSchema.form(of: setting.kind)))
    }
    return SchemaForm.list(
      of: SchemaForm.mapping(
        ["name", "url"],
        [
          ("name", text("What the feed is called in rules, in the store and in messages.")),
          (
            "type",
            SchemaForm.described(
              "What it is; auto takes what comes. Default: auto",
              SchemaForm.words(["auto"] + FeedFormat.allCases.map(\.rawValue)))
          ),
          ("url", text("Its address; {symbol} stands for each of the symbols.")),
          ("symbols", SchemaForm.described("Symbols and @watchlists that it is about.", texts)),
          ("timezone", text("Whose clocks its dates show where they name no zone. Default: UTC")),
          ("language", text("Its language, such as en or ko; without it, what the feed itself says.")),
        ] + common))
  }

  static var news: JSONValue {
    SchemaForm.mapping([
      ("late", length("After which an item is late. Default: 1h")),
      ("max_age", length("After which nobody is told of an item any more. Default: 24h")),
      ("story_window", length("How far apart the items of one story are. Default: 3d")),
      ("around", length("How long before a signal news belong to it. Default: 24h")),
      ("rules", SchemaForm.described("Which news somebody is told of.", SchemaForm.list(of: rule))),
      (
        "translate",
        SchemaForm.described("A service that translates them; without it, nothing is sent away.", translation)
      ),
    ])
  }

  private static var rule: JSONValue {
    SchemaForm.mapping(
      ["name"],
      [
        ("name", text("What the rule is called in messages; routes name it under strategies.")),
        ("any", SchemaForm.described("One of these words or phrases; infla* is the beginning of a word.", texts)),
        ("all", SchemaForm.described("All of these.", texts)), ("none", SchemaForm.described("None of these.", texts)),
        ("symbols", SchemaForm.described("Symbols and @watchlists; one of them is enough.", texts)),
        ("feeds", SchemaForm.described("Names under feeds.", texts)),
        ("languages", SchemaForm.described("Languages such as en or ko.", texts)),
        (
          "urgency",
          SchemaForm.described(
            "high is told at once, medium in the next digest, low to nobody. Default: medium",
            SchemaForm.words(ChannelMessage.Priority.allCases.map(\.rawValue)))
        ),
        ("channels", SchemaForm.described("Names under channels; without them, by routes.", texts)),
      ])
  }

  private static var translation: JSONValue {
    let common = FetchSettings.common(WebManners(baseURL: "https://translator", rate: [])).map { setting in
      (setting.name, SchemaForm.described(setting.meaning, ConfigurationSchema.form(of: setting.kind)))
    }
    return SchemaForm.mapping(
      ["type"],
      [
        (
          "type",
          SchemaForm.described(
            "Whose interface it speaks.", SchemaForm.words(TranslationService.Kind.allCases.map(\.rawValue)))
        ),
        ("key", text("The key that the service knows you by.")),
        ("to", text("The language that is translated into. Default: locale")),
      ] + common)
  }

  private static var texts: JSONValue {
    .object([("anyOf", .array([SchemaForm.text, SchemaForm.list(of: SchemaForm.text)]))])
  }

  private static func text(_ meaning: String) -> JSONValue { SchemaForm.described(meaning, SchemaForm.text) }

  private static func length(_ meaning: String) -> JSONValue {
    SchemaForm.described(
      meaning, .object([("type", "string"), ("pattern", "^0*[1-9][0-9]*(ms|s|m|h|d|w|mo)$")]))
  }
}
