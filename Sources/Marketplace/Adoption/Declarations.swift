import Foundation
import Postgres

/// Purchases of data that were made elsewhere, as CSV. Lines that cannot be right are kept aside, each with its fields and reasons.
public struct DeclarationFile: Sendable {
    struct Purchase: Sendable {
        let reference, code, acceptedOn, channel, product, currency, basis: String
        let seller, section, province, kind: String?
        let value: Int64
        let isWithdrawn: Bool
        let digest: [UInt8]
    }

    private static let needed = [
        "reference", "enterprise_code", "accepted_on", "channel", "product", "value", "currency", "basis",
    ]
    public static let columns = needed + ["seller", "section", "province", "enterprise_kind", "withdrawn"]
    /// In bytes, as sent.
    public static let largest = 4 << 20
    private static let channels = ["on_exchange", "filed", "off_exchange"]

    private(set) var purchases: [Purchase]
    public private(set) var refused: [RefusedLine]

    /// - Throws: `InvalidInput` when it is no CSV, its columns are others, or it has more than 20,000 rows.
    public init(_ bytes: [UInt8], now: Date) throws {
        let lines = try LinesRead(
            bytes, of: "A declaration", needed: Self.needed, columns: Self.columns,
            key: ("reference", "reference", \.reference)
        ) { Self.purchase(&$0, now: now) }
        (purchases, refused) = (lines.items, lines.refused)
    }

    /// - Returns: nil when a field is refused.
    private static func purchase(_ reader: inout LineReader, now: Date) -> Purchase? {
        guard reader.hasEveryCell() else { return nil }
        let reference = reader.needed("reference")
        let code = reader.needed("enterprise_code").flatMap { reader.creditCode($0, of: "enterprise_code") }
        let day = reader.pastDay("accepted_on", now: now)
        let channel =
            reader.needed("channel") == nil
            ? nil
            : reader.checked(
                "channel", "No channel, one of \(channels.joined(separator: ", "))", channels.contains)
        let (product, basis) = (reader.needed("product"), reader.needed("basis"))
        let value = reader.needed("value").flatMap { text in reader.taking("value") { try minorUnits(text) } }
        let currency =
            reader.needed("currency") == nil
            ? nil : reader.checked("currency", "No currency, such as CNY", Money.isCurrency)
        let isWithdrawn = reader.truth("withdrawn")
        let (section, province, kind) = (reader.section(), reader.province(), reader.enterpriseKind())
        let seller = reader.cell("seller")
        guard reader.refused.isEmpty, let reference, let code, let day, let channel, let product, let basis, let value,
            let currency
        else { return nil }
        let said = [
            code, day, channel, product, currency, basis, "\(value)", seller ?? "", section ?? "", province ?? "",
            kind ?? "", isWithdrawn ? "yes" : "no",
        ]
        return Purchase(
            reference: reference, code: code, acceptedOn: day, channel: channel, product: product, currency: currency,
            basis: basis, seller: seller, section: section, province: province, kind: kind, value: value,
            isWithdrawn: isWithdrawn, digest: SHA256.digest(Array(said.joined(separator: "\u{1F}").utf8)))
    }

    /// `1234.50` as 123450, never through a binary fraction; free is 0.
    private static func minorUnits(_ text: String) throws -> Int64 {
        guard let match = text.wholeMatch(of: /([0-9]{1,16})(?:\.([0-9]{1,2}))?/), let whole = Int64(match.1),
            let part = Int64((match.2.map(String.init) ?? "").padding(toLength: 2, withPad: "0", startingAt: 0))
        else { throw InvalidInput("value", "'\(text.prefix(40))' is not an amount like 1234.50.") }
        return whole * 100 + part
    }
}

/// Keeps what is declared.
public struct Declarations: Sendable {
    let store: Store

    /// Declares what can be read, together; the same again changes nothing.
    public func declare(_ file: DeclarationFile, by party: UUID, now: Date) async throws -> ImportedLines {
        let rows = file.purchases
        guard !rows.isEmpty else { return ImportedLines(new: 0, corrected: 0, known: 0, refused: file.refused) }
        let (new, corrected) = try await store.database.withTransaction(lane: .report) { transaction in
            // Two files at once with one reference would both be the first to declare it.
            try await transaction.script("LOCK TABLE declared_purchase IN SHARE ROW EXCLUSIVE MODE")
            let counts = try await transaction.first(
                store.statements["adoption/declare_purchases"], party, rows.map(\.reference), rows.map(\.code),
                rows.map(\.acceptedOn), rows.map(\.channel), rows.map(\.product), rows.map(\.seller), rows.map(\.value),
                rows.map(\.currency), rows.map(\.basis), rows.map(\.section), rows.map(\.province), rows.map(\.kind),
                rows.map(\.isWithdrawn), rows.map(\.digest), now
            ) { (try $0.next(Int.self), try $0.next(Int.self)) }
            return counts ?? (0, 0)
        }
        return ImportedLines(new: new, corrected: corrected, known: rows.count - new - corrected, refused: file.refused)
    }
}
