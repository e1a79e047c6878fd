import Foundation

/// Which single events a reading goes over.
struct UsageReach: Sendable {
    /// One for each entitlement.
    let enterprises, entitlements: [UUID]
    /// One for each range.
    let since, until: [Date]

    init(
        _ subjects: [(enterprise: UUID, entitlement: UUID)], _ ranges: [(since: Date?, until: Date?)]
    ) {
        (enterprises, entitlements) = (subjects.map(\.enterprise), subjects.map(\.entitlement))
        let ranges = ranges.map { (since: $0.since ?? .distantPast, until: $0.until ?? .distantFuture) }
            .filter { $0.since < $0.until }
        (since, until) = (ranges.map(\.since), ranges.map(\.until))
    }

    var isEmpty: Bool { enterprises.isEmpty || since.isEmpty }
}
