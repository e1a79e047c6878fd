// Charts of printed reports as SVG. What the portal draws with runs in browsers only, and the libraries that draw without one
// are larger than all of this program; bars are simple enough. Sizes are in CSS pixels, on a page 672 wide. Attributes, not styles: not every program that prints reads styles inside of drawings.

/// Classes from above to below, with bars for one or more values beside each other, each in a scale of its own.
struct BarChart {
    struct Bar {
        /// Nil where there is none, or it is not given.
        let value: Double?
        let text: String
        var isSuppressed = false
    }
    struct Row {
        let label: Bilingual
        let bars: [Bar]
    }

    let titles: [Bilingual]
    let rows: [Row]
    /// What a bar of full length stands for; nil: the largest of its values.
    var full: Double?

    private static let (labels, head, step) = (190, 44, 25)

    var html: HTML {
        let height = Self.head + rows.count * Self.step
        let room = (672 - Self.labels) / max(1, titles.count)
        return """
            <svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 672 \(height)" width="672" height="\(height)" \
            font-family="\(chartFonts)" font-size="10">\
            \(each: titles.indices, { titleMarkup($0, at: Self.labels + $0 * room, room: room) })\
            \(each: rows.indices, { rowMarkup($0, at: Self.head + $0 * Self.step, room: room) })</svg>
            """
    }

    private func titleMarkup(_ place: Int, at left: Int, room: Int) -> HTML {
        let (title, all) = (titles[place], titles[place].english.split(separator: " "))
        // English is longer, and goes on in a second line.
        let most = room / 5
        let first = all.reduce("") { $0.utf8.count + $1.utf8.count < most ? "\($0)\($1) " : $0 }
        let second = all.joined(separator: " ").dropFirst(first.utf8.count)
        let alone = title.chinese == title.english
        return """
            <text x="\(left)" y="11" font-weight="bold">\(title.chinese)</text>\
            <text x="\(left)" y="24" font-size="9" fill="#555555">\(alone ? "" : first)</text>\
            <text x="\(left)" y="35" font-size="9" fill="#555555">\(alone ? "" : String(second))</text>
            """
    }

    private func rowMarkup(_ place: Int, at top: Int, room: Int) -> HTML {
        let (row, label) = (rows[place], rows[place].label)
        let alone = label.chinese == label.english
        return """
            <text x="0" y="\(top + (alone ? 14 : 10))">\(label.chinese)</text>\
            <text x="0" y="\(top + 20)" font-size="8" fill="#555555">\(alone ? "" : label.english)</text>\
            \(each: row.bars.indices, { barMarkup(row.bars[$0], of: $0, left: Self.labels + $0 * room, top: top, room: room) })
            """
    }

    private func barMarkup(_ bar: Bar, of place: Int, left: Int, top: Int, room: Int) -> HTML {
        guard !bar.isSuppressed else {
            return """
                <text x="\(left)" y="\(top + 14)" font-size="9" font-style="italic" fill="#666666">\(bar.text)</text>
                """
        }
        let bars = rows.map { $0.bars[place] }.filter { !$0.isSuppressed }
        let most = full ?? bars.map { $0.value ?? 0 }.max() ?? 0
        // The longest leaves room for its number.
        let longest = max(8, room - 14 - (bars.map { textWidth($0.text) }.max() ?? 0))
        let length = most > 0 ? Int((max(0, bar.value ?? 0) / most * Double(longest)).rounded()) : 0
        return """
            <rect x="\(left)" y="\(top + 5)" width="\(max(1, length))" height="11" fill="#0b4f9c"/>\
            <text x="\(left + length + 5)" y="\(top + 14)">\(bar.text)</text>
            """
    }
}

/// One value from month to month.
struct ColumnChart {
    let title: Bilingual
    /// Under each column.
    let labels: [String]
    let bars: [BarChart.Bar]

    private static let (width, top, foot) = (330, 46, 126)

    var html: HTML {
        let most = bars.compactMap(\.value).max() ?? 0
        let step = Self.width / max(1, bars.count)
        // Numbers stand on the columns where there is room; else only the highest is said, at its line.
        let isSaid = bars.allSatisfy { textWidth($0.text) < step }
        let highest = bars.first { $0.value == most && most > 0 }?.text ?? ""
        let alone = title.chinese == title.english
        return """
            <svg class="chart half" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Self.width) 146" width="\(Self.width)" \
            height="146" font-family="\(chartFonts)" font-size="10">\
            <text x="0" y="11" font-weight="bold">\(title.chinese)</text>\
            <text x="0" y="23" font-size="9" fill="#555555">\(alone ? "" : title.english)</text>\
            <text x="0" y="\(Self.top - 4)" font-size="9" fill="#555555">\(isSaid ? "" : highest)</text>\
            <line x1="0" y1="\(Self.top)" x2="\(Self.width)" y2="\(Self.top)" stroke="#dddddd"/>\
            \(each: bars.indices, { column($0, left: $0 * step, step: step, most: most, isSaid: isSaid) })\
            <line x1="0" y1="\(Self.foot)" x2="\(Self.width)" y2="\(Self.foot)" stroke="#888888"/></svg>
            """
    }

    private func column(_ place: Int, left: Int, step: Int, most: Double, isSaid: Bool) -> HTML {
        let (bar, middle) = (bars[place], left + step / 2)
        let height = most > 0 ? Int((max(0, bar.value ?? 0) / most * Double(Self.foot - Self.top)).rounded()) : 0
        // What is not given has a cross in place of a column, and its words in the table.
        let said = bar.isSuppressed ? "×" : isSaid ? bar.text : ""
        return """
            <rect x="\(left + step / 6)" y="\(Self.foot - height)" width="\(step - step / 3)" height="\(height)" \
            fill="#0b4f9c"/>\
            <text x="\(middle)" y="\(Self.foot - height - 4)" text-anchor="middle">\(said)</text>\
            <text x="\(middle)" y="\(Self.foot + 14)" text-anchor="middle" fill="#555555">\(labels[place])</text>
            """
    }
}

private let chartFonts = "Noto Sans CJK SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, sans-serif"

/// About how wide a text of ten is; a Chinese character is as wide as it is high, a letter or digit six tenths of that.
private func textWidth(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + ($1.value > 0x2E7F ? 10 : 6) }
}
