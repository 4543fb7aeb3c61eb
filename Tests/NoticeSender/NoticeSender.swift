import Fetching
import NotificationChannels
import Notifications
import PluginKit
import Storage
import Synchronization
import Trading

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Saves signals with their notices and sends them to a server, and says each step as it is done. It is killed by the
/// tests, or kills itself at a step; started again it goes on where it was.
///
/// `NoticeSender FILE URL COUNT POLICY [STEP N]`: steps are `saved`, `claimed`, `answered`, `marked`.
@main
enum NoticeSender {
  static func main() async {
    let arguments = CommandLine.arguments
    guard arguments.count >= 5, let count = Int(arguments[3]), let policy = Notice.Policy(rawValue: arguments[4]) else {
      exit(2)
    }
    let death = arguments.count > 6 ? Int(arguments[6]).map { (arguments[5], $0) } : nil
    let seen = Mutex(0)
    @Sendable func step(_ name: String, _ codes: [String]) {
      for code in codes { say("\(name) \(code)") }
      guard let death, death.0 == name else { return }
      let reached = seen.withLock { seen in
        seen += 1
        return seen
      }
      if reached == death.1 { kill(getpid(), SIGKILL) }
    }
    do {
      let store = try SQLiteStore(SQLiteSettings(path: arguments[1]), for: .writing)
      let writer = NoticeWriter(templates: NoticeTemplates.load(locale: "en").templates)
      let drain = Drain(
        store: store, lanes: [DrainLane(name: "telegram", channel: try telegram(arguments[2]))], writer: writer,
        settings: settings, clock: clock, seed: 1, tell: { _ in }, observe: { step($0.rawValue, $1) })
      _ = try await drain.recover()
      var rules = NoticeRules()
      rules.routes = [Route(channels: ["telegram"], policy: policy)]
      let notices = Notices(rules, channels: ["telegram"], writer: writer)
      for number in 0..<count {
        let record = signal(number)
        let made = notices.of(
          record, NoticeContext(now: now(), knownAt: now(), strategy: StrategyNotices(priority: .high))
        ).notices
        guard try await store.save(record, notices: made, at: now()) != nil else { continue }
        step("saved", made.map(\.code))
      }
      while try await store.nextDue(channel: "telegram") != nil {
        await drain.flush()
        try await Task.sleep(for: .milliseconds(5))
      }
      say("done")
    } catch {
      say("failed: \(error)")
      exit(3)
    }
  }

  private static func signal(_ number: Int) -> SignalRecord {
    SignalRecord(
      strategy: "s", version: "1", symbol: "S\(number)", timeframe: .day,
      signal: Signal(
        time: Instant(seconds: 1_700_000_000), bar: number, direction: .buy, confidence: 80, price: 1 + Double(number),
        reason: "a reason"))
  }

  private static var settings: DrainSettings {
    var settings = DrainSettings()
    (settings.firstWait, settings.longestWait, settings.idle) = (1, 10, 1)
    // The tests kill a message more often than a host dies.
    settings.doubts = 1_000
    return settings
  }

  private static func telegram(_ url: String) throws -> Telegram {
    let values: PluginSettings = [
      "base_url": .text(url), "allow_private": "true", "rate": .list(["100000/s"]), "timeout": "2s", "token": "1:T",
      "chat": "-100123",
    ]
    let fetch = try FetchSettings(settings: values, manners: Telegram.web ?? WebManners(baseURL: url, rate: []))
      .sendingOnce
    let web = fetch.client(
      on: TransferLoop(), now: { now() }, sleep: { try await Task.sleep(for: .milliseconds($0)) }, random: { 0.5 })
    return try Telegram(
      settings: values,
      host: ChannelHost(
        baseDirectory: "", web: web, mail: CurlMailClient(fetch.limits), now: { now() }, show: { _ in },
        note: { say($0) }))
  }

  private static var clock: DrainClock {
    DrainClock(now: { now() }) { moment in
      try? await Task.sleep(for: .milliseconds(max(0, moment.milliseconds - now().milliseconds)))
    }
  }

  private static func now() -> Instant {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Instant(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
  }

  /// Straight to the system: what stands in a buffer is lost with the process.
  private static func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = write(STDOUT_FILENO, bytes, bytes.count)
  }
}
