import Foundation
import Postgres

/// Sends what was bought and counts it.
public struct Delivery: Sendable {
    let store: Store

    /// Content is kept and sent in pieces of this many bytes.
    static let chunkSize = 256 * 1024

    /// What a download sends.
    public struct Content: Sendable {
        public let sha256: [UInt8]
        public let bytes: Int
        public let fileName: String
        public let mediaType: String
    }

    /// Counts one download of the revision that was bought, then answers what to send.
    public func download(_ entitlement: UUID, of enterprise: UUID, now: Date) async throws -> Content {
        let content = try await store.database.first(
            store.statements["delivery/record_download"], enterprise, entitlement, UUID.version7(at: now), now,
            UUID.version7(at: now)
        ) { row in
            let (sha256, bytes) = (try row.next([UInt8].self), try row.next(Int.self))
            return Content(
                sha256: sha256, bytes: bytes, fileName: try row.next(String.self), mediaType: try row.next(String.self))
        }
        if let content { return content }
        let state = try await store.database.first(
            store.statements["delivery/find_entitlement"], enterprise, entitlement, now
        ) { (ended: try $0.next(Bool.self), inPeriod: try $0.next(Bool.self), suspended: try $0.next(Bool.self)) }
        guard let state else { throw DeliveryError.unknownEntitlement }
        if state.ended { throw DeliveryError.purchaseEnded }
        throw state.suspended ? DeliveryError.suspended : state.inPeriod ? .quotaUsedUp : .expired
    }

    /// The pieces of content in order; nil past the end.
    public func chunk(_ number: Int, of content: Content) async throws -> [UInt8]? {
        try await store.database.first(
            store.statements["delivery/find_chunk"], content.sha256, number, lane: .report
        ) { try $0.next([UInt8].self) }
    }
}

public enum DeliveryError: MarketplaceError {
    case unknownEntitlement, suspended, expired, purchaseEnded, quotaUsedUp

    public var code: RefusalCode {
        switch self {
        case .unknownEntitlement: .notFound
        case .quotaUsedUp: .tooMany
        case .suspended, .expired, .purchaseEnded: .forbidden
        }
    }

    public var message: String {
        switch self {
        case .unknownEntitlement: "Your enterprise has no such entitlement."
        case .suspended: "This entitlement is suspended."
        case .expired: "This entitlement is not in force now: its period has ended or not begun."
        case .quotaUsedUp: "The quota of downloads is used up; the entitlement says when it is granted anew."
        case .purchaseEnded: "The purchase behind this entitlement has ended."
        }
    }
}
