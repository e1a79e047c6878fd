import Foundation
import Hummingbird
import Marketplace

/// Two to four products side by side.
extension PortalRoutes {
    func compareForm(_ text: Language) -> PortalPage.Form {
        .init(
            title: text("比较产品", "Compare products"), action: "/compare", button: text("比较", "Compare"),
            id: "compare", about: text("在表中勾选二至四个产品。", "Tick two to four products in the table."), method: "get")
    }

    func compare(_ request: Request, _ context: MarketContext) async throws -> PortalPage {
        let text = Language(request)
        let codes = request.uri.queryParameters[values: "code"].map(String.init)
        var page = PortalPage(title: text("比较产品", "Compare products"))
        guard (2...4).contains(codes.count), Set(codes).count == codes.count else {
            page.notice = text("请在产品列表中勾选二至四个不同的产品。", "Tick two to four different products in the list of products.")
            page.next = .init(text: text("回到产品", "Back to the products"), address: "/products")
            return page
        }
        let products = try await described(codes, context)
        page.lead = text("同一行是同一项；空缺表示没有说明。", "Each row is one property; a dash means it is not stated.")
        page.tables = [
            .init(
                caption: text("并列比较", "Side by side"),
                headers: [text("项目", "Property")] + products.map { $0.product.title(text) },
                rows: comparedRows(products, text))
        ]
        return page
    }

    private typealias Described = (product: JSONNode, conditions: JSONNode, profile: JSONNode)

    /// The products in the order they were asked for. They are four at most.
    private func described(_ codes: [String], _ context: MarketContext) async throws -> [Described] {
        let now = now()
        let (reader, seesAll) = reader(context)
        let documents = try await withThrowingTaskGroup(of: (Int, JSONDocument, JSONDocument, ProfileAnswer).self) {
            tasks in
            for (place, code) in codes.enumerated() {
                tasks.addTask {
                    async let product = market.catalog.product(code, now: now)
                    async let conditions = market.catalog.conditions(of: code, reader: reader, seesAll: seesAll)
                    async let profile = profile(of: code)
                    return (place, try await product, try await conditions, try await profile)
                }
            }
            return try await tasks.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }
        }
        return try documents.map { _, product, conditions, answer in
            guard case .made(let profile) = answer else {
                return (try JSONNode(product), try JSONNode(conditions), .absent)
            }
            return (try JSONNode(product), try JSONNode(conditions), try JSONNode(profile))
        }
    }

    private func comparedRows(_ products: [Described], _ text: Language) -> [PortalPage.Table.Row] {
        let row = { (name: String, value: (Described) -> String) in
            PortalPage.Table.Row(
                cells: [.init(text: name)]
                    + products.map {
                        let said = value($0)
                        return .init(text: said.isEmpty ? "–" : said)
                    })
        }
        let separator = text("；", "; ")
        let links = PortalPage.Table.Row(
            cells: [.init(text: text("产品", "Product"))]
                + products.map {
                    .init(text: $0.product["code"].string, address: "/products/\($0.product["code"].string)")
                })
        let kinds = ["purpose", "region", "sector", "redistribution", "retention", "fee", "qualification"]
        return [
            links,
            row(text("说明", "About")) { text($0.product["description_zh"].string, $0.product["description_en"].string) },
            row(text("用途类别", "Use")) { useClass($0.product["use_class"].string, text) },
            row(text("挂牌", "Offers")) {
                $0.product["offers"].list.map { "\($0.title(text)): \(planPrice($0, text))" }.joined(
                    separator: separator)
            },
            row(text("发布", "Published")) { $0.product["revision"]["published_at"].time },
            row(text("行数", "Rows")) { $0.product["revision"]["rows"].grouped },
            row(text("完整性", "Completeness")) { quality("completeness", of: $0.profile) },
            row(text("时效性", "Freshness")) { $0.profile.isNull ? "" : freshness(of: $0.profile, text) },
            row(text("数据项", "Columns")) {
                $0.product["revision"]["columns"].list.map { text($0["zh"].string, $0["en"].string) }
                    .joined(separator: text("、", ", "))
            },
            row(text("目录条目", "Directory entries")) {
                $0.product["directory_entries"].list.map { "\($0["title"].string) (\($0["code"].string))" }
                    .joined(separator: separator)
            },
        ]
            + kinds.map { kind in
                row(text("条件：", "Condition: ") + conditionKind(kind, text)) { compared(kind, of: $0.conditions, text) }
            }.filter { $0.cells.dropFirst().contains { $0.text != "–" } }
    }

    /// What the offers of a product say of a kind of condition, each answer once.
    private func compared(_ kind: String, of conditions: JSONNode, _ text: Language) -> String {
        let values = conditions["offers"].list.flatMap { $0["conditions"].list }
            .filter { $0["kind"].string == kind }.map { conditionValue($0, "value", text) }
        return values.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
            .joined(separator: text("；", "; "))
    }
}
