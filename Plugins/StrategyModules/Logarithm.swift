#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The natural logarithm; −∞ of 0, NaN below.
@usableFromInline
func logarithm(_ x: Double) -> Double { log(x) }
