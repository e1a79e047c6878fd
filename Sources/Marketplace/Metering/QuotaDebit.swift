import Foundation

/// What one meter of one entitlement has left, and what uses take from it. Grants are used in their order; beyond them the
/// last soft one pays; hard ones are never exceeded.
struct QuotaDebit {
    struct Grant {
        let id: UUID
        let isHard: Bool
        let isInForce: Bool
        let isWithin: Bool
        let since: Date
        let carried: String
        let used: String
        var room: Decimal
    }

    /// What a use takes from a grant.
    struct Take {
        let grant: Grant
        let event: UUID
        let quantity: Decimal
    }

    private var grants: [Grant]
    private let isLimited: Bool
    private let payer: Int?
    private(set) var taken: [Take] = []
    private(set) var isExceeded = false

    /// - Parameter grants: in the order in which they are used; none: the use is not limited.
    init(_ grants: [Grant]) {
        isLimited = !grants.isEmpty
        self.grants = grants.filter(\.isInForce)
        payer = self.grants.lastIndex { !$0.isHard }
    }

    var room: Decimal { grants.reduce(0) { $0 + $1.room } }

    /// False when hard grants do not hold so much.
    func holds(_ quantity: Decimal) -> Bool { !isLimited || payer != nil || room >= quantity }

    /// Takes a use that it holds.
    mutating func take(_ quantity: Decimal, for event: UUID) {
        guard isLimited else { return }
        var left = quantity
        var parts = grants.map { grant -> Decimal in
            let part = min(left, grant.room)
            left -= part
            return part
        }
        if left > 0, let payer {
            if grants[payer].isWithin { isExceeded = true }
            parts[payer] += left
        }
        for (place, part) in parts.enumerated() where part > 0 {
            grants[place].room = max(0, grants[place].room - part)
            taken.append(Take(grant: grants[place], event: event, quantity: part))
        }
    }
}
