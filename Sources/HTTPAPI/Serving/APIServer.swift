import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import Synchronization

/// The HTTP server: requests in, through the gate, answers out.
public final class APIServer: Sendable {
  public enum Fault: Error, CustomStringConvertible {
    case cannotListen(address: String, reason: String)

    public var description: String {
      switch self {
      case .cannotListen(let address, let reason): "api: cannot listen at \(address): \(reason)"
      }
    }
  }

  /// The port that it listens at.
  public let port: Int
  private let server: Server<HTTP1Channel>
  private let task: Task<Void, Never>
  private let register: ConnectionRegister

  /// Listens; a port of 0 is any that is free.
  public init(host: String, port: Int, gate: Gate, connections settings: ConnectionSettings = .init())
    async throws(Fault)
  {
    let register = ConnectionRegister(limit: settings.limit)
    let configuration = HTTP1Channel.Configuration(
      additionalChannelHandlers: [ConnectionGuard(settings, register)], idleTimeout: nil,
      httpDecoderConfiguration: .init(
        maxHeaderFieldSize: settings.headerLimit, maxHeaderListSize: settings.headerLimit,
        maxHeaderFieldCount: settings.headerCount))
    let channel = HTTP1Channel(
      responder: { request, writer, channel in
        let answer = await gate.answer(request.head, from: channel.remoteAddress?.ipAddress ?? "local") { limit in
          try await APIServer.collect(request.body, upTo: limit)
        }
        let response = APIServer.response(answer, isHead: request.method == .head)
        try await writer.write(response: response.head, body: response.body)
      }, configuration: configuration)
    var log = Logger(label: "finstage.http") { _ in SwiftLogNoOpLogHandler() }
    log.logLevel = .critical
    let (bound, tell) = AsyncStream.makeStream(of: Result<Int, any Error>.self)
    let server = Server(
      childChannelSetup: channel,
      configuration: ServerConfiguration(address: .hostname(host, port: port), backlog: 1_024),
      onServerRunning: { tell.yield(.success($0.localAddress?.port ?? port)) },
      eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: log)
    // Nobody's child: a stop lets what is asked be answered, and does not cancel it.
    let task = Task.detached(executorPreference: gate.threads.quick) {
      do { try await server.run() } catch { tell.yield(.failure(error)) }
      tell.finish()
    }
    var waiting = bound.makeAsyncIterator()
    switch await waiting.next() {
    case .success(let port): self.port = port
    case .failure(let error):
      let reason = (error as? IOError)?.description ?? "\(error)"
      throw Fault.cannotListen(address: "\(host):\(port)", reason: reason)
    case nil: throw Fault.cannotListen(address: "\(host):\(port)", reason: "it ended at once")
    }
    self.server = server
    self.task = task
    self.register = register
  }

  /// Connections that are open.
  public var connections: Int { register.count }

  /// Takes no more connections, lets requests in flight be answered, and ends. What has not ended after `patience`
  /// milliseconds is cut off.
  public func stop(patience: Int64, sleep: @escaping @Sendable (Int64) async throws -> Void) async {
    let task = task
    let server = server
    let watch = Task {
      do { try await sleep(patience) } catch { return }
      task.cancel()
    }
    try? await server.shutdownGracefully()
    await task.value
    watch.cancel()
  }

  /// The body up to so many bytes; nil where it is longer.
  private static func collect(_ body: RequestBody, upTo limit: Int) async throws -> [UInt8]? {
    var bytes: [UInt8] = []
    for try await part in body {
      guard bytes.count + part.readableBytes <= limit else { return nil }
      bytes += part.readableBytesView
    }
    return bytes
  }

  private static func response(_ answer: Answer, isHead: Bool) -> Response {
    var headers = protections
    headers[.contentType] = answer.type
    for (name, value) in answer.headers {
      guard let name = HTTPField.Name(name) else { continue }
      if name == .setCookie {
        headers.append(HTTPField(name: name, value: value))
      } else {
        headers[name] = value
      }
    }
    if headers[.cacheControl] == nil { headers[.cacheControl] = "no-store" }
    let status = HTTPResponse.Status(code: answer.status)
    switch answer.body {
    case .bytes(let bytes):
      if answer.status == 304 {
        headers[.contentType] = nil
        return Response(status: status, headers: headers)
      }
      headers[.contentLength] = "\(bytes.count)"
      return Response(
        status: status, headers: headers,
        body: isHead ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    case .stream(let stream):
      let isStillAdmitted = answer.isStillAdmitted
      return Response(
        status: status, headers: headers,
        body: ResponseBody { writer in
          for await bytes in stream {
            if let isStillAdmitted, await !isStillAdmitted() { break }
            try await writer.write(ByteBuffer(bytes: bytes))
          }
          try await writer.finish(nil)
        })
    }
  }

  /// Of every answer: nothing in it is run, framed, guessed at or told to others. The referrer is not kept from this site's
  /// own pages: under `no-referrer` a browser sends forms with an `Origin` that says nothing.
  private static let protections: HTTPFields = {
    var fields = HTTPFields()
    for (name, value) in all { fields[name] = value }
    return fields
  }()

  private static let all: [(HTTPField.Name, String)] = [
    (
      .contentSecurityPolicy,
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ), (.xContentTypeOptions, "nosniff"),
    (HTTPField.Name("Referrer-Policy") ?? .referer, "same-origin"),
    (HTTPField.Name("X-Frame-Options") ?? .referer, "DENY"),
    (HTTPField.Name("Cross-Origin-Resource-Policy") ?? .referer, "same-origin"),
    (HTTPField.Name("Cross-Origin-Opener-Policy") ?? .referer, "same-origin"),
    (HTTPField.Name("Permissions-Policy") ?? .referer, "geolocation=(), camera=(), microphone=()"),
  ]
}
