import Hummingbird
import Marketplace

/// Price reports as CSV: a row for each product, each with what its operator's report says as a whole; an operator without
/// income has one row without a product.
struct PriceReportTable {
    private static let header = [
        "year", "operator", "currency", "cost_minor", "subsidies_minor", "profit_rate", "tax_minor", "deducted_minor",
        "allowed_revenue_minor", "revenue_minor", "deviation", "follow_up", "due_on", "product", "purchases", "usage",
        "income_minor", "next",
    ]
    private let rows: [[String]]

    init(_ reports: JSONDocument) throws {
        let reports = try JSONNode(reports)
        rows = reports["items"].list.flatMap { report -> [[String]] in
            let stated = report["stated"]
            let common =
                [report["year"].string, report["operator"].string, report["currency"].string]
                + ["cost_minor", "subsidies_minor", "profit_rate", "tax_minor", "deducted_minor"].map {
                    stated[$0].string
                }
                + ["allowed_revenue_minor", "revenue_minor", "deviation", "follow_up", "due_on"].map {
                    report[$0].string
                }
            let products = report["products"].list.isEmpty ? [.absent] : report["products"].list
            return products.map { product in
                let usage = (product["usage"].members ?? []).sorted { $0.name < $1.name }.map {
                    "\($0.name) \($0.value.string)"
                }
                return common + [
                    product["code"].string, product["purchases"].string, usage.joined(separator: "; "),
                    product["income_minor"].string, reports["next"].string,
                ]
            }
        }
    }

    func response() -> Response {
        let lines = ([Self.header] + rows).map { $0.map(\.csvCell).joined(separator: ",") + "\r\n" }
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/csv; charset=utf-8", .vary: "Accept",
                .contentDisposition: "attachment; filename=\"price-report.csv\"",
            ], body: .init(byteBuffer: ByteBuffer(string: "\u{FEFF}" + lines.joined())))
    }
}
