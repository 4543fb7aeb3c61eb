import Notifications
import Storage
import Trading

/// What is answered to commands, in the language of messages. What is quoted, such as a reason or the values behind a
/// signal, stays as it is.
struct CommandWords {
  let locale: String
  /// `2026-01-05 21:00`, UTC or that of the configuration's zone.
  let stamp: @Sendable (Instant) -> String

  private var isKorean: Bool { locale == "ko" }

  private func say(_ english: String, _ korean: String) -> String { isKorean ? korean : english }

  // MARK: Help

  static let usages: [(word: String, usage: String, english: String, korean: String)] = [
    ("status", "/status", "how the host is, and what is muted", "호스트 상태와 꺼진 알림"),
    ("open", "/open", "calls that are open by the strategies' signals", "신호 기준으로 열려 있는 포지션"),
    (
      "mute", "/mute STRATEGY 1d [REASON]", "tells nobody of a strategy for a time: 30m, 4h, 1d, 1w",
      "전략 알림을 잠시 끄기: 30m, 4h, 1d, 1w"
    ),
    ("unmute", "/unmute STRATEGY", "ends that", "전략 알림 다시 켜기"),
    ("why", "/why ID", "why a signal fired, by the id below its message or its number", "메시지의 ID 또는 번호로 신호의 이유 보기"),
    ("report", "/report [daily|weekly|signals]", "the latest report", "최근 보고서"),
    ("performance", "/performance [STRATEGY]", "what became of the signals", "신호의 성과"),
    ("help", "/help", "this", "이 도움말"),
  ]

  func help(of word: String?) -> String {
    let lines = CommandWords.usages.filter { word == nil || $0.word == word }.map { one in
      "\(one.usage) · \(isKorean ? one.korean : one.english)"
    }
    return ((word == nil ? [] : [say("It is written so:", "이렇게 입력하세요:")]) + lines).joined(separator: "\n")
  }

  var helpTitle: String { say("Commands", "명령어") }

  func refusal(needs role: String) -> String {
    say("You may not do that: it needs the right \(role).", "권한이 없습니다: \(role) 권한이 필요합니다.")
  }

  var surrender: String {
    say("The host ended each time at this command; it is given up.", "이 명령을 처리하다 호스트가 반복해서 종료되어 중단했습니다.")
  }

  func failed(_ reason: String) -> String { say("It cannot be answered: \(reason)", "응답할 수 없습니다: \(reason)") }

  // MARK: Mute

  func isMuted(_ silence: StoredSilence) -> String {
    say(
      "\(silence.strategy) is muted until \(stamp(silence.until)): \(silence.reason)",
      "\(silence.strategy) 알림을 \(stamp(silence.until))까지 끕니다: \(silence.reason)")
  }

  var ordersGoOn: String {
    say("Its order intents go on: only messages are muted.", "주문 의향은 계속 전달되며 메시지만 꺼집니다.")
  }

  func mutedBriefly(_ silence: StoredSilence) -> String {
    say("Muted until \(stamp(silence.until))", "\(stamp(silence.until))까지 알림 꺼짐")
  }

  func mutedBy(_ name: String) -> String { say("muted by \(name)", "\(name) 님이 끔") }

  func isNotMuted(_ strategy: String) -> String {
    say("\(strategy) is not muted by a command.", "\(strategy)은(는) 명령으로 꺼져 있지 않습니다.")
  }

  func isHeardAgain(_ strategy: String) -> String {
    say("\(strategy) is told of again.", "\(strategy) 알림을 다시 켰습니다.")
  }

  func noStrategy(_ name: String, _ hint: String) -> String {
    say("No strategy \"\(name)\" is running; \(hint)", "실행 중인 전략 \"\(name)\"이(가) 없습니다; \(hint)")
  }

  var badLength: String {
    say("A time from 1m to 366d is admitted.", "1m부터 366d까지의 기간만 가능합니다.")
  }

  // MARK: Why and Taken

  func noSignal(_ id: String) -> String {
    say("No signal \"\(id)\" is known.", "\"\(id)\" 신호를 찾을 수 없습니다.")
  }

  func whyTitle(_ id: Int64) -> String { say("Signal \(id)", "신호 \(id)") }
  func taken(_ id: Int64, by name: String) -> String {
    say("Signal \(id) is taken by \(name).", "\(name) 님이 신호 \(id)에 진입했습니다.")
  }

