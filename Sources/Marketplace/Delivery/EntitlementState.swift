import Postgres

/// What keeps an entitlement from being used.
struct EntitlementState: Sendable {
    let hasEnded, isInPeriod, isSuspended: Bool
    /// Why the product's sources are gone.
    let withdrawn: String?

    init(row: inout Row) throws {
        (hasEnded, isInPeriod) = (try row.next(Bool.self), try row.next(Bool.self))
        (isSuspended, withdrawn) = (try row.next(Bool.self), try row.next(String?.self))
    }

    /// - Throws: why the entitlement cannot be used.
    func requireInForce() throws {
        if hasEnded { throw DeliveryError.purchaseEnded }
        if isSuspended { throw DeliveryError.suspended }
        if !isInPeriod { throw DeliveryError.expired }
        if let withdrawn { throw DeliveryError.withdrawn(withdrawn) }
    }
}
