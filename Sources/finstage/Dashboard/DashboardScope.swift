import Calendars
import HTTPAPI
import Reporting
import Storage
import Trading

/// For whom a page is made: the host that answers, the reader's language and clock.
struct DashboardScope: Sendable {
  let context: APIContext
  let request: APIRequest
  let language: String
  let figures: DashboardFigures

  init(_ context: APIContext, _ request: APIRequest) {
    self.context = context
    self.request = request
    language = request.visit.language ?? context.configuration.locale
    figures = DashboardFigures(language: language)
  }

  var store: SQLiteStore { context.store }
  var workspace: Workspace { context.workspace }
  var isKorean: Bool { language == "ko" }
  var mayOperate: Bool { request.caller.role >= .operate }

  func say(_ english: String, _ korean: String) -> String { isKorean ? korean : english }

  /// A moment by the configuration's clock, to the minute.
  func stamp(_ moment: Instant) -> String {
    let local = context.configuration.zone.map { Instant(seconds: $0.local(at: moment)) } ?? moment
    return local.dateText + " " + String(local.description.dropFirst(11).prefix(5))
  }

  /// The name of that clock.
  var clock: String { context.configuration.zone?.name ?? "UTC" }

  /// The label of a bar, which is in UTC as it is everywhere.
  func bar(_ time: Instant, _ timeframe: Timeframe) -> String {
    timeframe.milliseconds >= Timeframe.day.milliseconds
      ? time.dateText : time.dateText + " " + String(time.description.dropFirst(11).prefix(5)) + "Z"
  }

  /// How long ago something was, or how soon it comes, in its largest unit.
  func length(_ milliseconds: Int64) -> String {
    let seconds = abs(milliseconds) / 1_000
    switch seconds {
    case ..<60: return say("\(seconds) s", "\(seconds)초")
    case ..<3_600: return say("\(seconds / 60) min", "\(seconds / 60)분")
    case ..<172_800: return say("\(seconds / 3_600) h", "\(seconds / 3_600)시간")
    default: return say("\(seconds / 86_400) days", "\(seconds / 86_400)일")
    }
  }

  /// How a job, a message or a backtest stands, as a word with its tone.
  func state(_ word: String) -> DashboardCell {
    let (korean, tone): (String, DashboardTone) =
      switch word {
      case "done": ("완료", .good)
      case "sent": ("보냄", .good)
      case "running": ("실행 중", .plain)
      case "sending": ("보내는 중", .plain)
      case "pending": ("대기", .quiet)
      case "waiting": ("대기", .quiet)
      case "dropped": ("제외됨", .quiet)
      case "skipped": ("건너뜀", .quiet)
      case "cancelled": ("취소됨", .quiet)
      case "failed": ("실패", .bad)
      case "dead": ("보내지 못함", .bad)
      case "unknown": ("알 수 없음", .warn)
      case "parked": ("보류", .warn)
      default: (word, .plain)
      }
    return DashboardCell(say(word, korean), tone)
  }

  /// A text of the query; nil where it is not there.
  func text(_ name: String) -> String? { request.text(name) }
}
