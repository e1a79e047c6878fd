import Foundation

/// A figure over a panel: the share of its enterprises, and of those of each class of a dimension.
struct PanelFigure: Sendable {
    /// The whole, or a class of it.
    struct Share: Sendable, Hashable {
        let className: String?
        let numerator: Int
        let denominator: Int
        /// As PostgreSQL rounded it; nil of nobody.
        let rate: String?
        /// How many of the denominator can be given away, and how many of those are in the numerator.
        let exposed: Int
        let exposedBought: Int
        var isSuppressed = false
    }

    let metric: Metric
    /// What it is of: metric, version, panel, rule of counting, period, times and dimension.
    let head: [String: JSONTree]
    var whole: Share
    var classes: [Share]

    /// What is kept of it and hashed: the same for the same request, however often it is computed.
    var result: JSONTree {
        func members(_ share: Share) -> [String: JSONTree] {
            [
                "numerator": share.isSuppressed ? .null : .number("\(share.numerator)"),
                "denominator": .number("\(share.denominator)"),
                "rate": share.isSuppressed ? .null : share.rate.map(JSONTree.number) ?? .null,
                "suppressed": .bool(share.isSuppressed),
            ]
        }
        let breakdown = classes.map { share in
            JSONTree.object(
                members(share).merging(["class": share.className.map { .text($0) } ?? .null]) { one, _ in one })
        }
        return .object(
            head.merging(members(whole)) { one, _ in one }.merging(["breakdown": .list(breakdown)]) { one, _ in one })
    }
}
