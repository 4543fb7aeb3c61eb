import PluginKit

/// A message as JSON for programs.
struct MessageDocument: Encodable {
  let id: String
  /// ISO 8601, UTC.
  let time: String
  let title: String
  let text: String
  let priority: String
  let reply_to: String?
  let fields: [String: String]

  init(_ message: ChannelMessage, at time: String) {
    id = message.id
    self.time = time
    title = message.title
    text = message.text
    priority = message.priority.rawValue
    reply_to = message.replyTo
    fields = message.fields
  }
}
