/// How far a sweep is and how long it will still take, on stderr and only on a terminal.
struct SweepProgress {
  private let total: Int
  private var done = 0
  private var before = 0
  private let begun = ContinuousClock().now
  private var shown: ContinuousClock.Instant?

  init(of total: Int) { self.total = max(1, total) }

  /// Some were done in an earlier run.
  mutating func resume(_ count: Int) {
    before = count
    done = count
  }

  mutating func step(_ count: Int) {
    done += count
    guard Terminal.messagesAreOnTerminal else { return }
    let now = ContinuousClock().now
    if let shown, shown.duration(to: now) < .milliseconds(100) { return }
    shown = now
    let seconds = begun.duration(to: now) / .seconds(1)
    let left = seconds * Double(max(0, total - done)) / Double(max(1, done - before))
    let cells = min(30, 30 * done / total)
    let bar = String(repeating: "█", count: cells) + String(repeating: "░", count: 30 - cells)
    Terminal.show("\r\u{1B}[Ksweeping \(bar) \(done)/\(total), \(SweepProgress.words(left)) left")
  }

  /// Takes the bar away.
  func finish() {
    if Terminal.messagesAreOnTerminal { Terminal.show("\r\u{1B}[K") }
  }

  /// `42 s`, `3 min 20 s`, `2 h 5 min`.
  static func words(_ seconds: Double) -> String {
    let whole = Int(min(seconds.rounded(.up), 1e9))
    if whole < 60 { return "\(whole) s" }
    if whole < 3_600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3_600) h \(whole / 60 % 60) min"
  }
}
