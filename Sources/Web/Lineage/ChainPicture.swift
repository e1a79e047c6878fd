/// A chain as a picture: one SVG in a row for wide windows, one in a column for narrow ones; the style sheet shows the
/// one that fits. It is inline, without script or style, and the table beside it says the same.
struct ChainPicture {
    /// One link: what it is, who answered, since when, and who does now.
    struct Box {
        let title: String
        /// The title of the directory entry it is about; empty for the product's.
        let about: String
        let party: String
        let since: String
        let successor: String
        /// `held`, `open` (nobody has to answer) or `missing`.
        let state: String
    }

    let title: String
    /// A row of boxes for each directory entry, then the product's.
    let entries: [[Box]]
    let product: [Box]
    /// Said below when there are more entries than are drawn.
    let note: String?

    static let drawnEntries = 3
    private static let (width, height, gap) = (122, 132, 16)

    /// Both pictures.
    var html: HTML {
        let said = (entries.flatMap { $0 } + product)
            .map { "\($0.title): \($0.party) \($0.since) \($0.successor)" }.joined(separator: "; ")
        return "<figure class=\"chain\">\(wide(said))\(narrow(said))</figure>"
    }

    private func wide(_ said: String) -> HTML {
        let columns = (entries.first?.count ?? 0) + product.count
        let rows = max(1, entries.count)
        let (stepX, stepY) = (Self.width + Self.gap, Self.height + Self.gap)
        let total = (x: columns * stepX, y: rows * stepY + (note == nil ? 4 : 28))
        let middle = (rows - 1) * stepY / 2
        var drawing: HTML = ""
        for (row, boxes) in entries.enumerated() {
            for (column, box) in boxes.enumerated() {
                let place = (x: column * stepX + 1, y: row * stepY + 1)
                let last = column == boxes.count - 1
                if !last || !product.isEmpty {
                    drawing += arrow(
                        from: (place.x + Self.width, place.y + Self.height / 2),
                        to: (place.x + stepX, (last ? middle + 1 : place.y) + Self.height / 2))
                }
                drawing += drawn(box, at: place, width: Self.width, nameLines: 3)
            }
        }
        for (column, box) in product.enumerated() {
            let place = (x: (column + (entries.first?.count ?? 0)) * stepX + 1, y: middle + 1)
            if column < product.count - 1 {
                drawing += arrow(
                    from: (place.x + Self.width, place.y + Self.height / 2),
                    to: (place.x + stepX, place.y + Self.height / 2))
            }
            drawing += drawn(box, at: place, width: Self.width, nameLines: 3)
        }
        if let note { drawing += text(note, at: (1, total.y - 8), kind: "soft") }
        return picture(drawing, size: total, kind: "wide", said)
    }

    private func narrow(_ said: String) -> HTML {
        let boxes = entries.flatMap { $0 } + product
        let (width, height, step) = (326, 104, 122)
        var drawing: HTML = ""
        for (place, box) in boxes.enumerated() {
            let top = place * step + 1
            if place < boxes.count - 1 { drawing += arrow(from: (163, top + height), to: (163, top + step)) }
            drawing += drawn(box, at: (1, top), width: width, nameLines: 2)
        }
        let total = (x: 328, y: boxes.count * step + (note == nil ? -16 : 12))
        if let note { drawing += text(note, at: (1, total.y - 8), kind: "soft") }
        return picture(drawing, size: total, kind: "narrow", said)
    }

    private func picture(_ drawing: HTML, size: (x: Int, y: Int), kind: String, _ said: String) -> HTML {
        """
        <svg class="\(kind)" role="img" aria-labelledby="chain-\(kind)-title chain-\(kind)-text" \
        viewBox="0 0 \(size.x) \(size.y)" width="\(size.x)" height="\(size.y)">\
        <title id="chain-\(kind)-title">\(title)</title>\
        <desc id="chain-\(kind)-text">\(said)</desc>\(drawing)</svg>
        """
    }

    private func drawn(_ box: Box, at place: (x: Int, y: Int), width: Int, nameLines: Int) -> HTML {
        let height = nameLines == 3 ? Self.height : 104
        var drawing: HTML = """
            <rect class="\(box.state)" x="\(place.x)" y="\(place.y)" width="\(width)" height="\(height)" rx="6"/>
            """
        let room = width - 16
        var line = place.y + 20
        let title = nameLines == 3 || box.about.isEmpty ? box.title : "\(box.title) · \(box.about)"
        drawing += text(Self.lines(title, room: room, limit: 1, letter: 6.6)[0], at: (place.x + 8, line), kind: "soft")
        for name in Self.lines(box.party, room: room, limit: nameLines) {
            line += 19
            drawing += text(name, at: (place.x + 8, line), kind: "name")
        }
        for extra in [box.since, box.successor] where !extra.isEmpty {
            line += 18
            let fitting = Self.lines(extra, room: room, limit: 1, letter: 6.6)[0]
            drawing += text(fitting, at: (place.x + 8, line), kind: "soft")
        }
        return drawing
    }

    private func arrow(from start: (x: Int, y: Int), to end: (x: Int, y: Int)) -> HTML {
        let across = abs(end.x - start.x) > abs(end.y - start.y) || end.x != start.x
        let head =
            across
            ? "M\(end.x - 7),\(end.y - 4) L\(end.x - 1),\(end.y) L\(end.x - 7),\(end.y + 4)"
            : "M\(end.x - 4),\(end.y - 7) L\(end.x),\(end.y - 1) L\(end.x + 4),\(end.y - 7)"
        return "<path d=\"M\(start.x),\(start.y) L\(end.x),\(end.y) \(head)\"/>"
    }

    private func text(_ value: String, at place: (x: Int, y: Int), kind: String) -> HTML {
        "<text class=\"\(kind)\" x=\"\(place.x)\" y=\"\(place.y)\">\(value)</text>"
    }

    /// Text broken into lines that fit; a Chinese character is about twice as wide as a letter. What is left is cut off.
    static func lines(_ text: String, room: Int, limit: Int, letter: Double = 7.3) -> [String] {
        let needed = text.unicodeScalars.reduce(0.0) { $0 + ($1.value > 0x2E80 ? 2 * letter - 0.2 : letter) }
        guard needed > Double(room) else { return [text] }
        var lines: [String] = []
        var (line, used) = ("", 0.0)
        for character in text {
            let wide = character.unicodeScalars.first.map { $0.value > 0x2E80 } ?? false
            let needed = wide ? 2 * letter - 0.2 : letter
            if used + needed > Double(room) {
                if lines.count == limit - 1 {
                    line = String(line.dropLast()) + "…"
                    break
                }
                // A word that began on this line goes on to the next one whole.
                let word = wide ? "" : String(line.reversed().prefix { $0 != " " && $0.isASCII }.reversed())
                let kept = word.count < line.count ? String(line.dropLast(word.count)) : line
                lines.append(kept)
                line = word.count < line.count ? word : ""
                used = Double(line.count) * letter
            }
            line.append(character)
            used += needed
        }
        return lines + [line]
    }
}
