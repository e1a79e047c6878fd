import Foundation
import Hummingbird
import Marketplace

extension PortalRoutes {
    func directory(_ request: Request) async throws -> PortalPage {
        let text = Language(request)
        let query = try request.searchText()
        let found = try JSONNode(
            await market.directory.entries(text: query, cursor: request.query("cursor"), limit: nil))
        var page = PortalPage(title: text("公共数据目录", "Directory of public data"))
        page.search = query ?? ""
        page.tables = [
            .init(
                caption: text("共 \(found["total"].string) 条", "\(found["total"].string) entries"),
                headers: [
                    text("条目", "Entry"), text("提供方", "Provider"), text("更新频率", "Update frequency"),
                    text("来源", "Source"),
                ],
                rows: found["items"].list.map { item in
                    .init(cells: [
                        .init(
                            text: item["title"].string, language: item["language"].string,
                            address: "/directory/\(item["code"].string)"),
                        item["provider"].party(text), .init(text: frequency(item["update_frequency"].string, text)),
                        .init(text: item["source"].string),
                    ])
                }, empty: text("没有找到，请换个词试试。", "Nothing found; try another word."))
        ]
        page.next = next(found, "/directory", query, text)
        return page
    }

    func entry(_ code: String, _ request: Request, _ context: MarketContext) async throws -> PortalPage {
        let text = Language(request)
        let now = now()
        let entry = try JSONNode(
            await market.directory.entry(
                code, asOf: request.time("as_of"), recordedBy: request.time("recorded_by"), now: now))
        let chain = try JSONNode(
            await market.lineage.responsibility(
                forEntry: code, asOf: request.time("as_of") ?? now, recordedBy: request.time("recorded_by") ?? now))
        let (title, description) = (entry["titles"].tagged(text), entry["descriptions"].tagged(text))
        var page = PortalPage(title: title?.text ?? entry["title"].string)
        (page.titleLanguage, page.lead, page.leadLanguage) = (title?.language, description?.text, description?.language)
        page.facts = [
            .init(name: text("代码", "Code"), value: code),
            .init(
                name: text("版本（点击看历史）", "Version (see the history)"), value: entry["version"].string,
                address: "/directory/\(code)/history"),
            .init(name: text("自", "In force since"), value: entry["since"].time),
            .init(name: text("更新频率", "Update frequency"), value: frequency(entry["update_frequency"].string, text)),
            .init(
                name: text("许可", "Licence"), value: entry["licence"].string,
                address: entry["licence"].string.hasPrefix("http") ? entry["licence"].string : nil),
            .init(
                name: text("来源", "Source"),
                value: entry["source"]["title"].string.isEmpty
                    ? entry["source"]["code"].string : entry["source"]["title"].string),
        ]
        if context.account?.role == .administrator {
            page.facts.append(
                .init(
                    name: text("变更影响", "Impact of a change"), value: text("查看", "Show"),
                    address: "/directory/\(code)/impact"))
        }
        page.facts += sharingFacts(entry, text)
        if let sharer = try await sharer(of: entry, text) { page.facts.append(sharer) }
        page.tables =
            contentTables(entry, text) + [
                chainTable(chain, text), formerlyTable(chain, text),
                .init(
                    caption: text("由此制成的产品", "Products made of it"),
                    headers: [text("产品", "Product"), text("条目版本", "Entry version")],
                    rows: entry["products"].list.map { product in
                        .init(cells: [
                            .init(text: product.title(text), address: "/products/\(product["code"].string)"),
                            .init(text: product["entry_version"].string),
                        ])
                    }, empty: text("尚无产品。", "No product yet.")),
            ]
        page.forms = [
            .init(
                title: text("查看过去", "See the past"), action: "/directory/\(code)", button: text("查看", "Show"),
                method: "get",
                fields: [
                    .init(id: "as_of", name: "as_of", label: text("当时有效于", "In force on"), type: "date"),
                    .init(id: "recorded_by", name: "recorded_by", label: text("当时所知于", "As known on"), type: "date"),
                ])
        ]
        return page
    }

    func history(_ code: String, _ request: Request) async throws -> PortalPage {
        let text = Language(request)
        let history = try JSONNode(
            await market.directory.history(of: code, cursor: request.query("cursor"), limit: nil))
        var page = PortalPage(title: text("条目历史", "History of the entry"))
        page.facts = [.init(name: text("代码", "Code"), value: code, address: "/directory/\(code)")]
        page.tables = history["items"].list.flatMap { version in
            [periodTable(version, text), changeTable(version, text)]
        }
        page.next = next(history, "/directory/\(code)/history", nil, text)
        return page
    }

    private func changeTable(_ version: JSONNode, _ text: Language) -> PortalPage.Table {
        .init(
            caption: text(
                "第 \(version["version"].string) 版：与上一版的差异",
                "Version \(version["version"].string): differences from the one before"),
            headers: [text("字段", "Field"), text("之前", "Before"), text("之后", "After")],
            rows: version["version"].integer == 1
                ? []
                : version["changed"].list.map { change in
                    .init(cells: [
                        .init(text: change["field"].string), .init(text: cut(change["before"])),
                        .init(text: cut(change["after"])),
                    ])
                },
            empty: version["version"].integer == 1
                ? text("第一个版本。", "The first version.") : text("没有差异。", "No differences."))
    }

    func party(_ request: Request, _ context: MarketContext) async throws -> PortalPage {
        let (code, text) = (try context.code(), Language(request))
        let party = try JSONNode(await market.parties.find(code))
        var page = PortalPage(title: party.party(text).text)
        page.facts = [
            .init(name: text("代码", "Code"), value: code),
            .init(name: text("类型", "Kind"), value: partyKind(party["kind"].string, text)),
            .init(
                name: text("行业门类", "Industry section"), value: industrySection(party["industry_section"].string, text)),
        ]
        page.tables = [
            .init(
                caption: text("目前负责", "Answers for now"),
                headers: [text("角色", "Role"), text("目录条目", "Directory entries"), text("产品", "Products")],
                rows: party["answers_for"].list.map { held in
                    .init(cells: [
                        .init(text: role(held["role"].string, text)), .init(text: held["directory_entries"].string),
                        .init(text: held["products"].string),
                    ])
                }, empty: text("目前不负责任何条目或产品。", "Nothing at present.")),
            try await successionTable(of: code, mayCorrect: context.account?.role == .administrator, text),
            try await responsibilityTable(of: code, text),
        ]
        return page
    }

    func role(_ value: String, _ text: Language) -> String {
        let names: KeyValuePairs = [
            "source": "数源", "provider": "提供", "publisher": "发布", "contact": "联系", "authoriser": "授权",
            "operator": "运营", "marketplace": "市场", "seller": "销售", "deliverer": "交付", "user": "使用",
            "security": "安全",
        ]
        return text(names[value] ?? value, value)
    }

    func cut(_ node: JSONNode) -> String {
        guard !node.isNull else { return "–" }
        let text = node.json
        return text.count > 300 ? text.prefix(300) + "…" : text
    }
}
