import Foundation
import Testing

@testable import Marketplace

@Suite struct SuppressionTests {
    private func table(_ classes: [String: Int]) -> [Figure.Cell] {
        let whole = classes.values.reduce(0, +)
        return [Figure.Cell(className: nil, name: "bought", unit: "count", value: Decimal(whole), enterprises: whole)]
            + classes.sorted { $0.key < $1.key }.map {
                Figure.Cell(
                    className: $0.key, name: "bought", unit: "count", value: Decimal($0.value), enterprises: $0.value)
            }
    }

    private func shown(_ classes: [String: Int]) -> Set<String> {
        Set(Suppression.applied(to: table(classes)).filter { !$0.isSuppressed }.map { $0.className ?? "whole" })
    }

    @Test func `a class of fewer than three enterprises is not shown, nor the smallest beside it`() {
        #expect(shown(["A": 2, "B": 9, "C": 5, "D": 7]) == ["whole", "B", "D"])
        #expect(shown(["A": 3, "B": 9]) == ["whole", "A", "B"])
    }

    @Test func `small classes hide each other only when any of them could have three enterprises`() {
        #expect(shown(["A": 2, "B": 2, "C": 8]) == ["whole", "C"])
        #expect(shown(["A": 2, "B": 1, "C": 8, "D": 9]) == ["whole", "D"])
    }

    @Test func `a class without enterprises is shown, and hides nobody`() {
        #expect(shown(["A": 0, "B": 2, "C": 8, "D": 9]) == ["whole", "A", "D"])
    }

    @Test func `a table in which nothing can be hidden is withheld, with the names of its classes`() {
        for classes in [["A": 2], ["A": 1, "B": 1, "C": 1], ["A": 1, "B": 2, "C": 0]] {
            #expect(Suppression.applied(to: table(classes)).map(\.className) == [nil])
        }
        #expect(shown(["A": 1, "B": 1, "C": 1]) == ["whole"] && shown(["A": 2]).isEmpty)
    }

    private func medians(_ classes: [String: Int]) -> [Figure.Cell] {
        classes.sorted { $0.key < $1.key }.map {
            Figure.Cell(className: $0.key, name: "median", unit: "days", value: 4, enterprises: $0.value)
        }
    }

    @Test func `a median is hidden where it is of fewer than three, and needs none beside it`() {
        let cells = Suppression.applied(to: medians(["A": 2, "B": 9, "C": 5]))
        #expect(cells.filter { !$0.isSuppressed }.map(\.className) == ["B", "C"])
    }

    @Test func `where the classes of a count are not named, a median does not name them`() {
        let cells = Suppression.applied(to: table(["A": 1, "B": 1]) + medians(["A": 1, "B": 4]))
        #expect(cells.allSatisfy { $0.className == nil })
    }

    /// The attacker knows every published table, and that a class that is hidden has an enterprise at least. What he does not know
    /// are the hidden cells; a table says of them what is left of the whole.
    @Test func `an attacker who takes the tables' differences finds no class of fewer than three`() {
        var random = SeededGenerator(state: 7)
        for _ in 0..<2_000 {
            let enterprises = random.next(41)
            // One enterprise is in one class of each of three dimensions.
            var members: [[Int]] = []
            for _ in 0..<enterprises { members.append([random.next(6), random.next(6), random.next(6)]) }
            for dimension in 0..<3 {
                let counts = Dictionary(grouping: members) { "\($0[dimension])" }.mapValues(\.count)
                let cells = Suppression.applied(to: table(counts))
                let hidden = cells.filter { $0.className != nil && $0.isSuppressed }
                guard !hidden.isEmpty else { continue }
                // The whole is in every table, and so known.
                let shown: [Decimal] = cells.filter { $0.className != nil }.compactMap(\.value)
                let left = Decimal(enterprises) - shown.reduce(Decimal(0), +)
                // Of each hidden class there are one at least and three at most, or more.
                #expect(hidden.count > 1 && left - Decimal(hidden.count - 1) >= 3, "\(counts)")
            }
        }
    }
}
