import Foundation
import Synchronization

/// The updates of a `FakeTelegram`: what people write and press, given out as Telegram gives it out. What is before the
/// offset of a question is forgotten; a question waits until something comes; of two that wait the earlier is turned
/// away with 409. Source: https://core.telegram.org/bots/api#getupdates
final class FakeUpdates: Sendable {
  private struct State {
    var waiting: [(number: Int64, json: String)] = []
    var next: Int64 = 700
    var acts: [FakeTelegram.Act] = []
    var offsets: [Int64?] = []
    var answered: [(press: String, words: String)] = []
    var tickets = 0
    var forgetsNothing = false
    var isStopped = false
  }

  private struct Question: Decodable {
    var offset: Int64?
    var limit, timeout: Int?
  }

  private struct Press: Decodable {
    var callback_query_id: String
    var text: String?
  }

  private let state = Mutex(State())

  var offsets: [Int64?] { state.withLock { $0.offsets } }
  var answered: [(press: String, words: String)] { state.withLock { $0.answered } }
  func script(_ acts: [FakeTelegram.Act]) { state.withLock { $0.acts += acts } }
  func forgetNothing() { state.withLock { $0.forgetsNothing = true } }
  func renumber(from next: Int64) { state.withLock { $0.next = next } }
  func stop() { state.withLock { $0.isStopped = true } }

  /// Of the object all but its number.
  func add(_ content: String) -> Int64 {
    state.withLock { state in
      let number = state.next
      state.next += 1
      state.waiting.append((number, "{\"update_id\":\(number),\(content)}"))
      return number
    }
  }

  func add(whole json: String) { state.withLock { $0.waiting.append((.max, json)) } }

  func acknowledge(_ request: FaultServer.Request) -> FaultAnswer {
    guard let press = try? JSONDecoder().decode(Press.self, from: Data(request.body)) else {
      return FakeBot.says(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    }
    state.withLock { $0.answered.append((press.callback_query_id, press.text ?? "")) }
    return .json(#"{"ok":true,"result":true}"#)
  }

  func answer(_ request: FaultServer.Request) -> FaultAnswer {
    let question = try? JSONDecoder().decode(Question.self, from: Data(request.body))
    let (ticket, act): (Int, FakeTelegram.Act) = state.withLock { state in
      state.offsets.append(question?.offset)
      state.tickets += 1
      return (state.tickets, state.acts.isEmpty ? .well : state.acts.removeFirst())
    }
    switch act {
    case .tooMany(let seconds):
      return FakeBot.says(
        429, "Too Many Requests: retry after \(seconds)", parameters: "{\"retry_after\":\(seconds)}")
    case .says(let status, let words): return FakeBot.says(status, words)
    case .page(let status):
      return .text("<html><body><h1>\(status)</h1></body></html>", status: status, type: "application/json")
    case .silence: return .silence
    case .well, .cutAnswer, .migrate: break
    }
    let end = Date().addingTimeInterval(Double(question?.timeout ?? 0))
    while true {
      let (found, isTurnedAway, isStopped): ([String], Bool, Bool) = state.withLock { state in
        if let offset = question?.offset, !state.forgetsNothing { state.waiting.removeAll { $0.number < offset } }
        let found = state.waiting.prefix(question?.limit ?? 100).map(\.json)
        return (found, state.tickets != ticket, state.isStopped)
      }
      if isTurnedAway {
        return FakeBot.says(
          409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running")
      }
      if !found.isEmpty || isStopped || Date() >= end {
        let answer = FaultAnswer.json("{\"ok\":true,\"result\":[\(found.joined(separator: ","))]}")
        if case .cutAnswer(let count) = act { return answer.cut(after: count) }
        return answer
      }
      usleep(2_000)
    }
  }
}

extension FakeTelegram {
  /// Somebody writes; the update's number. A private chat has the number of its user.
  @discardableResult
  public func write(_ text: String, from user: Int64, in chat: Int64, name: String = "Ann") -> Int64 {
    let type = chat == user ? "private" : "supergroup"
    return updates.add(
      """
      "message":{"message_id":\(5_000),"date":1700000000,"text":\(FakeTelegram.quoted(text)),\
      "from":{"id":\(user),"is_bot":false,"first_name":\(FakeTelegram.quoted(name))},\
      "chat":{"id":\(chat),"type":"\(type)"}}
      """)
  }

  /// Somebody presses a button of a message.
  @discardableResult
  public func press(
    _ data: String, on message: Int64, from user: Int64, in chat: Int64, name: String = "Ann"
  ) -> Int64 {
    let type = chat == user ? "private" : "supergroup"
    return updates.add(
      """
      "callback_query":{"id":"press-\(message)","chat_instance":"1","data":\(FakeTelegram.quoted(data)),\
      "from":{"id":\(user),"is_bot":false,"first_name":\(FakeTelegram.quoted(name))},\
      "message":{"message_id":\(message),"date":1700000000,"chat":{"id":\(chat),"type":"\(type)"}}}
      """)
  }

  /// An update of any other form, but for its number: `"edited_message":{…}`.
  @discardableResult
  public func update(_ content: String) -> Int64 { updates.add(content) }

  /// An update as it stands, with a number of its own or without one.
  public func update(whole json: String) { updates.add(whole: json) }

  /// What is done with the next questions for updates, one each.
  public func scriptUpdates(_ acts: [Act]) { updates.script(acts) }

  /// Gives out everything again and again, whatever was asked for.
  public func forgetNothing() { updates.forgetNothing() }

  /// The next update has this number.
  public func renumber(from next: Int64) { updates.renumber(from: next) }

  /// From which numbers updates were asked for.
  public var offsets: [Int64?] { updates.offsets }

  /// Presses of buttons that were acknowledged, with the words.
  public var acknowledged: [(press: String, words: String)] { updates.answered }

  static func quoted(_ text: String) -> String {
    (try? JSONEncoder().encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
  }
}
