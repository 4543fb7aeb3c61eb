internal import Calendars

/// Reads RSS and Atom: an item begins with its tag and ends with its end tag, with the next item, or with the feed.
struct MarkupFeedReader {
  /// What a prefix stands for.
  enum Space { case own, atom, dublinCore, content, media, feedburner, other }

  private struct Field {
    var name: MarkupName
    var element: FeedElement
    var text: [UInt8] = []
    /// How many elements of the same name are open in it.
    var nesting = 0
    /// Whether its text is HTML that is to be read once more.
    var isHTML = true
  }

  private var scanner: MarkupScanner
  private let zone: CivilZone
  private let limits: FeedLimits
  private let address: String
  private var spaces: [String: Space] = [
    "": .own, "atom": .atom, "a10": .atom, "dc": .dublinCore, "content": .content, "media": .media,
    "feedburner": .feedburner, "rss": .own,
  ]
  private var feed: Feed?
  private var base: String
  /// Whether the feed itself says what its links are relative to.
  private var hasBase = false
  private var item: ItemDraft?
  private var field: Field?
  /// An element that is passed over with all that is in it.
  private var passedOver: (name: MarkupName, nesting: Int)?
  private var hasEnded = false
  private var itemsBeyond = 0
  private var firstElement: String?

  init(_ bytes: [UInt8], zone: CivilZone, limits: FeedLimits, address: String) {
    scanner = MarkupScanner(bytes, limits)
    self.zone = zone
    self.limits = limits
    self.address = address
    base = address
  }

  mutating func read() throws(FeedError) -> Feed {
    loop: while true {
      switch scanner.next() {
      case .open(let name, let attributes, let isEmpty): open(name, attributes, isEmpty)
      case .close(let name): close(name)
      case .text(let range): take(range, areReferencesRead: false)
      case .data(let range): take(range, areReferencesRead: true)
      case .end: break loop
      }
    }
    guard var feed else {
      throw .notAFeed(firstElement.map { "a document of <\($0)>" } ?? "text without elements")
    }
    if item != nil { scanner.note("the document ends within an item, which is left for the next time") }
    feed.isWhole = hasEnded && item == nil
    if itemsBeyond > 0 { scanner.note("\(itemsBeyond) items beyond the first \(limits.items) are passed over") }
    if scanner.declaredEntities > 0 {
      scanner.note("the document declares \(scanner.declaredEntities) entities; none of them is expanded", at: 0)
    }
    feed.remarks = Lines(scanner.bytes).remarks(scanner.faults)
    return feed
  }

  private mutating func take(_ range: Range<Int>, areReferencesRead: Bool) {
    guard passedOver == nil, var open = field else { return }
    // So that the text is not copied while both hold it.
    field = nil
    if areReferencesRead {
      open.text.append(contentsOf: scanner.bytes[range].prefix(max(0, limits.text - open.text.count)))
    } else {
      CharacterReference.append(scanner.bytes[range], to: &open.text, most: limits.text)
    }
    field = open
  }

  // MARK: Tags

  private mutating func open(_ name: MarkupName, _ attributes: [(name: MarkupName, value: String)], _ isEmpty: Bool) {
    if var passing = passedOver {
      if !isEmpty, passing.name == name { passing.nesting += 1 }
      passedOver = passing
      if !startsItem(name) { return }
      passedOver = nil
    }
    for attribute in attributes { declare(attribute.name, attribute.value) }
    guard feed != nil else { return root(name, attributes) }
    if startsItem(name) { return begin(attributes, isEmpty) }
    if field != nil, inField(name, isEmpty) { return }
    let element = FeedElement(name.local, space(of: name), isInItem: item != nil)
    switch element {
    case .none: break
    case .container: if !isEmpty { passedOver = (name, 0) }
    case .link: link(name, attributes, isEmpty)
    case .text:
      guard !isEmpty else { return }
      var field = Field(name: name, element: element)
      let type = attributes.first { $0.name.local == "type" }?.value.lowercased()
      field.isHTML = isAtom ? type.map { $0.contains("html") && $0 != "xhtml" } ?? false : true
      if element.part == .identifier,
        attributes.contains(where: { $0.name.local == "ispermalink" && $0.value == "false" })
      {
        item?.isPermalink = false
      }
      self.field = field
    }
  }

  /// The first element that is a feed's.
  private mutating func root(_ name: MarkupName, _ attributes: [(name: MarkupName, value: String)]) {
    firstElement = firstElement ?? name.local
    switch name.local {
    case "rss", "rdf": feed = Feed(format: .rss)
    case "feed":
      feed = Feed(format: .atom)
      if !name.prefix.isEmpty { spaces[name.prefix] = .own }
    default: return
    }
    take(attributes, forItem: false)
  }

  private mutating func begin(_ attributes: [(name: MarkupName, value: String)], _ isEmpty: Bool) {
    if item != nil {
      scanner.note("an item is not closed")
      endField(isBroken: true)
      endItem()
    }
    field = nil
    item = ItemDraft(base: base, at: scanner.at)
    take(attributes, forItem: true)
    if isEmpty { endItem() }
  }

  /// Whether a tag belongs to the text of the field that is open.
  private mutating func inField(_ name: MarkupName, _ isEmpty: Bool) -> Bool {
    guard let open = field else { return false }
    if name == open.name {
      if !isEmpty { field?.nesting += 1 }
      return true
    }
    let element = FeedElement(name.local, space(of: name), isInItem: item != nil)
    // `<title>` is HTML's too, but never stands in a line of text; the other elements are the feed's alone.
    let isLine = open.element.part != .summary
    if element != .none, isLine || !HTMLTags.all.contains(name.local) {
      scanner.note("\(open.name.local) is not closed")
      endField(isBroken: true)
      return false
    }
    if HTMLTags.hidden.contains(name.local), !isEmpty {
      passedOver = (name, 0)
    } else if !HTMLTags.inline.contains(name.local) {
      field?.text.append(0x20)
    }
    return true
  }

