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
        async let runs = market.directory.imports(source: nil, cursor: nil, limit: 5)
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
        page.tables = [
            deadlineTable(try JSONNode(await due), of: account, text), importTable(try JSONNode(await runs), text),
        ]
        page.forms = [importForm(text), scenarioForm(document, text)]
        return page
    }

    private func importTable(_ runs: JSONNode, _ text: Language) -> PortalPage.Table {
        .init(
            caption: text("最近的导入", "Latest imports"),
            headers: [
                text("开始", "Started"), text("来源", "Source"), text("状态", "State"), text("已读", "Read"),
                text("新增", "Added"), text("变更", "Changed"), text("撤回", "Withdrawn"), text("拒绝", "Refused"),
            ],
            rows: runs["items"].list.map { run in
                let mode = run["dry_run"].isTrue ? text("（试运行）", " (dry run)") : ""
                return .init(
                    cells: [
                        .init(text: run["started_at"].time), .init(text: run["source"].string),
                        .init(text: importState(run["state"].string, text) + mode),
                    ]
                        + ["rows", "added", "changed", "withdrawn", "refused"].map { .init(text: run[$0].grouped) })
            }, empty: text("还没有导入：请在下面选择目录文件。", "No import yet: choose a catalogue file below."))
    }

    private func importForm(_ text: Language) -> PortalPage.Form {
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
            ], isUpload: true)
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

    private func importState(_ value: String, _ text: Language) -> String {
        let names = ["reading": "正在读取", "landed": "已完成", "unchanged": "与上次相同", "refused": "已拒绝"]
        return text(names[value] ?? value, value.replacingOccurrences(of: "_", with: " "))
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
}
