import HTTPAPI
import Reporting

/// Where one signs in, and what is said where something is wrong.
enum LoginPage {
  static func make(_ language: String, _ next: String, isRefused: Bool) -> DashboardPage {
    func say(_ english: String, _ korean: String) -> String { language == "ko" ? korean : english }
    var blocks: [DashboardBlock] = []
    if isRefused {
      blocks.append(
        .note(
          say("That token is not valid: mistyped, expired or revoked.", "유효하지 않은 토큰입니다: 오타이거나 만료 또는 폐기되었습니다."),
          .bad))
    }
    blocks.append(
      .form(
        DashboardForm(
          SignIn.path, button: say("Sign in", "로그인"),
          fields: [
            .init(
              "token", say("Token", "토큰"), .secret,
              hint: say(
                "finstage token create NAME --role read prints one.", "finstage token create NAME --role read 가 출력합니다."),
              isRequired: true), .init("next", "", .hidden, value: next),
          ])))
    return DashboardPage(say("Sign in", "로그인"), sections: [DashboardSection("sign-in", "", blocks)])
  }

  static func problem(_ problem: Problem, _ language: String) -> DashboardPage {
    func say(_ english: String, _ korean: String) -> String { language == "ko" ? korean : english }
    let title =
      switch problem.status {
      case 403: say("Not allowed", "권한이 없습니다")
      case 404: say("Not found", "찾을 수 없습니다")
      case 409: say("Not as things stand", "지금은 할 수 없습니다")
      case 429, 503: say("Not just now", "잠시 후 다시 시도하세요")
      case 500...: say("Something went wrong", "오류가 발생했습니다")
      default: say("That cannot be answered", "처리할 수 없는 요청입니다")
      }
    let faults = problem.faults.map { DashboardCell("\($0.place): \($0.sentence)") }
    return DashboardPage(
      title,
      sections: [
        DashboardSection(
          "problem", "",
          [.note(problem.detail, .bad)] + (faults.isEmpty ? [] : [.lines(faults)])
            + [.links([DashboardCell(say("Overview", "개요"), link: "/")])])
      ])
  }
}
