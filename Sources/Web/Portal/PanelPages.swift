import Foundation
import Hummingbird
import Marketplace

/// Panels: the list, one with its versions and members, and the form that imports the next version.
extension PortalRoutes {
    func addPanelPages(to router: Router<MarketContext>) {
        page(router, "/adoption/panels") { try await panels($0, $1) }
        page(router, "/adoption/panels/:code") { request, context in
            _ = try context.requireAccount(.analyst, .administrator)
            return try await panel(
                context.code(), version: request.version(), cursor: request.query("cursor"), Language(request))
        }
        router.post("/adoption/panels") { try await importPanel($0, $1) }
    }

    private func panels(_ request: Request, _ context: MarketContext) async throws -> PortalPage {
        _ = try context.requireAccount(.analyst, .administrator)
        return try await panels(cursor: request.query("cursor"), Language(request))
    }

    private func panels(cursor: String?, _ text: Language) async throws -> PortalPage {
        let found = try JSONNode(await market.panels.list(cursor: cursor, limit: nil))
        var page = PortalPage(title: text("样本名录", "Panels"))
        page.lead = text(
            "名录是注明日期的企业清单，每个成员写明入选理由。更正即记录新版本，旧版本和据此计算的数字不变。",
            "A panel is a dated list of enterprises with a reason for each. It is corrected by a new version; earlier versions, "
                + "and what was computed from them, stay.")
        page.facts = [
            .init(name: text("指标", "Metric"), value: text("计算新的数字", "Compute a figure"), address: "/adoption")
        ]
        page.tables = [
            .init(
                caption: text("样本名录", "Panels"),
                headers: [
                    text("名称", "Title"), text("代码", "Code"), text("版本", "Version"), text("日期", "Dated"),
                    text("单位数", "Members"), text("记录于", "Recorded"),
                ],
                rows: found["items"].list.map { panel in
                    .init(cells: [
                        .init(text: panel.title(text), address: "/adoption/panels/\(panel["code"].string)"),
                        .init(text: panel["code"].string), .init(text: panel["version"].string),
                        .init(text: panel["dated_on"].string), .init(text: panel["members"].grouped),
                        .init(text: panel["recorded_at"].time),
                    ])
                }, empty: text("还没有样本名录：请在下面选择文件。", "There is none yet: choose a file below."))
        ]
        page.next = next(found, "/adoption/panels", nil, text)
        page.forms = [panelForm(nil, text)]
        return page
    }

    /// - Parameter number: nil for the newest version.
    private func panel(_ code: String, version number: Int?, cursor: String?, _ text: Language) async throws
        -> PortalPage
    {
        async let found = market.panels.members(of: code, version: number, cursor: cursor, limit: nil)
        async let listed = market.panels.panel(code, cursor: nil, limit: 200)
        let (members, versions) = (try JSONNode(await found), try JSONNode(await listed))
        let panel = members["panel"]
        let version = panel["version"].string
        var page = PortalPage(title: panel.title(text))
        page.facts = facts(of: panel, text)
        page.tables = [memberTable(members["items"], version: version, text), versionTable(versions["items"], text)]
        page.next = next(members, "/adoption/panels/\(code.escapedForURL)", nil, text, also: "&version=\(version)")
        page.forms = [panelForm(versions["panel"], text)]
        return page
    }

    private func facts(of panel: JSONNode, _ text: Language) -> [PortalPage.Fact] {
        let (code, version) = (panel["code"].string, panel["version"].string)
        let recorder = panel["recorded_by"].string
        return [
            .init(name: text("代码", "Code"), value: code), .init(name: text("版本", "Version"), value: version),
            .init(name: text("日期", "Dated"), value: panel["dated_on"].string),
            .init(name: text("单位数", "Members"), value: panel["members"].grouped),
            .init(name: text("记录于", "Recorded"), value: panel["recorded_at"].time),
            .init(
                name: text("记录者", "Recorded by"), value: recorder,
                address: recorder.isEmpty ? nil : "/parties/\(recorder)"),
            .init(name: text("文件 SHA-256", "SHA-256 of the file"), value: panel["sha256"].string),
            .init(
                name: text("成员清单", "Members as a file"), value: "CSV",
                address: "/v1/adoption/panels/\(code)/members?version=\(version)&format=csv"),
            .init(
                name: text("指标", "Metric"), value: metricWord("adoption-rate", text), address: "/adoption?panel=\(code)"
            ),
        ]
    }

    private func memberTable(_ members: JSONNode, version: String, _ text: Language) -> PortalPage.Table {
        .init(
            caption: text("第 \(version) 版成员", "Members of version \(version)"),
            headers: [
                text("信用代码", "Credit code"), text("企业", "Enterprise"), text("入选理由", "Reason"),
                text("行业门类", "Section"), text("省份", "Province"), text("企业类型", "Kind"), text("集团", "Group"),
                text("市场主体", "In the market"),
            ],
            rows: members.list.map { member in
                let party = member["party"]
                return .init(cells: [
                    .init(text: member["enterprise_code"].string),
                    party.isNull ? .init(text: member["name"].string) : party.party(text),
                    .init(text: member["reason"].string),
                    .init(text: classWord(member["section"].string, of: "section", text)),
                    .init(text: classWord(member["province"].string, of: "province", text)),
                    .init(text: classWord(member["enterprise_kind"].string, of: "enterprise_kind", text)),
                    .init(text: member["group"].string),
                    .init(text: party.isNull ? text("尚未进入", "not yet") : text("是", "yes")),
                ])
            }, empty: text("此版本没有成员。", "This version has no members."))
    }

