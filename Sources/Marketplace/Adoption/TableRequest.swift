import Foundation

/// Which table of a metric is asked for, but for the two times, which may be those of several tables.
public struct TableRequest: Sendable, Hashable {
    public var metric: String
    /// Of its definition; nil for the newest.
    public var version: Int?
    /// One of the metric's dimensions, or nil for the whole only.
    public var dimension: String?
    public var period: Period
    /// Of a metric over a panel.
    public var panel: String?
    public var count: CountingRule?
    /// Of a metric over the market: which purchases it holds.
    public var standing: String?

    public init(
        metric: String, version: Int? = nil, by dimension: String? = nil, period: Period = .ever, panel: String? = nil,
        count: CountingRule? = nil, standing: String? = nil
    ) {
        self.metric = metric
        self.version = version
        self.dimension = dimension
        self.period = period
        self.panel = panel
        self.count = count
        self.standing = standing
    }

    /// The request with what it leaves open, as its metric takes it.
    /// - Throws: `InvalidInput` that names what the metric cannot be asked by.
    func completed(for metric: Metric) throws -> TableRequest {
        var whole = self
        whole.version = metric.version
        if let dimension, !metric.dimensions.contains(dimension) {
            throw InvalidInput(
                "by",
                "'\(dimension)' is not a dimension of \(metric.name), version \(metric.version): \(metric.dimensions.joined(separator: ", "))."
            )
        }
        if metric.over == .panel {
            guard panel != nil else {
                throw InvalidInput("panel", "This metric needs a panel; see /v1/adoption/panels.")
            }
            whole.count = count ?? .legalEntity
            try metric.takes(whole.count ?? .legalEntity, period)
        } else if let panel {
            throw InvalidInput("panel", "\(metric.name) is over the whole market; '\(panel)' cannot limit it.")
        } else if count != nil {
            throw InvalidInput(
                "count", "\(metric.name) counts by its own definition; this is for metrics over a panel.")
        }
        if metric.over == .market {
            whole.standing = standing ?? FigureRequest.market
            guard metric.standings.contains(whole.standing ?? "") else {
                throw InvalidInput(
                    "standing", "'\(standing ?? "")' is not one of \(metric.standings.joined(separator: ", ")).")
            }
        } else if let standing {
            throw InvalidInput("standing", "\(metric.name) tells no standings apart; '\(standing)' cannot limit it.")
        }
        return whole
    }

    /// The request of a metric that is not over a panel, at two times.
    public func figure(asOf: Date?, recordedBy: Date?) -> FigureRequest {
        FigureRequest(
            metric: metric, version: version, by: dimension, from: period.from, until: period.until, asOf: asOf,
            recordedBy: recordedBy,
            standing: standing)
    }

    /// As a snapshot holds it.
    func tree(over scope: Metric.Scope) -> [String: JSONTree] {
        func text(_ value: String?) -> JSONTree { value.map { .text($0) } ?? .null }
        var members = ["by": text(dimension), "from": text(period.first), "to": text(period.last)]
        switch scope {
        case .panel: members.merge(["panel": text(panel), "count": text(count?.rawValue)]) { one, _ in one }
        case .market: members["standing"] = text(standing)
        case .public: break
        }
        return members
    }

    /// As a snapshot holds it; nil when it does not. One that was kept before there were rules of counting, or periods, names none.
    init?(metric: String, _ tree: JSONTree) {
        guard let period = try? Period(from: tree["from"]?.text, to: tree["to"]?.text) else { return nil }
        let panel = tree["panel"]?.text
        let rule = try? CountingRule(named: tree["count"]?.text)
        guard let rule else { return nil }
        self.init(
            metric: metric, by: tree["by"]?.text, period: period, panel: panel, count: panel == nil ? nil : rule,
            standing: tree["standing"]?.text)
    }

    /// In the words of a refusal: `transactions by section of market, 2026-01-01 to 2026-06-30`.
    var words: String {
        let of = panel.map { "panel \($0)" + (count == .group ? " by group" : "") } ?? standing
        let days = period == .ever ? "" : ", \(period.first ?? "…") to \(period.last ?? "…")"
        return metric + (dimension.map { " by \($0)" } ?? "") + (of.map { " of \($0)" } ?? "") + days
    }
}

extension Metric {
    /// - Throws: `InvalidInput` for a rule of counting, or a period, that this version of the metric does not know.
    fileprivate func takes(_ count: CountingRule, _ period: Period) throws {
        guard counts.contains(count.rawValue) else {
            throw InvalidInput(
                "count", "Version \(version) of \(name) counts by \(counts.joined(separator: ", ")) only.")
        }
        guard takesPeriods || period == .ever else {
            throw InvalidInput(
                period.from == nil ? "to" : "from",
                "Version \(version) of \(name) knows no period, only what had happened by as_of.")
        }
    }
}
