import Foundation
import Hummingbird
import Marketplace

/// One snapshot: its tables with what is computed of each today, its times, hashes and signatures.
extension PortalRoutes {
    func snapshot(_ request: Request, _ context: MarketContext) async throws -> PortalPage {
        let text = Language(request)
        _ = try context.requireAccount(.analyst, .administrator)
        let id = try context.id(orElse: AdoptionError.unknownSnapshot)
        async let kept = market.snapshots.snapshot(id)
        async let recomputed = market.snapshots.recompute(id)
        let snapshot = try JSONNode(await kept)
        let check = try await recomputed
        let tables = try keptTables(snapshot, check, text)
        var page = PortalPage(title: text("快照：", "Snapshot: ") + (try snapshotWord(snapshot, text)))
        page.lead =
            snapshot["tables"].list.isEmpty
            ? try definition(of: snapshot["metric"].string, version: snapshot["version"].integer, text)
            : text(
                "一并保存的几张表：时点相同，取自数据的同一视图，保护企业时也一并考虑。",
                "Tables that were kept together: by the same two times, from one view of the data, and protected together."
            )
        page.notice = verdict(check, text)
        page.facts = facts(of: snapshot, tables, text)
        page.tables =
            (tables.count > 1 ? [overview(tables, text)] : []) + tables.map(\.table)
            + [signatureTable(snapshot, text)]
        return page
    }

    private func keptTables(_ snapshot: JSONNode, _ check: Snapshots.Check, _ text: Language) throws -> [KeptTable] {
        let kept = snapshot["tables"].list
        return try (kept.isEmpty ? [snapshot] : kept).enumerated().map { place, table in
            KeptTable(
                number: kept.isEmpty ? nil : place + 1, title: try metricTitle(table["metric"].string, text),
                kept: table, again: try check.recomputed[place].map(JSONNode.init) ?? .absent, text: text)
        }
    }

    /// What each table is of, in one line, with whether it comes out the same again.
    private func overview(_ tables: [KeptTable], _ text: Language) -> PortalPage.Table {
        .init(
            caption: text("各表", "The tables"),
            headers: [
                text("表", "Table"), text("指标", "Metric"), text("版本", "Version"), text("定义摘要", "Definition"),
                text("范围", "Over"), text("维度", "Dimension"), text("期间", "Period"), text("结果摘要", "Result"),
                text("重新计算", "Recomputed"),
            ],
            rows: tables.enumerated().map { place, table in
                .init(cells: [
                    .init(text: "\(place + 1)", address: "#part-\(place + 1)"), .init(text: table.title),
                    .init(text: table.kept["version"].string),
                    .init(text: String(table.kept["definition"].string.prefix(12))), .init(text: table.subject),
                    .init(text: table.dimension), .init(text: table.period),
                    .init(text: String(table.kept["result_sha256"].string.prefix(12))),
                    .init(text: word(table.verdict, text)),
                ])
            })
    }

    private func word(_ verdict: KeptTable.Verdict, _ text: Language) -> String {
        switch verdict {
        case .same: text("相同", "same")
        case .differs: text("⚠ 不同", "⚠ differs")
        case .notComputed: text("未重新计算", "not computed again")
        }
    }

    private func word(_ problem: Snapshots.Problem, _ text: Language) -> String {
        let chinese =
            switch problem {
            case .hash: "文档的摘要不符"
            case .form: "不是快照文档"
            case .id: "编号不符"
            case .resultHash: "结果的摘要不符"
            case .signature: "签名核验不通过"
            case .result(let difference):
                "结果不同（\(difference.place)）：保存的 \(difference.kept)，重新计算的 \(difference.recomputed)"
            case .refused: "不能重新计算"
            }
        return text(chinese, problem.description)
    }

    private func verdict(_ check: Snapshots.Check, _ text: Language) -> String {
        if !check.problems.isEmpty {
            return text("⚠ 重新计算或核验不一致：", "⚠ Differs: ")
                + check.problems.map { word($0, text) }.joined(separator: text("；", "; "))
        }
        return check.isOfAnotherDefinition
            ? text(
                "指标定义此后已变更，结果不能按原定义重新计算；摘要和签名核验无误。",
                "Recorded under another definition: the metric has changed since. Hash and signatures are right.")
            : text("重新计算：结果相同；摘要和签名核验无误。", "Recomputed: the same. Hash and signatures are right.")
    }

