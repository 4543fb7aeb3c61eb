/// A page of the dashboard: what stands on it, without what stands around every page.
public struct DashboardPage: Sendable {
  public var title: String
  public var subtitle: String
  public var sections: [DashboardSection]

  public init(_ title: String, subtitle: String = "", sections: [DashboardSection] = []) {
    self.title = title
    self.subtitle = subtitle
    self.sections = sections
  }
}

public struct DashboardSection: Sendable {
  /// A name for the place in the page: letters, digits and dashes.
  public var id: String
  public var heading: String
  /// Whether a script loads it anew when something happens on the host.
  public var isLive: Bool
  public var blocks: [DashboardBlock]

  public init(_ id: String, _ heading: String, isLive: Bool = false, _ blocks: [DashboardBlock]) {
    self.id = id
    self.heading = heading
    self.isLive = isLive
    self.blocks = blocks
  }
}

public enum DashboardBlock: Sendable {
  case text([String])
  /// A sentence that stands out.
  case note(String, DashboardTone)
  case facts([DashboardFact])
  case table(DashboardTable)
  /// A line each.
  case lines([DashboardCell])
  /// Side by side.
  case links([DashboardCell])
  case form(DashboardForm)
  /// How far something is: a share of 0 to 1.
  case progress(Double, String)
  case chart(DashboardChart)
  case fragment(DashboardFragment)
}

/// How something stands: it is never told by colour alone.
public enum DashboardTone: String, Sendable {
  case plain, quiet, gain, loss, good, warn, bad
}

public struct DashboardFact: Sendable {
  public var label: String
  public var value: DashboardCell

  public init(_ label: String, _ value: DashboardCell) {
    self.label = label
    self.value = value
  }
}

/// A piece of text, perhaps a link, perhaps with buttons behind it.
public struct DashboardCell: Sendable {
  /// Nil is a figure that is not defined, and is shown as a dash that says so.
  public var text: String?
  public var tone = DashboardTone.plain
  /// A path of this site, or an address of another one, which is opened without telling where from.
  public var link: String?
  /// Whether it is read, or compared with what stands above and below.
  public var isWord: Bool
  /// What stands behind it in small.
  public var detail = ""
  public var buttons: [DashboardButton] = []

  public init(_ text: String?, _ tone: DashboardTone = .plain, link: String? = nil, detail: String = "") {
    self.text = text
    self.tone = tone
    self.link = link
    self.detail = detail
    isWord = true
  }

  /// A number, written out.
  public static func figure(_ text: String?, _ tone: DashboardTone = .plain) -> DashboardCell {
    var cell = DashboardCell(text, tone)
    cell.isWord = false
    return cell
  }

  /// A number that is good news above 0, bad news below.
  public static func tinted(_ text: String?) -> DashboardCell {
    figure(text, text?.hasPrefix("+") == true ? .gain : text?.hasPrefix("−") == true ? .loss : .plain)
  }

  public static func buttons(_ buttons: [DashboardButton]) -> DashboardCell {
    var cell = DashboardCell("")
    cell.buttons = buttons
    return cell
  }
}

/// What does something when it is pressed: a form of its own.
public struct DashboardButton: Sendable {
  public var label: String
  public var action: String
  /// What is sent besides.
  public var fields: [(name: String, value: String)]
  /// What it does it to, for who hears the page read.
  public var object: String

  public init(_ label: String, _ action: String, object: String = "", fields: [(name: String, value: String)] = []) {
    self.label = label
    self.action = action
    self.object = object
    self.fields = fields
  }
}

public struct DashboardTable: Sendable {
  /// Said for who hears the page read.
  public var name: String
  public var heads: [String]
  public var rows: [[DashboardCell]]
  /// What is said where there are no rows.
  public var empty: String

  public init(_ name: String, heads: [String], rows: [[DashboardCell]], empty: String) {
    self.name = name
    self.heads = heads
    self.rows = rows
    self.empty = empty
  }
}

public struct DashboardForm: Sendable {
  public struct Field: Sendable {
    public enum Kind: Sendable {
      case text(placeholder: String)
      /// A token: not shown, not filled in again.
      case secret
      case date
      case lines
      /// One of some.
      case choice([(value: String, label: String)])
      /// Any number of some.
      case choices([(value: String, label: String)])
      case hidden
    }

    public var name, label: String
    public var kind: Kind
    public var value: String
    public var hint: String
    public var isRequired: Bool

    public init(
      _ name: String, _ label: String, _ kind: Kind, value: String = "", hint: String = "", isRequired: Bool = false
    ) {
      self.name = name
      self.label = label
      self.kind = kind
      self.value = value
      self.hint = hint
      self.isRequired = isRequired
    }
  }

  public var action: String
  /// Whether it only asks for another view, with GET.
  public var isQuestion: Bool
  public var fields: [Field]
  public var button: String

  public init(_ action: String, button: String, isQuestion: Bool = false, fields: [Field]) {
    self.action = action
    self.button = button
    self.isQuestion = isQuestion
    self.fields = fields
  }
}

/// A chart that a script lets be looked into; without a script the drawing that is there already.
public struct DashboardChart: Sendable {
  /// Where the bars come from.
  public var source: String
  public var caption: String
  public var drawing: DashboardFragment

  public init(source: String, caption: String, drawing: DashboardFragment) {
    self.source = source
    self.caption = caption
    self.drawing = drawing
  }
}

/// A part of a page that this target wrote itself.
public struct DashboardFragment: Sendable {
  let markup: Markup
  /// Its language, where it is not that of the page.
  var language: String?

  init(_ markup: Markup, language: String? = nil) {
    self.markup = markup
    self.language = language
  }

  /// Bytes of it.
  public var size: Int { markup.html.utf8.count }
}
