import Foundation

/// Figures as files with types, and reports as PDF, made by the table engine.
public struct FigureFiles: Sendable {
    let engine: TableEngine
    let files: ContentFiles

    public enum Format: String, Sendable { case xlsx, parquet }

    /// A figure as a workbook whose second sheet is the definition, or as Parquet with the definition in its metadata.
    /// - Throws: `TableEngineError`, when the engine is not installed or has too much to do.
    public func file(_ table: FigureTable, as format: Format) async throws -> [UInt8] {
        let metric = table.metric
        // Who opens a sheet looks for the values; what is the same in all rows stands behind them.
        let places =
            table.columns.indices.filter { !table.columns[$0].isContext }
            + table.columns.indices.filter { table.columns[$0].isContext }
        let columns = places.map { table.columns[$0] }
        return try await made(
            by: [
                "job": .text("figure"), "format": .text(format.rawValue),
                "columns": .list(
                    columns.map {
                        .object(["name": .text($0.name), "zh": .text($0.chinese), "type": .text($0.kind.rawValue)])
                    }),
                "rows": .list(table.rows.map { row in .list(places.map { row[$0].tree }) }),
                "metadata": .object([
                    "metric": .text(metric.name), "version": .text("\(metric.version)"), "sha256": .text(metric.digest),
                    "definition": .text(metric.document.text),
                ]),
                "definition": .list(
                    try MetricWords(metric).lines(with: table.context).map { .list($0.map(JSONTree.text)) }),
            ]) { try await engine.read($0) }
    }

    /// HTML that needs nothing else as PDF.
    public func pdf(of page: [UInt8]) async throws -> [UInt8] {
        let folder = try files.workFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let source = folder.appendingPathComponent("page.html")
        try Data(page).write(to: source)
        return try await made(by: ["job": .text("print"), "page": .text(source.path)]) { try await engine.run($0) }
    }

    private func made(
        by job: [String: JSONTree], _ work: (JSONTree) async throws -> JSONTree
    ) async throws -> [UInt8] {
        let folder = try files.workFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let output = folder.appendingPathComponent("output")
        _ = try await work(.object(job.merging(["output": .text(output.path)]) { first, _ in first }))
        return Array(try Data(contentsOf: output))
    }
}

extension FigureTable.Cell {
    /// As the engine takes it.
    fileprivate var tree: JSONTree {
        switch self {
        case .none: .null
        case .suppressed: .object([:])
        case .bool(let truth): .bool(truth)
        case .text(let text): .text(text)
        }
    }
}
