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
        var enterprises: Int

        public var isSuppressed: Bool { value == nil }

        init(className: String?, name: String, unit: String, value: Decimal?, enterprises: Int) {
            (self.className, self.name, self.unit) = (className, name, unit)
            (self.value, self.enterprises) = (value, enterprises)
        }

        /// A value as a figure's document has it, which does not say who is behind it.
        public init(className: String?, _ value: JSONNode) {
            self.init(
                className: className, name: value["name"].string, unit: value["unit"].string,
                value: value["value"].isNull ? nil : Decimal(string: value["value"].string), enterprises: 0)
        }

        /// The same with another value.
        public func holding(_ value: Decimal?) -> Self {
            var cell = self
            cell.value = value
            return cell
        }

        /// Whether the classes' values tell of each other through the whole's: all but medians, which are in days. Shares and
        /// means do, with the counts that they are made of.
        var isAdditive: Bool { unit != "days" }

        /// Whether its unit is a currency, and the value so many hundredths of it.
        public var isMoney: Bool { Money.isCurrency(unit) }
    }

    public let metric: Metric
    public let request: FigureRequest
    /// The place of the last record of the market's log that it holds.
    public let countedTo: Int?
    public internal(set) var cells: [Cell]
    /// Whether there are classes that are not even named, because the table cannot hide what is too small in it.
    public internal(set) var isWithheld = false
    /// Whether what was known by its time can no longer change.
    public internal(set) var isSettled = false
    /// Whether it was answered without suppression, to an administrator.
    public internal(set) var isExact = false

    /// Whether there is anyone to protect: a public fact is of no enterprise, and one that is made up is not given away.
    var isProtected: Bool { metric.over == .market && request.standing != "synthetic" }

    /// The figure without what would give an enterprise away.
    var protected: Figure { Self.protected([self])[0] }

    /// Tables of the same whole without what would give an enterprise away.
    static func protected(_ tables: [Figure]) -> [Figure] {
        let cells = Suppression.applied(toTablesOfOneWhole: tables.map(\.cells))
        return zip(tables, cells).map { table, cells in
            guard table.isProtected else { return table }
            var shown = table
            shown.cells = cells
            shown.isWithheld = cells.count < table.cells.count
            return shown
        }
    }

    /// Whether any enterprise is behind it: what is listed and published is there without.
    public var hasEnterprises: Bool { cells.contains { $0.enterprises > 0 } }

    /// The figure as JSON; a suppressed value is null and said to be suppressed.
    public var document: JSONDocument {
        guard case .object(var members) = result else { return JSONDocument(text: result.json) }
        members["counted_to"] = countedTo.map { .number("\($0)") } ?? .null
        members["settled"] = .bool(isSettled)
        members["exact"] = .bool(isExact)
        return JSONDocument(text: JSONTree.object(members).json)
    }

    /// What is kept of it and hashed: the same for the same request, however often it is computed.
    var result: JSONTree {
        func time(_ date: Date?) -> JSONTree { date.map { .text(SnapshotTimes.text($0)) } ?? .null }
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
        return .object([
            "metric": .text(metric.name), "version": .number("\(metric.version)"), "sha256": .text(metric.digest),
            "by": request.dimension.map { .text($0) } ?? .null, "from": time(request.from),
            "until": time(request.until), "as_of": time(request.asOf), "recorded_by": time(request.recordedBy),
            "holds": request.standing.map { .text($0) } ?? .null, "withheld": .bool(isWithheld),
            "whole": values(cells.filter { $0.className == nil }),
            "breakdown": .list(
                classes.sorted { $0.key < $1.key }.map {
                    .object(["class": .text($0.key), "values": values($0.value)])
                }),
        ])
    }
}
