/// One table of a snapshot: what was asked for, by which metric, and what came out.
struct SnapshotTable: Sendable {
    let request: TableRequest
    let metric: Metric
    let result: JSONTree

    /// As a snapshot of several tables holds it, each whole in itself.
    func tree(_ times: SnapshotTimes) throws -> JSONTree {
        .object(try members(times))
    }

    func members(_ times: SnapshotTimes) throws -> [String: JSONTree] {
        [
            "metric": .text(metric.name), "version": .number("\(metric.version)"), "definition": .text(metric.digest),
            "parameters": .object(request.tree(over: metric.over).merging(times.members) { one, _ in one }),
            "result": result, "result_sha256": .text(try Self.hash(of: result)),
        ]
    }

    static func hash(of result: JSONTree) throws -> String { SHA256.digest(try result.canonical()).hexadecimal }
}

/// What of a table is another when it is computed again.
public struct Difference: Sendable, Hashable {
    /// Such as `breakdown J purchases value`.
    public let place: String
    public let kept: String
    public let recomputed: String

    /// Every place at which two results differ; a class or a value is told by its name.
    static func all(kept: JSONTree?, recomputed: JSONTree?, at place: [String] = []) -> [Difference] {
        switch (kept, recomputed) {
        case (.object(let one)?, .object(let other)?):
            return Set(one.keys).union(other.keys).sorted().flatMap {
                all(kept: one[$0], recomputed: other[$0], at: place + [$0])
            }
        case (.list(let one)?, .list(let other)?):
            let (one, other) = (named(one), named(other))
            return Set(one.keys).union(other.keys).sorted().flatMap {
                all(kept: one[$0], recomputed: other[$0], at: place + [$0])
            }
        default:
            guard kept != recomputed, (try? kept?.canonical()) != (try? recomputed?.canonical()) else { return [] }
            let place = place.filter { $0 != "values" }.joined(separator: " ")
            return [Difference(place: place, kept: word(kept), recomputed: word(recomputed))]
        }
    }

    private static func named(_ list: [JSONTree]) -> [String: JSONTree] {
        var named: [String: JSONTree] = [:]
        for (place, item) in list.enumerated() {
            let parts = item["class"].map { [$0.text ?? "unknown"] } ?? [item["name"]?.text, item["unit"]?.text]
            let name = parts.compactMap { $0 }.filter { $0 != "count" }.joined(separator: " ")
            named[name.isEmpty ? "\(place + 1)" : name] = item
        }
        return named
    }

    private static func word(_ value: JSONTree?) -> String {
        switch value {
        case nil: "nothing"
        case .null?: "none"
        case let value?: value.text ?? String(value.json.prefix(100))
        }
    }
}
