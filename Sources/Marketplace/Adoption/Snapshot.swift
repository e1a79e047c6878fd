import Foundation

/// Which figure is to be kept.
public struct SnapshotRequest: Sendable {
    public var metric: String
    public var panel: String
    public var dimension: String?
    public var count: CountingRule
    public var asOf: Date?
    public var recordedBy: Date?

    public init(
        metric: String, panel: String, by dimension: String? = nil, count: CountingRule = .legalEntity,
        asOf: Date? = nil, recordedBy: Date? = nil
    ) {
        self.metric = metric
        self.panel = panel
        self.dimension = dimension
        self.count = count
        self.asOf = asOf
        self.recordedBy = recordedBy
    }

    /// By when all that was recorded is in the database. A command takes its time before it waits for a connection and runs,
    /// and servers' clocks differ a little: what is newer may still be on its way, and would change a figure afterwards.
    public static func settled(_ now: Date) -> Date {
        // Times are kept to the millisecond: rounded up, this one would not be settled yet.
        Date(timeIntervalSince1970: ((now.timeIntervalSince1970 - 30) * 1_000).rounded(.down) / 1_000)
    }
}

/// What a figure was asked by. Times are kept as texts down to the millisecond, and the figure is computed from the texts,
/// so that it is computed from the same times ever after.
struct SnapshotParameters {
    let panel: String
    let dimension: String?
    let count: CountingRule
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
        let texts = (asOf: Self.text(request.asOf ?? settled), recordedBy: Self.text(request.recordedBy ?? settled))
        try self.init(panel: request.panel, dimension: request.dimension, count: request.count, texts: texts)
    }

    /// As a snapshot holds them; nil when it does not. One that was kept before there were rules of counting names none.
    init?(_ tree: JSONTree?) {
        guard let panel = tree?["panel"]?.text, let asOf = tree?["as_of"]?.text,
            let recordedBy = tree?["recorded_by"]?.text
        else { return nil }
        let rule = try? CountingRule(named: tree?["count"]?.text)
        guard let rule else { return nil }
        try? self.init(panel: panel, dimension: tree?["by"]?.text, count: rule, texts: (asOf, recordedBy))
    }

    private init(
        panel: String, dimension: String?, count: CountingRule, texts: (asOf: String, recordedBy: String)
    ) throws {
        self.panel = panel
        self.dimension = dimension
        self.count = count
        self.texts = texts
        asOf = try parsedTime(texts.asOf, field: "as_of")
        recordedBy = try parsedTime(texts.recordedBy, field: "recorded_by")
    }

    var tree: JSONTree {
        .object([
            "panel": .text(panel), "by": dimension.map { .text($0) } ?? .null, "count": .text(count.rawValue),
            "as_of": .text(texts.asOf), "recorded_by": .text(texts.recordedBy),
        ])
    }

    /// The millisecond that has passed, never the coming one.
    static func text(_ time: Date) -> String {
        let passed = Date(timeIntervalSince1970: (time.timeIntervalSince1970 * 1000).rounded(.down) / 1000 + 0.0001)
        return passed.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}

/// A snapshot as it is kept.
struct KeptSnapshot: Sendable {
    static let format = "datamarket-snapshot/1"

    let id: UUID
    let document: [UInt8]
    let sha256: [UInt8]
}
