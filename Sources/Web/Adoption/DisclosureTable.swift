import Hummingbird
import Marketplace

/// A page of authorised operation as CSV: a row for each authorisation of a product, each with where the next page begins.
struct DisclosureTable {
    private static let members = [
        "year", "institution", "institution_zh", "institution_en", "operator", "operator_zh", "operator_en", "number",
        "since", "until", "ended_on", "product", "product_zh", "product_en", "product_kind", "use_class", "listed",
    ]
    private let rows: [[String]]

    init(_ page: JSONDocument) throws {
        let page = try JSONNode(page)
        rows = page["items"].list.map { item in
            Self.members.map { item[$0].string }
                + [item["entries"].list.map(\.string).joined(separator: "; "), page["next"].string]
        }
    }

    func response() -> Response {
        csvResponse([Self.members + ["entries", "next"]] + rows, named: "authorised-operation.csv")
    }
}
