import Foundation
import Hummingbird
import Marketplace

/// One product: what it is, how it begins, who answers for it, on what conditions it is sold, and the button.
extension PortalRoutes {
    func product(context: MarketContext, _ text: Language) async throws -> PortalPage {
        let code = try context.code()
        let now = now()
        let (reader, seesAll) = reader(context)
        let clock = AnswerClock()
        // Those that make the most of the page are asked first, so that it is made while the others are awaited.
        async let chain = chainTable(
            clock.node { try await market.lineage.lineage(of: code, asOf: now, recordedBy: now) }, text
        ).drawn
        async let profiles = profileTables(clock { try await profile(of: code) }, text).map(\.drawn)
        async let product = clock.node { try await market.catalog.product(code, now: now) }
        async let sample = clock { try await market.catalog.sample(of: code) }
            .map { sampleTable($0, text).drawn }
        async let terms = termTables(
            clock.node { try await market.catalog.conditions(of: code, reader: reader, seesAll: seesAll) }, text)
        async let credentials = credentialTable(
            clock.node {
                try await market.catalog.credentials(of: code, reader: nil, seesAll: false, now: now)
            }, text
        ).drawn
        async let ceilings = ceilingTable(
            clock.node {
                try await market.prices.ceilings(
                    of: code, reader: reader, seesAll: seesAll, cursor: nil, limit: nil, now: now)
            }, text
        ).drawn
        async let revisions = revisionTable(
            clock.node { try await market.catalog.revisions(of: code, limit: 10) }, text
        ).drawn
        let found = try await product
        market.productViews.note(code, by: context.account, now: now)
        var page = PortalPage(title: found.title(text))
        page.lead = text(found["description_zh"].string, found["description_en"].string)
        page.facts = productFacts(found, text)
        let offers = offers(of: found, context.account?.role, text)
        let columns = columnTable(found["revision"]["columns"], text).drawn
        let (conditions, entries) = try await terms
        page.tables = try await [offers, conditions, ceilings, columns]
        if let sample = try await sample { page.tables.append(sample) }
        page.tables += try await profiles
        page.tables += try await [revisions, chain, entries, credentials, scenarioLinks(found["scenarios"], text)]
        page.answered = clock.last
        return page
    }

    private func termTables(_ conditions: JSONNode, _ text: Language) -> (PortalPage.Table, PortalPage.Table) {
        (conditionTable(conditions, text).drawn, entryTable(conditions, text).drawn)
    }

    /// What it costs, and the forms that buy it.
    private func offers(of product: JSONNode, _ role: Role?, _ text: Language) -> PortalPage.Table {
        var table = offerTable(product["offers"], text)
        if role == .enterprise {
            table.forms = product["offers"].list.map { buyForm($0, of: product, text) }
        } else if role == nil {
            table.link = .init(
                text: text("企业登录后采购", "Sign in as an enterprise to buy"),
                address: signInAddress(backTo: "/products/\(product["code"].string)"))
        }
        if let form = quoteForm(for: product, text) { table.forms.append(form) }
        return table.drawn
    }

    func productFacts(_ product: JSONNode, _ text: Language) -> [PortalPage.Fact] {
        let revision = product["revision"]
        let source = revision["source"]
        return [
            .init(name: text("代码", "Code"), value: product["code"].string),
            .init(name: text("用途类别", "Use"), value: useClass(product["use_class"].string, text)),
            .init(
                name: text("版本", "Revision"), value: "\(revision["number"].string) · \(revision["published_at"].time)"),
            .init(name: text("行数", "Rows"), value: revision["rows"].grouped),
            .init(name: text("数据项", "Columns"), value: "\(revision["columns"].list.count)"),
            .init(
                name: text("文件", "File"), value: "\(revision["file_name"].string) · \(revision["bytes"].grouped) B"),
            .init(
                name: text("来源", "Content from"), value: "\(source["title"].string) (\(source["licence"].string))",
                address: source["url"].string.hasPrefix("https://") ? source["url"].string : nil),
            .init(name: "SHA-256", value: revision["sha256"].string),
            .init(
                name: text("数据合同", "Data contract"), value: "ODCS (YAML)",
                address: "/v1/products/\(product["code"].string)/contract"),
        ]
    }

    private func columnTable(_ columns: JSONNode, _ text: Language) -> PortalPage.Table {
        .init(
            caption: text("数据项", "Columns"),
            headers: [text("名称", "Name"), text("类型", "Type"), text("含义", "Meaning")],
            rows: columns.list.map { column in
                .init(cells: [
                    .init(text: column["name"].string), .init(text: column["type"].string),
                    .init(text: text(column["zh"].string, column["en"].string)),
                ])
            }, isCompact: true)
    }

