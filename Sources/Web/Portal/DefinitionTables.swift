import Foundation
import Marketplace

// Versions of a metric's definition: which one a figure is by, which there are, and what differs between two.

func versionWord(_ version: Int, _ text: Language) -> String { text("第\(version)版", "version \(version)") }

/// By which definition a figure is.
func definitionFact(_ metric: Metric, _ text: Language) -> PortalPage.Fact {
    .init(
        name: text("定义", "Definition"),
        value: "\(versionWord(metric.version, text)) · SHA-256 \(metric.digest.prefix(12))…")
}

/// That a figure is not by the newest version, and what of its own is taken otherwise now; nil for the newest.
func earlierNotice(_ metric: Metric, of versions: [Metric], _ text: Language) throws -> String? {
    guard let newest = versions.first, metric.version < newest.version else { return nil }
    let (own, last) = (versionWord(metric.version, text), versionWord(newest.version, text))
    let ported = try MetricWords(metric).ported.map { text($0.chinese, " " + $0.english) } ?? ""
    return text("按\(own)定义，现行为\(last)。", "By \(own) of the definition; the newest is \(last).") + ported
}

/// The version to ask for, and one to stand beside it; nothing where there is one only.
func versionFields(
    _ versions: [Metric], chosen: Metric, beside: Metric?, _ text: Language
) -> [PortalPage.Field] {
    guard versions.count > 1 else { return [] }
    func choices(_ chosen: Int?) -> [PortalPage.Field.Choice] {
        versions.map {
            .init(value: "\($0.version)", text: versionWord($0.version, text), isChosen: $0.version == chosen)
        }
    }
    return [
        .init(id: "version", name: "version", label: text("定义版本", "Definition"), choices: choices(chosen.version)),
        .init(
            id: "version2", name: "version2", label: text("对比：定义版本", "Beside it, the definition"),
            choices: [.init(value: "", text: "–", isChosen: beside == nil)] + choices(beside?.version)),
    ]
}

/// What differs between two versions of a definition, and both in full.
func definitionTables(_ one: Metric, _ other: Metric, _ text: Language) throws -> [PortalPage.Table] {
    let (first, second) = (try parts(of: one, text), try parts(of: other, text))
    let names = first.map(\.name) + second.map(\.name).filter { name in !first.contains { $0.name == name } }
    let both = names.map { name in
        (name, first.first { $0.name == name }?.words ?? "", second.first { $0.name == name }?.words ?? "")
    }
    func table(_ caption: String, _ rows: [(String, String, String)]) -> PortalPage.Table {
        let headers = ["", versionWord(one.version, text), versionWord(other.version, text)]
        return .init(
            caption: caption, headers: [text("内容", "What is defined")] + headers.dropFirst(),
            rows: rows.map { name, first, second in
                .init(cells: [name, first, second].map { .init(text: $0.isEmpty ? "–" : $0) })
            })
    }
    return [
        table(
            text("两版定义的不同之处", "What differs between the definitions"),
            both.filter { $0.1 != $0.2 }.map { name, first, second in
                let (own, others) = (first.sentences(notIn: second), second.sentences(notIn: first))
                return (name, own.joined(separator: text("", " ")), others.joined(separator: text("", " ")))
            }),
        table(text("两版定义全文", "Both definitions in full"), both),
    ]
}

private func parts(of metric: Metric, _ text: Language) throws -> [(name: String, words: String)] {
    let words = try MetricWords(metric)
    return ([words.title, words.definition] + words.details).map { line in
        // A name is in both languages: `分子 numerator`.
        let names = line.name.split(separator: " ", maxSplits: 1).map(String.init)
        return (text(names.first ?? "", names.last ?? ""), text(line.chinese, line.english))
    }
}

extension String {
    /// Sentences, and items of a list, that the other does not have, whatever they end with.
    fileprivate func sentences(notIn other: String) -> [String] {
        func bare(_ sentence: String) -> String { sentence.trimmingCharacters(in: .punctuationCharacters) }
        let known = Set(other.sentences.map(bare))
        return sentences.filter { !known.contains(bare($0)) }
    }

    private var sentences: [String] {
        replacing(/[。；]|[.;]\s/) { $0.output + "\n" }.split(separator: "\n").map {
            $0.trimmingCharacters(in: .whitespaces)
        }
    }
}
