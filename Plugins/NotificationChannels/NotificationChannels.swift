public import PluginKit

/// The channels that a config may name, in alphabetical order of their ids.
public let notificationChannels: [any NotificationChannel.Type] = [
  Console.self,
  Discord.self,
  Email.self,
  LinesFile.self,
  Ntfy.self,
  OrderIntent.self,
  Slack.self,
  Telegram.self,
  Webhook.self,
]
