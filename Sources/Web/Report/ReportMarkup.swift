import Foundation
import Marketplace

/// The page of a printed report.
struct ReportMarkup {
    let request: ReportRequest
    let figures: ReportFigures
    let now: Date

    var html: HTML {
        get throws {
            let period = request.period.text
            let metrics = figures.ofPanel.map(panelSection) + figures.ofMarket.map(marketSection)
            let running = "\(period), \(figures.ofPanel.first?.whole["panel"]["code"].string ?? request.panel)"
            return """
                <!DOCTYPE html>
                <html lang="zh-Hans"><head><meta charset="utf-8"><title>数据市场应用情况报告 \(period) Report on the adoption of \
                the data market</title><meta name="viewport" content="width=device-width"><style>\(try Self.style)</style></head>
                <body><header><h1 data-running="\(running)"><span lang="zh-Hans">数据市场应用情况报告</span> <span lang="en">Report on the adoption of the \
                data market</span></h1>\(factsMarkup)\(notice)\(keyFigures)</header>
                \(each: metrics, { $0 })
                </body></html>

                """
        }
    }

    /// The style sheet is part of the program, and holds nothing that ends it early.
    private static var style: HTML {
        get throws {
            let file = Bundle.module.bundleURL.appendingPathComponent("Static/report.css")
            return HTML(styleSheet: try Data(contentsOf: file))
        }
    }

    // MARK: What the report is

    private var factsMarkup: HTML {
        let places = figures.ofMarket.flatMap { [$0.whole] + $0.breakdowns }.compactMap(\.countedTo)
        let lastDay = day(request.period.until.addingTimeInterval(-1))
        let facts: [(Bilingual, HTML)] = [
            (Bilingual("期间", "Period"), "\(request.period.text) (\(day(request.period.from)) – \(lastDay))"),
            (Bilingual("样本名录", "Panel"), panelMarkup(figures.ofPanel.first?.whole["panel"] ?? .absent)),
            (Bilingual("计数", "Counted"), Bilingual { countWord(request.count.rawValue, $0) }.html),
            (
                Bilingual("截至", "As of"),
                moment(request.asOf, Bilingual("其时已发生的", "what had happened by then"))
            ),
            (
                Bilingual("已知至", "Known by"),
                moment(request.recordedBy, Bilingual("其时市场已记录的", "what the market had recorded by then"))
            ),
            (Bilingual("是否确定", "Settled"), settling.html),
            (Bilingual("按日统计的指标", "Metrics by days"), days.html),
            (Bilingual("计至市场日志位置", "Counted to this place of the market's log"), place(places).html),
            (
                Bilingual("全市场指标所含采购", "Purchases in the metrics over the market"),
                Bilingual { standingWord(figures.standing, $0) }.html
            ),
        ]
        return """
            <table class="facts">\(each: facts, { "<tr><th scope=\"row\">\($0.0.html)</th><td>\($0.1)</td></tr>" })</table>
            """
    }

    /// The panel with its version, size and day, which stand beside every rate.
    private func panelMarkup(_ panel: JSONNode) -> HTML {
        let (version, synthetic) = (panel["version"].string, panel["synthetic"].integer)
        let marked: HTML =
            synthetic > 0
            ? ", <strong>\(Bilingual("其中合成企业 \(synthetic)", "of them \(synthetic) synthetic").html)</strong>" : ""
        return """
            \(Bilingual { panel.title($0) }.html) <span class="code">\(panel["code"].string)</span>, \
            \(Bilingual("第 \(version) 版", "version \(version)").html), n\u{A0}=\u{A0}\(panel["n"].string)\(marked), \
            \(panel["dated_on"].string)
            """
    }

    private var areSomeWithheld: Bool {
        figures.ofMarket.contains { $0.whole.cells.contains(where: \.isSuppressed) }
            || figures.ofPanel.contains { $0.inPeriod?["suppressed"].isTrue ?? true || $0.whole["suppressed"].isTrue }
    }

    /// The wholes of all metrics, for who reads one page only.
    private var keyFigures: HTML {
        let rates = figures.ofPanel.map { found -> HTML in
            let panel = panelMarkup(found.whole["panel"])
            return """
                <tr><th scope="rowgroup" rowspan="2">\(bilingual(found.words.title).html)</th><td class="said">\
                \(ever.html): \(panel)</td><td>\(rate(found.whole).html)</td></tr>\
                <tr><td class="said">\(inPeriod.html): \(panel)</td><td>\(rate(found.inPeriod).html)</td></tr>
                """
        }
        let wholes = figures.ofMarket.map { found -> HTML in
            let cells = found.whole.cells
            let title = bilingual(found.words.title).html
            guard !cells.isEmpty else {
                return "<tr><th scope=\"row\">\(title)</th><td class=\"said\" colspan=\"2\">\(nothing.html)</td></tr>"
            }
            return """
                \(each: cells.indices, { place in
                    let name: HTML = place == 0 ? "<th scope=\"rowgroup\" rowspan=\"\(cells.count)\">\(title)</th>" : ""
                    return "<tr>\(name)<td class=\"said\">\(valueName(cells[place]).html)</td><td>\(cellMarkup(cells[place]))</td></tr>"
                })
                """
        }
        return """
            <h2>\(Bilingual("主要数字", "Key figures").html)</h2>\
            <table class="keys">\(each: rates + wholes, { "<tbody>\($0)</tbody>" })</table>\
            \(reason(areSomeWithheld))
            """
    }