    private func versionTable(_ versions: JSONNode, _ text: Language) -> PortalPage.Table {
        .init(
            caption: text("版本", "Versions"),
            headers: [
                text("版本", "Version"), text("名称", "Title"), text("日期", "Dated"), text("单位数", "Members"),
                text("记录于", "Recorded"), text("记录者", "Recorded by"), "SHA-256",
            ],
            rows: versions.list.map { version in
                let number = version["version"].string
                return .init(cells: [
                    .init(text: number, address: "/adoption/panels/\(version["code"].string)?version=\(number)"),
                    .init(text: version.title(text)), .init(text: version["dated_on"].string),
                    .init(text: version["members"].grouped), .init(text: version["recorded_at"].time),
                    .init(text: version["recorded_by"].string),
                    .init(text: String(version["sha256"].string.prefix(12))),
                ])
            })
    }

    /// - Parameter panel: whose next version it imports; nil: any.
    func panelForm(_ panel: JSONNode?, _ text: Language) -> PortalPage.Form {
        let field = { (name: String, label: String, type: String) in
            PortalPage.Field(
                id: "panel-\(name)", name: name, label: label, type: type, value: panel?[name].string ?? "")
        }
        return .init(
            title: panel == nil ? text("导入名录", "Import a panel") : text("导入新版本", "Import the next version"),
            action: "/adoption/panels", button: text("导入", "Import"),
            about: text(
                "CSV，必有列 enterprise_code（统一社会信用代码）、reason（入选理由），可有列 name, section, province, enterprise_kind, group。"
                    + "尚未进入市场的企业也可列入。请勿填写个人信息。代码已有的名录记录为新版本。",
                "CSV with the columns enterprise_code (the credit code) and reason, and if known name, section, province, "
                    + "enterprise_kind, group. Enterprises that are not in the market belong in it too; persons' data does not. "
                    + "Under a code that is there it becomes the next version."),
            hidden: [.init(name: "key", value: UUID().uuidString)],
            fields: [
                field("code", text("代码，例如 leading-2025", "Code, such as leading-2025"), "text"),
                field("title_zh", text("中文名称", "Title in Chinese"), "text"),
                field("title_en", text("英文名称", "Title in English"), "text"),
                field("dated_on", text("名录日期", "Dated"), "date"),
                .init(id: "file", name: "file", label: text("文件", "File"), type: "file"),
                .init(
                    id: "all_or_nothing", name: "all_or_nothing", label: text("有误的行", "Bad lines"),
                    choices: [
                        .init(value: "false", text: text("列出，导入其余各行", "Name them and take the others")),
                        .init(value: "true", text: text("有误则全部不导入", "Take nothing when there is one")),
                    ]),
            ], isUpload: true)
    }

    private func importPanel(_ request: Request, _ context: MarketContext) async throws -> Response {
        let text = Language(request)
        let account = try context.requireAccount(.analyst, .administrator)
        let form = try await UploadForm(parsing: request, limit: PanelFile.largest)
        do {
            let report = try await market.panels.record(
                wanted(form), by: account.partyID, key: IdempotencyKey(form.fields["key"]), now: now()
            ).report
            var page = try await panel(report.code, version: report.version, cursor: nil, text)
            page.address = "/adoption/panels/\(report.code)"
            page.notice = said(report, text)
            page.unacknowledged = try await market.notices.unacknowledged(by: account.partyID)
            if !report.refused.isEmpty { page.tables.insert(refusedTable(report.refused, text), at: 0) }
            return renderer.response(page, request, context)
        } catch let refusal as any MarketplaceError {
            var page = try await panels(cursor: nil, text)
            page.address = "/adoption/panels"
            let lines = (refusal as? PanelError)?.lines ?? []
            guard !lines.isEmpty else {
                return try await refused(page, refusal, sent: form.fields, request, context)
            }
            // The lines stand in a table: there may be thousands.
            page.tables.insert(refusedTable(lines, text), at: 0)
            let said = InvalidInput(refusal.field, refusal.message)
            return try await refused(page, said, sent: form.fields, request, context)
        }
    }

    private func wanted(_ form: UploadForm) throws -> PanelImport {
        try form.requireFile()
        let stated = { (name: String) in form.fields[name] ?? "" }
        return try PanelImport(
            code: stated("code"), titleZh: stated("title_zh"), titleEn: stated("title_en"), datedOn: stated("dated_on"),
            file: form.bytes, allOrNothing: stated("all_or_nothing") == "true")
    }

    private func said(_ report: PanelReport, _ text: Language) -> String {
        guard report.made else {
            return text(
                "与第 \(report.version) 版的文件、名称和日期相同，没有记录新版本。",
                "Version \(report.version) is of the same file, titles and date; none was made.")
        }
        let refused = Set(report.refused.map(\.line)).count
        return text(
            "已记录第 \(report.version) 版：\(report.members) 个成员，拒绝 \(refused) 行。",
            "Recorded version \(report.version): members \(report.members), lines refused \(refused).")
    }

    private func refusedTable(_ lines: [RefusedLine], _ text: Language) -> PortalPage.Table {
        .init(
            caption: text("拒绝的行（最多显示 200 项）", "Refused lines (200 at most are shown)"),
            headers: [text("行", "Line"), text("列", "Field"), text("原因", "Reason")],
            rows: lines.prefix(200).map { line in
                .init(cells: [
                    .init(text: "\(line.line)"), .init(text: line.field),
                    .init(text: RefusalWords.said(line.reason, text)),
                ])
            }, isCompact: true)
    }
}
