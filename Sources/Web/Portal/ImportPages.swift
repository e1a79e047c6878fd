import Foundation
import Hummingbird
import Marketplace

/// Imports of catalogues: begun with a file, watched while they run, and read when they have ended.
extension PortalRoutes {
    /// A file of `largestUpload` at 1 Mbit/s.
    static let timeLimits = ["/administration/imports": Duration.seconds(600)]
    /// A small file is imported before its officer would have read that it is being imported.
    private static let patience = Duration.seconds(1)

    func addImportPages(to router: Router<MarketContext>) {
        page(router, "/administration/imports/:id") { try await watchImport($0, $1) }
        router.post("/administration/imports") { try await importCatalogue($0, $1) }
    }

    private func importCatalogue(_ request: Request, _ context: MarketContext) async throws -> Response {
        let (party, now) = (try context.requireAccount(.administrator).partyID, now())
        let form = try await UploadForm(parsing: request, limit: Self.largestUpload)
        do {
            var wanted = try importRequest(form)
            // On disk: the import goes on when the request and its memory are gone.
            let file = try form.stored()
            wanted.content = .file(file)
            let begun = try await BackgroundImport<ImportReport>(patience: Self.patience, logger: context.logger)
                .answer { [wanted] note in
                    defer { try? FileManager.default.removeItem(at: file) }
                    return try await market.directory.importCatalogue(wanted, by: party, now: now, onProgress: note)
                }
            switch begun {
            case .running(let id), .ended(_, let id?):
                return redirect(to: "/administration/imports/\(id.uuidString.lowercased())")
            case .ended(let report, nil):
                return renderer.response(try unchanged(report, Language(request)), request, context)
            }
        } catch let refusal as any MarketplaceError {
            var page = try await administration(Language(request), context)
            page.address = "/administration"
            return try await refused(page, refusal, sent: form.fields, request, context)
        }
    }

    private func importRequest(_ form: UploadForm) throws -> ImportRequest {
        try form.requireFile()
        let source = form.fields["source"].flatMap { $0.isEmpty ? nil : $0 }
        return try ImportRequest(
            fileName: form.fileName, bytes: [], source: source, dryRun: form.fields["dry_run"] == "true")
    }

    private func watchImport(_ request: Request, _ context: MarketContext) async throws -> PortalPage {
        _ = try context.requireAccount(.administrator)
        let id = try context.id(orElse: DirectoryError.unknownImport(context.parameters.require("id")))
        let watch = try await market.directory.watch(id)
        let text = Language(request)
        let run = try JSONNode(watch.state)
        return importPage(
            run, state: run["state"].string, try JSONNode(watch.problems).list, isRunning: watch.isRunning, text)
    }

    /// The page of a file that is the one that landed last: it was not read, so no import stands for it.
    private func unchanged(_ report: ImportReport, _ text: Language) throws -> PortalPage {
        let run = try JSONNode(JSONDocument(text: String(decoding: JSONEncoder().encode(report), as: UTF8.self)))
        var page = importPage(run, state: "unchanged", run["problems"].list, isRunning: false, text)
        page.address = "/administration"
        page.lead = text(
            "此文件就是该来源最近导入的文件，没有再次读取。", "This is the file that the source has its state from; it was not read again.")
        return page
    }

    /// An import at any time: what is known so far, or the report.
    private func importPage(
        _ run: JSONNode, state: String, _ problems: [JSONNode], isRunning: Bool, _ text: Language
    ) -> PortalPage {
        let state = state == "reading" && !isRunning ? "interrupted" : state
        var page = PortalPage(title: importTitle(state, isDryRun: run["dry_run"].isTrue, text))
        if state == "reading" {
            page.refresh = 2
            page.lead = text(
                "服务器正在读取文件，可以离开本页；读完之前，本页每两秒更新一次。",
                "The server is reading the file, also when you leave this page, which is updated every two seconds until then."
            )
        } else if state == "interrupted" {
            page.lead = text(
                "导入中断，目录没有变化。请再次选择同一文件，将从中断处继续；若再次中断，原因见服务器日志。",
                "The import broke off, and the directory is unchanged. Choose the same file again: it goes on from there. If it breaks off again, the server's log says why."
            )
            page.forms = [importForm(text)]
        } else if state == "tried" {
            page.lead = text(
                "目录没有变化。要正式导入，请再次选择此文件。", "The directory is unchanged. To import the file, choose it again.")
            page.forms = [importForm(text, source: run["source"].string, isInEarnest: true)]
        }
        page.notice = run["refusal"].isNull ? nil : RefusalWords.said(run["refusal"].string, text)
        page.facts = importFacts(run, state, text)
        page.tables = [problemTable(problems, isRunning: state == "reading", text)]
        return page
    }

