/// What the template is given for the parts of a page.
extension PortalRenderer {
    // The template library shows an optional in a struct as present; a dictionary leaves the absent ones out.
    func dictionary(_ fact: PortalPage.Fact) -> [String: Any] {
        var view: [String: Any] = ["name": fact.name, "value": fact.value]
        if let address = fact.address { view["address"] = address }
        return view
    }

    func dictionary(_ table: PortalPage.Table, part: String, _ text: Language) -> [String: Any] {
        let rows = table.rows.map { row in
            [
                "cells": zip(row.cells, table.headers).map { cell, header in
                    var view: [String: Any] = ["text": cell.text, "label": header, "kind": cell.kind]
                    if let language = cell.language, !language.isEmpty { view["tongue"] = language }
                    if let address = cell.address { view["address"] = address }
                    if let share = cell.share { view["share"] = share }
                    if let button = cell.button { view["button"] = button }
                    if let mark = cell.mark { view["mark"] = mark }
                    return view
                }
            ]
        }
        var view: [String: Any] = [
            "part": part, "caption": table.caption, "headers": table.headers, "rows": rows, "chart": table.chart,
            "isFolded": table.isFolded, "isCompact": table.isCompact, "forms": table.forms.map(dictionary),
        ]
        view["summary"] = table.picture == nil ? table.caption : text("列表", "As a table")
        if let picture = table.picture { view["picture"] = picture }
        if let link = table.link { view["link"] = ["text": link.text, "address": link.address] }
        if table.rows.isEmpty, let empty = table.empty { view["empty"] = empty }
        return view
    }

    func dictionary(_ results: PortalPage.Results, title: String) -> [String: Any] {
        var view: [String: Any] = [
            "title": title, "narrow": results.narrow, "items": results.items, "facets": results.facets,
            "hasFacets": !results.facets.isEmpty,
        ]
        if !results.caption.isEmpty { view["caption"] = results.caption }
        if let empty = results.empty { view["empty"] = empty }
        return view
    }

    func dictionary(_ form: PortalPage.Form) -> [String: Any] {
        let fields = form.fields.map { field in
            var view: [String: Any] = [
                "id": field.id, "name": field.name, "label": field.label, "type": field.type, "value": field.value,
                "choices": field.choices, "isArea": field.isArea, "isChoice": field.isChoice, "isText": field.isText,
                "lines": field.lines, "isTicked": field.isTicked,
            ]
            if let autocomplete = field.autocomplete { view["autocomplete"] = autocomplete }
            if let problem = field.problem { view["problem"] = problem }
            return view
        }
        var view: [String: Any] = [
            "title": form.title, "action": form.action, "button": form.button, "method": form.method,
            "isCommand": form.method == "post",
            "hidden": form.hidden.map(dictionary), "fields": fields, "isUpload": form.isUpload,
            "isFolded": form.isFolded,
        ]
        if let about = form.about { view["about"] = about }
        if let id = form.id { view["id"] = id }
        if let preview = form.preview { view["preview"] = preview }
        return view
    }
}
