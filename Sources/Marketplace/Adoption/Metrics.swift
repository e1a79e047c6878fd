/// The published metrics, each in every version that is kept.
struct Metrics: Sendable {
    /// The newest version of each.
    let newest: [Metric]
    /// Those before it, newest first.
    private let earlier: [String: [Metric]]

    /// - Throws: `Metric.MalformedMetric` for a file that is not the version of a metric that its name says, or by which the metric
    ///   would be over something else: that is another metric.
    init(_ statements: Statements) throws {
        let newest = try Metric.files.map { try Metric(statement: statements[$0]) }
        self.newest = newest
        let kept = try Metric.earlier.map { file in
            let metric = try Metric(statement: statements[file])
            guard let last = newest.first(where: { $0.name == metric.name }), metric.version < last.version,
                metric.over == last.over, file == "\(last.statement.name)_\(metric.version)"
            else { throw Metric.MalformedMetric(file: file) }
            return metric
        }
        earlier = Dictionary(grouping: kept, by: \.name).mapValues { $0.sorted { $0.version > $1.version } }
    }

    /// Every kept version of a metric, newest first.
    func versions(of name: String) -> [Metric] { newest.filter { $0.name == name } + (earlier[name] ?? []) }

    /// - Parameter version: nil for the newest.
    /// - Throws: `AdoptionError.unknownMetric`; `InvalidInput` that names the versions that there are.
    func metric(_ name: String, version: Int?) throws -> Metric {
        let versions = versions(of: name)
        guard let last = versions.first else { throw AdoptionError.unknownMetric(name) }
        guard let version else { return last }
        guard let found = versions.first(where: { $0.version == version }) else {
            let kept = versions.map { "\($0.version)" }.joined(separator: ", ")
            throw InvalidInput("version", "'\(version)' is not a version of \(name) that is kept: \(kept).")
        }
        return found
    }

    /// The version whose file has a digest.
    func metric(_ name: String, digest: String) -> Metric? { versions(of: name).first { $0.digest == digest } }

    /// As JSON: the newest version of each, with those before it.
    var document: JSONDocument {
        let items = newest.map { metric in
            let before = versions(of: metric.name).dropFirst().map(\.document.text).joined(separator: ",")
            return "\(metric.document.text.dropLast()),\"earlier_versions\":[\(before)]}"
        }
        return JSONDocument(text: "{\"items\":[\(items.joined(separator: ","))],\"next\":null}")
    }
}
