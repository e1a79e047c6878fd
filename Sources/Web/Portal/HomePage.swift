import Foundation
import Hummingbird
import Marketplace

extension PortalRoutes {
    /// What is new, the scenarios by domain, and the market in four figures with what they count.
    func home(_ text: Language) async throws -> PortalPage {
        async let counted = market.operations.figures()
        async let published = market.catalog.newest(limit: 6)
        async let domains = market.scenarios.byDomain(limit: 5)
        let figures = try JSONNode(await counted ?? JSONDocument(text: "{}"))
        var page = PortalPage(title: text("公共数据市场", "Public data market"))
        page.lead = text(
            "每个产品、每笔采购都可追溯到目录条目的版本和当时的责任主体：谁管理谁负责，谁使用谁负责。",
            "Every product and purchase leads back to a directory entry version and to the party responsible at that "
                + "time: whoever manages is responsible, whoever uses is responsible.")
        (page.search, page.searchAddress, page.suggests) = ("", "/search", true)
        page.figures = marketFigures(figures, text)
        page.tables = [newestTable(try JSONNode(await published), text)]
        page.tables += try JSONNode(await domains).list.map { group in
            let total = group["total"].string
            return scenarioTable(
                group["items"].list,
                caption: domain(group["domain"].string, text) + text(" · \(total) 个示范场景", " · \(total) scenarios"), text
            )
        }
        return page
    }

    private func marketFigures(_ figures: JSONNode, _ text: Language) -> [PortalPage.Figure] {
        [
            .init(
                name: text("在售产品", "Listed products"), value: figures["products"].grouped,
                about: text("已挂牌且没有下架的数据产品。", "Data products that are listed and not delisted."), address: "/products"),
            .init(
                name: text("示范场景", "Scenarios"), value: figures["scenarios"].grouped,
                about: text("管理部门发布的场景，每个附来源和可信度。", "Published by the administration, each with its source."),
                address: "/scenarios"),
            .init(
                name: text("有效目录条目", "Directory entries in force"), value: figures["directory_entries"].grouped,
                about: text("现行有效版本未被撤回的条目。", "Entries with a version in force now, not withdrawn."),
                address: "/directory"),
            .init(
                name: text("主体", "Parties known"), value: figures["parties"].grouped,
                about: text(
                    "目录和交易中出现的部门、机构和企业；从条目进入。",
                    "Departments, institutions and enterprises; reached from the entries."),
                address: "/directory"),
        ]
    }

    private func newestTable(_ products: JSONNode, _ text: Language) -> PortalPage.Table {
        .init(
            caption: text("最近发布的产品", "Published last"),
            headers: [
                text("产品", "Product"), text("卖方", "Seller"), text("用途类别", "Use"), text("版本", "Revision"),
                text("发布", "Published"),
            ],
            rows: products.list.map { item in
                .init(cells: [
                    .init(text: item.title(text), address: "/products/\(item["code"].string)"),
                    item["seller"].party(text), .init(text: useClass(item["use_class"].string, text)),
                    .init(text: item["revision"].string), .init(text: item["published_at"].time),
                ])
            }, empty: text("还没有产品挂牌：运营机构登录后在“我的产品”挂牌。", "No product yet: operators list theirs under My products."))
    }
}
