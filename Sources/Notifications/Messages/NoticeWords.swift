internal import Calendars
internal import Trading

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Words and figures of messages in a language.
struct NoticeWords {
  let locale: String
  var isKorean: Bool { locale == "ko" }

  func direction(_ direction: Direction) -> String {
    switch direction {
    case .buy: isKorean ? "매수" : "buy"
    case .sell: isKorean ? "매도" : "sell"
    case .exitLong: isKorean ? "매수 포지션 청산" : "exit long"
    case .exitShort: isKorean ? "매도 포지션 청산" : "exit short"
    }
  }

  /// With what was measured, where something was.
  func confidence(_ confidence: Double, _ success: SignalFacts.Success?) -> String {
    let own = price(confidence, nil)
    guard let success, success.count > 0, success.rate.isFinite else { return own }
    let rate = percent(success.rate)
    let base = success.base.map { isKorean ? ", 기준 \(percent($0))" : ", base \(percent($0))" } ?? ""
    return isKorean
      ? "작성자 신뢰도 \(own), 실측 \(success.count)건 중 \(rate)\(base)"
      : "the author's confidence \(own); measured \(rate) of \(success.count)\(base)"
  }

  /// In the digits of the instrument; without them as short as the number admits.
  func price(_ price: Double, _ precision: Int?) -> String {
    guard price.isFinite else { return isKorean ? "없음" : "missing" }
    guard let precision, (0...12).contains(precision), abs(price) < 1e15 else {
      return price == price.rounded() && abs(price) < 1e15 ? "\(Int64(price))" : "\(price)"
    }
    var scale: Int64 = 1
    for _ in 0..<precision { scale *= 10 }
    let scaled = (abs(price) * Double(scale)).rounded()
    guard scaled < 9e15, precision > 0 else { return "\(price < 0 ? "-" : "")\(Int64(abs(price).rounded()))" }
    let (whole, rest) = Int64(scaled).quotientAndRemainder(dividingBy: scale)
    let digits = "\(rest)"
    return "\(price < 0 ? "-" : "")\(whole).\(String(repeating: "0", count: precision - digits.count))\(digits)"
  }

  /// The return from a call to its exit, with its sign.
  func result(_ entry: Signal, exit: Signal) -> String? {
    guard entry.price > 0, entry.price.isFinite, exit.price.isFinite else { return nil }
    let result = (exit.price / entry.price - 1) * entry.direction.sign
    return "\(result >= 0 ? "+" : "-")\(price(abs(result) * 100, 2)) %"
  }

  /// `2026-01-05 21:00`.
  func time(_ moment: Instant) -> String { String(moment.description.prefix(16)).replacing("T", with: " ") }

  func time(_ moment: Instant, in zone: CivilZone) -> String {
    time(Instant(seconds: zone.local(at: moment)))
  }

  func percent(_ fraction: Double) -> String {
    fraction.isFinite ? "\(Int((min(max(fraction, -1e6), 1e6) * 100).rounded())) %" : isKorean ? "없음" : "missing"
  }
}
