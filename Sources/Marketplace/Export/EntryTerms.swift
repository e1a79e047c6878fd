import Foundation

/// What the standard vocabularies have no place for, in the market's own terms, so that an export can be imported
/// without loss.
struct EntryTerms {
    let document: ExportedEntry.Document
    let subject: Term

    func add(to graph: inout Graph) throws {
        let texts = [
            ("sharingClass", document.sharingClass), ("sharingBasis", document.sharingBasis),
            ("grade", document.grade), ("receivedFrom", document.receivedFrom),
            ("classification", document.classification), ("format", document.format),
            ("sharingMode", document.sharingMode), ("openAttribute", document.openAttribute),
        ]
        for (name, text) in texts { graph.add(subject, DMT.namespace + name, text.map { .literal($0) }) }
        graph.add(
            subject, DMT.namespace + "personalInformation",
            document.personalInformation.map { .typed("\($0)", datatype: XSD.boolean) })
        for (place, item) in (document.items ?? []).enumerated() { add(item, at: place + 1, to: &graph) }
        for (place, condition) in (document.conditions ?? []).enumerated() {
            try add(condition, at: place + 1, to: &graph)
        }
        if let related = document.related { try add(related, as: "related", of: subject, to: &graph) }
        try addOrder(to: &graph)
    }

    private func add(_ item: ExportedEntry.Item, at position: Int, to graph: inout Graph) {
        let node = graph.newBlank()
        graph.add(subject, DMT.namespace + "item", node)
        graph.add(node, DMT.position, .typed("\(position)", datatype: XSD.integer))
        for (name, text) in [("name", item.name), ("type", item.type), ("description", item.description)] {
            graph.add(node, DMT.namespace + name, text.map { .literal($0) })
        }
    }

    private func add(_ condition: ExportedEntry.StatedCondition, at position: Int, to graph: inout Graph) throws {
        let node = graph.newBlank()
        graph.add(subject, DMT.namespace + "condition", node)
        graph.add(node, DMT.position, .typed("\(position)", datatype: XSD.integer))
        graph.add(node, DMT.namespace + "kind", .literal(condition.kind))
        graph.add(node, DMT.basis, condition.basis.map { .literal($0) })
        switch condition.value {
        case .set(let texts):
            for text in texts { graph.add(node, DMT.namespace + "value", .literal(text)) }
            if texts != Set(texts).sorted() { try add(texts, as: "values", of: node, to: &graph) }
        case .level(let text): graph.add(node, DMT.namespace + "value", .literal(text))
        case .days(let number):
            graph.add(node, DMT.namespace + "value", .typed("\(number)", datatype: XSD.integer))
        case nil: break
        }
    }

    /// Statements of RDF have no order and no repeats, and tags of languages no case. A list that would come back
    /// otherwise is stated once more as it is, as JSON.
    private func addOrder(to graph: inout Graph) throws {
        let lists = [("keywords", document.keywords ?? []), ("themes", document.themes ?? [])]
        for (name, texts) in lists
        where texts != Set(texts).sorted() || name == "themes" && !texts.allSatisfy(Term.isAddress) {
            try add(texts, as: name, of: subject, to: &graph)
        }
        let texts = [("titles", document.titles), ("descriptions", document.descriptions ?? [])]
        for (name, texts) in texts where texts.count > 1 || !texts.allSatisfy(\.survives) {
            try add(texts, as: name, of: subject, to: &graph)
        }
    }

    private func add(_ list: some Encodable, as name: String, of node: Term, to graph: inout Graph) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let json = try encoder.encode(list)
        graph.add(node, DMT.namespace + name, .typed(String(decoding: json, as: UTF8.self), datatype: RDF.json))
    }
}

extension TaggedText {
    /// Whether a text with its tag comes back as it is from a statement of RDF. An untagged one with Chinese characters
    /// would be taken for Chinese.
    fileprivate var survives: Bool {
        guard let language else { return !text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) } }
        return Term.isLanguageTag(language) && language == language.lowercased()
    }
}
