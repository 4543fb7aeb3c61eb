import ArgumentParser
import PluginKit

struct NotifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "notify", abstract: "Tries the channels of the configuration.", subcommands: [Test.self])

  struct Test: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "test", abstract: "Sends one message by a channel and says what became of it.",
      discussion: """
        Exits with 0 where the channel has taken it, 1 where it has not or nobody knows, 3 where the channel is not in
        the configuration or is itself refused: a wrong token, a blocked bot.
        """)

    @Argument(help: "A name under channels.")
    var channel: String
    @Flag(help: "Ask nobody, and show what would be sent, without its secrets.")
    var dryRun = false
    @OptionGroup var config: ConfigOption

    func run() async throws {
      let workspace = try Workspace.sound(config)
      guard let configuration = workspace.configuration else {
        throw Failure(.usage, "there is no file \(config.path): channels stand there")
      }
      let live = try Channels(configuration).channel(named: channel)
      let message = Self.message(in: type(of: live).form)
      guard !dryRun else {
        return Terminal.print(live.preview(message).joined(separator: "\n\n"))
      }
      do throws(ChannelError) {
        Terminal.say("\(channel): \(try await live.check())")
      } catch {
        throw Failure(error.isTransient ? .badAnswer : .unusable, "\(channel): \(error)")
      }
      switch await live.send(message) {
      case .sent(let reference):
        Terminal.print("\(channel): sent, id \(message.id)\(reference.map { ", reference \($0)" } ?? "")")
      case .notSent(let reason, let seconds):
        let wait = seconds.map { "; it may be tried again in \($0.formatted) s" } ?? ""
        throw Failure(.badAnswer, "\(channel): not sent: \(reason)\(wait)")
      case .refused(let reason): throw Failure(.badAnswer, "\(channel): refused: \(reason)")
      case .unknown(let reason, _): throw Failure(.badAnswer, "\(channel): it may have arrived: \(reason)")
      case .unusable(let reason): throw Failure(.unusable, "\(channel): cannot be used: \(reason)")
      }
    }

    private static func message(in form: TextForm) -> ChannelMessage {
      let id = String(UInt32.random(in: 0x1_0000...UInt32.max), radix: 36, uppercase: true)
      let title = "Finstage: a test of this channel"
      let text = "\(form.bold(form.escaped(title)))\n\(form.escaped("Signs that need care: < > & \" * _ ` · \(id)"))"
      return ChannelMessage(id: id, title: title, text: text, fields: ["kind": "test"])
    }
  }
}

extension Double {
  fileprivate var formatted: String { self == rounded() && abs(self) < 1e15 ? "\(Int64(self))" : "\(self)" }
}
