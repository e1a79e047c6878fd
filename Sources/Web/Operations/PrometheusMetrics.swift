import CoreMetrics
import Foundation
import Synchronization

/// Keeps what swift-metrics reports, and writes it in Prometheus' text format.
/// Timers are histograms in seconds; floating-point recorders are gauges.
public final class PrometheusMetrics: MetricsFactory, Sendable {
    private struct Key: Hashable, Comparable {
        let name: String
        let labels: String
        static func < (left: Key, right: Key) -> Bool { (left.name, left.labels) < (right.name, right.labels) }
    }

    private struct Values {
        var counters: [Key: Double] = [:]
        var gauges: [Key: Double] = [:]
        var histograms: [Key: Histogram] = [:]
    }

    private struct Histogram {
        /// Upper bounds in seconds; the last bucket has none.
        static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
        var counts = [Int](repeating: 0, count: bounds.count + 1)
        var sum = 0.0

        mutating func record(_ seconds: Double) {
            counts[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] += 1
            sum += seconds
        }
    }

    private let values = Mutex(Values())

    public init() {}

    public func setGauge(_ name: String, _ value: Double) {
        values.withLock { $0.gauges[Key(name: name, labels: "")] = value }
    }

    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        Handler(metrics: self, key: key(label, dimensions, suffix: "_total"))
    }
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        Handler(metrics: self, key: key(label, dimensions))
    }
    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        Handler(metrics: self, key: key(label, dimensions))
    }
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        Handler(metrics: self, key: key(label, dimensions))
    }
    public func destroyCounter(_ handler: any CounterHandler) {}
    public func destroyMeter(_ handler: any MeterHandler) {}
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    public func destroyTimer(_ handler: any TimerHandler) {}

    /// Everything known now, one family after the other.
    public func text() -> String {
        let values = values.withLock { $0 }
        var lines: [String] = []
        func head(_ name: String, _ type: String) {
            let help = name.replacingOccurrences(of: "_", with: " ")
            lines += ["# HELP \(name) \(help.prefix(1).uppercased() + help.dropFirst()).", "# TYPE \(name) \(type)"]
        }
        for (name, members) in Dictionary(grouping: values.counters, by: \.key.name).sorted(by: { $0.key < $1.key }) {
            head(name, "counter")
            lines += members.sorted { $0.key < $1.key }.map { "\(name)\(braced($0.key.labels)) \($0.value)" }
        }
        for (name, members) in Dictionary(grouping: values.gauges, by: \.key.name).sorted(by: { $0.key < $1.key }) {
            head(name, "gauge")
            lines += members.sorted { $0.key < $1.key }.map { "\(name)\(braced($0.key.labels)) \($0.value)" }
        }
        for (name, members) in Dictionary(grouping: values.histograms, by: \.key.name).sorted(by: { $0.key < $1.key }) {
            head(name, "histogram")
            for (key, histogram) in members.sorted(by: { $0.key < $1.key }) {
                var total = 0
                for (index, count) in histogram.counts.enumerated() {
                    total += count
                    let bound = index < Histogram.bounds.count ? "\(Histogram.bounds[index])" : "+Inf"
                    lines.append("\(name)_bucket\(braced(joined(key.labels, "le=\"\(bound)\""))) \(total)")
                }
                lines.append("\(name)_sum\(braced(key.labels)) \(histogram.sum)")
                lines.append("\(name)_count\(braced(key.labels)) \(total)")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func key(_ label: String, _ dimensions: [(String, String)], suffix: String = "") -> Key {
        let name = String(label.map { $0.isLetter && $0.isASCII || $0.isNumber || $0 == "_" ? $0 : "_" })
        let labels = dimensions.map { name, value in
            let escaped = value.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(
                of: "\"", with: "\\\""
            )
            .replacingOccurrences(of: "\n", with: "\\n")
            return "\(name.replacingOccurrences(of: ".", with: "_"))=\"\(escaped)\""
        }
        return Key(name: name.hasSuffix(suffix) ? name : name + suffix, labels: labels.sorted().joined(separator: ","))
    }

    private func braced(_ labels: String) -> String { labels.isEmpty ? "" : "{\(labels)}" }
    private func joined(_ left: String, _ right: String) -> String { left.isEmpty ? right : "\(left),\(right)" }

    /// One metric with its labels.
    private final class Handler: CounterHandler, MeterHandler, RecorderHandler, TimerHandler {
        let metrics: PrometheusMetrics
        let key: Key

        init(metrics: PrometheusMetrics, key: Key) {
            self.metrics = metrics
            self.key = key
        }

        func increment(by amount: Int64) { metrics.values.withLock { $0.counters[key, default: 0] += Double(amount) } }
        func increment(by amount: Double) { metrics.values.withLock { $0.gauges[key, default: 0] += amount } }
        func decrement(by amount: Double) { metrics.values.withLock { $0.gauges[key, default: 0] -= amount } }
        func reset() { metrics.values.withLock { $0.counters[key] = 0 } }
        func set(_ value: Int64) { set(Double(value)) }
        func set(_ value: Double) { metrics.values.withLock { $0.gauges[key] = value } }
        func record(_ value: Int64) { set(Double(value)) }
        func record(_ value: Double) { set(value) }
        func recordNanoseconds(_ duration: Int64) {
            metrics.values.withLock { $0.histograms[key, default: Histogram()].record(Double(duration) / 1e9) }
        }
    }
}
