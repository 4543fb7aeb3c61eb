#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The natural logarithm and its inverse.
enum Logarithm {
  static func of(_ value: Double) -> Double { log(value) }
  static func undone(_ value: Double) -> Double { exp(value) }
}
