internal import PluginKit
internal import Storage
internal import Trading

/// What people are told of an order intent.
enum IntentFate {
  /// Nobody knows whether the receiver has it; it is not sent again.
  case unknown(String)
  case refused(String)
  case expired
}

extension NoticeWriter {
  func warning(of entry: OutboxEntry, _ fate: IntentFate, at moment: Instant, channel: String) -> Notice {
    let (subject, reason) = words.fate(fate, of: entry)
    return host(subject, reason, priority: .high, at: moment, channel: channel)
  }
}

extension NoticeWords {
  fileprivate func fate(_ fate: IntentFate, of entry: OutboxEntry) -> (subject: String, reason: String) {
    let id = entry.notice.fields["client_order_id"] ?? entry.notice.code
    let name = isKorean ? "주문 의향 \(id)" : "order intent \(id)"
    let title = entry.notice.title
    return switch fate {
    case .unknown(let reason):
      (
        isKorean ? "\(name): 전달 여부를 알 수 없음" : "\(name): nobody knows whether it arrived",
        (isKorean
          ? "다시 보내지 않습니다. 수신 측에서 이 ID를 확인하세요.\n" : "It is not sent again: look for this id at the receiver.\n")
          + "\(title)\n\(reason)"
      )
    case .refused(let reason):
      (isKorean ? "\(name): 거부됨" : "\(name): not taken", "\(title)\n\(reason)")
    case .expired:
      (
        isKorean ? "\(name): 기한이 지나 보내지 않음" : "\(name): expired, and was not sent",
        "\(title)\n\(entry.notice.fields["expiry"] ?? "")"
      )
    }
  }
}
