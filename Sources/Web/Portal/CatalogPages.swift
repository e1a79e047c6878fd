import Foundation
import Hummingbird
import Marketplace

extension PortalRoutes {
    func home(_ text: Language) async throws -> PortalPage {
        let figures = try JSONNode(await market.operations.figures() ?? JSONDocument(text: "{}"))
        let scenarios = try JSONNode(
            await market.scenarios.scenarios(domain: nil, batch: nil, text: nil, cursor: nil, limit: 50))
        var page = PortalPage(title: text("公共数据市场", "Public data market"))
        page.lead = text(
            "每个产品、每笔采购都可追溯到目录条目的版本和当时的责任主体：谁管理谁负责，谁使用谁负责。",
            "Every product and purchase leads back to a directory entry version and to the party responsible at that "
                + "time: whoever manages is responsible, whoever uses is responsible.")
        page.facts = [
            .init(
                name: text("有效目录条目", "Directory entries in force"), value: figures["directory_entries"].string,
                address: "/directory"),
            .init(
                name: text("已发布示范场景", "Published scenarios"), value: figures["scenarios"].string, address: "/scenarios"),
            .init(name: text("在售产品", "Listed products"), value: figures["products"].string, address: "/products"),
            .init(name: text("主体", "Parties known"), value: figures["parties"].string),
        ]
        page.tables = [scenarioTable(scenarios, text)]
        return page
    }

    func products(_ request: Request) async throws -> PortalPage {
        let text = Language(request)
        let query = try request.searchText()
        let found = try JSONNode(
            await market.catalog.products(text: query, cursor: request.query("cursor"), limit: nil, now: now()))
        var page = PortalPage(title: text("数据产品", "Data products"))
        page.search = query ?? ""
        page.tables = [
            .init(
                caption: text("共 \(found["total"].string) 个", "\(found["total"].string) in all"),
                headers: [text("产品", "Product"), text("用途类别", "Use"), text("卖方", "Seller"), text("最低价", "From")],
                rows: found["items"].list.map { item in
                    .init(cells: [
                        .init(text: item.title(text), address: "/products/\(item["code"].string)"),
                        .init(text: useClass(item["use_class"].string, text)), item["seller"].party(text),
                        .init(text: item["lowest_price"].isNull ? "–" : item["lowest_price"].money),
                    ])
                }, empty: text("没有找到，请换个词试试。", "Nothing found; try another word."))
        ]
        page.next = next(found, "/products", query, text)
        return page
    }

    func product(context: MarketContext, _ text: Language) async throws -> PortalPage {
        let code = try context.code()
        let now = now()
        async let document = market.catalog.product(code, now: now)
        async let chain = market.lineage.lineage(of: code, asOf: now, recordedBy: now)
        let (reader, seesAll) = reader(context)
        async let terms = market.catalog.conditions(of: code, reader: reader, seesAll: seesAll)
        async let papers = market.catalog.credentials(of: code, reader: nil, seesAll: false, now: now)
        let product = try JSONNode(await document)
        let conditions = try JSONNode(await terms)
        let revision = product["revision"]
        var page = PortalPage(title: product.title(text))
        page.lead = text(product["description_zh"].string, product["description_en"].string)
        page.facts = [
            .init(name: text("代码", "Code"), value: code),
            .init(name: text("用途类别", "Use"), value: useClass(product["use_class"].string, text)),
            .init(
                name: text("版本", "Revision"), value: "\(revision["number"].string) · \(revision["published_at"].time)"),
            .init(name: text("行数", "Rows"), value: revision["rows"].string),
            .init(
                name: text("来源", "Content from"),
                value: "\(revision["source"]["title"].string) (\(revision["source"]["licence"].string))"),
            .init(name: "SHA-256", value: revision["sha256"].string),
        ]
        let links = try JSONNode(await chain)
        page.picture = chainPicture(links, text)
        page.tables = [
            offerTable(product["offers"], text), conditionTable(conditions, text),
            try credentialTable(JSONNode(await papers), text), entryTable(conditions, text),
            chainTable(links, text),
            .init(
                caption: text("数据项", "Columns"),
                headers: [text("名称", "Name"), text("类型", "Type"), text("含义", "Meaning")],
                rows: revision["columns"].list.map { column in
                    .init(cells: [
                        .init(text: column["name"].string), .init(text: column["type"].string),
                        .init(text: text(column["zh"].string, column["en"].string)),
                    ])
                }),
        ]
        if context.account?.role == .enterprise {
            page.forms = product["offers"].list.map { buyForm($0, of: product, text) }
        } else {
            page.notice = text("企业登录后可以采购。", "Sign in as an enterprise to buy.")
        }
        return page
    }

