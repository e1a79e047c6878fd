/// What a search found, beside what it can be narrowed by.
struct ResultsMarkup {
    let results: PortalPage.Results
    let title: String

    var html: HTML {
        """
        <div class="results\(results.facets.isEmpty ? " all" : "")">
        \(results.facets.isEmpty ? nil : "<aside aria-label=\"\(results.narrow)\">\(each: results.facets, facet)</aside>")
        <section aria-label="\(title)">\
        \(results.caption.isEmpty ? nil : "<p class=\"count\">\(results.caption)</p>")\(some: results.empty, nothing)
        \(each: results.items, result)</section></div>
        """
    }

    private func facet(_ facet: PortalPage.Facet) -> HTML {
        """
        <details\(flag: "open", facet.isOpen)><summary>\(facet.title)</summary>\
        <ul>\(each: facet.values, value)</ul></details>
        """
    }

    private func value(_ value: PortalPage.Facet.Value) -> HTML {
        """
        <li><a href="\(value.address)" rel="nofollow"\(attribute: "aria-current", value.isChosen ? "true" : nil)>\
        <span>\(value.text)</span> <small>\(value.count)</small></a></li>
        """
    }

    private func nothing(_ ways: PortalPage.WaysOn) -> HTML {
        """
        <div class="empty"><p>\(ways.said)</p>\
        <ul>\(each: ways.links, { "<li><a href=\"\($0.address)\">\($0.text)</a></li>" })</ul></div>
        """
    }

    private func result(_ result: PortalPage.Result) -> HTML {
        """
        <article><h2><a href="\(result.address)"\(attribute: "lang", result.language)>\(each: result.title, part)</a></h2>
        \(some: result.other, { "<p class=\"other\">\(each: $0, part)</p>" })
        <p class="about"><b>\(result.kind)</b> \(result.code)\(some: result.about, { " · \($0)" })</p>
        <p>\(each: result.excerpt, part)</p></article>

        """
    }

    private func part(_ part: PortalPage.Result.Part) -> HTML {
        part.isMatch ? "<mark>\(part.text)</mark>" : "\(part.text)"
    }
}
