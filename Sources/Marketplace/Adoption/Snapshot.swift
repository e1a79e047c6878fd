import Foundation

/// Which tables are to be kept, all by the same two times.
public struct SnapshotRequest: Sendable {
    public var tables: [TableRequest]
    /// Whether they are kept as a list, also where there is one.
    public var isList: Bool
    public var asOf: Date?
    public var recordedBy: Date?

    /// Several tables in one document.
    public init(tables: [TableRequest], asOf: Date? = nil, recordedBy: Date? = nil) {
        (self.tables, isList, self.asOf, self.recordedBy) = (tables, true, asOf, recordedBy)
    }

    /// One figure.
    public init(_ table: TableRequest, asOf: Date? = nil, recordedBy: Date? = nil) {
        (tables, isList, self.asOf, self.recordedBy) = ([table], false, asOf, recordedBy)
    }

    public init(
        metric: String, version: Int? = nil, panel: String?, by dimension: String? = nil,
        count: CountingRule = .legalEntity,
        asOf: Date? = nil, recordedBy: Date? = nil
    ) {
        self.init(
            TableRequest(metric: metric, version: version, by: dimension, panel: panel, count: count), asOf: asOf,
            recordedBy: recordedBy)
    }

    /// By when all that was recorded is in the database. A command takes its time before it waits for a connection and runs,
    /// and servers' clocks differ a little: what is newer may still be on its way, and would change a figure afterwards.
    public static func settled(_ now: Date) -> Date {
        // Times are kept to the millisecond: rounded up, this one would not be settled yet.
        Date(timeIntervalSince1970: ((now.timeIntervalSince1970 - 30) * 1_000).rounded(.down) / 1_000)
    }

    /// A time as snapshots hold it, to the millisecond that has passed.
    public static func text(_ time: Date) -> String { SnapshotTimes.text(time) }
}

/// The two times of a snapshot. They are kept as texts down to the millisecond, and figures are computed from the texts, so that
/// they are computed from the same times ever after.
struct SnapshotTimes {
    let asOf: Date
    let recordedBy: Date
    private let texts: (asOf: String, recordedBy: String)

    /// - Throws: `InvalidInput` when a time lies in the future, or too near for what was known then to be settled.
    init(_ request: SnapshotRequest, now: Date) throws {
        let settled = SnapshotRequest.settled(now)
        if let asOf = request.asOf, asOf > now {
            throw InvalidInput(
                "as_of", "This time lies in the future; a snapshot is of what has happened and is known.")
        }
        if let recordedBy = request.recordedBy, recordedBy > settled {
            throw InvalidInput(
                "recorded_by",
                "What is known by a time is settled half a minute later; ask for an earlier time or wait.")
        }
        try self.init(asOf: Self.text(request.asOf ?? settled), recordedBy: Self.text(request.recordedBy ?? settled))
    }

    /// As a snapshot holds them; nil when it does not.
    init?(_ tree: JSONTree?) {
        guard let asOf = tree?["as_of"]?.text, let recordedBy = tree?["recorded_by"]?.text else { return nil }
        try? self.init(asOf: asOf, recordedBy: recordedBy)
    }

    private init(asOf: String, recordedBy: String) throws {
        texts = (asOf, recordedBy)
        self.asOf = try parsedTime(asOf, field: "as_of")
        self.recordedBy = try parsedTime(recordedBy, field: "recorded_by")
    }

    var members: [String: JSONTree] { ["as_of": .text(texts.asOf), "recorded_by": .text(texts.recordedBy)] }

    /// The millisecond that has passed, never the coming one.
    static func text(_ time: Date) -> String {
        let passed = Date(timeIntervalSince1970: (time.timeIntervalSince1970 * 1000).rounded(.down) / 1000 + 0.0001)
        return passed.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}

/// A snapshot as it is kept.
struct KeptSnapshot: Sendable {
    /// Of one figure, and of several tables.
    static let format = "datamarket-snapshot/1"
    static let listFormat = "datamarket-snapshot/2"

    let id: UUID
    let document: [UInt8]
    let sha256: [UInt8]
}
