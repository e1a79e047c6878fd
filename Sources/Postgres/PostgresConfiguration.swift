import Foundation

/// Where the server is, how many connections each lane may hold, and how long things may take.
public struct PostgresConfiguration: Sendable {
    /// A libpq connection string, passed to libpq unparsed.
    public var url: String
    /// Each sends in batches, so one does the work of many; more than half the cores would only take them from the
    /// server, and make the batches smaller.
    public var readLaneConnections = max(1, ProcessInfo.processInfo.activeProcessorCount / 2)
    public var connections = 8
    public var reportConnections = 2
    /// Each keeps a core busy while it counts and ranks: more at once would only make every search slow.
    public var searchConnections = ProcessInfo.processInfo.activeProcessorCount
    /// For each host of the URL; libpq knows whole seconds, and nothing under two.
    public var connectTimeout: Duration = .seconds(2)
    public var acquireTimeout: Duration = .seconds(5)
    public var statementTimeout: Duration = .seconds(15)
    /// The same for the lane of reports, imports and exports.
    public var reportTimeout: Duration = .seconds(600)
    /// How many statements may wait in each lane.
    public var queueLimit = 4096
    public var applicationName = "datamarket"

    public init(url: String) { self.url = url }
}

/// Which group of connections a statement runs on, so that short reads never wait behind long reports.
public enum Lane: Sendable, Hashable, CaseIterable {
    /// Independent reads by key, sent in batches; its sessions refuse to write.
    case read
    /// Listings, counts and everything that writes.
    case general
    /// Searches, which wait their turn for a core. Their plans are the same whatever is asked, and would take longer to
    /// make than most answers; its sessions refuse to write.
    case search
    /// Reports, imports and exports.
    case report

    /// What a session of the lane begins with.
    var settings: String {
        switch self {
        case .read: "SET default_transaction_read_only = on"
        case .search: "SET default_transaction_read_only = on; SET plan_cache_mode = force_generic_plan"
        case .general, .report: "SET default_transaction_read_only = off"
        }
    }
}

/// The isolation level of a transaction.
public enum Isolation: Sendable {
    case readCommitted, repeatableRead, serializable

    var begin: String {
        switch self {
        case .readCommitted: "BEGIN ISOLATION LEVEL READ COMMITTED"
        case .repeatableRead: "BEGIN ISOLATION LEVEL REPEATABLE READ"
        case .serializable: "BEGIN ISOLATION LEVEL SERIALIZABLE"
        }
    }
}
