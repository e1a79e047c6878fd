import Foundation
import Hummingbird
import Marketplace

/// Figures of adoption that are kept: the list, one with what is computed today beside it, and the button that keeps one.
extension PortalRoutes {
    func addSnapshotPages(to router: Router<MarketContext>) {
        page(router, "/adoption/snapshots") { try await snapshots($0, $1) }
        page(router, "/adoption/snapshots/:id") { try await snapshot($0, $1) }
        router.post("/adoption/snapshots") { try await keepSnapshot($0, $1) }
    }

    /// Keeps the figure that a page shows, by the times it was computed at.
    func snapshotForm(_ figure: JSONNode, _ text: Language) -> PortalPage.Form {
        .init(
            title: text("保存为快照", "Keep as a snapshot"), action: "/adoption/snapshots",
            button: text("保存本页数字", "Keep the figure of this page"), id: "keep",
            about: text(
                "快照保存指标版本、定义摘要、参数和结果，由市场签名；日后可重新计算核对。最近半分钟记录的数据尚未确定，不计入。",
                "A snapshot holds the metric's version, the digest of its definition, the parameters and the result, "
                    + "signed by the market; it can be recomputed later. What was recorded in the last half minute is not "
                    + "settled yet, and does not count."),
            hidden: [
                .init(name: "key", value: UUID().uuidString), .init(name: "metric", value: figure["metric"].string),
                .init(name: "version", value: figure["version"].string),
                .init(name: "panel", value: figure["panel"]["code"].string),
                .init(name: "by", value: figure["by"].string), .init(name: "count", value: figure["count"].string),
                .init(name: "as_of", value: figure["as_of"].string),
                .init(name: "recorded_by", value: figure["recorded_by"].string),
            ])
    }

