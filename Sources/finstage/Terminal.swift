import Synchronization
import Trading

#if canImport(Glibc)
import CDispatch  // a release build finds some of C's structs there
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Data goes to stdout, messages and progress to stderr.
enum Terminal {
  static func print(_ text: String) { write(text.hasSuffix("\n") ? text : text + "\n", to: STDOUT_FILENO) }

  /// Data as it stands, without an end of line.
  static func put(_ text: String) { write(text, to: STDOUT_FILENO) }

  /// A message to the user, which may repeat what a server or a file says: without signs that steer the terminal.
  static func say(_ text: String) {
    let kept = text.unicodeScalars.filter { scalar in
      scalar == "\n" || scalar == "\t" || !(scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value))
    }
    let quiet = String(String.UnicodeScalarView(kept))
    write(quiet.hasSuffix("\n") ? quiet : quiet + "\n", to: STDERR_FILENO)
  }

  /// Text on stderr as it stands, for what is written over.
  static func show(_ text: String) { write(text, to: STDERR_FILENO) }

  static func exit(_ ending: Ending) -> Never {
    #if canImport(Glibc)
    Glibc.exit(ending.rawValue)
    #elseif canImport(Musl)
    Musl.exit(ending.rawValue)
    #else
    Darwin.exit(ending.rawValue)
    #endif
  }

  /// Takes note of Ctrl-C, so that work can end where nothing is lost; a second one ends the program at once.
  static func noteInterrupt() {
    // Made before the handler reads it.
    interrupts.store(0, ordering: .relaxed)
    signal(SIGINT) { _ in
      if interrupts.add(1, ordering: .relaxed).oldValue > 0 { _exit(130) }
    }
    allowInterrupt()
  }

  /// Whether Ctrl-C has come since `noteInterrupt`.
  static var isInterrupted: Bool { interrupts.load(ordering: .relaxed) > 0 }

  /// Ends the program with 130 on Ctrl-C, at once.
  static func endOnInterrupt() {
    signal(SIGINT) { _ in _exit(130) }
    allowInterrupt()
  }

  private static func allowInterrupt() {
    // Who starts the program may have blocked it.
    var interrupt = sigset_t()
    sigemptyset(&interrupt)
    sigaddset(&interrupt, SIGINT)
    sigprocmask(SIG_UNBLOCK, &interrupt, nil)
  }

  static func pause(milliseconds: UInt32) { usleep(milliseconds * 1_000) }

  static var now: Instant { Instant(seconds: Int64(time(nil))) }

  /// The time of day here: 14:05:09.
  static var clock: String {
    var now = time(nil)
    var parts = tm()
    localtime_r(&now, &parts)
    return [parts.tm_hour, parts.tm_min, parts.tm_sec].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
  }

  static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
  static var messagesAreOnTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Whether to colour what goes to stdout (https://no-color.org).
  static var colour: Bool { outputIsTerminal && (environment("NO_COLOR") ?? "").isEmpty }

  /// Columns of the terminal; where stdout is none, COLUMNS or 100.
  static var width: Int {
    var size = winsize()
    if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
    return environment("COLUMNS").flatMap { Int($0) } ?? 100
  }

  /// Processors that the program may use.
  static var processors: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

  static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  private static func write(_ text: String, to descriptor: Int32) {
    var text = text
    text.withUTF8 { bytes in
      var done = 0
      while done < bytes.count {
        let count = systemWrite(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
        // A reader that has gone (`| head`) ends the program by SIGPIPE; other errors leave nothing to tell them to.
        if count < 0, errno != EINTR { return }
        done += max(0, count)
      }
    }
  }
}

private let interrupts = Atomic<Int>(0)

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}

/// A bar on stderr while work is going on; nothing where stderr is no terminal.
struct Progress {
  private let total: Int
  private let label: String
  private var done = 0
  private var shown = -1

  init(_ label: String, of total: Int) {
    self.label = label
    self.total = max(1, total)
  }

  mutating func step(_ what: String) {
    done += 1
    guard Terminal.messagesAreOnTerminal else { return }
    let cells = 30 * done / total
    let bar = String(repeating: "█", count: cells) + String(repeating: "░", count: 30 - cells)
    Terminal.show("\r\u{1B}[K\(label) \(bar) \(done)/\(total) \(what.prefix(30))")
  }

  /// Takes the bar away.
  func finish() {
    if Terminal.messagesAreOnTerminal { Terminal.show("\r\u{1B}[K") }
  }
}