    private func importTitle(_ state: String, isDryRun: Bool, _ text: Language) -> String {
        switch state {
        case "reading": isDryRun ? text("正在试运行", "A dry run is going on") : text("正在导入", "An import is going on")
        case "interrupted": text("导入已中断", "The import was interrupted")
        case "refused": text("文件被拒绝", "The file was refused")
        default: isDryRun ? text("试运行结果", "What the import would do") : text("导入结果", "What was imported")
        }
    }

    private func importFacts(_ run: JSONNode, _ state: String, _ text: Language) -> [PortalPage.Fact] {
        let mode =
            run["dry_run"].isTrue
            ? text("试运行，不作更改", "Dry run: change nothing") : text("正式导入", "Import")
        let about: [PortalPage.Fact] = [
            .init(name: text("状态", "State"), value: importState(state, text)),
            .init(name: text("来源", "Source"), value: run["source"].string),
            .init(name: text("文件", "File"), value: run["file"].string),
            .init(name: text("方式", "Mode"), value: mode),
            .init(name: text("开始", "Started"), value: run["started_at"].time),
            .init(name: text("已读条目", "Entries read"), value: run["rows"].grouped),
        ]
        let count = { (severity: String) in
            (run[severity].members ?? []).reduce(0) { $0 + $1.value.integer }
        }
        let (refused, noted) = (count("refused_by_reason"), count("noted_by_reason"))
        let found: [PortalPage.Fact] = [
            .init(name: text("拒绝", "Refused"), value: "\(refused)"),
            .init(name: text("已记录", "Noted"), value: "\(noted)"),
        ]
        guard ["landed", "unchanged", "tried"].contains(state) else { return about + found }
        return about + [
            .init(name: text("新增", "Added"), value: run["added"].grouped),
            .init(name: text("变更", "Changed"), value: run["changed"].grouped),
            .init(name: text("未变", "Unchanged"), value: run["unchanged"].grouped),
            .init(name: text("撤回", "Withdrawn"), value: run["withdrawn"].grouped),
        ] + found
    }

    private func problemTable(_ problems: [JSONNode], isRunning: Bool, _ text: Language) -> PortalPage.Table {
        .init(
            caption: text("问题（最多显示 200 个）", "Problems (200 at most are shown)"),
            headers: [
                text("位置", "Position"), text("行", "Line"), text("标识", "Identifier"), text("结果", "Outcome"),
                text("字段", "Field"), text("原因", "Reason"),
            ],
            rows: problems.prefix(200).map { problem in
                let isRefused = problem["severity"].string == "refused"
                return .init(cells: [
                    .init(text: problem["position"].string), .init(text: problem["line"].string),
                    .init(text: problem["identifier"].string),
                    .init(text: isRefused ? text("拒绝", "refused") : text("已记录", "noted")),
                    .init(text: problem["field"].string), .init(text: problem["message"].string),
                ])
            }, empty: isRunning ? text("目前没有问题。", "No problems so far.") : text("没有问题。", "No problems."))
    }

    /// - Parameter runs: the latest ones.
    func importTable(_ runs: JSONNode, _ text: Language) -> PortalPage.Table {
        .init(
            caption: text("最近的导入", "Latest imports"),
            headers: [
                text("开始", "Started"), text("来源", "Source"), text("状态", "State"), text("已读", "Read"),
                text("新增", "Added"), text("变更", "Changed"), text("撤回", "Withdrawn"), text("拒绝", "Refused"),
            ],
            rows: runs.list.map { run in
                let mode = run["dry_run"].isTrue && run["state"].string != "tried" ? text("（试运行）", " (dry run)") : ""
                return .init(
                    cells: [
                        .init(
                            text: run["started_at"].time, address: "/administration/imports/\(run["id"].string)"),
                        .init(text: run["source"].string),
                        .init(text: importState(run["state"].string, text) + mode),
                    ]
                        + ["rows", "added", "changed", "withdrawn", "refused"].map { .init(text: run[$0].grouped) })
            }, empty: text("还没有导入：请在下面选择目录文件。", "No import yet: choose a catalogue file below."), isCompact: true)
    }

    func importForm(_ text: Language, source: String = "", isInEarnest: Bool = false) -> PortalPage.Form {
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
                    label: text("来源代码（空则取自文件名）", "Source code (from the file's name when empty)"),
                    value: source),
                .init(
                    id: "dry_run", name: "dry_run", label: text("方式", "Mode"),
                    choices: [
                        .init(value: "true", text: text("试运行，不作更改", "Dry run: change nothing")),
                        .init(value: "false", text: text("正式导入", "Import"), isChosen: isInEarnest),
                    ]),
            ], isUpload: true)
    }

    private func importState(_ value: String, _ text: Language) -> String {
        switch value {
        case "reading": text("正在读取", "reading")
        case "interrupted": text("已中断", "interrupted")
        case "landed": text("已完成", "landed")
        case "unchanged": text("与上次相同", "unchanged")
        case "tried": text("已试运行", "tried")
        default: text("已拒绝", "refused")
        }
    }
}
