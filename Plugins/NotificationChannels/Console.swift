public import PluginKit

/// Messages on the host's own output, for a first try and for hosts whose output is kept by another program.
public struct Console: NotificationChannel {
  public static let id = "console"
  public static let summary = "Messages on the output of the host."
  public static let settings: [PluginSetting] = []

  private let show: @Sendable (String) -> Void

  public init(settings: PluginSettings, host: ChannelHost) throws(ChannelError) { show = host.show }

  public func check() async throws(ChannelError) -> String { "the output is there" }

  public func send(_ message: ChannelMessage) async -> Delivery {
    for text in preview(message) { show(text) }
    return .sent()
  }

  public func preview(_ message: ChannelMessage) -> [String] { [message.text.withoutControls] }
}
