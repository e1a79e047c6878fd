import Foundation
import Hummingbird
import Marketplace

/// An invoice as CSV: a row for each line and usage behind it, each with what the invoice says as a whole.
struct InvoiceTable {
    private static let header = [
        "invoice", "state", "seller", "buyer", "product", "issued_at", "due_on", "currency", "line", "kind", "title_zh",
        "title_en", "period", "meter", "quantity", "unit_price_minor", "net_minor", "vat_rate", "vat_minor",
        "gross_minor",
        "rating_version", "usage_events", "usage_sha256",
    ]
    private let rows: [[String]]

    init(_ invoice: JSONDocument) throws {
        let invoice = try JSONNode(invoice)
        let common = [
            invoice["number"].string, invoice["state"].string, invoice["seller"]["code"].string,
            invoice["buyer"]["code"].string, invoice["product"]["code"].string, invoice["issued_at"].string,
            invoice["due_on"].string, invoice["currency"].string,
        ]
        let names = [
            "number", "kind", "title_zh", "title_en", "period", "meter", "quantity", "unit_price_minor", "net_minor",
            "vat_rate", "vat_minor", "gross_minor", "rating_version",
        ]
        rows = invoice["lines"].list.map { line in
            let usage = line["usage"].list
            return common + names.map { line[$0].string } + [
                usage.map { $0["events"].string }.joined(separator: " "),
                usage.map { $0["sha256"].string }.joined(separator: " "),
            ]
        }
    }

    func response() -> Response {
        let lines = ([Self.header] + rows).map { $0.map(\.csvCell).joined(separator: ",") + "\r\n" }
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/csv; charset=utf-8", .vary: "Accept",
                .contentDisposition: "attachment; filename=\"invoice.csv\"",
            ], body: .init(byteBuffer: ByteBuffer(string: "\u{FEFF}" + lines.joined())))
    }
}
