internal import PluginKit
internal import Storage
internal import Trading

extension NoticeWriter {
  /// The most of one answer that is sent, in signs: nobody reads more in a chat.
  static let longestAnswer = 12_000

  /// The answer to a command, to where it was written.
  ///
  /// - Parameter name: of the command, the same each time that it is answered.
  func answers(_ texts: [AnswerText], to commander: Commander, called name: String, at moment: Instant) -> [Notice] {
    texts.enumerated().map { number, one in
      // Three digits, so that the keys of messages are in their order. Numbers of commands may begin anew.
      let key = "command/\(name)/\(moment.milliseconds)/\(String(1_001 + number).dropFirst())"
      let code = NoticeWriter.code(of: key)
      var text = one.isNotice ? one.text : MarkedText.value(one.text)
      if text.count > NoticeWriter.longestAnswer { text = "\(text.prefix(NoticeWriter.longestAnswer))\n…" }
      let head = one.title.map { "\(MarkedText.bold.start)\(MarkedText.value($0))\(MarkedText.bold.end)\n" } ?? ""
      let body = head + text
      return Notice(
        key: key, code: code, channel: commander.channel, priority: ChannelMessage.Priority.medium.rawValue,
        title: MarkedText.title(of: body), body: one.isNotice ? body : "\(body)\n🔖 \(code)",
        line: MarkedText.title(of: body), fields: ["kind": "answer"], recipient: "\(commander.place)",
        replyTo: number == 0 ? commander.message.map { "\($0)" } : nil)
    }
  }

  /// The buttons of a message about one signal.
  func actions(on entry: OutboxEntry) -> [ChannelMessage.Action] {
    guard entry.signal != nil, let kind = entry.notice.fields["kind"] else { return [] }
    let presses: [ChatCommand.Press]
    switch kind {
    case "signal", "exit": presses = [.mute, .why, .taken]
    // It calls for nothing that could be taken.
    case "alert": presses = [.mute, .why]
    default: presses = []
    }
    return presses.map { ChannelMessage.Action($0.data(entry.notice.code), label: words.label($0)) }
  }
}

extension NoticeWords {
  func label(_ press: ChatCommand.Press) -> String {
    switch press {
    case .mute: isKorean ? "🔕 알림 끄기" : "🔕 Mute"
    case .why: isKorean ? "❓ 이유" : "❓ Why"
    case .taken: isKorean ? "✅ 진입함" : "✅ Taken"
    }
  }
}
