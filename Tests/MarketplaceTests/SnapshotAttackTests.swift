import Foundation
import Testing

@testable import Marketplace

/// Plays the attacker who has every table of one snapshot and subtracts them from each other.
@Suite struct SnapshotAttackTests {
    /// An enterprise that bought first in a month, from 1 to 4.
    private struct Buyer {
        let section, kind, month: Int
    }

    private static let (sections, kinds, months) = (4, 2, 4)
    private static let unknowns = sections * kinds * months

    /// What is counted: a class of a dimension within some months, or all of them; a sum of the attacker's unknowns.
    private struct Count: Hashable {
        let dimension: String?
        let place: Int
        let months: ClosedRange<Int>

        func holds(_ buyer: Buyer) -> Bool {
            guard months.contains(buyer.month) else { return false }
            return switch dimension {
            case "section": buyer.section == place
            case "kind": buyer.kind == place
            case "month": buyer.month == place
            default: true
            }
        }

        var row: [Int] {
            (0..<SnapshotAttackTests.unknowns).map {
                holds(
                    Buyer(
                        section: $0 % SnapshotAttackTests.sections,
                        kind: $0 / SnapshotAttackTests.sections % SnapshotAttackTests.kinds,
                        month: 1 + $0 / (SnapshotAttackTests.sections * SnapshotAttackTests.kinds))) ? 1 : 0
            }
        }
    }

    /// Sums that are known, in steps by which any other that follows from them is found. Over a prime field, which is exact.
    private struct Knowledge {
        static let prime = 1_000_003
        private var rows: [(lead: Int, row: [Int])] = []

        mutating func learn(_ row: [Int]) {
            let rest = reduced(row)
            guard let lead = rest.firstIndex(where: { $0 != 0 }) else { return }
            let inverse = Self.power(rest[lead], Self.prime - 2)
            rows.append((lead, rest.map { $0 * inverse % Self.prime }))
        }

        func determines(_ row: [Int]) -> Bool { reduced(row).allSatisfy { $0 == 0 } }

        private func reduced(_ row: [Int]) -> [Int] {
            var rest = row
            for known in rows where rest[known.lead] != 0 {
                let factor = Self.prime - rest[known.lead]
                for place in rest.indices { rest[place] = (rest[place] + factor * known.row[place]) % Self.prime }
            }
            return rest
        }

        private static func power(_ base: Int, _ exponent: Int) -> Int {
            guard exponent > 0 else { return 1 }
            let half = power(base * base % prime, exponent / 2)
            return exponent % 2 == 0 ? half : half * base % prime
        }
    }

    private func period(_ months: ClosedRange<Int>) throws -> Period {
        try Period(from: "2026-0\(months.lowerBound)-01", to: "2026-0\(months.upperBound)-28")
    }

    private typealias Asked = (request: TableRequest, months: ClosedRange<Int>)

    /// Tables at random; those that are refused beside the ones before are left out, unless nothing is refused.
    private func tables(_ random: inout SeededGenerator, refusing: Bool) throws -> [Asked] {
        var tables: [Asked] = []
        for _ in 0..<8 {
            let first = 1 + random.next(Self.months)
            let months = first...(first + random.next(Self.months - first + 1))
            let request = TableRequest(
                metric: "enterprises", by: [nil, "section", "kind", "month"][random.next(4)],
                period: try period(months),
                standing: "market")
            let isRefused = tables.contains {
                $0.request == request || TableSeparation.objection($0.request, request, over: .market) != nil
            }
            if !refusing || !isRefused { tables.append((request, months)) }
        }
        return tables
    }

    private func cells(_ table: Asked, _ buyers: [Buyer]) -> [(count: Count, cell: Figure.Cell)] {
        let places: [Int] =
            switch table.request.dimension {
            case "section": Array(0..<Self.sections)
            case "kind": Array(0..<Self.kinds)
            case "month": Array(table.months)
            default: []
            }
        let counts =
            [Count(dimension: nil, place: 0, months: table.months)]
            + places.map { Count(dimension: table.request.dimension, place: $0, months: table.months) }
        return counts.map { count in
            let number = buyers.count(where: count.holds)
            return (
                count,
                Figure.Cell(
                    className: count.dimension == nil ? nil : "\(count.place)", name: "bought", unit: "count",
                    value: Decimal(number), enterprises: number)
            )
        }
    }

    /// Everything that follows from the tables, and which counts of one or two enterprises are among it.
    private func givenAway(_ tables: [Asked], _ buyers: [Buyer]) -> [Count] {
        var knowledge = Knowledge()
        for group in Dictionary(grouping: tables, by: \.request.whole).values {
            let exact = group.map { cells($0, buyers) }
            let shown = Suppression.applied(toTablesOfOneWhole: exact.map { $0.map(\.cell) })
            for (exact, shown) in zip(exact, shown) {
                for cell in shown where !cell.isSuppressed {
                    guard let count = exact.first(where: { $0.cell.className == cell.className })?.count else {
                        continue
                    }
                    knowledge.learn(count.row)
                }
                // As the tables say of themselves: of each hidden class there could be three.
                let hidden = shown.filter { $0.className != nil && $0.isSuppressed }
                let left = exact.filter { one in hidden.contains { $0.className == one.cell.className } }
                    .reduce(0) { $0 + $1.cell.enterprises }
                #expect(hidden.isEmpty || left - (hidden.count - 1) >= 3)
            }
        }
        return targets.filter { (1...2).contains(buyers.count(where: $0.holds)) && knowledge.determines($0.row) }
    }

    /// Every class of every dimension in any months that follow each other, whether a table has it or not.
    private var targets: [Count] {
        (1...Self.months).flatMap { first in
            (first...Self.months).flatMap { last in
                [Count(dimension: nil, place: 0, months: first...last)]
                    + (0..<Self.sections).map { Count(dimension: "section", place: $0, months: first...last) }
                    + (0..<Self.kinds).map { Count(dimension: "kind", place: $0, months: first...last) }
            }
        }
    }

    private func history(_ random: inout SeededGenerator) -> [Buyer] {
        var buyers: [Buyer] = []
        for _ in 0..<(5 + random.next(40)) {
            buyers.append(
                Buyer(
                    section: random.next(Self.sections), kind: random.next(Self.kinds),
                    month: 1 + random.next(Self.months)))
        }
        return buyers
    }

    @Test func `from all tables of one snapshot no count of one or two enterprises follows`() throws {
        var random = SeededGenerator(state: 5)
        var kept = 0
        for _ in 0..<200 {
            let buyers = history(&random)
            let tables = try tables(&random, refusing: true)
            kept += tables.count
            #expect(givenAway(tables, buyers) == [], "\(tables.map(\.request.words))")
        }
        #expect(kept > 400)
    }

    @Test func `the attacker finds enterprises in tables that are refused beside each other`() throws {
        var random = SeededGenerator(state: 5)
        var found = 0
        for _ in 0..<60 {
            let buyers = history(&random)
            if !givenAway(try tables(&random, refusing: false), buyers).isEmpty { found += 1 }
        }
        #expect(found > 15)
    }

    @Test func `what is hidden of a whole in one table is hidden in every table of it`() {
        func whole(_ enterprises: Int) -> [Figure.Cell] {
            [Figure.Cell(className: nil, name: "bought", unit: "count", value: 7, enterprises: enterprises)]
        }
        let shown = Suppression.applied(toTablesOfOneWhole: [whole(7), whole(2)])
        #expect(shown.map { $0.map(\.isSuppressed) } == [[true], [true]])
    }
}
