/// A table with its caption, its picture and what can be done about it; or what to do when it has no rows.
struct TableMarkup {
    let table: PortalPage.Table
    /// Its place on the page, for links to it.
    let part: String
    let text: Language
    /// The field with the token of the session, for every command.
    let token: HTML

    /// Piece by piece, because tables are most of a page.
    func write(to markup: inout HTML) {
        markup += "<section class=\"part\" id=\"\(part)\">\n"
        if table.rows.isEmpty, let empty = table.empty {
            markup += "<div class=\"empty\"><h2>\(table.caption)</h2><p>\(empty)</p></div>\n"
        } else {
            if let picture = table.picture {
                markup += "<h2>\(table.caption)</h2>"
                markup += picture
            }
            let summary = table.picture == nil ? table.caption : text("列表", "As a table")
            if table.isFolded { markup += "<details><summary>\(summary)</summary>" }
            markup += table.grid ?? TableGrid(table: table, token: token).html
            if table.isFolded { markup += "</details>" }
        }
        if let link = table.link { markup += "<p><a class=\"next\" href=\"\(link.address)\">\(link.text)</a></p>" }
        for form in table.forms { markup += FormMarkup(form: form, token: token).html }
        markup += "</section>\n"
    }
}

/// The table itself.
struct TableGrid {
    let table: PortalPage.Table
    let token: HTML

    var html: HTML {
        """
        <div class="scroll" tabindex="0" role="region" aria-label="\(table.caption)">\
        <table\(role("table"))\(attribute: "class", table.isCompact ? "compact" : nil)\(flag: "data-chart", table.chart)>\
        <caption>\(table.caption)</caption>
        <thead\(role("rowgroup"))><tr\(role("row"))>\
        \(each: table.headers, { "<th scope=\"col\"\(role("columnheader"))>\($0)</th>" })</tr></thead>
        <tbody\(role("rowgroup"))>\(each: table.rows, row)</tbody></table></div>
        """
    }

    /// In narrow windows the style sheet takes a table that is not compact apart, and browsers then forget what it was.
    private func role(_ name: String) -> HTML? { table.isCompact ? nil : " role=\"\(name)\"" }

    private func row(_ row: PortalPage.Table.Row) -> HTML {
        var cells: HTML = ""
        // By place, because a pair of the two would copy each cell.
        for place in 0..<min(row.cells.count, table.headers.count) {
            cells += cell(row.cells[place], header: table.headers[place])
        }
        return "<tr\(role("row"))>\(cells)</tr>"
    }

    private func cell(_ cell: PortalPage.Cell, header: String) -> HTML {
        """
        <td\(role("cell")) class="\(cell.kind)"\
        \(attribute: "data-label", table.isCompact ? nil : header)\(attribute: "lang", cell.language.flatMap { $0.isEmpty ? nil : $0 })>\
        \(cell.text, linkedTo: cell.address)\(some: cell.control, control)</td>
        """
    }

    private func control(_ control: PortalPage.Cell.Control) -> HTML {
        switch control {
        case .share(let share): "<meter min=\"0\" max=\"1\" value=\"\(share)\">\(share)</meter>"
        case .button(let button):
            "<form method=\"post\" action=\"\(button.address)\">\(token)<button>\(button.text)</button></form>"
        case .mark(let mark):
            """
            <input type="checkbox" name="\(mark.name)" value="\(mark.value)" form="\(mark.form)" \
            aria-label="\(mark.label)">
            """
        }
    }
}
