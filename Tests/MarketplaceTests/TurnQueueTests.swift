import Foundation
import Testing

@testable import Marketplace

@Suite struct TurnQueueTests {
    /// Holds batches up until it is opened, and remembers them.
    private actor Gate {
        private(set) var batches: [[Int]] = []
        private(set) var refused = 0
        private var isOpen = false
        private var held: [CheckedContinuation<Void, Never>] = []

        func pass(_ batch: [Int]) async {
            batches.append(batch)
            if !isOpen { await withCheckedContinuation { held.append($0) } }
        }

        func refuse() { refused += 1 }

        func open() {
            isOpen = true
            for one in held { one.resume() }
            held = []
        }
    }

    private struct Flooded: Error {}
    private struct Wrong: Error {}

    private func queue(_ limits: TurnQueue<Int, Int>.Limits, _ gate: Gate) -> TurnQueue<Int, Int> {
        TurnQueue(limits, flooded: Flooded()) { items in
            await gate.pass(items)
            if items.contains(13) { throw Wrong() }
            return items.map { $0 * 2 }
        }
    }

    /// Waits until so many were submitted: they are at work, wait or were refused.
    private func settle(_ count: Int, _ queue: TurnQueue<Int, Int>, _ gate: Gate) async throws {
        while await queue.waitingItems + gate.batches.joined().count + gate.refused < count {
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    private func outcomes(
        _ items: [(Int, UUID)], _ limits: TurnQueue<Int, Int>.Limits
    ) async throws -> (batches: [[Int]], outcomes: [Int: [Int]?]) {
        let gate = Gate()
        let queue = queue(limits, gate)
        let outcomes = try await withThrowingTaskGroup(of: (Int, [Int]?).self) { group in
            for (place, (item, party)) in items.enumerated() {
                group.addTask {
                    do { return (item, try await queue.submit([item], of: party)) } catch {
                        if error is Flooded { await gate.refuse() }
                        return (item, nil)
                    }
                }
                try await settle(place + 1, queue, gate)
            }
            await gate.open()
            return try await group.reduce(into: [Int: [Int]?]()) { $0[$1.0] = $1.1 }
        }
        return (await gate.batches, outcomes)
    }

    private let one = UUID()
    private let other = UUID()

    @Test func `what arrives while a batch is at work goes together, and each has its own outcome`() async throws {
        let ran = try await outcomes(
            (1...5).map { ($0, one) }, .init(running: 1, largest: 10, ofOneParty: 10))
        #expect(ran.batches == [[1], [2, 3, 4, 5]])
        #expect(ran.outcomes == [1: [2], 2: [4], 3: [6], 4: [8], 5: [10]])
    }

    @Test func `parties take turns`() async throws {
        let ran = try await outcomes(
            [(1, one), (2, one), (3, one), (4, one), (5, other)], .init(running: 1, largest: 2, ofOneParty: 10))
        #expect(ran.batches == [[1], [2, 5], [3, 4]])
    }

    @Test func `another batch begins beside one at work when as many wait as its quorum`() async throws {
        let ran = try await outcomes(
            (1...5).map { ($0, one) }, .init(running: 2, quorum: 3, largest: 10, ofOneParty: 10))
        #expect(ran.batches == [[1], [2, 3, 4], [5]])
    }

    @Test func `what is wrong with one is not another's failure`() async throws {
        let ran = try await outcomes(
            [(1, one), (2, one), (13, other), (4, one)], .init(running: 1, largest: 10, ofOneParty: 10))
        #expect(ran.outcomes == [1: [2], 2: [4], 13: nil, 4: [8]])
    }

    @Test func `a party of which too many wait is refused, and others are not`() async throws {
        let ran = try await outcomes(
            [(1, one), (2, one), (3, one), (4, other)], .init(running: 1, largest: 10, ofOneParty: 2))
        #expect(ran.outcomes == [1: [2], 2: [4], 3: nil, 4: [8]])
    }

    @Test func `who is cancelled before its batch began stops waiting, and nothing is done for it`() async throws {
        let gate = Gate()
        let queue = queue(.init(running: 1, largest: 10, ofOneParty: 10), gate)
        let first = Task { try await queue.submit([1], of: one) }
        try await settle(1, queue, gate)
        let second = Task { try await queue.submit([2], of: one) }
        try await settle(2, queue, gate)
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        let third = Task { try await queue.submit([3], of: other) }
        try await settle(2, queue, gate)
        await gate.open()
        #expect(try await [first.value, third.value] == [[2], [6]])
        #expect(await gate.batches == [[1], [3]])
    }
}
