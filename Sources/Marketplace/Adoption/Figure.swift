import Foundation

/// A figure over the whole market: some values of the whole, and of each class of a dimension.
public struct Figure: Sendable {
    /// One value. Its class is nil in the whole, and empty where it is unknown.
    public struct Cell: Sendable, Hashable {
        public let className: String?
        public let name: String
        /// `count`, or the currency whose minor units it is in.
        public let unit: String
        /// Nil where it would give an enterprise away.
        public internal(set) var value: Decimal?
        /// How many enterprises are behind it; what is more than three may be told as fewer, but not as less than three.
        let enterprises: Int

        public var isSuppressed: Bool { value == nil }
        /// Whether its unit is a currency, and the value so many hundredths of it.
        public var isMoney: Bool { Money.isCurrency(unit) }
    }

    public let metric: Metric
    public let request: FigureRequest
    /// The place of the last record of the market's log that it holds.
    public let countedTo: Int?
    public let cells: [Cell]
    /// Whether there are classes that are not even named, because the table cannot hide what is too small in it.
    public let isWithheld: Bool

    /// The figure as JSON; a suppressed value is null and said to be suppressed.
    public var document: JSONDocument {
        func time(_ date: Date?) -> JSONTree { date.map { .text(SnapshotParameters.text($0)) } ?? .null }
        func values(_ cells: [Cell]) -> JSONTree {
            .list(
                cells.map { cell in
                    .object([
                        "name": .text(cell.name), "unit": .text(cell.unit),
                        "value": cell.value.map { .number("\($0)") } ?? .null, "suppressed": .bool(cell.isSuppressed),
                    ])
                })
        }
        let classes = Dictionary(grouping: cells.filter { $0.className != nil }) { $0.className ?? "" }
        return JSONDocument(
            text: JSONTree.object([
                "metric": .text(metric.name), "version": .number("\(metric.version)"), "sha256": .text(metric.digest),
                "by": request.dimension.map { .text($0) } ?? .null, "from": time(request.from),
                "until": time(request.until),
                "as_of": time(request.asOf), "recorded_by": time(request.recordedBy),
                "holds": request.standing.map { .text($0) } ?? .null,
                "counted_to": countedTo.map { .number("\($0)") } ?? .null,
                "withheld": .bool(isWithheld), "whole": values(cells.filter { $0.className == nil }),
                "breakdown": .list(
                    classes.sorted { $0.key < $1.key }.map {
                        .object(["class": .text($0.key), "values": values($0.value)])
                    }),
            ]).json)
    }
}
