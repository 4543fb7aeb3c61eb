public import PluginKit

/// The channels that a config may name, in alphabetical order of their ids.
public let notificationChannels: [any NotificationChannel.Type] = [
  Console.self,
  Telegram.self,
]