  func wasTaken(_ id: Int64, _ taken: TakenSignal) -> String {
    say("You took signal \(id) at \(stamp(taken.at)).", "신호 \(id)은(는) \(stamp(taken.at))에 이미 진입으로 표시했습니다.")
  }

  var takenBriefly: String { say("Taken", "진입함") }

  // MARK: Status

  var statusTitle: String { say("Status", "상태") }
  func runs(_ version: String, since: Instant) -> String {
    say("Finstage \(version), running since \(stamp(since))", "Finstage \(version), \(stamp(since))부터 실행 중")
  }

  func scheduler(turnedAt moment: Instant?, isLate: Bool) -> String {
    guard let moment else { return say("⚠️ The scheduler has not begun.", "⚠️ 스케줄러가 시작되지 않았습니다.") }
    return isLate
      ? say("⚠️ The scheduler last ran at \(stamp(moment)).", "⚠️ 스케줄러가 \(stamp(moment)) 이후 멈춰 있습니다.")
      : say("Scheduler: works", "스케줄러: 정상")
  }

  func job(_ name: String, _ succeededAt: Instant?, failures: Int) -> String {
    let last = succeededAt.map(stamp) ?? say("not yet", "아직 없음")
    return say("Job \(name): last done \(last)", "작업 \(name): 최근 완료 \(last)")
      + (failures > 0 ? say(", \(failures) failed", ", 실패 \(failures)회") : "")
  }

  func signals(_ count: Int) -> String { say("Signals since then: \(count)", "그 후 신호: \(count)건") }
  func messages(_ counts: String) -> String { say("Messages: \(counts)", "메시지: \(counts)") }
  func strategies(_ count: Int) -> String { say("Strategies: \(count)", "전략: \(count)개") }
  func ear(_ source: String, _ detail: String) -> String {
    say("⚠️ Commands of \(source): \(detail)", "⚠️ \(source) 명령: \(detail)")
  }

  var nothingIsMuted: String { say("Nothing is muted.", "꺼진 알림이 없습니다.") }

  // MARK: Open

  var openTitle: String { say("Open calls", "열린 포지션") }
  var nothingIsOpen: String {
    say("No call is open by the strategies' signals.", "신호 기준으로 열려 있는 포지션이 없습니다.")
  }

  func open(_ call: OpenCall, price: String) -> String {
    let record = call.entry.record
    let side =
      record.signal.direction == .buy ? say("long", "매수") : say("short", "매도")
    let taken = call.isTaken ? " ✅" : ""
    return say(
      "\(record.symbol) \(record.timeframe) \(record.strategy): \(side) since \(stamp(call.knownAt)) at \(price) (\(call.entry.id))\(taken)",
      "\(record.symbol) \(record.timeframe) \(record.strategy): \(side), \(stamp(call.knownAt))부터, \(price) (\(call.entry.id))\(taken)"
    )
  }

  var openNote: String {
    say(
      "By signals alone: stops and targets are not looked at here. ✅ was taken.",
      "신호만으로 판단하며 손절과 목표가는 반영하지 않습니다. ✅는 진입 표시입니다.")
  }

  func more(_ count: Int) -> String { say("… and \(count) more", "… 외 \(count)건") }

  // MARK: Report and performance

  var noReport: String {
    say("No report has been made yet; the schedule says when one is.", "아직 만들어진 보고서가 없습니다.")
  }

  func noReportKind(_ kinds: [String]) -> String {
    say("There is no such report; \(kinds.joined(separator: ", "))", "그런 보고서는 없습니다; \(kinds.joined(separator: ", "))")
  }

  func performanceTitle(_ horizon: String) -> String {
    say("What became of the signals after \(horizon)", "\(horizon) 후 신호의 성과")
  }

  var noSignals: String { say("No signal is stored yet.", "저장된 신호가 없습니다.") }

  func count(_ count: Int, open: Int) -> String {
    say("\(count) ended, \(open) open", "종료 \(count)건, 진행 중 \(open)건")
  }

  func rate(_ rate: String, base: String?) -> String {
    say("\(rate) came true", "적중률 \(rate)") + (base.map { say(" (base \($0))", " (기준 \($0))") } ?? "")
  }

  func mean(_ mean: String) -> String { say("mean \(mean)", "평균 \(mean)") }
  func tooFew(_ least: Int) -> String { say("fewer than \(least): not rated", "\(least)건 미만: 평가하지 않음") }
  func takenGroup(_ isTaken: Bool) -> String { isTaken ? say("taken", "진입함") : say("not taken", "진입하지 않음") }
}