    private func facts(of snapshot: JSONNode, _ tables: [KeptTable], _ text: Language) -> [PortalPage.Fact] {
        let (parameters, watermark) = (snapshot["parameters"], snapshot["watermark"])
        let maker = snapshot["made_by"].string
        let counted = watermark["counted_to"]
        return (snapshot["tables"].list.isEmpty ? facts(of: tables[0], text) : []) + [
            .init(name: text("截至（当时已发生的）", "As of: what had happened"), value: parameters["as_of"].time),
            .init(name: text("已知至（当时已记录的）", "Known by: what was recorded"), value: parameters["recorded_by"].time),
        ] + watermarkFacts(watermark, text) + [
            .init(
                name: text("市场日志", "The market's log"),
                value: text("\(watermark["log_size"].grouped) 条", "\(watermark["log_size"].grouped) leaves")),
            .init(
                name: text("计至", "Counted to"),
                value: counted.isNull ? "" : text("日志位置\(counted.grouped)", "place \(counted.grouped) of the log")),
            .init(name: text("保存者", "Kept by"), value: maker, address: "/parties/\(maker)"),
            .init(name: text("保存于", "Kept at"), value: snapshot["made_at"].time),
            .init(
                name: text("快照文件", "Snapshot as a file"), value: "JSON",
                address: "/v1/adoption/snapshots/\(snapshot["id"].string)"),
        ]
    }

    /// What one figure is, where there is one only.
    private func facts(of table: KeptTable, _ text: Language) -> [PortalPage.Fact] {
        let result = table.kept["result"]
        let rate = result["suppressed"].isTrue ? suppressedWord(text) : percent(result["rate"])
        return [
            .init(name: text("采购率", "Rate"), value: table.isOfPanel ? rate : ""),
            .init(name: table.isOfPanel ? text("样本", "Panel") : text("范围", "Over"), value: table.subject),
            .init(name: text("维度", "Dimension"), value: table.dimension),
            .init(name: text("期间", "Period"), value: table.period),
            .init(name: text("指标版本", "Version of the metric"), value: table.kept["version"].string),
        ]
    }

    /// How many purchases of each panel were known; of a panel with members that exist this is not told.
    private func watermarkFacts(_ watermark: JSONNode, _ text: Language) -> [PortalPage.Fact] {
        let panels = watermark["panels"].list
        return (panels.isEmpty ? [watermark] : panels).filter { !$0["purchases"].isNull }.map { known in
            let panel = known["panel"].isNull ? "" : text("，", ", ") + known["panel"].string
            let newest = known["recorded_at"]
            return .init(
                name: text("数据水位（样本企业已知的采购\(panel)）", "Watermark: purchases known of the panel\(panel)"),
                value: known["purchases"].grouped
                    + (newest.isNull ? "" : text("，最新一笔 ", ", the newest ") + newest.time))
        }
    }

    private func signatureTable(_ snapshot: JSONNode, _ text: Language) -> PortalPage.Table {
        let row = { (name: String, value: String) in
            PortalPage.Table.Row(cells: [.init(text: name), .init(text: value)])
        }
        return .init(
            caption: text("摘要与签名", "Hashes and signatures"), headers: [text("项目", "What"), text("值", "Value")],
            rows: [
                row(text("结果 SHA-256", "SHA-256 of the result"), snapshot["result_sha256"].string)
            ]
                + (snapshot["definition"].isNull
                    ? snapshot["tables"].list.enumerated().map {
                        row(
                            text("表\($0 + 1)定义（SQL 文件）SHA-256", "SHA-256 of table \($0 + 1)'s definition"),
                            $1["definition"].string)
                    }
                    : [
                        row(
                            text("定义（SQL 文件）SHA-256", "SHA-256 of the definition, the SQL file"),
                            snapshot["definition"].string)
                    ])
                + snapshot["signatures"].list.map {
                    row("\($0["algorithm"].string) · \($0["key"].string.prefix(16))…", $0["value"].string)
                } + [row(text("如何核验", "How to verify"), howToVerify(text))],
            link: .init(text: text("公钥", "Public keys"), address: "/v1/keys"))
    }

    private func howToVerify(_ text: Language) -> String {
        text(
            "每个签名针对快照文件连同其前的签名的规范形式（RFC 8785），结果摘要针对结果的规范形式。"
                + "datamarket verify snapshots 核验签名和摘要，并重新计算。",
            "Each signature is over the file with the signatures before it, in canonical form (RFC 8785), and the hash of a "
                + "result over the result in that form. datamarket verify snapshots checks both, and computes everything "
                + "again.")
    }
}
