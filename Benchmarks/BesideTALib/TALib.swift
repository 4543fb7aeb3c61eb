#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// TA-Lib's C library, opened from the file that its Python package brings along, so that both sides of a comparison
/// run in one process.
struct TALib {
  typealias Input = UnsafePointer<Double>
  typealias Output = UnsafeMutablePointer<Double>
  private typealias Place = UnsafeMutablePointer<Int32>

  private let handle: UnsafeMutableRawPointer

  init(path: String) throws {
    guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
      throw PeerError.notOpened(path, String(cString: dlerror()))
    }
    self.handle = handle
    let start = try function("TA_Initialize", (@convention(c) () -> Int32).self)
    _ = start()
  }

  func function<Function>(_ name: String, _ type: Function.Type) throws -> Function {
    guard let symbol = dlsym(handle, name) else { throw PeerError.noFunction(name) }
    return unsafeBitCast(symbol, to: type)
  }

  /// What a function of TA-Lib takes besides the range and the outputs.
  enum Shape {
    case oneInteger(Input, Int32)
    case threeIntegers(Input, Int32, Int32, Int32)
    case deviation(Input, Int32, Double)
    case bands(Input, Int32, Double, Double)
    case bars(Input, Input, Input, Int32)
    case stochastic(Input, Input, Input, Int32, Int32, Int32)
    case twoSeries(Input, Input)
    case fourSeries(Input, Input, Input, Input, Int32)
    case pattern(Input, Input, Input, Input)
    case patternWithDepth(Input, Input, Input, Input, Double)
  }

  /// A call over `rows` bars that writes into these outputs, as often as it is wanted.
  func call(
    _ name: String, _ shape: Shape, rows: Int, _ out: [Output], _ marks: UnsafeMutablePointer<Int32>
  ) throws -> () -> Void {
    let last = Int32(rows - 1)
    var (begin, count): (Int32, Int32) = (0, 0)
    func checked(_ code: Int32) { precondition(code == 0, "TA_\(name) answered \(code)") }
    let symbol = "TA_" + name
    switch shape {
    case .oneInteger(let x, let n):
      let f = try function(
        symbol, (@convention(c) (Int32, Int32, Input, Int32, Place, Place, Output) -> Int32).self)
      return { checked(f(0, last, x, n, &begin, &count, out[0])) }
    case .threeIntegers(let x, let a, let b, let c):
      let f = try function(
        symbol,
        (@convention(c) (Int32, Int32, Input, Int32, Int32, Int32, Place, Place, Output, Output, Output) -> Int32).self)
      return { checked(f(0, last, x, a, b, c, &begin, &count, out[0], out[1], out[2])) }
    case .deviation(let x, let n, let width):
      let f = try function(
        symbol, (@convention(c) (Int32, Int32, Input, Int32, Double, Place, Place, Output) -> Int32).self)
      return { checked(f(0, last, x, n, width, &begin, &count, out[0])) }
    case .bands(let x, let n, let up, let down):
      let f = try function(
        symbol,
        (@convention(c) (Int32, Int32, Input, Int32, Double, Double, Int32, Place, Place, Output, Output, Output) ->
          Int32).self)
      return { checked(f(0, last, x, n, up, down, 0, &begin, &count, out[0], out[1], out[2])) }
    case .bars(let high, let low, let close, let n):
      let f = try function(
        symbol, (@convention(c) (Int32, Int32, Input, Input, Input, Int32, Place, Place, Output) -> Int32).self)
      return { checked(f(0, last, high, low, close, n, &begin, &count, out[0])) }
    case .stochastic(let high, let low, let close, let n, let k, let d):
      let f = try function(
        symbol,
        (@convention(c) (
          Int32, Int32, Input, Input, Input, Int32, Int32, Int32, Int32, Int32, Place, Place, Output, Output
        ) -> Int32)
        .self)
      return { checked(f(0, last, high, low, close, n, k, 0, d, 0, &begin, &count, out[0], out[1])) }
    case .twoSeries(let x, let y):
      let f = try function(
        symbol, (@convention(c) (Int32, Int32, Input, Input, Place, Place, Output) -> Int32).self)
      return { checked(f(0, last, x, y, &begin, &count, out[0])) }
    case .fourSeries(let high, let low, let close, let volume, let n):
      let f = try function(
        symbol, (@convention(c) (Int32, Int32, Input, Input, Input, Input, Int32, Place, Place, Output) -> Int32).self)
      return { checked(f(0, last, high, low, close, volume, n, &begin, &count, out[0])) }
    case .pattern(let open, let high, let low, let close):
      let f = try function(
        symbol, (@convention(c) (Int32, Int32, Input, Input, Input, Input, Place, Place, Place) -> Int32).self)
      return { checked(f(0, last, open, high, low, close, &begin, &count, marks)) }
    case .patternWithDepth(let open, let high, let low, let close, let depth):
      let f = try function(
        symbol, (@convention(c) (Int32, Int32, Input, Input, Input, Input, Double, Place, Place, Place) -> Int32).self)
      return { checked(f(0, last, open, high, low, close, depth, &begin, &count, marks)) }
    }
  }
}

enum PeerError: Error, CustomStringConvertible {
  case notOpened(String, String)
  case noFunction(String)
  case noIndicator(String)

  var description: String {
    switch self {
    case .notOpened(let path, let why): "\(path) could not be opened: \(why)"
    case .noFunction(let name): "TA-Lib has no function \(name)"
    case .noIndicator(let id): "there is no indicator \(id)"
    }
  }
}
