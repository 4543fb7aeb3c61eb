import Backtesting
import Pipelines

#if canImport(Glibc)
import CDispatch  // a release build finds some of C's structs there
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A sweep was ended by Ctrl-C.
struct Interrupted: Error {}

/// What a sweep has worked out, in a file to which each finished chunk is appended. A sweep that was killed goes on
/// from there; what was written last may be torn, and is then computed again.
///
/// Without a file of the user's own there is one under `var/sweeps/` as soon as the sweep has taken some seconds, and
/// it goes when the sweep is done.
final class SweepState: SweepStore {
  private var known: [SweepKey: SweepFigures] = [:]
  private var descriptor: Int32 = -1
  private var path: String?
  private let isAsked: Bool
  private let binding: String
  /// Rows that no file holds yet: a short sweep has none, and its rows are never written.
  private var waiting: [(key: SweepKey, figures: SweepFigures)] = []
  private let begun = ContinuousClock().now
  private var progress: SweepProgress
  /// How long a sweep takes before it leaves a file unasked.
  private static let patience = Duration.seconds(3)

  /// Opens the state. `path` is the user's own file, `none`, or nil.
  init(_ path: String?, folder: String, binding: String, progress: SweepProgress) throws(Failure) {
    self.binding = binding
    self.progress = progress
    isAsked = path != nil && path != "none"
    if path == "none" { return }
    let own = path ?? "\(folder)/\(SweepBinding.name(of: binding)).state"
    self.path = own
    if access(own, F_OK) == 0 {
      try resume(own)
    } else if isAsked {
      try create()
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Rows that were known from the start.
  var resumed: Int { known.count }

  func figures(of key: SweepKey) -> SweepFigures? { known[key] }

  func keep(_ rows: [(key: SweepKey, figures: SweepFigures)]) throws {
    if path != nil {
      if descriptor >= 0 {
        try write(SweepRecords.record(rows))
      } else {
        waiting += rows
        if Terminal.isInterrupted || begun.duration(to: ContinuousClock().now) > SweepState.patience { try create() }
      }
    }
    progress.step(rows.count)
    if Terminal.isInterrupted {
      progress.finish()
      throw Interrupted()
    }
  }

  /// How to go on after an interruption.
  var farewell: String {
    guard let path, descriptor >= 0 else { return "interrupted; nothing was kept" }
    return "interrupted; the same command goes on from \(path)"
  }

  /// The sweep is done: a file that nobody asked for goes.
  func finish() {
    progress.finish()
    if let path, descriptor >= 0, !isAsked { unlink(path) }
  }

  private func resume(_ path: String) throws(Failure) {
    let file = open(path, O_RDWR | O_APPEND | O_CLOEXEC)
    guard file >= 0 else { throw Failure(.usage, "--state \(path): it cannot be opened: \(SweepState.reason)") }
    descriptor = file
    try lock(path)
    guard let bytes = SweepState.bytes(of: file) else {
      throw Failure(.usage, "--state \(path): it cannot be read: \(SweepState.reason)")
    }
    let read = SweepRecords.read(bytes)
    guard let found = read.binding else {
      // A file that was killed before its first record was whole holds nothing; any other is not ours.
      guard bytes.count < SweepRecords.record(binding: binding).count,
        SweepRecords.record(binding: binding).starts(with: bytes)
      else { throw Failure(.usage, "--state \(path) is not the state of a sweep") }
      ftruncate(file, 0)
      try write(SweepRecords.record(binding: binding))
      return
    }
    if let difference = SweepBinding.difference(found, binding) {
      throw Failure(
        .usage, "--state \(path) belongs to another sweep: \(difference)\n   = name another file, or remove this one")
    }
    ftruncate(file, off_t(read.sound))
    known = read.figures
    progress.resume(known.count)
    if !known.isEmpty { Terminal.say("going on from \(path): \(known.count) backtests are there already") }
  }

  /// Makes the file and writes what has waited for it.
  private func create() throws(Failure) {
    guard let path else { return }
    do throws(Failure) {
      try Output.makeFolder(of: path)
      let file = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
      guard file >= 0 else { throw Failure(.usage, "\(path): it cannot be made: \(SweepState.reason)") }
      descriptor = file
      try lock(path)
      try write(SweepRecords.record(binding: binding) + (waiting.isEmpty ? [] : SweepRecords.record(waiting)))
      waiting = []
    } catch {
      // Nobody asked for it: the sweep goes on without.
      guard isAsked else {
        Terminal.say("this sweep cannot be resumed: \(error.message)")
        (self.path, waiting) = (nil, [])
        return
      }
      throw error
    }
  }

  private func lock(_ path: String) throws(Failure) {
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      descriptor = -1
      throw Failure(.usage, "\(path) is in use by another sweep")
    }
  }

  private func write(_ bytes: [UInt8]) throws(Failure) {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Failure(.unusable, "\(path ?? ""): cannot be written: \(SweepState.reason)") }
      done += count
    }
  }

  private static func bytes(of file: Int32) -> [UInt8]? {
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeMutableBytes {
        pread(file, $0.baseAddress.map { $0 + done }, $0.count - done, off_t(done))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return nil }
      done += count
    }
    return bytes
  }

  private static var reason: String { strerror(errno).map { String(cString: $0) } ?? "error \(errno)" }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
