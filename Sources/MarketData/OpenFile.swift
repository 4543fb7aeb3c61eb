#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A regular file that is open for reading.
struct OpenFile: ~Copyable {
  let path: String
  /// The size at opening, in bytes. What is appended later is left for the next reading.
  let size: Int
  private let descriptor: Int32

  /// Opens the file at `path`, of `limit` bytes at most.
  init(_ path: String, limit: Int) throws(PriceFileError) {
    // Non-blocking, so that a pipe without a writer does not hold the process up before it is refused.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      let code = errno
      if code == ENOENT || code == ENOTDIR { throw .notThere(file: path) }
      throw .unreadable(file: path, reason: OpenFile.word(for: code))
    }
    do {
      size = try OpenFile.size(of: descriptor, path, limit: limit)
    } catch {
      _ = close(descriptor)
      throw error
    }
    self.path = path
    self.descriptor = descriptor
  }

  deinit { _ = close(descriptor) }

  /// Reads from `offset` on into `bytes[start...]` until that is full or the file ends; gives the count.
  func read(at offset: Int, into bytes: inout [UInt8], from start: Int) throws(PriceFileError) -> Int {
    let wanted = min(bytes.count - start, size - offset)
    var done = 0
    while done < wanted {
      let got = bytes.withUnsafeMutableBytes { buffer in
        let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[(start + done)..<(start + wanted)])
        return pread(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
      }
      if got == 0 { break }
      if got > 0 {
        done += got
      } else if errno != EINTR {
        throw .unreadable(file: path, reason: OpenFile.word(for: errno))
      }
    }
    return done
  }

  private static func size(of descriptor: Int32, _ path: String, limit: Int) throws(PriceFileError) -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .unreadable(file: path, reason: word(for: errno)) }
    let type = status.st_mode & S_IFMT
    guard type == S_IFREG else { throw .notAFile(file: path, what: name(ofType: type)) }
    let size = Int(status.st_size)
    guard size <= limit else { throw .tooLarge(file: path, bytes: size, limit: limit) }
    return size
  }

  private static func word(for code: Int32) -> String {
    guard let text = strerror(code) else { return "error \(code)" }
    return String(cString: text)
  }

  private static func name(ofType type: mode_t) -> String {
    switch type {
    case S_IFDIR: "a folder"
    case S_IFIFO: "a pipe"
    case S_IFSOCK: "a socket"
    default: "a device"
    }
  }
}
