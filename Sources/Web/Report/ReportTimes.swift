import Foundation
import Marketplace

/// What a printed report says of the times that all its figures are asked by.
extension ReportMarkup {
    /// A time as it is read, and as it is asked for again.
    func moment(_ date: Date, _ what: Bilingual) -> HTML {
        """
        \(time(date)) \(Bilingual("北京时间", "Beijing time").html): \(what.html) \
        <span class="code">\(SnapshotRequest.text(date))</span>
        """
    }

    /// Whether what was known by the time of the report can no longer change, and if not, why.
    var settling: Bilingual {
        let open = figures.unsettled
        if request.recordedBy > SnapshotRequest.settled(now) {
            return Bilingual(
                "尚未确定：最近半分钟的记录可能还在写入，数字可能变化。",
                "Not settled: what was recorded in the last half minute may still be on its way, and change these figures."
            )
        }
        guard !open.isEmpty else {
            return Bilingual(
                "已确定：以同样的两个时点重新制作，数字相同。", "Settled: made again by the same two times, it has the same figures.")
        }
        return Bilingual(
            "尚未确定：汇总还没有计入其时已记录的全部内容，数字可能变化：\(open.map(\.title.chinese).joined(separator: "、"))。",
            "Not settled: the totals do not hold everything yet that was recorded by then, so that these figures may change: "
                + "\(open.map(\.title.english).joined(separator: ", ")).")
    }

    /// What the two times mean for metrics that are counted by days.
    var days: Bilingual {
        let (happened, known) = (dayBefore(request.asOf), dayBefore(request.recordedBy))
        return Bilingual(
            "只含已结束的日子：发生于\(happened)及以前，且于\(known)日终前已记录的；哪些指标按日统计，见各定义的 as_of 和 recorded_by。",
            "These hold days that had ended: what happened up to \(happened), as it was recorded by the end of \(known). "
                + "Which metrics are by days, each definition says under as_of and recorded_by.")
    }

    private func dayBefore(_ date: Date) -> String { day(date.addingTimeInterval(-86_400)) }

    var unsettledNotice: HTML {
        guard request.recordedBy > SnapshotRequest.settled(now) || !figures.unsettled.isEmpty else { return "" }
        return "<p class=\"notice\"><strong>\(settling.html)</strong></p>"
    }

    func day(_ date: Date) -> String { String(time(date).prefix(10)) }

    private func time(_ date: Date) -> String {
        BeijingTime.text(date.formatted(.iso8601)) ?? date.formatted(.iso8601)
    }
}
