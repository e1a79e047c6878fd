/// A form: sent by POST with the token of the reader's session, or by GET.
struct FormMarkup {
    let form: PortalPage.Form
    /// The field with the token of the session, for every command.
    let token: HTML

    var html: HTML {
        let sent: HTML = """
            <form\(attribute: "class", form.isFolded ? nil : "card")\(attribute: "id", form.id) method="\(form.method)" \
            action="\(form.action)"\(attribute: "enctype", form.isUpload ? "multipart/form-data" : nil)>
            \(form.isFolded ? nil : "<h2>\(form.title)</h2>")
            \(some: form.about, { "<p class=\"lead\">\($0)</p>" })
            \(form.method == "post" ? token : nil)\(each: form.hidden, hidden)
            \(each: form.fields, field)
            <p><button>\(form.button)</button>\
            \(some: form.preview, { " <button class=\"second\" name=\"step\" value=\"preview\">\($0)</button>" })</p>
            </form>
            """
        return form.isFolded ? "<details class=\"card\"><summary>\(form.title)</summary>\(sent)</details>" : sent
    }

    private func hidden(_ fact: PortalPage.Fact) -> HTML {
        "<input type=\"hidden\" name=\"\(fact.name)\" value=\"\(fact.value)\">"
    }

    private func field(_ field: PortalPage.Field) -> HTML {
        """
        <p><label for="\(field.id)">\(field.label)</label>
        \(input(field))
        \(some: field.problem, { "<span class=\"problem\" id=\"\(field.id)-problem\">\($0)</span>" })</p>
        """
    }

    private func input(_ field: PortalPage.Field) -> HTML {
        let same: HTML = "id=\"\(field.id)\" name=\"\(field.name)\""
        let problem: HTML? = field.problem.map { _ in " aria-invalid=\"true\" aria-describedby=\"\(field.id)-problem\""
        }
        if field.isArea { return "<textarea \(same) rows=\"\(field.lines)\"\(problem)>\(field.value)</textarea>" }
        if !field.choices.isEmpty { return "<select \(same)\(problem)>\(each: field.choices, choice)</select>" }
        return """
            <input \(same) type="\(field.type)" value="\(field.value)"\(flag: "checked", field.isTicked)\(problem)\
            \(attribute: "autocomplete", field.autocomplete)\
            \(some: field.range, { " min=\"\($0.lowerBound)\" max=\"\($0.upperBound)\" step=\"1\"" })>
            """
    }

    private func choice(_ choice: PortalPage.Field.Choice) -> HTML {
        "<option value=\"\(choice.value)\"\(flag: "selected", choice.isChosen)>\(choice.text)</option>"
    }
}
