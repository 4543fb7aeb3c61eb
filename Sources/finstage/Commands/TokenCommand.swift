import ArgumentParser
import Pipelines
import PluginKit
import Storage
import Trading

struct TokenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token", abstract: "Makes, lists and revokes the tokens with which the API is asked.",
    subcommands: [Create.self, List.self, Revoke.self])

  struct Create: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "create", abstract: "Makes a token, and prints it: it is shown this once, and kept nowhere.",
      discussion: "A service that is running admits it at once.", aliases: ["add"])

    @Argument(help: "A name, by which the audit calls who used it.")
    var name: String
    @Option(help: "What it admits: \(AccessRole.allCases.map(\.rawValue).joined(separator: ", ")).")
    var role = AccessRole.read.rawValue
    @Option(help: ArgumentHelp("How long it is good for, such as 90d; never is for ever.", valueName: "LENGTH"))
    var expires = "90d"
    @OptionGroup var config: ConfigOption

    func validate() throws {
      let known = AccessRole.allCases.map(\.rawValue)
      guard known.contains(role) else {
        throw ValidationError("--role \"\(role)\" is none; \(suggestion(for: role, among: known, called: "roles"))")
      }
      guard expires == "never" || length != nil else {
        throw ValidationError("--expires is a length of time from 1m to 3650d, or never; found \"\(expires)\"")
      }
      let isPlain = name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
      guard isPlain, (1...64).contains(name.utf8.count) else {
        throw ValidationError("a name is 1 to 64 letters, digits or signs, without spaces; found \"\(name)\"")
      }
    }

    private var length: Int64? {
      SettingValue.milliseconds(expires).flatMap { (60_000...3_650 * 86_400_000).contains($0) ? $0 : nil }
    }

    func run() async throws {
      let secret = TokenSecret.make()
      let now = Terminal.now
      let token = AccessToken(
        name: name, digest: try TokenSecret.digest(Array(secret.utf8)), role: AccessRole(rawValue: role) ?? .read,
        createdAt: now, expiresAt: length.map { now.advanced(by: $0) })
      let store = try Workspace.sound(config).storeForChanging()
      let note = AuditEntry(time: now, actor: "cli", action: "createToken", subject: name, detail: role)
      let isNew = try await storing { () async throws(StoreError) in
        guard try await store.add(token) else { return false }
        try await store.note(note)
        return true
      }
      guard isNew else { throw Failure(.badAnswer, "there is a token \(name) already; names are not used again") }
      Terminal.print(secret)
      Terminal.say(
        "\(name) has the role \(role)\(token.expiresAt.map { " until \($0)" } ?? ""); this is the only time it is shown"
      )
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "Tokens, without what is secret about them.")

    enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

    @Option(help: "table or json")
    var format = Format.table
    @OptionGroup var config: ConfigOption

    func run() async throws {
      let store = try Workspace.sound(config).store(for: .reading)
      let tokens = try await storing { () async throws(StoreError) in try await store.tokens() }
      let now = Terminal.now
      if format == .json {
        let rows = tokens.map { token in
          JSONValue.object([
            ("name", .string(token.name)), ("role", .string(token.role.rawValue)),
            ("state", .string(TokenCommand.state(token, now))), ("created_at", .string("\(token.createdAt)")),
            ("expires_at", token.expiresAt.map { .string("\($0)") } ?? .null),
            ("revoked_at", token.revokedAt.map { .string("\($0)") } ?? .null),
          ])
        }
        return Terminal.print(JSONValue.object([("tokens", .array(rows))]).text)
      }
      guard !tokens.isEmpty else { return Terminal.print("there are no tokens") }
      let rows = tokens.map { token in
        [
          token.name, token.role.rawValue, TokenCommand.state(token, now), "\(token.createdAt)",
          token.expiresAt.map { "\($0)" } ?? "never",
        ]
      }
      Terminal.print(CandleListing.table([["name", "role", "state", "created", "expires"]] + rows, leading: 5))
    }
  }

  struct Revoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "revoke", abstract: "Makes tokens void, from the next request on.")

    @Argument(help: ArgumentHelp("Names of tokens.", valueName: "NAME"))
    var names: [String]
    @OptionGroup var config: ConfigOption

    func run() async throws {
      let workspace = try Workspace.sound(config)
      _ = try workspace.store(for: .reading)
      let store = try workspace.storeForChanging()
      let now = Terminal.now
      var failed = 0
      for name in names {
        let note = AuditEntry(time: now, actor: "cli", action: "revokeToken", subject: name)
        let isDone = try await storing { () async throws(StoreError) in
          guard try await store.revokeToken(name, at: now) else { return false }
          try await store.note(note)
          return true
        }
        if isDone {
          Terminal.print("\(name): revoked")
        } else {
          Terminal.say("\(name): there is no such token that is good")
          failed += 1
        }
      }
      if failed > 0 { throw Failure(failed < names.count ? .partly : .badAnswer) }
    }
  }

  private static func state(_ token: AccessToken, _ now: Instant) -> String {
    token.revokedAt != nil ? "revoked" : token.isValid(at: now) ? "good" : "expired"
  }
}
