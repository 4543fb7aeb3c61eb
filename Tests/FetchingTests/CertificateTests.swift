import Foundation
import PluginKit
import Testing

@testable import Fetching

private let openssl = ["/usr/bin/openssl", "/usr/local/bin/openssl"].first {
  FileManager.default.isExecutableFile(atPath: $0)
}

@Suite struct CertificateTests {
  @Test(.enabled(if: openssl != nil, "openssl makes the certificate and the server"), .timeLimit(.minutes(10)))
  func `a server with a certificate that it made itself is not trusted, and not asked again`() async throws {
    let program = try #require(openssl)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("certificate-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let making = try run(
      program, folder,
      "req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost "
        + "-addext subjectAltName=IP:127.0.0.1")
    making.process.waitUntilExit()
    let server = try run(program, folder, "s_server -accept 127.0.0.1:0 -key key.pem -cert cert.pem -www")
    defer { server.process.terminate() }
    var said = ""
    while !said.contains("ACCEPT 127.0.0.1:") || !said.hasSuffix("\n") {
      let data = server.output.availableData
      if data.isEmpty { break }
      said += String(decoding: data, as: UTF8.self)
    }
    let port = try #require(said.split(separator: "ACCEPT 127.0.0.1:").last?.prefix { $0.isNumber })
    let result = await send(WebRequest("https://127.0.0.1:\(port)/"), with: CurlClient(limits(), on: TransferLoop()))
    #expect(result.cause == .untrusted, "\(result)")
    #expect(result.message.contains("certificate cannot be trusted"))
    if case .failure(let error) = result { #expect(!error.isTransient) }
  }

  private func run(
    _ program: String, _ folder: URL, _ arguments: String
  ) throws -> (process: Process, output: FileHandle) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: program)
    process.currentDirectoryURL = folder
    process.arguments = arguments.split(separator: " ").map { String($0) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    return (process, pipe.fileHandleForReading)
  }
}