  private mutating func close(_ name: MarkupName) {
    if let passing = passedOver {
      if passing.name == name {
        passedOver = passing.nesting == 0 ? nil : (name, passing.nesting - 1)
        return
      }
      guard endsItem(name) || isEnd(name) else { return }
      passedOver = nil
    }
    if let open = field, open.name == name {
      if open.nesting == 0 { endField(isBroken: false) } else { field?.nesting -= 1 }
      return
    }
    if endsItem(name), item != nil {
      if field != nil { scanner.note("\(field?.name.local ?? "") is not closed") }
      endField(isBroken: true)
      endItem()
    } else if isEnd(name) {
      if item != nil {
        scanner.note("an item is not closed")
        endField(isBroken: true)
        endItem()
      }
      hasEnded = true
    } else if field != nil, !HTMLTags.inline.contains(name.local) {
      field?.text.append(0x20)
    }
  }

  private func startsItem(_ name: MarkupName) -> Bool { feed != nil && endsItem(name) }

  private func endsItem(_ name: MarkupName) -> Bool {
    let isNamed = isAtom ? name.local == "entry" : name.local == "item"
    return isNamed && (space(of: name) == .own)
  }

  private func isEnd(_ name: MarkupName) -> Bool { ["rss", "rdf", "feed"].contains(name.local) }

  private var isAtom: Bool { feed?.format == .atom }

  // MARK: What is in them

  private mutating func endField(isBroken: Bool) {
    guard let field else { return }
    self.field = nil
    let part = field.element.part
    let isLine = part != .summary
    let most = isLine ? limits.title : limits.summary
    let text: String
    switch part {
    case .identifier, .date, .link: text = PlainText.line(field.text, most: 2_048)
    default: text = field.isHTML ? PlainText.of(field.text, most: most) : PlainText.line(field.text, most: most)
    }
    guard item != nil else {
      switch part {
      case .title where feed?.title == nil && !text.isEmpty: feed?.title = text
      case .language where feed?.language == nil && !text.isEmpty: feed?.language = text.lowercased()
      case .link: base = WebAddress.absolute(text, base: base) ?? base
      default: break
      }
      return
    }
    if part == .language {
      if !text.isEmpty { item?.language = text.lowercased() }
    } else {
      item?.put(part, text, rank: field.element.rank)
    }
  }

  private mutating func endItem() {
    defer { item = nil }
    guard let draft = item else { return }
    guard let read = draft.item(zone: zone, limits: limits) else {
      scanner.note("an item has neither title nor text nor link, and is passed over", at: draft.start)
      return
    }
    guard (feed?.items.count ?? 0) < limits.items else {
      itemsBeyond += 1
      return
    }
    if let text = draft.unreadDate(read) {
      scanner.note("\"\(text.prefix(40))\" is no date that can be read", at: draft.start)
    }
    feed?.items.append(read)
  }

  /// Atom's links stand in an attribute, and RSS's as text.
  private mutating func link(_ name: MarkupName, _ attributes: [(name: MarkupName, value: String)], _ isEmpty: Bool) {
    func attribute(_ local: String) -> String? { attributes.first { $0.name.local == local }?.value }
    if let target = attribute("href") {
      let relation = attribute("rel")?.lowercased() ?? "alternate"
      if relation == "alternate", item != nil {
        let from = attributes.first { $0.name.prefix == "xml" && $0.name.local == "base" }?.value
        let place = from.flatMap { WebAddress.absolute($0, base: item?.base ?? base) } ?? item?.base ?? base
        let rank = isAtom ? 1 : 3
        item?.put(.link, WebAddress.absolute(target, base: place) ?? "", rank: rank)
      } else if relation == "alternate", address.isEmpty, !hasBase {
        base = WebAddress.absolute(target, base: base) ?? base
      }
    } else if !isEmpty {
      field = Field(name: name, element: .text(.link, rank: 1), isHTML: false)
    }
  }

  private mutating func take(_ attributes: [(name: MarkupName, value: String)], forItem: Bool) {
    for (name, value) in attributes where name.prefix == "xml" || name.prefix == "rdf" {
      switch name.local {
      case "base":
        let place = WebAddress.absolute(value, base: forItem ? item?.base ?? base : base)
        if let place { if forItem { item?.base = place } else { (base, hasBase) = (place, true) } }
      case "lang":
        if forItem { item?.language = value.lowercased() } else { feed?.language = value.lowercased() }
      // The address by which RSS 1.0 names its items.
      case "about" where forItem: item?.put(.identifier, value.trimmed, rank: 2)
      default: break
      }
    }
  }

  private mutating func declare(_ name: MarkupName, _ value: String) {
    guard name.prefix == "xmlns", spaces.count < 64 else { return }
    let space: Space
    switch value.trimmed.lowercased() {
    case "http://www.w3.org/2005/atom", "http://purl.org/atom/ns#": space = isAtom ? .own : .atom
    case let uri where uri.hasPrefix("http://purl.org/dc/"): space = .dublinCore
    case "http://purl.org/rss/1.0/modules/content/": space = .content
    case let uri where uri.contains("search.yahoo.com/mrss"): space = .media
    case "http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/": space = .own
    case let uri where uri.contains("feedburner"): space = .feedburner
    default: return
    }
    spaces[name.local] = space
  }

  private func space(of name: MarkupName) -> Space {
    let space = spaces[name.prefix] ?? .other
    return space == .atom && isAtom ? .own : space
  }
}
