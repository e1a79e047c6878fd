import Foundation

/// How copies of an entitlement are known: by a name, and by the seed of the order of their rows.
struct Mark: Sendable {
    let mark: String
    let seed: String
}

/// A revision that an entitlement reaches.
struct Deliverable: Sendable {
    enum Watermark: String { case none, name, order }

    struct File: Sendable {
        let name, mediaType: String
        let sha256: [UInt8]
        let bytes: Int
    }

    let product: String
    let productID: UUID
    let revision: Int
    let rows: Int
    let watermark: Watermark
    let mark: Mark?
    /// The files as they were sent; none for a revision that came with its listing.
    let files: [File]
    private let whole: File
    let parts: [File]
    /// Whether the market has tried to read it as a table.
    let isRead: Bool
    /// Names of columns, and the schema they are of.
    let columns: [String]
    let schema: JSONTree

    init(_ document: JSONDocument) throws {
        let tree = try JSONTree(json: Array(document.text.utf8))
        guard let product = tree["product"]?.text, let id = tree["product_id"]?.text.flatMap(UUID.init(uuidString:)),
            let revision = tree["revision"]?.number, let whole = Self.file(tree, name: tree["file_name"]?.text)
        else { throw RowMissing(statement: "delivery/find_deliverable") }
        (self.product, productID, self.revision, self.whole) = (product, id, revision, whole)
        rows = tree["rows"]?.number ?? 0
        watermark = tree["watermark"]?.text.flatMap(Watermark.init) ?? .none
        if let mark = tree["mark"]?.text, let seed = tree["seed"]?.text {
            self.mark = Mark(mark: mark, seed: seed)
        } else {
            mark = nil
        }
        files = (tree["files"]?.list ?? []).compactMap { Self.file($0, name: $0["name"]?.text) }
        parts = (tree["parts"]?.list ?? []).compactMap { Self.file($0, name: "") }
        isRead = tree["is_read"]?.truth ?? false
        schema = tree["schema"] ?? .list([])
        columns = (schema.list ?? []).compactMap { $0["name"]?.text }
    }

    private static func file(_ tree: JSONTree, name: String?) -> File? {
        guard let name, let sha256 = tree["sha256"]?.text.flatMap({ bytes(hexadecimal: $0) }),
            let bytes = tree["bytes"]?.number
        else { return nil }
        return File(
            name: name, mediaType: tree["media_type"]?.text ?? "application/octet-stream", sha256: sha256, bytes: bytes)
    }

    /// - Throws: `DeliveryError.noTable`, or that it will be one soon.
    func requireTable() throws {
        guard parts.isEmpty || columns.isEmpty else { return }
        throw isRead ? DeliveryError.noTable(revision) : DeliveryError.tableNotMade(revision)
    }

    /// - Throws: `DeliveryError.unknownFile` unless the name is one of several, or the only one may go without.
    func original(_ name: String?) throws -> File {
        if let named = files.first(where: { $0.name == name }) { return named }
        guard name == nil || name == whole.name, files.count < 2 else {
            throw DeliveryError.unknownFile(files.isEmpty ? [whole.name] : files.map(\.name))
        }
        return whole
    }
}
