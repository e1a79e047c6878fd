import Foundation
import SwiftCSV

/// Catalogues as CSV with a header in Chinese or English.
enum CSVCatalogueReader {
    private static let aliases: [String: [String]] = [
        "title": ["資料名稱", "資料集名稱", "数据名称", "目录名称", "title", "name"],
        "description": ["資料集描述", "資料集說明", "摘要", "description", "abstract"],
        "publisher": ["資料集提供機關", "提供单位", "publisher", "provider"],
        "identifier": ["identifier", "id", "code", "資料連結網址", "資料集連結網址"],
        "address": ["資料連結網址", "資料集連結網址", "url", "landing_page"],
        "frequency": ["更新頻率", "更新周期", "update_frequency", "frequency"],
        "columns": ["主要欄位說明", "主要欄位", "数据项", "columns"],
        "format": ["檔案格式", "資源格式", "format"], "issued": ["建立日期", "issued"],
        "modified": ["最後更新時間", "更新日期", "modified"], "keywords": ["標籤/關鍵字", "關鍵字", "关键词", "keywords"],
        "themes": ["分類及編號", "資料分類", "分类", "theme"], "licence": ["授權方式", "授權說明網址", "license", "licence"],
        "spatial": ["資料集空間範圍", "spatial"], "language": ["資料集語系", "language"],
    ]

    static func read(_ content: [UInt8]) throws -> [Candidate] {
        guard content.count(where: { $0 == UInt8(ascii: "\"") }) % 2 == 0 else {
            throw CatalogueUnreadable(.truncated, "The file ends inside a quoted cell: it is truncated.")
        }
        let table: EnumeratedCSV
        do {
            table = try EnumeratedCSV(
                string: String(decoding: content, as: UTF8.self), delimiter: .comma, loadColumns: false)
        } catch {
            throw CatalogueUnreadable(.wrongFormat, "The file is not well-formed CSV: \(error)")
        }
        let header = table.header.map { $0.trimmingCharacters(in: CharacterSet(charactersIn: "\"\u{FEFF} \r\n")) }
        let places = aliases.mapValues { names in
            names.lazy.compactMap { header.firstIndex(of: $0) }.first
        }
        guard let title = places["title"] ?? nil else {
            throw CatalogueUnreadable(
                .wrongFormat,
                "No column holds titles; expected one of \(aliases["title"]?.joined(separator: ", ") ?? "").")
        }
        _ = title
        return table.rows.enumerated().compactMap { index, cells in
            if cells.allSatisfy(\.isEmpty) { return nil }
            return candidate(cells, position: index + 1, width: header.count) { name in
                guard let place = places[name] ?? nil, place < cells.count else { return nil }
                return cells[place].replacingOccurrences(of: "\\r\\n", with: "\n")
                    .replacingOccurrences(of: "\\n", with: "\n").replacingOccurrences(of: "\\t", with: " ")
            }
        }
    }

    private static func candidate(
        _ cells: [String], position: Int, width: Int, cell: (String) -> String?
    ) -> Candidate {
        var candidate = Candidate(position: position)
        let identifier =
            candidate.line(cell("identifier"), "identifier") ?? candidate.line(cell("address"), "identifier")
        candidate.entry.identifier = identifier ?? ""
        guard cells.count == width else {
            candidate.refuse(.malformedEntry, nil, "The record has \(cells.count) cells where the header has \(width).")
            return candidate
        }
        let language = cell("language").flatMap { $0 == "中文" ? "zh-Hant" : nil }
        candidate.entry.language = language
        candidate.addTitle(cell("title"), language: language)
        candidate.addDescription(cell("description"), language: language)
        candidate.entry.publisher = candidate.line(cell("publisher"), "publisher", longest: 500).map(publisher)
        candidate.entry.updateFrequency = candidate.line(cell("frequency"), "update_frequency", longest: 200)
        candidate.entry.issued = candidate.date(cell("issued"), "issued")
        candidate.entry.modified = candidate.date(cell("modified"), "modified")
        candidate.entry.licence = candidate.line(cell("licence"), "licence")
        candidate.entry.spatial = candidate.line(cell("spatial"), "spatial")
        candidate.entry.landingPage = candidate.line(cell("address"), "address")
        candidate.entry.columns = list(cell("columns"), "columns", &candidate)
        candidate.entry.keywords = list(cell("keywords"), "keywords", &candidate)
        candidate.entry.themes = candidate.line(cell("themes"), "themes").map { [$0] } ?? []
        if let format = candidate.line(cell("format"), "format") {
            candidate.entry.distributions = [
                CatalogueDistribution(format: format, accessURL: candidate.entry.landingPage)
            ]
        }
        candidate.finish()
        return candidate
    }

    /// `380120000J 【社會局】` is a code and a name.
    private static func publisher(_ text: String) -> CatalogueParty {
        if let match = text.wholeMatch(of: /([0-9A-Za-z]+) 【(.+)】/) {
            return CatalogueParty(name: String(match.2), identifier: String(match.1))
        }
        return CatalogueParty(name: text)
    }

    private static func list(_ text: String?, _ field: String, _ candidate: inout Candidate) -> [String] {
        (text ?? "").split { "、,;；，\n".contains($0) }.compactMap { part in
            candidate.line(String(part).trimmingCharacters(in: CharacterSet(charactersIn: "\" ")), field, longest: 500)
        }
    }
}
