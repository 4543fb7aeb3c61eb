import Fetching
import NotificationChannels
import Pipelines
import PluginKit

extension ConfigurationReader {
  /// Reads `channels:`. A channel is made of its settings, so that it says itself what cannot be used.
  func channels(_ entry: YAMLValue.Entry, folder: String) -> [Configuration.Channel] {
    guard let entries = MappingReader(entry.value, "channels", at: entry.key, diagnostics)?.entries else { return [] }
    return entries.compactMap { channel in
      guard var reader = MappingReader(channel.value, "the channel \(channel.name)", at: channel.key, diagnostics),
        let value = reader.require("type"), let id = diagnostics.text(value, "type")
      else { return nil }
      guard let type = notificationChannels.first(where: { $0.id == id }) else {
        diagnostics.report(
          .unknownType, at: value, "there is no channel of type \"\(id)\"",
          hint: suggestion(for: id, among: notificationChannels.map { $0.id }, called: "types"))
        return nil
      }
      guard let settings = settings(ConfigurationReader.settings(of: type), &reader) else { return nil }
      var declared = Configuration.Channel(name: channel.name, type: type, settings: settings)
      func report(_ name: String, _ sentence: String) {
        diagnostics.report(.wrongType, at: reader.take(name) ?? channel.key, sentence)
      }
      do throws(ChannelError) {
        _ = try type.init(settings: settings, host: .silent(in: folder))
      } catch {
        if case .badSetting(let name, _) = error { report(name, error.description) } else { report("type", "\(error)") }
      }
      do throws(FetchSettings.Faults) {
        if let manners = type.web {
          declared.fetch = try FetchSettings(settings: settings, manners: manners).sendingOnce
        }
        if type.mails { declared.mail = try MailSettings(settings: settings) }
      } catch {
        for fault in error.faults { report(fault.name, fault.sentence) }
        return nil
      }
      return declared
    }
  }

  /// Its own keys, and those of the client that it uses.
  static func settings(of type: any NotificationChannel.Type) -> [PluginSetting] {
    type.settings + (type.web.map { FetchSettings.sending($0) } ?? []) + (type.mails ? MailSettings.common : [])
  }
}

extension ChannelHost {
  /// For a channel that is looked at and never sends.
  fileprivate static func silent(in folder: String) -> ChannelHost {
    ChannelHost(
      baseDirectory: folder, web: Unconnected(), mail: Unconnected(), now: { Terminal.now }, show: { _ in },
      note: { _ in })
  }
}
