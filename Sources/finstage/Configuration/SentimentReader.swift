import News
import Pipelines

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension ConfigurationReader {
  /// Reads `sentiment: { lexicon: [bundled, words.txt] }`, and the files that it names.
  func lexicon(_ entry: YAMLValue.Entry?, _ configuration: Configuration) -> [String] {
    guard let entry, var reader = MappingReader(entry.value, "sentiment", at: entry.key, diagnostics) else { return [] }
    let value = reader.take("lexicon")
    reader.finish()
    guard let value else { return [] }
    let items = value.items ?? [value]
    var files: [String] = []
    for item in items {
      guard let name = diagnostics.text(item, "a lexicon") else { continue }
      let path = name == LexiconFiles.bundled ? name : configuration.path(name)
      do throws(Failure) {
        _ = try LexiconFiles.read([path])
        files.append(path)
      } catch {
        diagnostics.report(
          .badDataFile, at: item, "the lexicon cannot be used: \(error.message)",
          hint: "a file of words, or \"bundled\" for the one that comes along")
      }
    }
    return files
  }
}

enum LexiconFiles {
  static let bundled = "bundled"
  private static let byteLimit = 4 << 20

  /// The words of files, one over the other.
  static func read(_ paths: [String]) throws(Failure) -> Lexicon {
    var lexicon = Lexicon()
    for (place, path) in paths.enumerated() {
      if path == bundled {
        guard place == 0 else { throw Failure(.unusable, "\"bundled\" is the first of several lexicons") }
        lexicon = .bundled
        continue
      }
      let bytes = try TableFile.read(path, limit: byteLimit)
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw Failure(.unusable, "\(path): is no UTF-8")
      }
      do throws(LexiconFault) { try lexicon.add(text, file: path) } catch { throw Failure(.unusable, "\(error)") }
    }
    return lexicon
  }
}

/// Files of data that are no prices.
enum TableFile {
  static func read(_ path: String, limit: Int = Record.byteLimit) throws(Failure) -> [UInt8] {
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else {
      throw Failure(.usage, "there is no file \(path)")
    }
    if let size = attributes[.size] as? Int, size > limit {
      throw Failure(.unusable, "\(path): holds \(size) bytes; \(limit) are admitted")
    }
    guard let data = try? Data(contentsOf: URL(filePath: path)) else {
      throw Failure(.unusable, "\(path): cannot be read")
    }
    return [UInt8](data)
  }

  static func records(_ path: String) throws(Failure) -> [Record] {
    let bytes = try read(path)
    do throws(RecordFault) { return try Record.read(bytes, file: path) } catch { throw Failure(.unusable, "\(error)") }
  }
}

extension Workspace {
  /// By which news is judged.
  func lexicon() throws(Failure) -> Lexicon {
    let files = configuration?.lexicon ?? []
    return files.isEmpty ? .bundled : try LexiconFiles.read(files)
  }
}
