import Foundation
import Postgres

/// Makes one file of a revision in a format that is asked for, once; who asks meanwhile waits for the same file.
actor Renditions {
    private let store: Store
    private let files: ContentFiles
    private let engine: TableEngine
    private var making: [Key: Task<File, any Error>] = [:]

    typealias File = (sha256: [UInt8], bytes: Int)

    /// Whose copy it is, where copies are marked.
    struct Holder: Sendable {
        let enterprise, entitlement: UUID
        let mark: Mark
    }

    private struct Key: Hashable {
        let product: UUID
        let revision: Int
        let format: Delivery.Format
        let entitlement: UUID?
    }

    init(store: Store, files: ContentFiles, engine: TableEngine) {
        (self.store, self.files, self.engine) = (store, files, engine)
    }

    /// - Throws: `DeliveryError.unusableQuery` for a table that the format cannot hold.
    func file(
        of found: Deliverable, as format: Delivery.Format, for holder: Holder?, now: Date
    ) async throws -> File {
        if format == .parquet, holder == nil, found.parts.count == 1 {
            return (found.parts[0].sha256, found.parts[0].bytes)
        }
        if let made = try await find(found, format, holder) { return made }
        let key = Key(
            product: found.productID, revision: found.revision, format: format, entitlement: holder?.entitlement)
        if let task = making[key] { return try await task.value }
        let task = Task { try await make(found, format, holder, now: now) }
        making[key] = task
        defer { making[key] = nil }
        return try await task.value
    }

    private func find(_ found: Deliverable, _ format: Delivery.Format, _ holder: Holder?) async throws -> File? {
        let decode: @Sendable (inout Row) throws -> File = { (try $0.next([UInt8].self), try $0.next(Int.self)) }
        if let holder {
            return try await store.database.first(
                store.statements["delivery/find_marked_rendition"], holder.enterprise, holder.entitlement,
                found.revision, format.rawValue, as: decode)
        }
        return try await store.database.first(
            store.statements["delivery/find_rendition"], found.productID, found.revision, format.rawValue, as: decode)
    }

    private func make(
        _ found: Deliverable, _ format: Delivery.Format, _ holder: Holder?, now: Date
    ) async throws -> File {
        let work = try files.workFolder()
        defer { try? FileManager.default.removeItem(at: work) }
        let output = work.appendingPathComponent("rendition")
        do {
            _ = try await engine.run(
                .object([
                    "job": .text("export"), "format": .text(format.written.format), "output": .text(output.path),
                    "compression": format.written.compression.map(JSONTree.text) ?? .null,
                    "parts": .list(found.parts.map { .text(files.url(of: $0.sha256).path) }),
                    "columns": .list(found.columns.map(JSONTree.text)),
                    "watermark": holder.map { holder in
                        .object([
                            "text": .text("\(found.product) r\(found.revision) \(holder.mark.mark)"),
                            "seed": found.watermark == .order ? .text(holder.mark.seed) : .null,
                        ])
                    } ?? .null,
                ]))
        } catch let refusal as TableRefusal {
            let reason = refusal.document["problems"]?.list?.first?["en"]?.text ?? refusal.document["en"]?.text
            throw DeliveryError.unusableQuery(field: "format", reason ?? "This format cannot hold the table.")
        }
        let identity = try await onDisk { try ContentFiles.identity(of: output) }
        try files.keep(output, as: identity.sha256)
        try await store.database.withTransaction { transaction in
            try await transaction.execute(
                store.statements["catalog/insert_content"], identity.sha256, identity.sm3, identity.bytes, now)
            if let holder {
                try await transaction.execute(
                    store.statements["delivery/insert_marked_rendition"], holder.enterprise, holder.entitlement,
                    found.productID, found.revision, format.rawValue, identity.sha256, now)
            } else {
                try await transaction.execute(
                    store.statements["delivery/insert_rendition"], found.productID, found.revision, format.rawValue,
                    identity.sha256, now)
            }
        }
        return (identity.sha256, identity.bytes)
    }
}
