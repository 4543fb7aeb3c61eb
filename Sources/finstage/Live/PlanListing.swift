import Engine
import Pipelines
import Trading

/// What a change of the strategies' files would do, as text.
struct PlanListing {
  let plan: ReloadPlan
  /// Bars of each market that were compared.
  let bars: Int

  var table: String {
    let header = ["strategy", "change", "symbols", "said no more", "said anew", "same"]
    var text = CandleListing.table(
      [header]
        + plan.items.map { item in
          let gone = item.differences.count { $0.wasSaid }
          let compared = item.change == .changed
          return [
            item.name, item.change.rawValue, item.movement ?? "-", compared ? "\(gone)" : "-",
            compared ? "\(item.differences.count - gone)" : "-", compared ? "\(item.same)" : "-",
          ]
        }, leading: 3)
    for item in plan.items where item.movement != nil {
      text += "\n\(item.name) acts on others:\n"
      text += item.gained.map { "  + \($0)\n" }.joined() + item.lost.map { "  - \($0)\n" }.joined()
    }
    for item in plan.items where !item.differences.isEmpty {
      text += "\n\(item.name), the last \(bars) bars:\n"
      for one in item.differences {
        text += "  \(one.wasSaid ? "-" : "+") \(one.signal.time) \(one.market) \(one.signal.direction.rawValue)"
        text += " at \(one.signal.price)\n"
      }
    }
    return text
  }

  var json: String {
    let items = plan.items.map { item -> JSONValue in
      .object([
        ("strategy", .string(item.name)), ("change", .string(item.change.rawValue)),
        ("same", item.change == .changed ? .number(Double(item.same)) : .null),
        ("gained", .array(item.gained.map { .string($0) })), ("lost", .array(item.lost.map { .string($0) })),
        (
          "differences",
          .array(
            item.differences.map { one in
              .object([
                ("symbol", .string(one.market)), ("time", .string("\(one.signal.time)")),
                ("direction", .string(one.signal.direction.rawValue)),
                ("price", one.signal.price.isFinite ? .number(one.signal.price) : .null),
                ("said", .string(one.wasSaid ? "before" : "now")),
              ])
            })
        ), ("faults", .array(item.faults.map { .string($0) })),
      ])
    }
    return JSONValue.object([
      ("bars", .number(Double(bars))), ("changes", .bool(plan.changesAnything)), ("strategies", .array(items)),
    ]).text
  }
}

extension ReloadPlan.Item {
  /// How many symbols it gains and loses: `+2 -1`; nil where it stays on those it has.
  fileprivate var movement: String? {
    let parts = (gained.isEmpty ? [] : ["+\(gained.count)"]) + (lost.isEmpty ? [] : ["-\(lost.count)"])
    return parts.isEmpty ? nil : parts.joined(separator: " ")
  }
}
