import ArgumentParser

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The manual page, made from what the argument parser says of the commands: man(7), as `man` and Debian read it.
struct ManualPage {
  /// A command as ArgumentParser describes it.
  private struct Command: Decodable {
    var commandName: String
    var abstract: String?
    var discussion: String?
    var shouldDisplay: Bool?
    var subcommands: [Command]?
    var arguments: [Argument]?
  }

  private struct Argument: Decodable {
    struct Name: Decodable {
      var kind: String
      var name: String

      var shown: String { kind == "long" ? "--\(name)" : "-\(name)" }
    }

    var kind: String
    var shouldDisplay: Bool
    var isOptional: Bool
    var isRepeating: Bool
    var names: [Name]?
    var valueName: String?
    var defaultValue: String?
    var allValues: [String]?
    var abstract: String?
    var discussion: String?
  }

  private struct Tool: Decodable { var command: Command }

  let text: String

  /// Of the whole program.
  init() throws(Failure) {
    do {
      let tool = try JSONDecoder().decode(Tool.self, from: Data(Finstage._dumpHelp().utf8))
      text = ManualPage.page(tool.command)
    } catch {
      throw Failure(.unusable, "the commands cannot be described: \(error)")
    }
  }

  private static func page(_ tool: Command) -> String {
    var lines = [
      ".\\\" Made by `make reference` from the commands' own descriptions.",
      ".TH FINSTAGE 1 \"\" \"finstage \(Finstage.version)\" \"User Commands\"", ".SH NAME",
      "finstage \\- \(roff("strategies in YAML, checked, evaluated and backtested"))", ".SH SYNOPSIS",
      ".B finstage", ".I command", "[\\fIoption\\fR ...]", ".SH DESCRIPTION", roff(tool.abstract ?? ""), ".PP",
      roff("Data goes to standard output, messages and progress to standard error."),
      roff("Every command takes --help; those that read a configuration take --config FILE (config.yaml)."),
      ".SH COMMANDS",
    ]
    for command in tool.subcommands ?? [] where command.shouldDisplay != false {
      lines += section(command, behind: "finstage")
    }
    return (lines + closing).joined(separator: "\n") + "\n"
  }

  private static func section(_ command: Command, behind name: String) -> [String] {
    let name = "\(name) \(command.commandName)"
    let shown = (command.arguments ?? []).filter {
      $0.shouldDisplay && $0.names?.contains { $0.name == "help" } != true
    }
    let known = shown.filter { $0.names?.contains { $0.name == "version" } != true }
    let deeper = (command.subcommands ?? []).filter { $0.shouldDisplay != false && $0.commandName != "help" }
    var lines = [".SS \"\(roff(name))\"", ".B \(roff(name))"]
    lines += known.map { usage($0) } + (deeper.isEmpty ? [] : [".I command"])
    lines += [".PP"] + paragraphs([command.abstract, command.discussion])
    for argument in known { lines += item(argument) }
    return lines + deeper.flatMap { section($0, behind: name) }
  }

  private static func usage(_ argument: Argument) -> String {
    let value = "\\fI\(roff(argument.valueName ?? ""))\\fR"
    let name = argument.names?.first { $0.kind == "long" } ?? argument.names?.first
    let flag = name.map { "\\fB\(roff($0.shown))\\fR" }
    var text =
      switch argument.kind {
      case "positional": value
      case "flag": flag ?? ""
      default: "\(flag ?? "") \(value)"
      }
    if argument.isRepeating { text += " ..." }
    return argument.isOptional ? "[\(text)]" : text
  }

  private static func item(_ argument: Argument) -> [String] {
    let value = "\\fI\(roff(argument.valueName ?? ""))\\fR"
    let names = (argument.names ?? []).map { "\\fB\(roff($0.shown))\\fR" }.joined(separator: ", ")
    let head = argument.kind == "positional" ? value : argument.kind == "flag" ? names : "\(names) \(value)"
    var words = paragraphs([argument.abstract, argument.discussion])
    if let values = argument.allValues, !values.isEmpty {
      words.append(roff("One of: \(values.joined(separator: ", "))."))
    }
    if let value = argument.defaultValue, argument.kind != "flag" { words.append(roff("Default: \(value).")) }
    return [".TP", head] + (words.isEmpty ? ["\\&"] : words)
  }

  private static func paragraphs(_ texts: [String?]) -> [String] {
    texts.compactMap { $0 }.flatMap { $0.split(separator: "\n") }.map { roff(String($0)) }
  }

  /// Text in which nothing is a request or an escape; hyphens of options stay what they are when they are copied.
  static func roff(_ text: String) -> String {
    let escaped = text.replacing("\\", with: "\\e").replacing("-", with: "\\-").replacing("\"", with: "\\(dq")
    return escaped.first.map { ".'".contains($0) } == true ? "\\&" + escaped : escaped
  }

  private static var closing: [String] {
    let codes = [
      ("0", "fine"), ("1", "the work was done and the answer is bad: faults were found, a test failed"),
      ("2", "wrong usage, or a file that is named on the command line is not there"),
      ("3", "the configuration, a named strategy or a data file cannot be used"),
      ("4", "partly done; what failed is named"), ("130", "interrupted"),
    ]
    return [".SH EXIT STATUS"] + codes.flatMap { [".TP", ".B \($0)", roff($1)] } + [
      ".SH ENVIRONMENT", ".TP", ".B NO_COLOR", roff("No colours, where it is set and not empty."), ".TP",
      ".B NOTIFY_SOCKET", roff("Where the service manager is told that the service is ready; set by systemd."),
      ".SH FILES", ".TP", ".I config.yaml", roff("The configuration; another by --config."), ".TP",
      ".I strategies/*.yaml", roff("The strategies."), ".TP", ".I var/finstage.db",
      roff("The database, where the configuration names no other."), ".SH SEE ALSO",
      roff("The pages under docs, in /usr/share/doc/finstage where the Debian package is installed."),
    ]
  }
}
