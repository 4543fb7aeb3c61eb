import Foundation
import PluginKit
import Testing
import Trading

@testable import Fetching
@testable import NotificationChannels

private func program(_ name: String) -> String? {
  ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"].map { "\($0)/\(name)" }.first {
    FileManager.default.isExecutableFile(atPath: $0)
  }
}

/// Mail over an encrypted connection, by a server that Python's standard library makes.
@Suite struct EncryptedMailTests {
  /// Speaks SMTP until the first mail is there, and writes what it was told, after `tls` what came encrypted.
  private static let server = """
    import socket, ssl, sys
    mode = sys.argv[1]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain("cert.pem", "key.pem")
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    while True:
        talk, _ = listener.accept()
        try:
            if mode == "tls":
                talk = context.wrap_socket(talk, server_side=True)
            lines = talk.makefile("rb")
            def say(text): talk.sendall(text.encode() + b"\\r\\n")
            say("220 mail.example")
            while True:
                line = lines.readline().decode().strip()
                if not line: break
                print(line, flush=True)
                word = line.split(" ")[0].upper()
                if word == "EHLO":
                    more = "250-STARTTLS\\r\\n" if mode == "starttls" and not isinstance(talk, ssl.SSLSocket) else ""
                    say("250-mail.example\\r\\n" + more + "250 AUTH PLAIN")
                elif word == "STARTTLS":
                    say("220 go on")
                    talk = context.wrap_socket(talk, server_side=True)
                    lines = talk.makefile("rb")
                    print("tls", flush=True)
                elif word == "AUTH":
                    if len(line.split(" ")) < 3:
                        say("334 ")
                        print("AUTH PLAIN " + lines.readline().decode().strip(), flush=True)
                    say("235 welcome")
                elif word == "DATA":
                    say("354 go on")
                    while lines.readline() not in (b".\\r\\n", b""): pass
                    say("250 taken")
                    print("mail", flush=True)
                elif word == "QUIT":
                    say("221 bye")
                    break
                else:
                    say("250 ok")
        except OSError as error:
            print("broken", type(error).__name__, flush=True)
    """

  private let message = ChannelMessage(id: "K7Q2", title: "a title", text: "a text · K7Q2")

  private func atServer(
    _ mode: String, _ body: (_ port: String, _ certificate: String, _ lines: () -> [String]) async throws -> Void
  ) async throws {
    let (openssl, python) = (try #require(program("openssl")), try #require(program("python3")))
    let folder = FileManager.default.temporaryDirectory.appending(path: "mail-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let making = try run(
      openssl, folder,
      "req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost "
        + "-addext subjectAltName=IP:127.0.0.1", to: "making")
    making.waitUntilExit()
    try Self.server.write(to: folder.appending(path: "server.py"), atomically: true, encoding: .utf8)
    let server = try run(python, folder, "server.py \(mode)", to: "said")
    defer { server.terminate() }
    func lines() -> [String] {
      ((try? String(contentsOf: folder.appending(path: "said"), encoding: .utf8)) ?? "").split(separator: "\n")
        .map(String.init)
    }
    while server.isRunning, lines().isEmpty { usleep(2_000) }
    let port = try #require(lines().first)
    try await body(port, folder.appending(path: "cert.pem").path(), lines)
  }

  private func run(_ program: String, _ folder: URL, _ arguments: String, to output: String) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.currentDirectoryURL = folder
    process.arguments = arguments.split(separator: " ").map { String($0) }
    process.standardInput = FileHandle.nullDevice
    let file = folder.appending(path: output)
    try Data().write(to: file)
    process.standardOutput = try FileHandle(forWritingTo: file)
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  private func channel(_ port: String, _ security: String, trusting certificate: String?) throws -> Email {
    var limits = TransferLimits()
    limits.timeout = 5_000
    limits.addresses = .any
    limits.authorities = certificate
    let settings: PluginSettings = [
      "host": "127.0.0.1", "port": .text(port), "security": .text(security), "user": "me", "password": "s3cr3t",
      "from": "host@example.com", "to": .list(["a@example.org"]),
    ]
    let host = TestHost().host
    return try Email(
      settings: settings,
      host: ChannelHost(
        baseDirectory: "", web: host.web, mail: CurlMailClient(limits), now: host.now, show: host.show, note: host.note)
    )
  }

  @Test(
    .enabled(if: program("openssl") != nil && program("python3") != nil, "they make the certificate and the server"),
    .timeLimit(.minutes(10)), arguments: ["starttls", "tls"])
  func `a mail goes over an encrypted connection, and the password never before it`(_ security: String) async throws {
    try await atServer(security) { port, certificate, lines in
      let sent = await (try channel(port, security, trusting: certificate)).send(message)
      #expect(sent == .sent(reference: "<finstage.K7Q2@example.com>"), "\(sent) \(lines())")
      let said = lines()
      #expect(said.contains("mail"), "\(said)")
      let login = try #require(said.firstIndex { $0.hasPrefix("AUTH") })
      let proof = Data("\0me\0s3cr3t".utf8).base64EncodedString()
      #expect(said.contains { $0.hasPrefix("AUTH") && $0.contains(proof) }, "\(said)")
      if security == "starttls" { #expect(try #require(said.firstIndex(of: "tls")) < login) }
    }
  }

  @Test(
    .enabled(if: program("openssl") != nil && program("python3") != nil, "they make the certificate and the server"),
    .timeLimit(.minutes(10)), arguments: ["starttls", "tls"])
  func `a server whose certificate nobody knows gets neither password nor mail`(_ security: String) async throws {
    try await atServer(security) { port, _, lines in
      let answer = await (try channel(port, security, trusting: nil)).send(message)
      #expect(answer.kind == "notSent" && answer.reason?.contains("cannot be trusted") == true, "\(answer)")
      #expect(!lines().contains { $0.hasPrefix("AUTH") || $0 == "mail" }, "\(lines())")
    }
  }
}
