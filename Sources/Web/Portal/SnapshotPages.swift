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
                rows: try found["items"].list.map { try row($0, text) },
                empty: text("还没有快照。在应用成效页保存一个。", "There is none yet; keep one on the adoption page."))
        ]
        page.next = next(found, "/adoption/snapshots", nil, text)
        return page
    }

    private func row(_ snapshot: JSONNode, _ text: Language) throws -> PortalPage.Table.Row {
        let parameters = snapshot["parameters"]
        return .init(cells: [
            .init(
                text: try snapshotWord(snapshot, text),
                address: "/adoption/snapshots/\(snapshot["id"].string)"),
            .init(text: snapshot["version"].string), .init(text: snapshot["panel"].title(text)),
            .init(text: snapshot["panel"]["n"].grouped), .init(text: countWord(parameters["count"].string, text)),
            .init(text: parameters["as_of"].time),
            .init(text: parameters["recorded_by"].time), .init(text: percent(snapshot["rate"])),
            .init(text: String(snapshot["result_sha256"].string.prefix(12))), snapshot["made_by"].party(text),
            .init(text: snapshot["made_at"].time),
        ])
    }

    /// The metric of a snapshot, or how many tables it has.
    func snapshotWord(_ snapshot: JSONNode, _ text: Language) throws -> String {
        let tables = snapshot["tables"].list
        return tables.isEmpty
            ? try metricTitle(snapshot["metric"].string, text) : text("\(tables.count)张表", "\(tables.count) tables")
    }

    /// What a metric calls itself; its name where there is no such metric any more.
    func metricTitle(_ metric: String, _ text: Language) throws -> String {
        let title = try JSONNode(market.adoption.definitions())["items"].list
            .first { $0["name"].string == metric }?["title"]
        return title.map { text($0["zh"].string, $0["en"].string) } ?? metric
    }
}
