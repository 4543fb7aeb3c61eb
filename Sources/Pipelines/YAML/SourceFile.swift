#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension YAMLFile {
  /// Reads the file at a path; one that is not there, or too large to be meant, is a fault of its own.
  public init(path: String, shownAs name: String? = nil, references: References = .none) {
    let name = name ?? path
    guard let file = fopen(path, "rb") else {
      let reason = errno == ENOENT ? "there is no such file" : "the file cannot be opened"
      self.init(failing: name, .unreadableFile, reason, hint: nil)
      return
    }
    defer { fclose(file) }
    var status = stat()
    guard fstat(fileno(file), &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      self.init(failing: name, .unreadableFile, "this is not a file", hint: nil)
      return
    }
    let size = Int(status.st_size)
    guard size <= YAMLFile.sizeLimit else {
      self.init(failing: name, .tooLarge, YAMLFile.tooLarge(size), hint: YAMLFile.tooLargeHint)
      return
    }
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = fread(buffer.baseAddress, 1, size, file)
    }
    self.init(file: name, bytes: bytes, references: references)
  }
}
