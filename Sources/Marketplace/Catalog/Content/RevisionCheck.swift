import Foundation
import Postgres

/// Checks uploads that were handed in, one after the other, and publishes those that keep their contract.
public struct RevisionCheck: Sendable {
    let store: Store
    let catalog: Catalog
    let tables: Tables
    let files: ContentFiles

    /// For how long a server that says nothing keeps an upload.
    private static let hold: TimeInterval = 60

    private struct Upload {
        let product: UUID
        let number: Int
        let code: String
        let contract: RevisionContract
        let party: UUID
    }

    /// Checks what waits. - Returns: how many uploads were ended.
    @discardableResult
    public func checkAll(now: @Sendable @escaping () -> Date) async throws -> Int {
        var ended = 0
        while let upload = try await next(now()) {
            let holding = Task { try await hold(upload, now: now) }
            defer { holding.cancel() }
            try await check(upload, now: now)
            ended += 1
        }
        return ended
    }

    private func next(_ now: Date) async throws -> Upload? {
        let taken = try await store.database.first(
            store.statements["catalog/take_upload"], now, now + Self.hold
        ) { row in
            let (product, number) = (try row.next(UUID.self), try row.next(Int.self))
            let (code, contract) = (try row.next(String.self), try row.next(String.self))
            return (product: product, number: number, code: code, contract: contract, party: try row.next(UUID.self))
        }
        guard let taken else { return nil }
        return Upload(
            product: taken.product, number: taken.number, code: taken.code,
            contract: try JSONDecoder().decode(RevisionContract.self, from: Data(taken.contract.utf8)),
            party: taken.party)
    }

    private func hold(_ upload: Upload, now: @Sendable () -> Date) async throws {
        while true {
            try await Task.sleep(for: .seconds(Self.hold / 3))
            try await store.database.execute(
                store.statements["catalog/hold_upload"], upload.product, upload.number, now() + Self.hold)
        }
    }

    private func check(_ upload: Upload, now: @Sendable () -> Date) async throws {
        let received = try await uploadFiles(of: upload)
        do {
            try await tables.withTable(
                of: received, columns: upload.contract.columns, keys: upload.contract.keys ?? [], strict: true,
                product: upload.product, number: upload.number
            ) { table in
                try await publish(upload, received, table, now: now())
            }
        } catch let refusal as TableRefusal {
            try await refuse(upload, refusal.document, now: now())
        } catch let error as TableEngineError where error.isAboutTheJob {
            try await refuse(
                upload, problem("limit", error.message, zh: "表格引擎无法在限定的内存和时间内完成。"), now: now())
        } catch let error as CatalogError {
            try await refuse(upload, problem("market", error.message, zh: "市场规则不允许发布：\(error.message)"), now: now())
        }
    }

    private func problem(_ rule: String, _ message: String, zh: String) -> JSONTree {
        .object([
            "count": .number("1"),
            "problems": .list([.object(["rule": .text(rule), "en": .text(message), "zh": .text(zh)])]),
        ])
    }

    private func refuse(_ upload: Upload, _ refusal: JSONTree, now: Date) async throws {
        try await store.database.execute(
            store.statements["catalog/end_upload"], upload.product, upload.number, refusal.json, now)
    }

    private func uploadFiles(of upload: Upload) async throws -> [Tables.File] {
        try await store.database.all(
            store.statements["catalog/list_files"], upload.product, upload.number
        ) { row in
            let (name, mediaType) = (try row.next(String.self), try row.next(String.self))
            let (charset, compression) = (try row.next(String?.self), try row.next(String?.self))
            let (sha256, sm3) = (try row.next([UInt8].self), try row.next([UInt8]?.self))
            return Tables.File(
                name: name, mediaType: mediaType, charset: charset, compression: compression, sha256: sha256, sm3: sm3,
                bytes: try row.next(Int.self))
        }
    }

    /// All that makes a revision, in one transaction.
    private func publish(_ upload: Upload, _ received: [Tables.File], _ table: Tables.Table, now: Date) async throws {
        let content = try whole(of: received, code: upload.code, number: upload.number)
        try await store.database.withTransaction { transaction in
            _ = try await catalog.lockedProduct(upload.code, of: upload.party, in: transaction)
            let ended = try await transaction.execute(
                store.statements["catalog/end_upload"], upload.product, upload.number, String?.none, now)
            guard ended == 1 else { return }
            try await transaction.execute(
                store.statements["catalog/insert_content"], content.sha256, content.sm3, content.bytes, now)
            let columns = String(decoding: try JSONEncoder().encode(upload.contract.columns), as: UTF8.self)
            let source = String(decoding: try JSONEncoder().encode(upload.contract.source), as: UTF8.self)
            let number = try await transaction.first(
                store.statements["catalog/insert_revision"], upload.product, content.name, content.mediaType,
                content.sha256, table.rows, columns, source, now, upload.contract.keys ?? []
            ) { try $0.next(Int.self) }
            guard let number else { throw CatalogError.sameContent(upload.code) }
            guard number == upload.number else { throw CatalogError.revisionTaken(upload.code, upload.number) }
            try await tables.insert(table, of: upload.product, number: number, in: transaction, now: now)
            if let entries = upload.contract.entries {
                try await catalog.tie(
                    upload.product, number, to: entries,
                    basis: upload.contract.entryBasis ?? "stated by the operator with the revision", in: transaction)
            } else {
                try await transaction.execute(
                    store.statements["catalog/repeat_revision_sources"], upload.product, number)
            }
            try await catalog.followRevision(of: upload.product, code: upload.code, number, in: transaction, now: now)
        }
    }

    /// One file stands for itself; several are named by a list that holds the hash of each.
    private func whole(of received: [Tables.File], code: String, number: Int) throws -> Tables.File {
        if received.count == 1 { return received[0] }
        let list = JSONTree.object([
            "format": .text("datamarket-files/1"),
            "files": .list(
                received.map { file in
                    .object([
                        "name": .text(file.name), "bytes": .number("\(file.bytes)"),
                        "sha256": .text(file.sha256.hexadecimal),
                        "sm3": file.sm3.map { .text($0.hexadecimal) } ?? .null,
                    ])
                }),
        ])
        let identity = try files.keep(try list.canonical())
        return Tables.File(
            name: "\(code)-r\(number).files.json", mediaType: "application/vnd.datamarket.files+json", charset: nil,
            compression: nil, sha256: identity.sha256, sm3: identity.sm3, bytes: identity.bytes)
    }
}
