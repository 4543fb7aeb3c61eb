import Testing

@testable import Fetching

@Suite(.timeLimit(.minutes(10))) struct AsyncSemaphoreTests {
  /// What the tasks of a test did.
  private actor Log {
    var inside = 0
    var most = 0
    var order: [Int] = []

    func enter(_ index: Int) {
      inside += 1
      most = max(most, inside)
      order.append(index)
    }

    func leave() { inside -= 1 }
  }

  @Test func `no more are in than it admits, and all come in`() async {
    let semaphore = AsyncSemaphore(3)
    let log = Log()
    await withTaskGroup(of: Void.self) { group in
      for index in 0..<200 {
        group.addTask {
          guard await semaphore.enter() else { return }
          await log.enter(index)
          await Task.yield()
          await log.leave()
          semaphore.leave()
        }
      }
    }
    #expect(await log.most <= 3)
    #expect(await log.order.count == 200)
  }

  @Test func `who came first goes first, and a cancelled one leaves its place`() async {
    let semaphore = AsyncSemaphore(1)
    let log = Log()
    #expect(await semaphore.enter())
    var tasks: [Task<Void, Never>] = []
    for index in 0..<5 {
      let task = Task {
        guard await semaphore.enter() else { return }
        await log.enter(index)
        semaphore.leave()
      }
      tasks.append(task)
      while semaphore.waiting <= index { await Task.yield() }
    }
    tasks[2].cancel()
    await tasks[2].value
    semaphore.leave()
    for task in tasks { await task.value }
    #expect(await log.order == [0, 1, 3, 4])
    #expect(await semaphore.enter())
  }
}
