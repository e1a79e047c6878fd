import Foundation

/// The two forms in which Delta Sharing's answers are written: Parquet's own, and Delta Lake's actions.
public enum SharedFormat: String, Sendable {
    case parquet, delta

    enum Kind: String { case file, add, change = "cdf" }

    /// Change data is of writers of version 4, which readers of version 1 read.
    var protocolLine: String {
        let said: JSONTree = .object(["minReaderVersion": .number("1")])
        return line(
            "protocol",
            self == .parquet
                ? said
                : .object([
                    "deltaProtocol": .object(["minReaderVersion": .number("1"), "minWriterVersion": .number("4")])
                ]))
    }

    /// - Parameter version: for a schema of the past among changes.
    func metadata(_ table: SharedTable, of versions: SharedVersions, version: Int?) -> String {
        var members: [String: JSONTree] = [
            "id": .text(versions.productID.uuidString.lowercased()), "name": .text(versions.product),
            "description": .text(versions.title), "schemaString": .text(schema(of: table).json),
            "partitionColumns": .list([]),
            "configuration": .object(["enableChangeDataFeed": .text("true")]),
            "format": .object(["provider": .text("parquet")]),
        ]
        let counts: [String: JSONTree] = [
            "size": .number("\(table.bytes)"), "numFiles": .number("\(table.parts.count)"),
            "version": version.map { .number("\($0)") } ?? .null,
        ].filter { !$0.value.isNull }
        guard self == .delta else {
            members.merge(counts) { first, _ in first }
            return line("metaData", .object(members))
        }
        members["format"] = .object(["provider": .text("parquet"), "options": .object([:])])
        members["configuration"] = .object(["delta.enableChangeDataFeed": .text("true")])
        return line("metaData", .object(counts.merging(["deltaMetadata": .object(members)]) { first, _ in first }))
    }

    private func schema(of table: SharedTable) -> JSONTree {
        .object([
            "type": .text("struct"),
            "fields": .list(
                (table.schema.list ?? []).map { column in
                    let name = column["name"]?.text ?? ""
                    return .object([
                        "name": .text(name), "type": column["type"] ?? .text("string"),
                        "nullable": column["nullable"] ?? .bool(true),
                        "metadata": .object(table.titles[name].map { ["comment": .text($0)] } ?? [:]),
                    ])
                }),
        ])
    }

    func file(
        _ part: SharedTable.Part, kind: Kind, of version: SharedVersions.Version, _ signer: SharedLinks.Signer
    ) -> String {
        let (url, id) = (
            JSONTree.text(signer.url(of: part.sha256, bytes: part.bytes)), JSONTree.text(part.sha256.hexadecimal)
        )
        let size = JSONTree.number("\(part.bytes)")
        let timestamp = JSONTree.number("\(version.milliseconds)")
        let statistics = part.statistics.map { JSONTree.text($0.json) }
        var said: [String: JSONTree] = [
            "id": id, "version": .number("\(version.number)"), "timestamp": timestamp,
            "expirationTimestamp": .number("\(Int(signer.expiresAt.timeIntervalSince1970 * 1000))"),
        ]
        guard self == .delta else {
            said.merge(["url": url, "partitionValues": .object([:]), "size": size]) { first, _ in first }
            said["stats"] = statistics
            return line(kind.rawValue, .object(said))
        }
        var action: [String: JSONTree] = [
            "path": url, "partitionValues": .object([:]), "size": size, "dataChange": .bool(kind != .change),
        ]
        if kind != .change { action["modificationTime"] = timestamp }
        action["stats"] = kind == .change ? nil : statistics
        said["deltaSingleAction"] = .object([kind == .change ? "cdc" : "add": .object(action)])
        return line("file", .object(said))
    }

    /// The last line of a page.
    func end(next: String?, until: Date) -> String {
        line(
            "endStreamAction",
            .object([
                "nextPageToken": .text(next ?? ""),
                "minUrlExpirationTimestamp": .number("\(Int(until.timeIntervalSince1970 * 1000))"),
            ]))
    }

    private func line(_ name: String, _ value: JSONTree) -> String { JSONTree.object([name: value]).json }
}