    private func sampleTable(_ sample: Catalog.Sample, _ text: Language) -> PortalPage.Table {
        let rows = sample.rows.prefix(5)
        return .init(
            caption: text("样例（前 \(rows.count) 行）", "Sample: the first \(rows.count) rows"),
            headers: sample.header,
            rows: rows.map { row in
                .init(
                    cells: zip(sample.header, row).map { name, cell in
                        let isWithheld = sample.withheld.contains(name)
                        let shown = cell.count > 120 ? cell.prefix(120) + "…" : cell
                        return .init(text: isWithheld ? text("含个人信息，不展示", "personal, not shown") : shown)
                    })
            }, isCompact: true)
    }

    private func revisionTable(_ revisions: JSONNode, _ text: Language) -> PortalPage.Table {
        .init(
            caption: text("版本", "Revisions"),
            headers: [text("版本", "Revision"), text("发布", "Published"), text("行数", "Rows"), text("变化", "What changed")],
            rows: revisions.list.map { revision in
                .init(cells: [
                    .init(text: revision["number"].string), .init(text: revision["published_at"].time),
                    .init(text: revision["rows"].grouped), .init(text: change(revision, text)),
                ])
            })
    }

    private func change(_ revision: JSONNode, _ text: Language) -> String {
        guard !revision["content_changed"].isNull else { return text("首次发布", "first publication") }
        let names = { (list: JSONNode) in list.list.map(\.string).joined(separator: text("、", ", ")) }
        let rows = revision["rows_changed"].integer
        let parts = [
            rows == 0 ? "" : text("\(rows > 0 ? "+" : "")\(rows) 行", "\(rows > 0 ? "+" : "")\(rows) rows"),
            revision["columns_added"].list.isEmpty ? "" : text("新增 ", "new: ") + names(revision["columns_added"]),
            revision["columns_removed"].list.isEmpty ? "" : text("取消 ", "gone: ") + names(revision["columns_removed"]),
        ].filter { !$0.isEmpty }
        if parts.isEmpty {
            return revision["content_changed"].isTrue
                ? text("内容更新，结构不变", "content updated, same columns and rows") : text("内容不变", "the same content")
        }
        return parts.joined(separator: text("；", "; "))
    }

    private func scenarioLinks(_ scenarios: JSONNode, _ text: Language) -> PortalPage.Table {
        .init(
            caption: text("用于示范场景", "Used in scenarios"), headers: [text("场景", "Scenario"), text("代码", "Code")],
            rows: scenarios.list.map { scenario in
                .init(cells: [
                    .init(text: scenario.title(text), address: "/scenarios/\(scenario["code"].string)"),
                    .init(text: scenario["code"].string),
                ])
            }, empty: text("还没有示范场景引用它。", "No scenario refers to it yet."))
    }

    /// A form for each offer, with its own purposes, so that none can be chosen that it does not allow.
    private func buyForm(_ offer: JSONNode, of product: JSONNode, _ text: Language) -> PortalPage.Form {
        let code = offer["code"].string
        return .init(
            title: text("采购：", "Buy: ") + "\(offer.title(text)) · \(priceToPay(offer, text))",
            action: "/products/\(product["code"].string)/purchases",
            button: needsApproval(offer) ? text("提交采购申请", "Request") : text("接受挂牌条件并采购", "Accept the offer"),
            id: "buy-\(code)", about: needsApproval(offer) ? approvalNote(offer, text) : immediateNote(text),
            hidden: [.init(name: "key", value: UUID().uuidString), .init(name: "offer", value: code)],
            fields: [
                .init(
                    id: "purpose-\(code)", name: "purpose", label: text("使用目的", "Purpose"),
                    choices: offer["purposes"].list.map { .init(value: $0.string, text: purpose($0.string, text)) })
            ] + (needsApproval(offer) ? useFields(of: code, offer, text) : []),
            isFolded: product["offers"].list.count > 1)
    }

    private func immediateNote(_ text: Language) -> String {
        text(
            "采购立即成立，条款按此刻冻结。随后可在“我的采购”下载内容、查看用量和凭证，账单在“账单”。",
            "The purchase stands at once, with the terms frozen as they are now. Then find the content, usage and receipt "
                + "under My purchases, and what is owed under Bills.")
    }
}
