import Foundation
import Hummingbird
import Marketplace

/// Where officers begin: what is due, imports of directories, and publishing scenarios.
extension PortalRoutes {
    /// What is due, what was imported, and the two big commands.
    func administration(_ text: Language, _ context: MarketContext, document: String = "") async throws -> PortalPage {
        let account = try context.requireAccount(.administrator)
        async let due = market.deadlines.deadlines(
            of: nil, DeadlineFilter(rule: nil, band: nil), cursor: nil, limit: 5, now: now())
        async let runs = market.directory.latestImports(limit: 5)
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
            .init(
                name: text("搜索", "Search"), value: text("同义词", "Synonyms"), address: "/administration/synonyms"),
            .init(name: text("期限", "Deadlines"), value: text("待办与逾期", "Due and overdue"), address: "/deadlines"),
        ]
        page.facts += exactFacts(context, text)
        page.tables = [
            deadlineTable(try JSONNode(await due), of: account, text), importTable(try JSONNode(await runs), text),
        ]
        page.forms = [importForm(text), scenarioForm(document, text)]
        return page
    }

    func scenarioForm(_ document: String, _ text: Language) -> PortalPage.Form {
        .init(
            title: text("发布示范场景（YAML）", "Publish scenarios (YAML)"), action: "/administration/scenarios",
            button: text("发布", "Publish"), preview: text("预览", "Preview"),
            about: text(
                "一批场景之间用一行 --- 分隔；全部发布，或都不发布。要修改已发布的场景，请从它的页面进入。",
                "Lines of --- set the scenarios of a batch apart; all are published or none. To change one that is published, "
                    + "start from its page."),
            fields: [
                .init(
                    id: "document", name: "document", label: text("文档", "Document"), value: document, isArea: true,
                    lines: 16)
            ])
    }
}
