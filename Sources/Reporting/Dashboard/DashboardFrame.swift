internal import Mustache

/// What stands around every page of the dashboard, and who reads it.
public struct DashboardFrame: Sendable {
  public struct Place: Sendable {
    public var title, path: String

    public init(_ title: String, _ path: String) {
      self.title = title
      self.path = path
    }
  }

  /// `en` or `ko`.
  public var language: String
  public var places: [Place] = []
  /// Of the page itself.
  public var path = "/"
  /// The page in the other language.
  public var otherLanguage = "/"
  /// What forms bring back.
  public var ticket = ""
  /// The name of the token that has signed in, and what it may do; empty where nobody has.
  public var reader = ""
  /// Whether there is a session that could be ended.
  public var isSignedIn = false
  /// Whether events of the host are listened to.
  public var isLive = false
  public var version: String
  /// Where the style, the script and the icon are.
  public var assets: DashboardAssets

  public init(language: String, version: String, assets: DashboardAssets) {
    self.language = language
    self.version = version
    self.assets = assets
  }

  func say(_ english: String, _ korean: String) -> String { language == "ko" ? korean : english }

  /// As its template sees it: the field names are the template's tags.
  private struct Shell: Sendable {
    struct Place: Sendable {
      let title, path: String
      let isHere: Bool
    }
    struct Section: Sendable {
      let id, heading: String
      let isLive, hasHeading: Bool
      let blocks: [Markup]
    }

    let language, title, pageTitle, subtitle, skip, navigationName, otherLanguage, otherLanguageName, otherCode: String
    let style, script, icon, ticket, reader, signOut, footer, version: String
    let hasSubtitle, isSignedIn, hasReader, isLive, hasPlaces: Bool
    let connected, lost, ended, arrived, chartHelp: String
    let places: [Place]
    let sections: [Section]
  }

  /// The page as HTML.
  public func render(_ page: DashboardPage) throws(ReportingError) -> String {
    var sections: [Shell.Section] = []
    for section in page.sections {
      var blocks: [Markup] = []
      for block in section.blocks { blocks.append(try markup(block)) }
      sections.append(
        Shell.Section(
          id: section.id, heading: section.heading, isLive: section.isLive, hasHeading: !section.heading.isEmpty,
          blocks: blocks))
    }
    return try PageTemplates.render(
      Shell(
        language: language, title: page.title, pageTitle: "\(page.title) · Finstage", subtitle: page.subtitle,
        skip: say("Skip to the content", "본문으로 건너뛰기"), navigationName: say("Pages", "페이지"),
        otherLanguage: otherLanguage, otherLanguageName: say("한국어", "English"), otherCode: say("ko", "en"),
        style: assets.address(of: .style), script: assets.address(of: .script), icon: assets.address(of: .icon),
        ticket: ticket, reader: reader, signOut: say("Sign out", "로그아웃"),
        footer: say(
          "Past results say little about the future. Nothing here is advice.",
          "과거의 성과는 미래를 말해 주지 않습니다. 투자 권유가 아닙니다."), version: version, hasSubtitle: !page.subtitle.isEmpty,
        isSignedIn: isSignedIn, hasReader: !reader.isEmpty, isLive: isLive, hasPlaces: !places.isEmpty,
        connected: say("Live", "실시간"), lost: say("Connection lost; trying again", "연결이 끊겼습니다. 다시 시도하는 중"),
        ended: say("The session has ended: sign in again", "세션이 끝났습니다. 다시 로그인하세요"),
        arrived: say("New signal", "새 신호"),
        chartHelp: say(
          "Chart: arrow keys move the cursor, plus and minus zoom, Home and End go to the edges.",
          "차트: 화살표 키로 이동, 더하기와 빼기로 확대·축소, Home과 End로 양 끝으로 갑니다."),
        places: places.map { place in
          let isHere = place.path == path || (place.path != "/" && path.hasPrefix(place.path + "/"))
          return Shell.Place(title: place.title, path: place.path, isHere: isHere)
        }, sections: sections), with: "dashboard")
  }
}
