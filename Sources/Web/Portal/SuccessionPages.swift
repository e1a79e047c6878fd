import Foundation
import Hummingbird
import Marketplace

/// Bodies that were renamed, merged or split: the table on a party's page, and one succession, which an officer corrects.
extension PortalRoutes {
    func addSuccessionPages(to router: Router<MarketContext>) {
        page(router, "/parties/:code/successions/:id") { try await succession($0, $1) }
        router.post("/parties/:code/successions/:id/corrections") { try await correctSuccession($0, $1) }
    }

    /// What stands and, below it, what was corrected.
    /// - Parameter mayCorrect: whether each row leads to the page on which it is corrected.
    func successionTable(of code: String, mayCorrect: Bool, _ text: Language) async throws -> PortalPage.Table {
        let known = try JSONNode(await market.parties.successions(of: code, recordedBy: now()))
        var headers = [
            text("原主体", "Before"), text("变更", "What"), text("自", "Since"), text("继任", "After"), text("依据", "Basis"),
        ]
        if mayCorrect { headers.append(text("更正", "Correction")) }
        let standing = known["items"].list.flatMap { succession in
            let address = successionAddress(succession, of: succession["predecessor"]["code"].string)
            let correction = PortalPage.Cell(text: text("记错了？", "Is it wrong?"), address: address)
            return succession["successors"].list.map { successor in
                PortalPage.Table.Row(
                    cells: [
                        succession["predecessor"].party(text), .init(text: kind(succession, text)),
                        .init(text: succession["effective_on"].string), successor["party"].party(text),
                        basis(of: succession, text),
                    ] + (mayCorrect ? [correction] : []))
            }
        }
        let corrected = known["corrected"].list.map { wrong in
            PortalPage.Table.Row(
                cells: [
                    .init(text: text("已更正", "corrected"), address: successionAddress(wrong, of: code)),
                    .init(text: kind(wrong, text)), .init(text: wrong["effective_on"].string), .init(),
                    .init(text: wrong["reason"].string),
                ] + (mayCorrect ? [.init()] : []))
        }
        return .init(
            caption: text("沿革", "Renamed, merged, split"), headers: headers, rows: standing + corrected,
            empty: text("没有变更过。", "It never changed."))
    }

    private func successionAddress(_ succession: JSONNode, of code: String) -> String {
        "/parties/\(code.escapedForURL)/successions/\(succession["id"].string)"
    }

    func succession(_ request: Request, _ context: MarketContext) async throws -> PortalPage {
        let (code, text) = (try context.code(), Language(request))
        let id = try context.id(orElse: SuccessionError.unknownSuccession(code)).uuidString.lowercased()
        let known = try JSONNode(await market.parties.successions(of: code, recordedBy: now()))
        let isThis = { (succession: JSONNode) in succession["id"].string == id }
        let standing = known["items"].list.first(where: isThis)
        guard let found = standing ?? known["corrected"].list.first(where: isThis) else {
            throw SuccessionError.unknownSuccession(code)
        }
        var page = PortalPage(title: text("主体沿革：", "Succession: ") + kind(found, text))
        page.address = successionAddress(found, of: code)
        page.facts = successionFacts(found, text)
        if let standing {
            page.tables = [successorTable(standing, text)]
            if context.account?.role == .administrator { page.forms = [correctionForm(standing, text)] }
        }
        return page
    }

    private func successionFacts(_ found: JSONNode, _ text: Language) -> [PortalPage.Fact] {
        // A corrected one does not tell whose it was, and its page may be read from a successor's.
        let before = found["predecessor"].isNull ? PortalPage.Cell() : found["predecessor"].party(text)
        return [
            .init(name: text("原主体", "Before"), value: before.text, address: before.address),
            .init(name: text("自", "Since"), value: found["effective_on"].string),
            .init(name: text("依据", "Basis"), value: basis(of: found, text).text),
            .init(name: text("登记于", "Recorded"), value: found["recorded_at"].time),
            .init(
                name: text("更正于", "Corrected"),
                value: found["corrected_at"].isNull ? "" : found["corrected_at"].time),
            .init(
                name: text("更正登记", "Corrected by"),
                value: found["corrected_by"].isNull ? "" : found["corrected_by"].party(text).text),
            .init(name: text("更正理由", "Reason of the correction"), value: found["reason"].string),
        ]
    }

    private func successorTable(_ succession: JSONNode, _ text: Language) -> PortalPage.Table {
        .init(
            caption: text("继任主体", "Successors"),
            headers: [text("主体", "Party"), text("接手的角色", "Roles"), text("接手的条目和产品", "Entries and products")],
            rows: succession["successors"].list.map { successor in
                let roles = successor["roles"].list.map { role($0.string, text) }
                let subjects = successor["subjects"].list.map(\.string)
                let rest = roles.isEmpty && subjects.isEmpty ? text("其余全部", "all the rest") : ""
                return .init(cells: [
                    successor["party"].party(text), .init(text: rest + roles.joined(separator: text("、", ", "))),
                    .init(text: subjects.joined(separator: ", ")),
                ])
            })
    }

    private func kind(_ succession: JSONNode, _ text: Language) -> String {
        Succession.Kind(rawValue: succession["kind"].string).map { word($0, text) } ?? ""
    }

    func word(_ kind: Succession.Kind, _ text: Language) -> String {
        switch kind {
        case .renamed: text("更名", "renamed")
        case .merged: text("合并", "merged")
        case .split: text("拆分", "split")
        }
    }
}
