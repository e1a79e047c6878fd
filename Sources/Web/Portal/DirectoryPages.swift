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
                        .init(text: item["title"].string, address: "/directory/\(item["code"].string)"),
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
        var page = PortalPage(title: entry["titles"].inLanguage(text) ?? entry["title"].string)
        page.picture = chainPicture(chain, text)
        page.lead = entry["descriptions"].inLanguage(text)
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
                        .init(text: change["field"].string), .init(text: shortened(change["before"])),
                        .init(text: shortened(change["after"])),
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

    func administration(_ text: Language, _ context: MarketContext, document: String = "") throws -> PortalPage {
        _ = try context.requireAccount(.administrator)
        var page = PortalPage(title: text("管理", "Administration"))
        page.facts = [
            .init(
                name: text("目录编制", "Compiling the directory"), value: text("草稿与审核", "Drafts and reviews"),
                address: "/administration/drafts"),
            .init(
                name: text("使用条件", "Conditions of use"),
                value: text("审核目录之外的条件", "Decide on those beyond the directory"),
                address: "/administration/conditions"),
            .init(
                name: text("共享数据", "Shared data"), value: text("授权运营的同意", "Consents to its use"),
                address: "/consents"),
            .init(name: text("期限", "Deadlines"), value: text("待办与逾期", "Due and overdue"), address: "/deadlines"),
        ]
        page.forms = [
            .init(
                title: text("导入目录", "Import a directory"), action: "/administration/imports",
                button: text("导入", "Import"),
                fields: [
                    .init(
                        id: "file", name: "file",
                        label: text(
                            "目录文件（data.json、Turtle、RDF/XML、CSV，可 gzip）",
                            "Catalogue file (data.json, Turtle, RDF/XML, CSV; gzip too)"), type: "file"),
                    .init(
                        id: "source", name: "source",
                        label: text("来源代码（空则取自文件名）", "Source code (from the file's name when empty)")),
                    .init(
                        id: "dry_run", name: "dry_run", label: text("方式", "Mode"),
                        choices: [
                            .init(value: "true", text: text("试运行，不作更改", "Dry run: change nothing")),
                            .init(value: "false", text: text("正式导入", "Import")),
                        ]),
                ], isUpload: true),
            .init(
                title: text("发布示范场景（YAML）", "Publish a scenario (YAML)"), action: "/administration/scenarios",
                button: text("发布", "Publish"),
                fields: [
                    .init(
                        id: "document", name: "document", label: text("文档", "Document"), value: document, isArea: true,
                        lines: 12)
                ]),
        ]
        return page
    }

    func imported(_ report: ImportReport, _ text: Language) -> PortalPage {
        var page = PortalPage(
            title: report.dryRun ? text("试运行结果", "What the import would do") : text("导入结果", "What was imported"))
        page.address = "/administration"
        page.facts = [
            .init(name: text("新增", "Added"), value: "\(report.added)"),
            .init(name: text("变更", "Changed"), value: "\(report.changed)"),
            .init(name: text("未变", "Unchanged"), value: "\(report.unchanged)"),
            .init(name: text("撤回", "Withdrawn"), value: "\(report.withdrawn)"),
            .init(name: text("拒绝", "Refused"), value: "\(report.refused)"),
        ]
        page.tables = [
            .init(
                caption: text("问题（最多显示 200 个）", "Problems (200 at most are shown)"),
                headers: [
                    text("位置", "Position"), text("标识", "Identifier"), text("结果", "Outcome"), text("字段", "Field"),
                    text("原因", "Reason"),
                ],
                rows: report.problems.prefix(200).map { problem in
                    .init(cells: [
                        .init(text: "\(problem.position)"), .init(text: problem.identifier ?? ""),
                        .init(text: problem.severity == .refused ? text("拒绝", "refused") : text("已记录", "noted")),
                        .init(text: problem.field ?? ""), .init(text: problem.message),
                    ])
                }, empty: text("没有问题。", "No problems."))
        ]
        return page
    }

    func role(_ value: String, _ text: Language) -> String {
        let names = [
            "source": "数源", "provider": "提供", "publisher": "发布", "contact": "联系", "authoriser": "授权",
            "operator": "运营", "marketplace": "市场", "seller": "销售", "deliverer": "交付", "user": "使用",
            "security": "安全",
        ]
        return text(names[value] ?? value, value)
    }

    func shortened(_ node: JSONNode) -> String {
        guard let value = node.value, !(value is NSNull) else { return "–" }
        let data = try? JSONSerialization.data(
            withJSONObject: value, options: [.fragmentsAllowed, .withoutEscapingSlashes])
        let text = String(decoding: data ?? Data(), as: UTF8.self)
        return text.count > 300 ? text.prefix(300) + "…" : text
    }
}
