import Foundation
import Marketplace

/// What the table of a product holds and how good and fresh it is, as people read it.
extension PortalRoutes {
    /// The profile, or why there is none.
    enum ProfileAnswer { case made(JSONDocument), noTable, notMade }

    /// The profile of a product's newest revision.
    func profile(of code: String) async throws -> ProfileAnswer {
        do {
            return .made(try await market.catalog.profile(of: code, revision: nil, now: now()))
        } catch CatalogError.noTable {
            return .noTable
        } catch CatalogError.profileNotMade {
            return .notMade
        }
    }

    func profileTables(_ answer: ProfileAnswer, _ text: Language) throws -> [PortalPage.Table] {
        switch answer {
        case .made(let document):
            let profile = try JSONNode(document)
            return [columnProfiles(profile, text), qualityTable(profile, text)]
        case .noTable:
            return [noProfile(text("内容不是表格，没有数据概况。", "The content is no table, so it has no profile."), text)]
        case .notMade:
            return [noProfile(text("数据概况正在生成，请稍后再看。", "The profile is being made; look again in a minute."), text)]
        }
    }

    private func noProfile(_ reason: String, _ text: Language) -> PortalPage.Table {
        .init(caption: text("数据概况", "Profile"), headers: [], rows: [], empty: reason)
    }

    private func columnProfiles(_ profile: JSONNode, _ text: Language) -> PortalPage.Table {
        let rows = profile["rows"].integer
        let hasMisfits = profile["columns"].list.contains { $0["invalid"].integer > 0 }
        return .init(
            caption: text("数据概况", "Profile"),
            headers: [
                text("数据项", "Column"), text("非空", "Not empty"), text("空", "Empty"), text("不同值", "Distinct"),
                text("最小 – 最大", "Range"), text("分布", "Distribution"),
            ] + (hasMisfits ? [text("类型不符", "Not of the type")] : []),
            rows: profile["columns"].list.map { column in
                let filled = rows == 0 ? nil : Double(rows - column["empty"].integer) / Double(rows)
                let isPersonal = column["personal"].isTrue
                let cells: [PortalPage.Cell] = [
                    .init(text: column["name"].string), share(filled),
                    .init(text: column["empty"].grouped), .init(text: column["distinct"].grouped),
                    .init(text: isPersonal ? text("含个人信息，不展示", "personal, not shown") : range(column, text)),
                    .init(text: isPersonal ? "" : distribution(column, text)),
                ]
                return .init(cells: cells + (hasMisfits ? [.init(text: misfits(column, text))] : []))
            }, empty: text("表中没有数据项。", "The table has no columns."), isCompact: true)
    }

    private func range(_ column: JSONNode, _ text: Language) -> String {
        guard !column["minimum"].isNull else { return "" }
        let (least, most) = (short(column["minimum"]), short(column["maximum"]))
        return least == most ? least : "\(least) – \(most)"
    }

    /// A number to read, with six digits after the point at most; the API has them all.
    private func short(_ figure: JSONNode) -> String {
        let exact = figure.string
        guard exact.utf8.count > 10, exact.utf8.contains(UInt8(ascii: ".")), let number = Double(exact) else {
            return exact
        }
        return number.shortened
    }

    private func distribution(_ column: JSONNode, _ text: Language) -> String {
        if !column["quartiles"].isNull {
            let quartiles = column["quartiles"].list.map(short).joined(separator: " / ")
            return text("四分位数 ", "quartiles ") + quartiles
        }
        if !column["frequent"].isNull {
            return column["frequent"].list.map { "\($0["value"].string) (\($0["count"].grouped))" }
                .joined(separator: text("、", ", "))
        }
        guard !column["longest"].isNull else { return "" }
        return text("最长 \(column["longest"].grouped) 字", "up to \(column["longest"].grouped) characters")
    }

    private func misfits(_ column: JSONNode, _ text: Language) -> String {
        guard column["invalid"].integer > 0 else { return "" }
        let lines = column["invalid_lines"].list.map(\.string).joined(separator: text("、", ", "))
        let count = column["invalid"].grouped
        return text("⚠ \(count) 个，首见于第 \(lines) 行", "⚠ \(count), first in lines \(lines)")
    }

    private func qualityTable(_ profile: JSONNode, _ text: Language) -> PortalPage.Table {
        let definition = { (figure: JSONNode) in
            PortalPage.Cell(text: text(figure["definition_zh"].string, figure["definition_en"].string))
        }
        let shares = profile["quality"].list.map { figure in
            PortalPage.Table.Row(cells: [
                .init(text: qualityWord(figure["figure"].string, text)), share(figure["share"].number),
                definition(figure),
            ])
        }
        let freshness = PortalPage.Table.Row(cells: [
            .init(text: qualityWord("freshness", text)), .init(text: freshness(of: profile, text)),
            definition(profile["freshness"]),
        ])
        return .init(
            caption: text("质量与时效", "Quality and freshness"),
            headers: [text("指标", "Figure"), text("值", "Value"), text("定义", "Definition")],
            rows: shares + [freshness])
    }

    private func qualityWord(_ figure: String, _ text: Language) -> String {
        switch figure {
        case "completeness": text("完整性", "Completeness")
        case "validity": text("有效性", "Validity")
        case "uniqueness": text("唯一性", "Uniqueness")
        default: text("时效性", "Freshness")
        }
    }

    /// On time or late, with the days that say so.
    func freshness(of profile: JSONNode, _ text: Language) -> String {
        let fresh = profile["freshness"]
        let age = fresh["age_days"].grouped
        let stated = frequency(fresh["frequency"].string, text)
        switch fresh["state"].string {
        case "on_time", "late":
            let days = fresh["due_days"].grouped
            let state = fresh["state"].string == "late" ? text("⚠ 逾期", "⚠ late") : text("按时", "on time")
            return text(
                "\(state)：已 \(age) 天，更新周期 \(stated)（\(days) 天内）",
                "\(state): \(age) days old, updated \(stated) (within \(days) days)")
        case "not_stated" where !stated.isEmpty:
            return text(
                "已 \(age) 天；更新频率：\(stated)，没有到期日",
                "\(age) days old; updated \(stated), so it is never due")
        default: return text("已 \(age) 天；没有声明更新频率", "\(age) days old; no update frequency is stated")
        }
    }

    /// The share of a quality figure as the compare page writes it; empty when there is none.
    func quality(_ figure: String, of profile: JSONNode) -> String {
        profile["quality"].list.first { $0["figure"].string == figure }?["share"].number?.percentDown ?? ""
    }

    private func share(_ value: Double?) -> PortalPage.Cell {
        guard let value else { return .init(text: "–") }
        return .share("\(value)", value.percentDown + " ")
    }
}
