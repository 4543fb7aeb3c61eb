import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Bounds of a connection.
public struct ConnectionSettings: Sendable, Equatable {
  /// Connections at one time.
  public var limit = 256
  /// Seconds in which a request has come as a whole, and in which its answer has gone as a whole.
  public var reading: Int64 = 15
  public var answering: Int64 = 60
  /// Seconds for which a connection may wait for its next request.
  public var idle: Int64 = 30
  /// Bytes of the head of a request.
  public var headerLimit = 16 << 10
  public var headerCount = 100

  public init() {}
}

/// Ends a connection that is slow to ask or slow to listen, and lets the register know which are idle.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private let settings: ConnectionSettings
  private let register: ConnectionRegister
  private var deadline: Scheduled<Void>?
  private var isOpen = false
  /// Requests whose answers have not gone.
  private var unanswered = 0
  private var isReading = false
  private var endsAfterAnswer = false
  private var streams = false

  init(_ settings: ConnectionSettings, _ register: ConnectionRegister) {
    self.settings = settings
    self.register = register
  }

  func handlerAdded(context: ChannelHandlerContext) {
    if context.channel.isActive { begin(context) }
  }

  func channelActive(context: ChannelHandlerContext) {
    begin(context)
    context.fireChannelActive()
  }

  private func begin(_ context: ChannelHandlerContext) {
    guard !isOpen else { return }
    guard register.open(context.channel) else { return context.close(promise: nil) }
    isOpen = true
    set(settings.reading, context)
  }

  func channelInactive(context: ChannelHandlerContext) {
    end(context)
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) { end(context) }

  private func end(_ context: ChannelHandlerContext) {
    deadline?.cancel()
    deadline = nil
    if isOpen { register.close(context.channel) }
    isOpen = false
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head:
      isReading = true
      unanswered += 1
      register.work(context.channel)
      // From the first byte on: a head that comes in drops has used some of it already.
      if unanswered == 1 { set(settings.reading, context) }
    case .body: break
    case .end:
      isReading = false
      if unanswered > 0, !streams { set(settings.answering, context) }
    }
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head(let head):
      endsAfterAnswer = head.headerFields[.connection]?.lowercased() == "close"
      streams = head.headerFields[.contentType]?.hasPrefix("text/event-stream") ?? false
      if streams { deadline?.cancel() }
      context.write(data, promise: promise)
    case .body: context.write(data, promise: promise)
    case .end:
      unanswered = max(0, unanswered - 1)
      streams = false
      let isLast = endsAfterAnswer
      let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
      let gone = promise ?? context.eventLoop.makePromise(of: Void.self)
      context.write(data, promise: gone)
      if isLast {
        gone.futureResult.whenComplete { _ in bound.value.close(promise: nil) }
      } else if unanswered == 0, !isReading {
        register.rest(context.channel)
        set(settings.idle, context)
      }
    }
  }

  private func set(_ seconds: Int64, _ context: ChannelHandlerContext) {
    deadline?.cancel()
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    deadline = context.eventLoop.scheduleTask(in: .seconds(seconds)) { bound.value.close(promise: nil) }
  }
}
