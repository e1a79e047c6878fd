/// Which tables may stand in one snapshot. Tables of one metric, panel or standing, and period by different dimensions of the
/// market share their whole, and each alone divides it: nothing follows from two that does not follow from one. Where periods
/// overlap without being the same, or the members of two panels do, or a metric is taken in two versions, or one dimension divides
/// the classes of another, the difference of two tables is a table that nobody has protected.
enum TableSeparation {
    /// Where a class has one product, both count the same, and each hides others beside what is small.
    private static let related: [Set<String>] = [
        ["scenario-enterprises", "scenario-reach"], ["scenario-enterprises", "funnel"],
    ]
    /// A scenario is of one domain, so that what one of them hides may be what the other leaves.
    private static let nested: Set<String?> = ["scenario", "domain"]

    /// Why two tables of a metric may not stand side by side, for whom there is somebody to protect; nil when they may.
    static func objection(_ one: TableRequest, _ other: TableRequest, over scope: Metric.Scope) -> String? {
        guard scope != .public else { return nil }
        if scope == .market, one.standing != other.standing || one.standing == "synthetic" { return nil }
        guard one.metric == other.metric else {
            return related.contains([one.metric, other.metric])
                && nested.isSuperset(of: [one.dimension, other.dimension])
                ? "one counts the enterprises of a class, and the other what they did" : nil
        }
        if scope == .market, nested == [one.dimension, other.dimension] {
            return "a scenario is of one domain, so that one table divides a class of the other"
        }
        if one.period != other.period {
            guard one.period.overlaps(other.period) else { return nil }
            return "their periods overlap; give both the same, or such as do not overlap"
        }
        // Who counts as what differs between them; it may be one enterprise.
        if one.version != other.version {
            let numbers = [one, other].compactMap(\.version).map { "\($0)" }.joined(separator: " and ")
            return "they are by two versions of the metric, \(numbers)"
        }
        guard scope == .panel else { return nil }
        if one.panel != other.panel { return "their panels have enterprises in common" }
        if one.count != other.count { return "they count the same enterprises by two rules" }
        // Who is in which class of a panel is public: one class of two dimensions may be the other and one enterprise more.
        return one.dimension == nil || other.dimension == nil
            ? nil : "they divide a panel, whose members are known, by two dimensions"
    }
}
