/// What the host says of itself over the channels, in the language of messages. What is quoted, such as a fault of a
/// file, stays as it is.
struct HostWords {
  let locale: String
  private var isKorean: Bool { locale == "ko" }

  func wasRead(_ path: String) -> String {
    isKorean ? "\(path)을(를) 다시 읽었습니다" : "\(path) was read again"
  }

  func changed(_ keys: [String]) -> String {
    (isKorean ? "변경된 항목: " : "changed: ") + keys.joined(separator: ", ")
  }

  func isFaulty(_ path: String) -> String {
    isKorean ? "\(path)에 오류가 있어 실행 중인 설정을 유지합니다" : "\(path) is faulty, and the configuration that runs goes on"
  }

  func strategyIsFaulty(_ name: String) -> String {
    isKorean ? "\(name): 오류가 있어 실행 중인 버전을 유지합니다" : "\(name): faulty, goes on as it was"
  }

  func isShort(_ resource: Resource) -> String {
    isKorean ? "\(name(of: resource)) 사용량이 한도를 넘었습니다" : "\(name(of: resource)): beyond the limit"
  }

  func isShortNoMore(_ resource: Resource) -> String {
    isKorean ? "\(name(of: resource)) 사용량이 한도 아래로 내려왔습니다" : "\(name(of: resource)): below the limit again"
  }

  func level(_ found: String, limit: String) -> String {
    isKorean ? "현재 \(found), 한도 \(limit)" : "\(found) in use, the limit is \(limit)"
  }

  private func name(of resource: Resource) -> String {
    switch resource {
    case .cpu: isKorean ? "CPU" : "processors"
    case .memory: isKorean ? "메모리" : "memory"
    case .disk: isKorean ? "디스크" : "disk of the database"
    case .processCPU: isKorean ? "프로그램 CPU" : "processor time of the program"
    case .processMemory: isKorean ? "프로그램 메모리" : "memory of the program"
    }
  }

  var strategiesWereRead: String { isKorean ? "전략을 다시 읽었습니다" : "strategies were read again" }
  var isUnreadable: String { isKorean ? "시세를 읽을 수 없습니다" : "prices cannot be read" }
  var isParked: String { isKorean ? "더 이상 시도하지 않습니다" : "not tried any more" }
}
