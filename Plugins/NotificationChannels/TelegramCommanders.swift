import PluginKit

/// Who may command, and where: both have to be named.
struct TelegramCommanders: Sendable {
  let users: [Int64: CommandRole]
  /// Numbers of chats; the number of a private chat is that of its user.
  let chats: Set<Int64>
  /// The channel's own chat, where it has a number and is one of the chats.
  let own: Int64?

  /// Reads `users` and `chats`.
  init(_ settings: PluginSettings, own chat: String) throws(ChannelError) {
    var users: [Int64: CommandRole] = [:]
    for (name, word) in settings.mapping("users") ?? [:] {
      // Only ASCII digits: what looks like a number to people is not the number that Telegram sends.
      guard name.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let user = Int64(name), user > 0 else {
        throw .badSetting(name: "users", "are Telegram's numbers of users, such as 123456; found \"\(name)\"")
      }
      guard let role = CommandRole(rawValue: word) else {
        let words = CommandRole.allCases.map(\.rawValue).joined(separator: ", ")
        throw .badSetting(name: "users", "have one of \(words); \(name) has \"\(word)\"")
      }
      users[user] = role
    }
    self.users = users
    let number = Int64(chat)
    let admitted: Set<Int64>
    if let list = settings.list("chats") {
      var chats: Set<Int64> = []
      for text in list {
        guard let one = Int64(text), one != 0 else {
          throw .badSetting(name: "chats", "are numbers of chats, such as -100123; found \"\(text)\"")
        }
        chats.insert(one)
      }
      guard !users.isEmpty else { throw .badSetting(name: "chats", "say where, and users says nobody") }
      admitted = chats
    } else {
      // A public channel has no users who write; of a reference that brought nothing there is no number yet.
      guard users.isEmpty || number != nil || chat.contains("${") else {
        throw .badSetting(name: "users", "write in chats, and chat is the name \"\(chat)\": name numbers under chats")
      }
      admitted = number.map { [$0] } ?? []
    }
    chats = admitted
    own = number.flatMap { admitted.contains($0) ? $0 : nil }
  }
}
