/// How jobs hang on each other.
public enum JobOrder {
  /// For each job all jobs whose slots it comes after, near and far. A job of a circle comes after itself.
  public static func upstream(of plans: [JobPlan]) -> [String: Set<String>] {
    let direct = Dictionary(plans.map { ($0.name, $0.upstream) }, uniquingKeysWith: { first, _ in first })
    return direct.mapValues { near in
      var found: Set<String> = []
      var open = near
      while let job = open.popLast() {
        if found.insert(job).inserted { open += direct[job] ?? [] }
      }
      return found
    }
  }
}