    private func place(_ places: [Int]) -> Bilingual {
        guard let first = places.min(), let last = places.max() else { return Bilingual("–", "–") }
        // The market goes on while the report is made.
        return first == last
            ? Bilingual(first.grouped, first.grouped)
            : Bilingual("\(first.grouped) 至 \(last.grouped)", "\(first.grouped) to \(last.grouped)")
    }

    private var notice: HTML { "\(unsettledNotice)\(syntheticNotice)" }

    private var syntheticNotice: HTML {
        guard figures.standing == "synthetic" else { return "" }
        return """
            <p class="notice"><strong lang="zh-Hans">全市场指标中的企业均为合成企业，现实中并不存在：本市场只有合成采购。</strong> \
            <strong lang="en">The metrics over the market hold synthetic enterprises, which do not exist: there are no other \
            purchases in this market.</strong></p>
            """
    }

    // MARK: Metrics over a panel

    private func panelSection(_ found: ReportFigures.OfPanel) -> HTML {
        """
        <section><h2>\(bilingual(found.words.title).html)</h2>
        <p class="whole"><strong>\(rate(found.whole).html)</strong> \(ever.html): \(panelMarkup(found.whole["panel"]))</p>
        <p class="whole"><strong>\(rate(found.inPeriod).html)</strong> \(inPeriod.html): \
        \(panelMarkup(found.whole["panel"]))</p>
        \(each: found.breakdowns, { panelBreakdown($0.dimension, $0.figure, of: found.words) })
        \(omittedMarkup(found))
        \(definitionMarkup(found.words))</section>
        """
    }

    private var ever: Bilingual { Bilingual("截至所问时点", "By the time asked about") }
    private var inPeriod: Bilingual { Bilingual("期间 \(request.period.text) 内", "Within \(request.period.text)") }

    private func omittedMarkup(_ found: ReportFigures.OfPanel) -> HTML {
        let left = found.omitted.map { dimension in Bilingual { dimensionWord(dimension, $0) } }
        guard !left.isEmpty else { return "" }
        let said = Bilingual(
            "未按\(left.map(\.chinese).joined(separator: "、"))列出：名录成员是公开的，与以上分类并列会透露个别企业是否采购。",
            "Not by \(left.map(\.english).joined(separator: ", ")): the members are known, and beside the classes above these "
                + "could tell of single enterprises whether they bought.")
        return "<p class=\"note\">\(said.html)</p>"
    }

    private func panelBreakdown(_ dimension: String, _ figure: JSONNode, of words: MetricWords) -> HTML {
        let classes = figure["breakdown"].list
        guard !classes.isEmpty else { return "" }
        let rows = classes.map { row in
            BarChart.Row(
                label: Bilingual { classWord(row["class"].string, of: dimension, $0) },
                bars: [.init(value: row["rate"].number, text: rate(row).plain, isSuppressed: row["rate"].isNull)])
        }
        return """
            <figure><figcaption>\(byDimension(dimension).html) <small>\(panelMarkup(figure["panel"]))</small></figcaption>\
            \(BarChart(titles: [bilingual(words.title)], rows: rows, full: 1).html)</figure>
            <table><thead><tr>\(each: panelHeaders, { "<th scope=\"col\">\($0.html)</th>" })</tr></thead><tbody>\
            \(each: classes.indices, {
                "<tr><th scope=\"row\">\(rows[$0].label.html)</th>\(panelCells(classes[$0]))</tr>"
            })</tbody></table>\(reason(classes.contains { $0["suppressed"].isTrue }))
            """
    }

    private func byDimension(_ dimension: String) -> Bilingual {
        Bilingual { text in text("按\(dimensionWord(dimension, text))", "By \(dimensionWord(dimension, text))") }
    }

    private var panelHeaders: [Bilingual] {
        [
            Bilingual("类别", "Class"), Bilingual("分子", "Numerator"),
            Bilingual("分母，即类别的 n", "Denominator: the class's n"),
            Bilingual("比率", "Rate"),
        ]
    }

    private func panelCells(_ row: JSONNode) -> HTML {
        func number(_ name: String) -> HTML {
            row[name].isNull && row["suppressed"].isTrue ? "<em>\(notGiven.html)</em>" : "\(row[name].grouped)"
        }
        return "<td>\(number("numerator"))</td><td>\(number("denominator"))</td><td>\(rate(row).html)</td>"
    }

    /// Never the percent alone: `66.66% (12/18)`.
    private func rate(_ row: JSONNode?) -> Bilingual {
        guard let row else { return notGiven }
        guard let share = row["rate"].number else {
            return row["suppressed"].isTrue ? notGiven : Bilingual("–", "–")
        }
        let written = "\(share.percentDown) (\(row["numerator"].grouped)/\(row["denominator"].grouped))"
        return Bilingual(written, written)
    }

