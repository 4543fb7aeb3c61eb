import NotificationChannels
import PluginKit

/// The tables of `docs/channels.md`: the keys of each channel.
enum ChannelTables {
  static var text: String {
    notificationChannels.map { type in
      var lines = ["## \(type.id)", "\(type.summary) Text: \(form(type.form)).\(rate(type.web))"]
      if !type.settings.isEmpty {
        lines += ["", "| key | kind | means |", "|---|---|---|"]
        lines += type.settings.map { setting in
          let kind =
            setting.kind.rawValue + (setting.isRequired ? ", needed" : "") + (setting.isSecret ? ", secret" : "")
          return "| `\(setting.name)` | \(kind) | \(setting.meaning) |"
        }
      }
      return lines.joined(separator: "\n") + "\n"
    }.joined(separator: "\n")
  }

  private static func form(_ form: TextForm) -> String {
    switch form {
    case .plain: "plain"
    case .telegramHTML: "HTML as Telegram reads it"
    case .slackMrkdwn: "Slack's mrkdwn"
    case .discordMarkdown: "Discord's Markdown"
    }
  }

  private static func rate(_ web: WebManners?) -> String {
    guard let web else { return "" }
    let rates = web.rate.map { "`\($0)`" }.joined(separator: ", ")
    return
      " At most \(rates)\(web.baseURL.isEmpty ? "" : ", at <\(web.baseURL)>"), where the configuration says nothing."
  }
}
