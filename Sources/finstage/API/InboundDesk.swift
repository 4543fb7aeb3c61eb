import Engine
import HTTPAPI
import Logging
import Storage
import Synchronization
import Trading

/// Where signals from outside come in, of one configuration.
struct InboundDesk: Sendable {
  private let sources: [String: InboundSource]
  private let intake: InboundIntake
  private let rates: Rates
  private let now: @Sendable () -> Instant

  init(_ host: Host, _ activity: HostActivity) {
    let (configuration, store, clock) = (host.configuration, host.store, host.surroundings.now)
    sources = Dictionary(configuration.inbound.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    now = clock
    rates = Rates(configuration.inbound)
    let (writer, log) = (configuration.noticeWriter, host.log)
    intake = InboundIntake(
      store, now: clock,
      decide: { signals in
        let notices = PassNotices(configuration, store, now: clock(), writer: writer)
        let all = await notices.of(signals.map { .signal($0) })
        for remark in await notices.remarks { log.debug("not told: \(remark)") }
        return all
      },
      tell: { signals in
        activity.noteInbound(signals)
        for one in signals {
          let signal = one.record.signal
          log.info(
            "\(one.record.symbol) \(one.record.timeframe) \(one.record.strategy): \(signal.direction.rawValue) at \(signal.price)",
            metadata: ["source": "\(one.record.source ?? "")"])
        }
      })
  }

  /// Takes a message to a source; what is not taken is a problem for whoever sent it.
  func take(_ request: InboundRequest, to name: String, from address: String) async throws -> InboundReceipt {
    try rates.take("from \(address)", at: now())
    guard let source = sources[name] else {
      InboundSource.doubt(request)
      throw Self.problem(.notBelieved)
    }
    do {
      let moment = now()
      let document = try source.believed(request, at: moment)
      try rates.take("to \(name)", at: moment)
      let receipt = try await intake.take(try source.message(document, at: moment), from: source)
      if case .contradicted(let id) = receipt { throw InboundFault.contradicts(id) }
      return receipt
    } catch let fault as InboundFault {
      throw Self.problem(fault)
    }
  }

  /// How many sources there are; nobody is asked for one of none.
  var count: Int { sources.count }

  /// The word under which a source is counted.
  func label(_ name: String) -> String { sources[name] == nil ? "unknown" : name }

  private static func problem(_ fault: InboundFault) -> Problem {
    switch fault {
    case .notBelieved:
      Problem(401, "nothing shows that this may be sent here: docs/inbound.md says what a source takes")
    case .outOfTime(let sentence): Problem(403, sentence)
    case .unreadable(let sentence): Problem(400, "the body \(sentence)")
    case .misfit(let items):
      Problem(
        422, "the message is not as the source is told to read it",
        faults: items.map { Problem.Fault("body/\($0.field)", $0.sentence) })
    case .contradicts(let id):
      Problem(409, "another message came before under this id, and brought the signal \(id)")
    case .withoutSecret(let name):
      Problem(503, "the secret of the source \(name) is not there", headers: [["Retry-After", "60"]])
    case .full: Problem(503, "too many messages wait", headers: [["Retry-After", "1"]])
    }
  }

  /// How much is sent, by each address and to each source.
  private final class Rates: Sendable {
    private let state: Mutex<(addresses: RateBuckets, sources: [String: RateBuckets])>

    init(_ sources: [InboundSource]) {
      // An address may send to every source; where one does not check yet, it may send as much as the quickest admits.
      let burst = sources.reduce(0) { $0 + $1.burst }
      let rate = sources.reduce(0) { $0 + $1.rate }
      state = Mutex(
        (
          RateBuckets(burst: max(60, burst), perSecond: max(20, rate)),
          Dictionary(
            sources.map { ("to \($0.name)", RateBuckets(burst: $0.burst, perSecond: $0.rate)) },
            uniquingKeysWith: { first, _ in first })
        ))
    }

    func take(_ name: String, at now: Instant) throws(Problem) {
      let wait = state.withLock { state in
        state.sources[name] == nil
          ? state.addresses.take(name, at: now.milliseconds) : state.sources[name]?.take(name, at: now.milliseconds)
      }
      guard let wait else { return }
      throw Problem(429, "too many messages; send again after \(wait) s", headers: [["Retry-After", "\(wait)"]])
    }
  }
}
