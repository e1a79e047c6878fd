import Foundation

/// A bank statement as CSV with the columns date, amount, currency, payer and reference. Rows that cannot be read are kept
/// aside with their line and reason; the others are payments.
public struct BankStatement: Sendable {
    public struct Row: Sendable {
        let day: String
        /// In minor units; negative when it was sent.
        let amount: Int64
        let currency: String
        let payer: String
        let reference: String
        /// SHA-256 of the row, and of how many equal rows stand above it: two equal transfers of a day are two.
        let digest: String
    }

    public static let columns = ["date", "amount", "currency", "payer", "reference"]
    static let mostRows = 10_000
    public let rows: [Row]
    public let problems: [FieldProblem]

    /// - Parameter now: no row is of a later day than this one is in Beijing.
    /// - Throws: `InvalidInput` when it is no CSV, lacks a column, or has more than 10,000 rows.
    public init(_ table: CSVTable, now: Date) throws {
        if let missing = Self.columns.first(where: { !table.header.contains($0) }) {
            throw InvalidInput(
                "file", "The column \(missing) is missing: it must have \(Self.columns.joined(separator: ", ")).")
        }
        guard table.records.count <= Self.mostRows else {
            throw InvalidInput("file", "A statement has at most \(Self.mostRows) rows; send it in parts.")
        }
        var (rows, problems, seen) = ([Row](), [FieldProblem](), [String: Int]())
        let today = Billing.legalDay(now)
        for record in table.records {
            do {
                rows.append(try Self.row(record, of: table, today: today, seen: &seen))
            } catch let refusal as InvalidInput {
                problems.append(FieldProblem("line \(record.line): \(refusal.field ?? "")", refusal.message))
            }
        }
        self.rows = rows
        self.problems = problems
    }

    private static func row(
        _ record: CSVTable.Record, of table: CSVTable, today: String, seen: inout [String: Int]
    ) throws -> Row {
        let cell = { (column: String) throws(InvalidInput) -> String in
            guard let text = table.cell(column, of: record)?.trimmingCharacters(in: .whitespaces), !text.isEmpty else {
                throw InvalidInput(column, "This cell is empty.")
            }
            guard text.utf8.count <= 400, !text.contains("\0") else {
                throw InvalidInput(column, "This cell is too long or holds a NUL character.")
            }
            return text
        }
        guard record.cells.count == table.header.count else {
            throw InvalidInput("row", "It has \(record.cells.count) cells, the header has \(table.header.count).")
        }
        let day = try cell("date")
        guard day.utf8.count == 10, (try? parsedTime(day, field: "date")) != nil else {
            throw InvalidInput("date", "'\(day.prefix(40))' is not a day like 2026-02-01.")
        }
        guard day <= today else { throw InvalidInput("date", "\(day) has not come yet.") }
        let currency = try cell("currency")
        guard Money.isCurrency(currency) else {
            throw InvalidInput("currency", "'\(currency.prefix(20))' is not a code like CNY.")
        }
        let amount = try minorUnits(try cell("amount"))
        // A transfer without a reference is matched by hand.
        let (payer, reference) = (try cell("payer"), (try? cell("reference")) ?? "")
        let text = [day, String(amount), currency, payer, reference].joined(separator: "\n")
        let place = seen[text, default: 0]
        seen[text] = place + 1
        return Row(
            day: day, amount: amount, currency: currency, payer: payer, reference: reference,
            digest: SHA256.digest(Array("\(text)\n\(place)".utf8)).hexadecimal)
    }

    /// `-1,234.50` as -123450; never through a binary fraction.
    static func minorUnits(_ text: String) throws -> Int64 {
        let plain = text.replacing(",", with: "")
        guard let match = plain.wholeMatch(of: /([+-]?)([0-9]{1,16})(?:\.([0-9]{1,2}))?/),
            let whole = Int64(match.2),
            let part = Int64((match.3.map(String.init) ?? "").padding(toLength: 2, withPad: "0", startingAt: 0)),
            case let amount = whole * 100 + part, amount > 0
        else { throw InvalidInput("amount", "'\(text.prefix(40))' is not an amount like 1234.50 other than 0.") }
        return match.1 == "-" ? -amount : amount
    }
}
