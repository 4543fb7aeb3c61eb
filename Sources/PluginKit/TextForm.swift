/// How a channel marks up text, and how plain text is written so that it stays plain there.
public enum TextForm: String, Sendable, Hashable, CaseIterable {
  case plain
  /// https://core.telegram.org/bots/api#html-style
  case telegramHTML = "telegram_html"
  /// https://docs.slack.dev/messaging/formatting-message-text
  case slackMrkdwn = "slack_mrkdwn"
  case discordMarkdown = "discord_markdown"

  /// Plain text as it must be written to be shown as it is. Slack has no way to write `*`, `_`, `~` and backticks as
  /// they are: there they stay, and may set a word in bold.
  public func escaped(_ text: String) -> String {
    switch self {
    case .plain: text
    case .telegramHTML: replacing(text, [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", "&quot;")])
    case .slackMrkdwn: replacing(text, [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")])
    case .discordMarkdown: replacing(text, "\\*_~`|<>#[]".map { ($0, "\\\($0)") })
    }
  }

  /// Text of this form set in bold; as it is where there is no such thing.
  public func bold(_ text: String) -> String {
    guard !text.isEmpty else { return "" }
    return switch self {
    case .plain: text
    case .telegramHTML: "<b>\(text)</b>"
    case .slackMrkdwn: "*\(text)*"
    case .discordMarkdown: "**\(text)**"
    }
  }

  /// Over scalars and not characters: a combining mark after a `<` must not hide it.
  private func replacing(_ text: String, _ signs: [(Character, String)]) -> String {
    let replacements = Dictionary(
      signs.compactMap { sign in sign.0.unicodeScalars.first.map { ($0, sign.1) } },
      uniquingKeysWith: { first, _ in first })
    var written = ""
    for scalar in text.unicodeScalars {
      if let replacement = replacements[scalar] {
        written += replacement
      } else {
        written.unicodeScalars.append(scalar)
      }
    }
    return written
  }
}
