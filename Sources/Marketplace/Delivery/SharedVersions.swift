import Foundation

/// The revisions of a product that a reader reaches as versions of a table, oldest first.
struct SharedVersions: Sendable {
    struct Version: Sendable {
        let number: Int
        let publishedAt: Date
        let hasChangeData: Bool

        /// As Delta writes times.
        var milliseconds: Int { Int(publishedAt.timeIntervalSince1970 * 1000) }
    }

    let product: String
    let productID: UUID
    let title: String
    let watermark: Deliverable.Watermark
    let all: [Version]
    let newestTable: SharedTable?

    init(_ document: JSONDocument) throws {
        let tree = try JSONTree(json: Array(document.text.utf8))
        guard let product = tree["product"]?.text, let id = tree["product_id"]?.text.flatMap(UUID.init(uuidString:))
        else { throw RowMissing(statement: "delivery/list_shared_versions") }
        (self.product, productID) = (product, id)
        title = [tree["title_zh"]?.text, tree["title_en"]?.text].compactMap(\.self).joined(separator: " / ")
        watermark = tree["watermark"]?.text.flatMap(Deliverable.Watermark.init) ?? .none
        all = try (tree["versions"]?.list ?? []).map { version in
            Version(
                number: version["number"]?.number ?? 0,
                publishedAt: try parsedTime(version["published_at"]?.text ?? "", field: "published_at"),
                hasChangeData: version["has_change_data"]?.truth ?? false)
        }
        newestTable = tree["table"].flatMap { $0.isNull ? nil : SharedTable($0) }
    }

    func newest() throws -> Version {
        guard let newest = all.last else {
            throw SharingError.noVersion("The product is not there as a table: it is none, or is still being read.")
        }
        return newest
    }

    func first(from time: Date) throws -> Version {
        guard let first = all.first(where: { $0.publishedAt >= time }) else {
            throw SharingError.noVersion("No revision was published from then on.")
        }
        return first
    }

    /// A time names the state of then.
    func find(_ state: Sharing.State) throws -> Version {
        switch state {
        case .newest: return try newest()
        case .number(let number):
            guard let version = all.first(where: { $0.number == number }) else {
                throw SharingError.notReached(number)
            }
            return version
        case .time(let time):
            guard let version = all.last(where: { $0.publishedAt <= time }) else {
                throw SharingError.noVersion("At that time no revision that this entitlement reaches was published.")
            }
            return version
        }
    }

    func range(from start: Sharing.State, to end: Sharing.State) throws -> [Version] {
        var first = try newest()
        switch start {
        case .newest: throw InvalidInput("startingVersion", "Changes begin with a version or a time.")
        case .number: first = try find(start)
        case .time(let time): first = try self.first(from: time)
        }
        let last = try find(end)
        guard first.number <= last.number else { throw SharingError.emptyRange }
        return all.filter { (first.number...last.number).contains($0.number) }
    }
}

/// A version as a table: its schema and parts.
struct SharedTable: Sendable {
    struct Part: Sendable {
        let sha256: [UInt8]
        let bytes, rows: Int
        /// As Delta Lake writes them.
        let statistics: JSONTree?
    }

    let schema: JSONTree
    /// What the columns are called, by name.
    let titles: [String: String]
    let rows: Int
    var parts: [Part]
    var mark: String?

    init(_ document: JSONDocument) throws { self.init(try JSONTree(json: Array(document.text.utf8))) }

    init(_ tree: JSONTree) {
        schema = tree["schema"] ?? .list([])
        titles = Dictionary(
            (tree["columns"]?.list ?? []).map { column in
                (
                    column["name"]?.text ?? "",
                    [column["zh"]?.text, column["en"]?.text].compactMap(\.self).joined(separator: " / ")
                )
            }
        ) { first, _ in first }
        rows = tree["rows"]?.number ?? 0
        parts = (tree["parts"]?.list ?? []).compactMap { part in
            guard let sha256 = part["sha256"]?.text.flatMap({ Marketplace.bytes(hexadecimal: $0) }) else { return nil }
            return Part(
                sha256: sha256, bytes: part["bytes"]?.number ?? 0, rows: part["rows"]?.number ?? 0,
                statistics: part["statistics"].flatMap { $0.isNull ? nil : $0 })
        }
    }

    var bytes: Int { parts.reduce(0) { $0 + $1.bytes } }

    /// The parts that can hold rows of a predicate, and no more of them than a number of rows needs.
    func parts(matching predicate: JSONPredicate?, limit: Int?) -> [Part] {
        // Of a table without rows clients make their own empty one.
        let possible = parts.filter { part in
            guard part.rows > 0 else { return false }
            return
                predicate.flatMap { predicate in part.statistics.map(predicate.mayHold) } ?? true
        }
        // With a predicate, rows of the first parts need not be among those that are asked for.
        guard let limit, predicate == nil else { return possible }
        var rows = 0
        return Array(
            possible.prefix { part in
                defer { rows += part.rows }
                return rows < limit
            })
    }
}

/// Where a further page of files begins.
struct SharedPage: Sendable {
    let version, place: Int
}
