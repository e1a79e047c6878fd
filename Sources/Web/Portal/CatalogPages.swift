import Foundation
import Hummingbird
import Marketplace

extension PortalRoutes {
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
                headers: [
                    text("产品", "Product"), text("用途类别", "Use"), text("卖方", "Seller"),
                    text("最低价（不含税）", "From (without tax)"),
                    text("比较", "Compare"),
                ],
                rows: found["items"].list.map { item in
                    .init(cells: [
                        .init(text: item.title(text), address: "/products/\(item["code"].string)"),
                        .init(text: useClass(item["use_class"].string, text)), item["seller"].party(text),
                        .init(
                            text: item["lowest_price"].isNull ? "–" : item["lowest_price"].price(text)
                        ),
                        .mark(
                            .init(
                                name: "code", value: item["code"].string, form: "compare",
                                label: text("比较 \(item.title(text))", "Compare \(item.title(text))"))),
                    ])
                }, empty: text("没有找到，请换个词试试。", "Nothing found; try another word."))
        ]
        if found["items"].list.count > 1 { page.forms = [compareForm(text)] }
        page.next = next(found, "/products", query, text)
        return page
    }

    func scenarios(_ request: Request) async throws -> PortalPage {
        let text = Language(request)
        let (query, domain) = (try request.searchText(), try request.query("domain"))
        let found = try JSONNode(
            await market.scenarios.scenarios(
                domain: domain, batch: nil, text: query, cursor: request.query("cursor"), limit: nil))
        var page = PortalPage(title: text("示范场景", "Demonstration scenarios"))
        page.search = query ?? ""
        page.tables = [
            scenarioTable(
                found["items"].list,
                caption: domain.map { self.domain($0, text) } ?? text("示范场景", "Scenarios"), text)
        ]
        page.next = next(found, "/scenarios", query, text, also: domain.map { "&domain=\($0.escapedForURL)" } ?? "")
        return page
    }

    func scenarioTable(_ items: [JSONNode], caption: String, _ text: Language) -> PortalPage.Table {
        .init(
            caption: caption,
            headers: [text("场景", "Scenario"), text("领域", "Domain"), text("批次", "Batch"), text("发布", "Published")],
            rows: items.map { item in
                .init(cells: [
                    .init(text: item.title(text), address: "/scenarios/\(item["code"].string)"),
                    .init(text: domain(item["domain"].string, text)),
                    .init(text: item["batch"].isNull ? text("未说明", "not stated") : item["batch"].string),
                    .init(text: item["published_on"].isNull ? text("未说明", "not stated") : item["published_on"].string),
                ])
            }, empty: text("没有找到，请换个词试试。", "Nothing found; try another word."))
    }

    func scenario(_ request: Request, _ context: MarketContext) async throws -> PortalPage {
        let (code, text) = (try context.code(), Language(request))
        let scenario = try JSONNode(await market.scenarios.scenario(code))
        let document = scenario["document"]
        var page = PortalPage(title: scenario.title(text))
        let summary = document["summary"].tagged(text)
        (page.lead, page.leadLanguage) = (summary?.text, summary?.language)
        page.facts = [
            .init(name: text("代码", "Code"), value: code),
            .init(
                name: text("领域", "Domain"), value: domain(scenario["domain"].string, text),
                address: "/scenarios?domain=\(scenario["domain"].string)"),
            .init(name: text("批次", "Batch"), value: scenario["batch"].string),
            .init(name: text("发布", "Published"), value: scenario["published_on"].string),
            .init(
                name: text("地区", "Regions"),
                value: document["regions"].list.map(\.string).joined(separator: text("、", ", "))),
            .init(name: text("来源可信度", "How sure"), value: confidence(document["source"]["confidence"].string, text)),
            .init(name: text("来源说明", "About the source"), value: document["source"]["note"].string),
            source(document["source"], text),
        ]
        if context.account?.role == .administrator {
            page.facts.append(
                .init(
                    name: text("编辑", "Editing"), value: text("修改这个场景", "Change this scenario"),
                    address: "/administration/scenarios/\(code)"))
        }
        page.tables = [effectTable(document, text), scenarioProducts(scenario, text), scenarioEntries(scenario, text)]
        return page
    }

    private func effectTable(_ document: JSONNode, _ text: Language) -> PortalPage.Table {
        .init(
            caption: text("成效", "Effects"),
            headers: [
                text("指标", "What"), text("数值", "Value"), text("截至", "As of"), text("来源", "Source"),
                text("可信度", "How sure"),
            ],
            rows: document["effects"].list.map { effect in
                let stated = effect["source"].isNull ? document["source"] : effect["source"]
                let link = source(stated, text)
                let metric = effect["metric"].tagged(text)
                return .init(cells: [
                    .init(text: metric?.text ?? "", language: metric?.language),
                    .init(text: value(of: effect, text)),
                    .init(text: effect["as_of"].isNull ? text("未说明", "not stated") : effect["as_of"].string),
                    .init(text: link.value, address: link.address),
                    .init(text: confidence(stated["confidence"].string, text)),
                ])
            }, empty: text("来源没有说明成效。", "Its sources state no effects."))
    }

    /// `6 / 8`, `1,200 households`.
    private func value(of effect: JSONNode, _ text: Language) -> String {
        let number = { (node: JSONNode) in
            (node.number ?? 0).formatted(.number.precision(.fractionLength(0...6)).locale(Locale(identifier: "en")))
        }
        let whole = effect["of"].isNull ? "" : " / " + number(effect["of"])
        return "\(number(effect["value"]))\(whole) \(effect["unit"].inLanguage(text) ?? "")"
            .trimmingCharacters(in: .whitespaces)
    }

    private func scenarioProducts(_ scenario: JSONNode, _ text: Language) -> PortalPage.Table {
        .init(
            caption: text("相关产品", "Products"), headers: [text("产品", "Product"), text("说明", "Note")],
            rows: scenario["products"].list.map { product in
                .init(cells: [
                    .init(text: product.title(text), address: "/products/\(product["code"].string)"),
                    .init(text: product["note"].string),
                ])
            }, empty: text("尚无相关产品。", "No product is linked yet."))
    }

    private func scenarioEntries(_ scenario: JSONNode, _ text: Language) -> PortalPage.Table {
        .init(
            caption: text("所用数据", "Its data"), headers: [text("目录条目", "Directory entry")],
            rows: scenario["directory_entries"].list.map { entry in
                .init(cells: [.init(text: entry.string, address: "/directory/\(entry.string)")])
            }, empty: text("来源没有说明用了哪些目录条目。", "The source does not say which directory entries it uses."))
    }

    /// A source by the name of its host, as a link.
    private func source(_ source: JSONNode, _ text: Language) -> PortalPage.Fact {
        let address = source["url"].string
        let host = URL(string: address)?.host() ?? ""
        let isLink = address.hasPrefix("http://") || address.hasPrefix("https://")
        return .init(
            name: text("来源", "Source"), value: isLink && !host.isEmpty ? host : address, address: isLink ? address : nil
        )
    }

    /// - Parameter also: what else was asked for, as it stands in a query after the first parameter.
    func next(_ found: JSONNode, _ path: String, _ query: String?, _ text: Language, also: String = "")
        -> PortalPage.Link?
    {
        guard !found["next"].isNull else { return nil }
        let search = query.map { "&q=\($0.escapedForURL)" } ?? ""
        return .init(
            text: text("下一页", "Next page"), address: "\(path)?cursor=\(found["next"].string)\(search)\(also)")
    }

    func domain(_ value: String, _ text: Language) -> String {
        switch value {
        case "industrial_development": text("产业发展", "industrial development")
        case "social_governance": text("社会治理", "social governance")
        default: text("民生", "livelihood")
        }
    }

    func purpose(_ value: String, _ text: Language) -> String {
        let names: KeyValuePairs = [
            "research": "研究", "public_service": "公共服务", "product_development": "产品研发", "risk_assessment": "风险评估",
            "operations": "运营", "model_training": "模型训练",
        ]
        return text(names[value] ?? value, value.spaced)
    }
}
