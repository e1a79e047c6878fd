import Foundation
import Hummingbird
import Marketplace

/// The words that mean the same in a search, which officers edit.
extension PortalRoutes {
    func synonyms(_ request: Request, _ context: MarketContext) async throws -> PortalPage {
        _ = try context.requireAccount(.administrator)
        let text = Language(request)
        let list = try JSONNode(await market.synonyms.all(cursor: request.query("cursor"), limit: nil))
        var page = PortalPage(title: text("同义词", "Synonyms"))
        page.lead = text(
            "搜索其中一个词，也会找到其余的词；更改立即生效。", "A search for one of them finds the others too; changes take effect at once.")
        page.tables = [
            .init(
                caption: text("同义的词", "Words that mean the same"),
                headers: [
                    text("词", "Word"), text("同义词", "Synonyms"), text("修改者", "Changed by"), text("时间", "Time"),
                    text("操作", "Action"),
                ],
                rows: list["items"].list.map { item in
                    let word = item["word"].string
                    return .init(cells: [
                        .init(text: word),
                        .init(text: item["synonyms"].list.map(\.string).joined(separator: text("、", ", "))),
                        item["changed_by"].party(text), .init(text: item["changed_at"].time),
                        .button(
                            text("删除", "Remove"), to: "/administration/synonyms/\(word.escapedForURL)/removal"),
                    ])
                }, empty: text("还没有同义词：请在下面添加。", "No synonyms yet: state some below."))
        ]
        page.next = next(list, "/administration/synonyms", nil, text)
        page.forms = [
            .init(
                title: text("添加或替换", "State or replace"), action: "/administration/synonyms",
                button: text("保存", "Save"),
                fields: [
                    .init(id: "word", name: "word", label: text("词", "Word")),
                    .init(
                        id: "synonyms", name: "synonyms",
                        label: text("同义词，一行一个，中英文均可", "Synonyms, one a line, in either language"), isArea: true),
                ])
        ]
        return page
    }

    func putSynonyms(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.administrator)
        let form = try await FormFields(request)
        let lines = (form["synonyms"] ?? "").split(whereSeparator: \.isNewline).map {
            $0.trimmingCharacters(in: .whitespaces)
        }.filter { !$0.isEmpty }
        do {
            try await market.synonyms.put(form["word"] ?? "", synonyms: lines, by: account.partyID, now: now())
        } catch let refusal as InvalidInput {
            let page = try await synonyms(request, context)
            return try await refused(page, refusal, sent: form.all, request, context)
        }
        return redirect(to: "/administration/synonyms")
    }

    func removeSynonyms(_ request: Request, _ context: MarketContext) async throws -> Response {
        _ = try context.requireAccount(.administrator)
        try await market.synonyms.remove(context.code("word"))
        return redirect(to: "/administration/synonyms")
    }
}
