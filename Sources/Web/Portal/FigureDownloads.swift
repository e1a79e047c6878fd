import Marketplace

/// The files of a figure that a page shows, as links to the same figure.
func figureDownloads(_ metric: String, _ parameters: [(String, String?)], _ text: Language) -> [PortalPage.Fact] {
    let stated = parameters.compactMap { name, value in
        value.flatMap { $0.isEmpty ? nil : "\(name)=\($0.escapedForURL)&" }
    }.joined()
    let forms: [(TableFormat, String)] = [
        (.csv, text("下载表格文本", "Download as text")),
        (.xlsx, text("下载工作簿，附定义", "Download as a workbook, with the definition")),
        (.parquet, text("下载带类型的文件", "Download with types")),
    ]
    return forms.map { format, about in
        .init(
            name: about, value: format == .parquet ? "Parquet" : format.rawValue.uppercased(),
            address: "/v1/adoption/metrics/\(metric)?\(stated)format=\(format.rawValue)")
    }
}
