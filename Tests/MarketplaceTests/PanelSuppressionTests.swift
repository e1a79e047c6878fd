import Foundation
import Testing

@testable import Marketplace

/// What a figure over a panel leaves out. A class is written as (members that can be given away, those of them that bought).
@Suite struct PanelSuppressionTests {
    private static let metric = Result { try Metric(statement: Statements()["adoption_rate"]) }

    private func figure(_ classes: [(Int, Int)], synthetic: Int = 0) throws -> PanelFigure {
        func share(_ name: String?, _ members: Int, _ bought: Int, _ more: Int) -> PanelFigure.Share {
            PanelFigure.Share(
                className: name, numerator: bought, denominator: members + more, rate: nil, exposed: members,
                exposedBought: bought)
        }
        return PanelFigure(
            metric: try Self.metric.get(), head: [:],
            whole: share(
                nil, classes.reduce(0) { $0 + $1.0 }, classes.reduce(0) { $0 + $1.1 }, synthetic * classes.count),
            classes: classes.enumerated().map { share("\($0)", $1.0, $1.1, synthetic) })
    }

    /// The places of the classes that are shown; nil where the whole is not.
    private func shown(_ classes: (Int, Int)..., synthetic: Int = 0) throws -> [Int]? {
        let shown = PanelSuppression.applied(to: try figure(classes, synthetic: synthetic))
        guard !shown.whole.isSuppressed else { return nil }
        return shown.classes.indices.filter { !shown.classes[$0].isSuppressed }
    }

    @Test func `one or two that bought are not told, nor one or two that did not`() throws {
        #expect(try shown((9, 2), (9, 4), (20, 10)) == [2])
        #expect(try shown((9, 7), (9, 4), (20, 10)) == [2])
        #expect(try shown((9, 3), (9, 6)) == [0, 1])
    }

    @Test func `of fewer than three enterprises nothing is told`() throws {
        #expect(try shown((2, 0), (9, 4), (20, 10)) == [2])
        #expect(try shown((1, 1), (30, 15), (40, 20)) == [2])
    }

    @Test func `that none or all of three and more bought is told`() throws {
        #expect(try shown((3, 0), (3, 3), (8, 4)) == [0, 1, 2])
    }

    @Test func `classes are hidden until three that bought and three that did not are hidden together`() throws {
        #expect(try shown((4, 2), (4, 1), (20, 10)) == [2])
        #expect(try shown((4, 2), (5, 0), (6, 0), (7, 3), (20, 10)) == [4])
    }

    @Test func `a whole that is too small takes its classes with it, but never the denominators`() throws {
        #expect(try shown((5, 1), (6, 1)) == nil)
        let hidden = PanelSuppression.applied(to: try figure([(5, 1), (6, 1)]))
        let result = hidden.result
        #expect(result["numerator"] == .null && result["suppressed"] == .bool(true))
        #expect(result["denominator"]?.number == 11)
        #expect(result["breakdown"]?.list?.map { $0["denominator"]?.number } == [5, 6])
        #expect(result["breakdown"]?.list?.allSatisfy { $0["rate"] == .null } == true)
    }

    @Test func `who is made up is not protected, and hides nobody`() throws {
        #expect(try shown((0, 0), (0, 0), synthetic: 5) == [0, 1])
        #expect(try shown((0, 0), (4, 1), (9, 4), synthetic: 5) == [0])
    }

    /// The attacker knows who is in which class, and takes what is shown from the whole.
    @Test
    func `an attacker who subtracts what is shown learns of no hidden class that fewer than three bought or did not`()
        throws
    {
        var random = SeededGenerator(state: 11)
        var hiddenClasses = 0
        for _ in 0..<5_000 {
            let classes = (0..<(1 + random.next(7))).map { _ in
                let members = random.next(12)
                return (members, random.next(members + 1))
            }
            let shown = PanelSuppression.applied(to: try figure(classes))
            // Of a whole of which none or all bought, everything follows from the whole itself.
            guard !shown.whole.isSuppressed, !(0...0).contains(shown.whole.exposedBought),
                shown.whole.exposedBought < shown.whole.exposed
            else { continue }
            let hidden = shown.classes.filter(\.isSuppressed)
            let members = hidden.reduce(0) { $0 + $1.exposed }
            let bought = hidden.reduce(0) { $0 + $1.exposedBought }
            for share in hidden {
                let most = min(share.exposed, bought)
                let least = max(0, bought - (members - share.exposed))
                let three = min(3, share.exposed)
                #expect(most >= three && share.exposed - least >= three, "\(classes)")
            }
            for share in shown.classes where !share.isSuppressed {
                let counts = [share.exposed, share.exposedBought, share.exposed - share.exposedBought]
                #expect(!counts.contains { (1...2).contains($0) }, "\(classes)")
            }
            hiddenClasses += hidden.count
        }
        #expect(hiddenClasses > 5_000)
    }
}