    /// A form for each offer, with its own purposes, so that none can be chosen that it does not allow.
    private func buyForm(_ offer: JSONNode, of product: JSONNode, _ text: Language) -> PortalPage.Form {
        let code = offer["code"].string
        return .init(
            title: text("采购：", "Buy: ") + "\(offer.title(text)) · \(offer["price"].money)",
            action: "/products/\(product["code"].string)/purchases",
            button: needsApproval(offer) ? text("提交采购申请", "Request") : text("接受挂牌条件并采购", "Accept the offer"),
            about: needsApproval(offer) ? approvalNote(offer, text) : nil,
            hidden: [.init(name: "key", value: UUID().uuidString), .init(name: "offer", value: code)],
            fields: [
                .init(
                    id: "purpose-\(code)", name: "purpose", label: text("使用目的", "Purpose"),
                    choices: offer["purposes"].list.map { .init(value: $0.string, text: purpose($0.string, text)) })
            ] + (needsApproval(offer) ? useFields(of: code, offer, text) : []))
    }

    private func offerTable(_ offers: JSONNode, _ text: Language) -> PortalPage.Table {
        .init(
            caption: text("挂牌", "Offers"),
            headers: [text("挂牌", "Offer"), text("价格", "Price"), text("期限", "Term"), text("允许的目的", "Purposes allowed")],
            rows: offers.list.map { offer in
                .init(cells: [
                    .init(text: "\(offer.title(text)) (\(offer["code"].string))"), .init(text: offer["price"].money),
                    .init(text: text("\(offer["term_days"].string) 天", "\(offer["term_days"].string) days")),
                    .init(
                        text: offer["purposes"].list.map { purpose($0.string, text) }.joined(separator: text("、", ", "))
                    ),
                ])
            }, empty: text("目前没有挂牌。", "Nothing is on offer now."))
    }

    func scenarios(_ request: Request) async throws -> PortalPage {
        let text = Language(request)
        let query = try request.searchText()
        let found = try JSONNode(
            await market.scenarios.scenarios(
                domain: request.query("domain"), batch: nil, text: query, cursor: request.query("cursor"), limit: nil))
        var page = PortalPage(title: text("示范场景", "Demonstration scenarios"))
        page.search = query ?? ""
        page.tables = [scenarioTable(found, text)]
        page.next = next(found, "/scenarios", query, text)
        return page
    }

    private func scenarioTable(_ found: JSONNode, _ text: Language) -> PortalPage.Table {
        .init(
            caption: text("示范场景", "Scenarios"),
            headers: [text("场景", "Scenario"), text("领域", "Domain"), text("批次", "Batch"), text("发布", "Published")],
            rows: found["items"].list.map { item in
                .init(cells: [
                    .init(text: item.title(text), address: "/scenarios/\(item["code"].string)"),
                    .init(text: domain(item["domain"].string, text)),
                    .init(text: item["batch"].isNull ? text("未说明", "not stated") : item["batch"].string),
                    .init(text: item["published_on"].isNull ? text("未说明", "not stated") : item["published_on"].string),
                ])
            }, empty: text("没有场景。", "No scenario."))
    }

    func scenario(_ code: String, _ text: Language) async throws -> PortalPage {
        let scenario = try JSONNode(await market.scenarios.scenario(code))
        let document = scenario["document"]
        var page = PortalPage(title: scenario.title(text))
        page.lead = document["summary"].inLanguage(text)
        page.facts = [
            .init(name: text("代码", "Code"), value: code),
            .init(name: text("领域", "Domain"), value: domain(scenario["domain"].string, text)),
            .init(name: text("来源可信度", "How sure"), value: confidence(document["source"]["confidence"].string, text)),
            .init(name: text("来源说明", "About the source"), value: document["source"]["note"].string),
            .init(
                name: text("来源", "Source"), value: document["source"]["url"].string,
                address: document["source"]["url"].string.hasPrefix("http") ? document["source"]["url"].string : nil),
        ]
        page.tables = [
            .init(
                caption: text("相关产品", "Products"), headers: [text("产品", "Product"), text("说明", "Note")],
                rows: scenario["products"].list.map { product in
                    .init(cells: [
                        .init(text: product.title(text), address: "/products/\(product["code"].string)"),
                        .init(text: product["note"].string),
                    ])
                }, empty: text("尚无相关产品。", "No product is linked yet."))
        ]
        return page
    }

    func next(_ found: JSONNode, _ path: String, _ query: String?, _ text: Language) -> PortalPage.Link? {
        guard !found["next"].isNull else { return nil }
        let search = query.map { "&q=\($0.escapedForURL)" } ?? ""
        return .init(text: text("下一页", "Next page"), address: "\(path)?cursor=\(found["next"].string)\(search)")
    }

    private func useClass(_ value: String, _ text: Language) -> String {
        value == "public_benefit" ? text("公共治理、公益", "public benefit") : text("产业、行业", "industry")
    }

    private func domain(_ value: String, _ text: Language) -> String {
        switch value {
        case "industrial_development": text("产业发展", "industrial development")
        case "social_governance": text("社会治理", "social governance")
        default: text("民生", "livelihood")
        }
    }

    func purpose(_ value: String, _ text: Language) -> String {
        let names = [
            "research": "研究", "public_service": "公共服务", "product_development": "产品研发", "risk_assessment": "风险评估",
            "operations": "运营", "model_training": "模型训练",
        ]
        return text(names[value] ?? value, value.replacingOccurrences(of: "_", with: " "))
    }
}