    // MARK: Metrics over the market

    private func marketSection(_ found: ReportFigures.OfMarket) -> HTML {
        """
        <section><h2>\(bilingual(found.words.title).html)</h2>
        \(wholeTable(found.whole))
        \(each: found.whole.cells.isEmpty ? [] : found.breakdowns, breakdown)
        \(othersMarkup(found.others))
        \(definitionMarkup(found.words))</section>
        """
    }

    private func wholeTable(_ whole: Figure) -> HTML {
        let standing = whole.request.standing
        let caption = Bilingual { text in
            text("合计", "Total")
                + (standing == nil
                    ? "" : text("（\(standingWord(standing, text))）", " (\(standingWord(standing, text)))"))
        }
        guard !whole.cells.isEmpty else {
            return
                "<p><strong>\(caption.html)</strong> \(nothing.html)</p>"
        }
        return """
            <table class="whole"><caption>\(caption.html)</caption><tbody>\
            \(each: whole.cells, { "<tr><th scope=\"row\">\(valueName($0).html)</th><td>\(cellMarkup($0))</td></tr>" })</tbody></table>\
            \(reason(for: whole.cells))
            """
    }

    /// The standings that the report does not hold, apart, so that nothing is added up.
    private func othersMarkup(_ others: [Figure]) -> HTML {
        guard !others.isEmpty else { return "" }
        let absent = others.filter(\.cells.isEmpty).map(\.request.standing)
        let rows = others.flatMap { figure in figure.cells.map { (standing: figure.request.standing, cell: $0) } }
        let table: HTML = """
            <table><tbody>\(each: rows, { row in
                let standing = Bilingual { standingWord(row.standing, $0) }.html
                return "<tr><th scope=\"row\">\(standing)</th><td class=\"said\">\(valueName(row.cell).html)</td><td>\(cellMarkup(row.cell))</td></tr>"
            })</tbody></table>
            """
        let none = Bilingual { text in
            let words = absent.map { standingWord($0, text) }
            return text(
                "没有此类采购：\(words.joined(separator: "、"))。", "There are none of: \(words.joined(separator: ", ")).")
        }
        let said: HTML = absent.isEmpty ? "" : "<p class=\"note\">\(none.html)</p>"
        return """
            <div class="others"><h3>\(Bilingual("不在以上数字中的采购", "Purchases that are not in these figures").html)</h3>\
            \(rows.isEmpty ? nil : table)\(reason(for: others.flatMap(\.cells)))\(said)</div>
            """
    }

    private func breakdown(_ figure: Figure) -> HTML {
        let dimension = figure.request.dimension ?? ""
        let caption = byDimension(dimension)
        let cells = figure.cells.filter { $0.className != nil }
        guard !cells.isEmpty else {
            let why =
                figure.isWithheld
                ? Bilingual(
                    "企业太少，无法公布分类。", "There are too few enterprises for a breakdown that gives none of them away.")
                : nothing
            return "<p><strong>\(caption.html)</strong> \(why.html)</p>"
        }
        let table = ReportTable(dimension: dimension, cells: cells, months: request.period.months)
        return """
            <div class="breakdown"><h3>\(caption.html)</h3>\(table.html)\(reason(for: cells))</div>
            """
    }

    // MARK: Definitions

    private func definitionMarkup(_ words: MetricWords) -> HTML {
        """
        <div class="definition"><h3>\(Bilingual("统计定义", "Definition").html)</h3>\
        <p lang="zh-Hans">\(words.definition.chinese)</p><p lang="en">\(words.definition.english)</p>\
        <table class="facts"><tbody>\(each: words.details, { "<tr><th scope=\"row\">\($0.name)</th><td>\(bilingual($0).html)</td></tr>" })\
        </tbody></table></div>
        """
    }

    private func bilingual(_ line: MetricWords.Line) -> Bilingual { Bilingual(line.chinese, line.english) }
}

private let nothing = Bilingual("期间内没有。", "There is nothing in the period.")
let notGiven = Bilingual("不公布", "not given")
private let withheld = Bilingual("× 不公布：为保护企业。", "not given, to protect enterprises.")

/// What a value counts, with its unit where that is no number of things.
func valueName(_ cell: Figure.Cell) -> Bilingual {
    Bilingual { text in
        let (name, unit) = (valueWord(cell.name, text), cell.isMoney ? cell.unit : unitWord(cell.unit, text))
        return ["count", "ratio"].contains(cell.unit) ? name : text("\(name)（\(unit)）", "\(name) (\(unit))")
    }
}

/// What is not given has its reason below the table.
func cellMarkup(_ cell: Figure.Cell) -> HTML { numberText(cell).map { "\($0)" } ?? "<em>\(notGiven.html)</em>" }

func reason(for cells: [Figure.Cell]) -> HTML { reason(cells.contains(where: \.isSuppressed)) }

func reason(_ isSuppressed: Bool) -> HTML { isSuppressed ? "<p class=\"note\">\(withheld.html)</p>" : "" }
