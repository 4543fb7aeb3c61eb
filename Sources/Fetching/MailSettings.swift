public import PluginKit

/// How a channel reaches its server of mail: what the config says besides the channel's own keys.
public struct MailSettings: Hashable, Sendable {
  public var limits = TransferLimits()

  public static let common: [PluginSetting] = [
    PluginSetting(
      "allow_private", .flag, meaning: "whether addresses of this machine and its network may be asked; false"),
    PluginSetting("timeout", .duration, meaning: "the most that one mail may take; 30s"),
    PluginSetting(
      "ca_file", .text,
      meaning: "a file of certificates (PEM) that are trusted instead of the system's, for a server with its own"),
    PluginSetting("connect_timeout", .duration, meaning: "the most that a connection may take; 10s"),
  ]

  public init(settings: PluginSettings) throws(FetchSettings.Faults) {
    var reader = SettingsReader(settings: settings)
    limits.authorities = settings.text("ca_file")
    if settings.flag("allow_private") == true { limits.addresses = .any }
    reader.duration("timeout", &limits.timeout, most: 3_600_000)
    reader.duration("connect_timeout", &limits.connectTimeout, most: 3_600_000)
    guard reader.faults.isEmpty else { throw FetchSettings.Faults(faults: reader.faults) }
  }
}
