import CCSV
import Foundation

/// Catalogues as CSV with a header in Chinese or English, read as a stream by libcsv.
final class CSVCatalogueParser: CatalogueParser {
    let format = CatalogueFormat.csv
    private static let largestCell = 8 << 20
    /// FIELD_BEGUN of libcsv, which its header does not name.
    private static let insideCell: Int32 = 2
    private static let aliases: [String: [String]] = [
        "title": ["資料名稱", "資料集名稱", "数据名称", "目录名称", "title", "name"],
        "description": ["資料集描述", "資料集說明", "摘要", "description", "abstract"],
        "publisher": ["資料集提供機關", "提供单位", "publisher", "provider"],
        "identifier": ["identifier", "id", "code", "資料連結網址", "資料集連結網址"],
        "address": ["資料連結網址", "資料集連結網址", "url", "landing_page"],
        "frequency": ["更新頻率", "更新周期", "update_frequency", "frequency"],
        "items": ["主要欄位說明", "主要欄位", "数据项", "信息项", "items", "columns"],
        "sharing_class": ["共享类型", "共享属性", "sharing_class"],
        "sharing_basis": ["共享依据", "不予共享依据", "sharing_basis"], "grade": ["数据分级", "数据级别", "grade"],
        "personal": ["是否含个人信息", "个人信息", "personal_information"],
        "received_from": ["数据来源部门", "received_from"], "conditions": ["共享条件", "使用条件", "conditions"],
        "conditions_basis": ["条件依据", "conditions_basis"],
        "format": ["檔案格式", "資源格式", "format"], "issued": ["建立日期", "issued"],
        "modified": ["最後更新時間", "更新日期", "modified"], "keywords": ["標籤/關鍵字", "關鍵字", "关键词", "keywords"],
        "themes": ["分類及編號", "資料分類", "分类", "theme"], "licence": ["授權方式", "授權說明網址", "license", "licence"],
        "spatial": ["資料集空間範圍", "spatial"], "language": ["資料集語系", "language"],
    ]

    private var parser = UnsafeMutablePointer<csv_parser>.allocate(capacity: 1)
    private var cells: [String] = []
    private var width: Int?
    private var places: [String: Int] = [:]
    private var position = 0
    private let skipped: Int
    private var ready: [Candidate] = []
    private var hasTitles = true
    private var isCut = false

    init(skipping: Int) {
        skipped = skipping
        csv_init(parser, 0)
    }

    deinit {
        csv_free(parser)
        parser.deallocate()
    }

    func push(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        let myself = Unmanaged.passUnretained(self).toOpaque()
        guard csv_parse(parser, bytes.baseAddress, bytes.count, Self.cell, Self.record, myself) == bytes.count else {
            throw CatalogueUnreadable(.wrongFormat, "The file is not well-formed CSV after record \(position).")
        }
        guard csv_get_buffer_size(parser) <= Self.largestCell else {
            throw CatalogueUnreadable(
                .tooLarge, "A cell after record \(position) is larger than 8 MiB: a quote may be missing.")
        }
        try checkHeader()
    }

    func finish() throws {
        // libcsv asks this itself only where a stray quote is an error too, and catalogues hold such.
        guard parser.pointee.quoted == 0 || parser.pointee.pstate != Self.insideCell else {
            throw CatalogueUnreadable(
                .truncated, "The file ends inside a quoted cell of record \(position + 1): it is truncated.")
        }
        csv_fini(parser, Self.cell, Self.record, Unmanaged.passUnretained(self).toOpaque())
        try checkHeader()
        guard !isCut else {
            throw CatalogueUnreadable(
                .truncated,
                "The file ends in record \(position), without its last cells and its line end: it is truncated.")
        }
    }

    func drain() -> [Candidate] {
        defer { ready.removeAll(keepingCapacity: true) }
        return ready
    }

    private func checkHeader() throws {
        guard !hasTitles else { return }
        throw CatalogueUnreadable(
            .wrongFormat,
            "No column holds titles; expected one of \(Self.aliases["title"]?.joined(separator: ", ") ?? "").")
    }

    private static let cell: @convention(c) (UnsafeMutableRawPointer?, Int, UnsafeMutableRawPointer?) -> Void = {
        let text = String(decoding: UnsafeRawBufferPointer(start: $0, count: $1), as: UTF8.self)
        Unmanaged<CSVCatalogueParser>.fromOpaque($2!).takeUnretainedValue().cells.append(text)
    }

    private static let record: @convention(c) (Int32, UnsafeMutableRawPointer?) -> Void = {
        // The end of the file ends a record with -1 in place of a character.
        Unmanaged<CSVCatalogueParser>.fromOpaque($1!).takeUnretainedValue().endRecord(isLast: $0 == -1)
    }

    private func endRecord(isLast: Bool) {
        defer { cells.removeAll(keepingCapacity: true) }
        guard let width else {
            let header = cells.map { $0.trimmingCharacters(in: CharacterSet(charactersIn: "\"\u{FEFF} \r\n")) }
            places = Self.aliases.compactMapValues { names in
                names.lazy.compactMap { header.firstIndex(of: $0) }.first
            }
            width = header.count
            hasTitles = places["title"] != nil
            return
        }
        position += 1
        isCut = isLast && cells.count < width
        guard hasTitles, position > skipped, !cells.allSatisfy(\.isEmpty) else { return }
        let cells = cells
        ready.append(
            Self.candidate(cells, position: position, width: width) { name in
                guard let place = places[name], place < cells.count else { return nil }
                let cell = cells[place]
                guard cell.utf8.contains(UInt8(ascii: "\\")) else { return cell }
                return cell.replacingOccurrences(of: "\\r\\n", with: "\n").replacingOccurrences(of: "\\n", with: "\n")
                    .replacingOccurrences(of: "\\t", with: " ")
            })
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
        candidate.entry.items = list(cell("items"), "items", &candidate).compactMap {
            candidate.item(name: $0, type: nil, description: nil)
        }
        candidate.addSharing(
            sharingClass: cell("sharing_class"), basis: cell("sharing_basis"), grade: cell("grade"))
        candidate.entry.personalInformation = truth(cell("personal"))
        candidate.entry.receivedFrom = candidate.line(cell("received_from"), "received_from", longest: 200)
        candidate.addConditions(cell("conditions"), basis: cell("conditions_basis") ?? cell("sharing_basis"))
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

    private static func truth(_ text: String?) -> Bool? {
        switch text?.lowercased() {
        case "是", "true", "yes", "1": true
        case "否", "false", "no", "0": false
        default: nil
        }
    }

    private static func list(_ text: String?, _ field: String, _ candidate: inout Candidate) -> [String] {
        (text ?? "").split { "、,;；，\n".contains($0) }.compactMap { part in
            candidate.line(String(part).trimmingCharacters(in: CharacterSet(charactersIn: "\" ")), field, longest: 500)
        }
    }
}
