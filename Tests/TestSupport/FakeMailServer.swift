import Foundation
import Synchronization

/// A server of mail (SMTP, RFC 5321) on loopback, without encryption, that fails as it is told.
public final class FakeMailServer: Sendable {
  /// Where in the talk something is done.
  public enum Stage: Sendable, Hashable { case greeting, hello, login, from, to, data, end }

  public enum Act: Sendable, Hashable {
    case says(Stage, String)
    /// The connection breaks instead of a reply.
    case cut(Stage)
    case silence(Stage)

    fileprivate var stage: Stage {
      switch self {
      case .says(let stage, _), .cut(let stage), .silence(let stage): stage
      }
    }
  }

  public struct Mail: Sendable, Hashable {
    public let from: String
    public let to: [String]
    public let text: String
    /// What the client called itself.
    public let hello: String
    public let user: String?
  }

  private struct State {
    var acts: [Act] = []
    var mails: [Mail] = []
    var lines: [String] = []
    var connections: Set<Int32> = []
    var threads = 1
    var isStopped = false
  }

  public let port: UInt16
  private let listener: Int32
  private let login: (user: String, password: String)?
  private let state = Mutex(State())

  public init(login: (user: String, password: String)? = nil) throws(FaultServer.CannotListen) {
    self.login = login
    listener = Sockets.tcp()
    port = Sockets.listen(listener)
    guard listener >= 0, port > 0 else {
      Sockets.close(listener)
      throw FaultServer.CannotListen(code: errno)
    }
    Thread.detachNewThread { [self] in accept() }
  }

  /// What goes wrong in the next mails, one each; then all is well.
  public func script(_ acts: [Act]) { state.withLock { $0.acts += acts } }

  /// All mails that were taken, or whose taking was only not said.
  public var mails: [Mail] { state.withLock { $0.mails } }
  /// All that clients have said, without the mails.
  public var lines: [String] { state.withLock { $0.lines } }

  public func stop() {
    state.withLock { state in
      if !state.isStopped {
        for connection in state.connections { Sockets.shutdown(connection) }
        Sockets.shutdown(listener)
      }
      state.isStopped = true
    }
    while state.withLock({ $0.threads > 0 }) { usleep(1_000) }
  }

  private func accept() {
    while let connection = Sockets.accept(listener) {
      let serves = state.withLock { state in
        guard !state.isStopped else { return false }
        state.connections.insert(connection)
        state.threads += 1
        return true
      }
      guard serves else {
        Sockets.close(connection)
        continue
      }
      Thread.detachNewThread { [self] in
        var talk = Talk(descriptor: connection)
        serve(&talk)
        state.withLock { state in
          state.connections.remove(connection)
          Sockets.close(connection)
          state.threads -= 1
        }
      }
    }
    Sockets.close(listener)
    state.withLock { $0.threads -= 1 }
  }

  /// The lines of one connection.
  private struct Talk {
    let descriptor: Int32
    var unread: [UInt8] = []

    mutating func line() -> String? {
      while true {
        if let end = unread.firstIndex(of: 10) {
          defer { unread.removeFirst(end + 1) }
          return String(decoding: unread[..<end].filter { $0 != 13 }, as: UTF8.self)
        }
        var buffer = [UInt8](repeating: 0, count: 16_384)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0, unread.count < 10_000_000 else { return nil }
        unread += buffer[..<count]
      }
    }

    func say(_ text: String) -> Bool {
      let bytes = Array("\(text)\r\n".utf8)
      return bytes.withUnsafeBytes { Sockets.send(descriptor, $0) } == bytes.count
    }
  }

  /// Whether the talk goes on, and whether the reply was the good one.
  private func reply(_ stage: Stage, _ good: String, _ talk: Talk) -> (goesOn: Bool, isGood: Bool) {
    let act = state.withLock { state in state.acts.first?.stage == stage ? state.acts.removeFirst() : nil }
    switch act {
    case nil: return (talk.say(good), true)
    case .says(_, let text): return (talk.say(text), text.first == "2" || text.first == "3")
    case .cut:
      Sockets.resetOnClose(talk.descriptor)
      return (false, false)
    case .silence:
      _ = Sockets.waitsForHangUp(talk.descriptor, milliseconds: -1)
      return (false, false)
    }
  }

  private func serve(_ talk: inout Talk) {
    guard reply(.greeting, "220 mail.example fake", talk).goesOn else { return }
    var (hello, from, user): (String, String, String?) = ("", "", nil)
    var to: [String] = []
    while let line = talk.line() {
      state.withLock { $0.lines.append(line) }
      let word = line.prefix { $0 != " " }.uppercased()
      let rest = String(line.dropFirst(word.count).drop { $0 == " " })
      var goesOn = true
      switch word {
      case "EHLO":
        hello = rest
        goesOn = reply(.hello, "250-mail.example\r\n250-SIZE 1000000\r\n250 AUTH PLAIN", talk).goesOn
      case "AUTH":
        var proof = String(rest.dropFirst(5).drop { $0 == " " })
        if proof.isEmpty {
          guard talk.say("334 "), let line = talk.line() else { return }
          proof = line
        }
        let words = Data(base64Encoded: proof).map {
          $0.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        }
        let isKnown = words.map { $0.count == 2 && $0[0] == login?.user && $0[1] == login?.password } ?? false
        if isKnown { user = login?.user }
        let refusal = "535 5.7.8 not known: \(proof) \(words?.last ?? "")"
        goesOn = reply(.login, isKnown ? "235 welcome" : refusal, talk).goesOn
      case "MAIL":
        from = String(rest.drop { $0 != "<" }.dropFirst().prefix { $0 != ">" })
        to = []
        goesOn = reply(.from, login != nil && user == nil ? "530 5.7.0 log in first" : "250 ok", talk).goesOn
      case "RCPT":
        let answer = reply(.to, "250 ok", talk)
        if answer.isGood { to.append(String(rest.drop { $0 != "<" }.dropFirst().prefix { $0 != ">" })) }
        goesOn = answer.goesOn
      case "DATA":
        let answer = reply(.data, "354 go on", talk)
        goesOn = answer.goesOn
        guard answer.isGood else { break }
        var lines: [String] = []
        while let line = talk.line(), line != "." {
          lines.append(line.hasPrefix(".") ? String(line.dropFirst()) : line)
        }
        let mail = Mail(from: from, to: to, text: lines.joined(separator: "\n"), hello: hello, user: user)
        // One that is taken although the connection breaks before that is said has arrived.
        let isRefused = state.withLock { state in
          if case .says(.end, let text)? = state.acts.first { return text.first != "2" }
          return false
        }
        if !isRefused { state.withLock { $0.mails.append(mail) } }
        goesOn = reply(.end, "250 taken", talk).goesOn
      case "QUIT":
        _ = talk.say("221 bye")
        goesOn = false
      case "NOOP", "RSET": goesOn = talk.say("250 ok")
      default: goesOn = talk.say("502 not known")
      }
      guard goesOn else { return }
    }
  }
}
