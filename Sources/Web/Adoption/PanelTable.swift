import Hummingbird
import Marketplace

/// The members of a panel's version as CSV, in the columns that an import takes.
struct PanelTable {
    private let fileName: String
    private let rows: [[String]]

    init(_ members: JSONDocument) throws {
        let members = try JSONNode(members)
        fileName = "\(members["panel"]["code"].string)-v\(members["panel"]["version"].string).csv"
        rows = members["items"].list.map { member in PanelFile.columns.map { member[$0].string } }
    }

    func response() -> Response { csvResponse([PanelFile.columns] + rows, named: fileName) }
}
