/// Texts as somebody writes them who wants to get through a title into a page, a message or a terminal.
///
/// Put each where a name, a title or a reason stands, show it, and compare: a page by `HTMLSkeleton`, which must be that of
/// the page with `harmless` in its place; a text with what the text was.
public enum HostileText {
  public static let harmless = "Shares rise"

  /// Each on one line, without control characters.
  public static let titles = [
    "<script>alert(1)</script>",
    "</script><script>alert(2)</script>",
    "\"><img src=x onerror=alert(3)>",
    "' onmouseover='alert(4)' x='",
    "`onfocus=alert(5) autofocus=`",
    "</title></textarea></style></noscript></template><svg onload=alert(6)>",
    "<a href=\"javascript:alert(7)\">x</a>",
    "<iframe srcdoc=\"&lt;script&gt;alert(8)&lt;/script&gt;\">",
    "--><script>alert(9)</script><!--",
    "]]><script>alert(10)</script><![CDATA[",
    "&lt;b&gt; &#60;script&#62; %3Cscript%3E &amp;lt;",
    "<\u{301}script>alert(11)</script>",
    "<b>unclosed <i>twice</b>",
    "5 < 6 > 4 & \"quoted\" 'twice'",
    "[x](javascript:alert(12)) **bold** __line__ `code` ||spoiler|| # head",
    "<!channel> <!everyone> <@U012345> <https://evil.example|bank.example> @everyone @here",
    "{{title}} {{{title}}} {{#bold}}x{{/bold}} {{> signal}} {{%x}}",
    "${env:PATH} ${file:/etc/passwd} $(id) `id` ; id",
    "'; DROP TABLE news; -- \" OR 1=1",
    ". ends the mail",
    "Bcc: victim@example.com",
    "=HYPERLINK(\"https://evil.example\";\"x\")",
    "\u{E000}private\u{E001} signs",
    "javascript:alert(13)//https://example.com",
  ]

  /// What steers a terminal, ends a line or turns the direction of writing: none of these signs may be shown.
  public static let controls = [
    "\u{1B}[31mred\u{1B}[0m", "\u{1B}]0;title\u{7}", "\u{9B}2J\u{9D}", "one\r\nBcc: victim@example.com\r\n\r\ntwo",
    "over\u{8}\u{8}\u{8}\u{8}\rwritten", "\u{202E}txt.exe\u{202C}", "\u{2066}x\u{2069}\u{200B}\u{200E}", "nul\u{0}l",
  ]

  /// Whether a text holds none of the signs that `controls` are made of; lines may end.
  public static func isQuiet(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { scalar in
      switch scalar.value {
      case 0x0A: true
      case 0..<0x20, 0x7F..<0xA0, 0x200B, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: false
      default: true
      }
    }
  }
}