    private func keepSnapshot(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.analyst, .administrator)
        let form = try await FormFields(request)
        do {
            // The page shows what was known when it was made, of which the last half minute is not settled; a time that lies
            // ahead is refused with the snapshot.
            let (now, settled) = (now(), SnapshotRequest.settled(now()))
            let stated = { (name: String) in
                try form.filled(name).map { try parsedTime($0, field: name) }
                    .map { $0 > now + 1 ? $0 : min(settled, $0) }
            }
            let wanted = SnapshotRequest(
                metric: try form.required("metric"), version: try form.wholeNumber("version"),
                panel: try form.required("panel"), by: form.filled("by"),
                count: try CountingRule(named: form.filled("count")), asOf: try stated("as_of"),
                recordedBy: try stated("recorded_by"))
            let sent = form.all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "&")
            let outcome = try await market.snapshots.keep(
                wanted, by: account, key: IdempotencyKey(form.required("key")), body: Array(sent.utf8), now: now)
            return redirect(to: "/adoption/snapshots/\(try JSONNode(outcome.snapshot)["id"].string)")
        } catch let refusal as any MarketplaceError {
            return try await refused(snapshots(request, context), refusal, sent: form.all, request, context)
        }
    }

    private func snapshots(_ request: Request, _ context: MarketContext) async throws -> PortalPage {
        let text = Language(request)
        _ = try context.requireAccount(.analyst, .administrator)
        let found = try JSONNode(await market.snapshots.snapshots(cursor: request.query("cursor"), limit: nil))
        var page = PortalPage(title: text("指标快照", "Snapshots"))
        page.lead = text(
            "保存下来的数字，连同其定义、参数和签名，不再改动。截至：当时已发生的；已知至：当时市场已记录的。",
            "Figures as they were kept, with definition, parameters and signatures; none is ever changed. As of: what had "
                + "happened by then. Known by: what the market had recorded by then.")
        page.facts = [
            .init(name: text("指标", "Metric"), value: text("计算新的数字", "Compute a figure"), address: "/adoption")
        ]
        page.tables = [
            .init(
                caption: text("快照", "Snapshots"),
                headers: [
                    text("指标", "Metric"), text("版本", "Version"), text("样本", "Panel"), text("单位数", "Members"),
                    text("计数", "Counted"), text("截至", "As of"),
                    text("已知至", "Known by"), text("采购率", "Rate"), text("结果摘要", "Result"), text("保存者", "Kept by"),
                    text("保存于", "Kept at"),
                ],
                rows: found["items"].list.map { row($0, text) },
                empty: text("还没有快照。在应用成效页保存一个。", "There is none yet; keep one on the adoption page."))
        ]
        page.next = next(found, "/adoption/snapshots", nil, text)
        return page
    }

    private func row(_ snapshot: JSONNode, _ text: Language) -> PortalPage.Table.Row {
        let parameters = snapshot["parameters"]
        return .init(cells: [
            .init(
                text: snapshotWord(snapshot, text),
                address: "/adoption/snapshots/\(snapshot["id"].string)"),
            .init(text: snapshot["version"].string), .init(text: snapshot["panel"].title(text)),
            .init(text: snapshot["panel"]["n"].grouped), .init(text: countWord(parameters["count"].string, text)),
            .init(text: parameters["as_of"].time),
            .init(text: parameters["recorded_by"].time), .init(text: percent(snapshot["rate"])),
            .init(text: String(snapshot["result_sha256"].string.prefix(12))), snapshot["made_by"].party(text),
            .init(text: snapshot["made_at"].time),
        ])
    }

    private func snapshot(_ request: Request, _ context: MarketContext) async throws -> PortalPage {
        let text = Language(request)
        _ = try context.requireAccount(.analyst, .administrator)
        let id = try context.id(orElse: AdoptionError.unknownSnapshot)
        async let kept = market.snapshots.snapshot(id)
        async let recomputed = market.snapshots.recompute(id)
        let snapshot = try JSONNode(await kept)
        let check = try await recomputed
        var page = PortalPage(title: text("快照：", "Snapshot: ") + snapshotWord(snapshot, text))
        page.lead = try definition(of: snapshot["metric"].string, version: snapshot["version"].integer, text)
        page.notice = verdict(check, text)
        page.facts = facts(of: snapshot, text)
        page.tables = [
            comparison(snapshot["result"], try check.recomputed.map(JSONNode.init) ?? .absent, text),
            signatureTable(snapshot, text),
        ]
        return page
    }

    /// The metric of a snapshot, or how many tables it has.
    private func snapshotWord(_ snapshot: JSONNode, _ text: Language) -> String {
        let tables = snapshot["tables"].list
        return tables.isEmpty
            ? metricWord(snapshot["metric"].string, text) : text("\(tables.count)张表", "\(tables.count) tables")
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

    private func facts(of snapshot: JSONNode, _ text: Language) -> [PortalPage.Fact] {
        let (parameters, watermark) = (snapshot["parameters"], snapshot["watermark"])
        let panel = snapshot["result"]["panel"]
        let newest = watermark["recorded_at"]
        let known = newest.isNull ? "" : text("，最新一笔 ", ", the newest ") + newest.time
        let leaves = watermark["log_size"].grouped
        let maker = snapshot["made_by"].string
        return [
            .init(name: text("采购率", "Rate"), value: percent(snapshot["result"]["rate"])),
            .init(name: text("样本", "Panel"), value: panelWords(panel, text)),
            .init(name: text("计数", "Counted"), value: countWord(parameters["count"].string, text)),
            .init(
                name: text("维度", "Dimension"),
                value: parameters["by"].isNull ? "" : dimensionWord(parameters["by"].string, text)),
            .init(name: text("截至（当时已发生的）", "As of: what had happened"), value: parameters["as_of"].time),
            .init(name: text("已知至（当时已记录的）", "Known by: what was recorded"), value: parameters["recorded_by"].time),
            .init(
                name: text("数据水位（样本企业已知的采购）", "Watermark: purchases known of the panel"),
                value: "\(watermark["purchases"].grouped)\(known)"),
            .init(name: text("市场日志", "The market's log"), value: text("\(leaves) 条", "\(leaves) leaves")),
            .init(name: text("指标版本", "Version of the metric"), value: snapshot["version"].string),
            .init(name: text("保存者", "Kept by"), value: maker, address: "/parties/\(maker)"),
            .init(name: text("保存于", "Kept at"), value: snapshot["made_at"].time),
            .init(
                name: text("快照文件", "Snapshot as a file"), value: "JSON",
                address: "/v1/adoption/snapshots/\(snapshot["id"].string)"),
        ]
    }

    /// The kept figure and today's, class by class.
    private func comparison(_ kept: JSONNode, _ today: JSONNode, _ text: Language) -> PortalPage.Table {
        let dimension = kept["by"].string
        let said = { (figure: JSONNode) in
            figure.isNull
                ? "–" : "\(figure["numerator"].string) / \(figure["denominator"].string) · \(percent(figure["rate"]))"
        }
        let cells = { (name: String, kept: JSONNode, today: JSONNode) -> PortalPage.Table.Row in
            let isSame = said(kept) == said(today)
            let verdict = today.isNull ? "–" : isSame ? text("相同", "same") : text("⚠ 不同", "⚠ differs")
            return .init(cells: [
                .init(text: name), .init(text: said(kept)), .share(kept["rate"].string), .init(text: said(today)),
                .init(text: verdict),
            ])
        }
        let again = { (name: String) in today["breakdown"].list.first { $0["class"].string == name } ?? .absent }
        return .init(
            caption: text("保存的与重新计算的", "As kept and as recomputed"),
            headers: [
                text("类别", "Class"), text("保存的", "Kept"), text("图示", "Bar"), text("重新计算", "Recomputed"),
                text("核对", "Verdict"),
            ],
            rows: [cells(text("全部样本", "The whole panel"), kept, today)]
                + kept["breakdown"].list.map {
                    cells(classWord($0["class"].string, of: dimension, text), $0, again($0["class"].string))
                })
    }

    private func signatureTable(_ snapshot: JSONNode, _ text: Language) -> PortalPage.Table {
        let row = { (name: String, value: String) in
            PortalPage.Table.Row(cells: [.init(text: name), .init(text: value)])
        }
        return .init(
            caption: text("摘要与签名", "Hashes and signatures"), headers: [text("项目", "What"), text("值", "Value")],
            rows: [
                row(
                    text("定义（SQL 文件）SHA-256", "SHA-256 of the definition, the SQL file"),
                    snapshot["definition"].string),
                row(text("结果 SHA-256", "SHA-256 of the result"), snapshot["result_sha256"].string),
            ]
                + snapshot["signatures"].list.map {
                    row("\($0["algorithm"].string) · \($0["key"].string.prefix(16))…", $0["value"].string)
                })
    }
}
