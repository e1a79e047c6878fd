import Foundation
import Hummingbird
import Marketplace

/// Correcting a succession that was recorded wrongly: the form holds what is recorded, to be changed where it is wrong.
extension PortalRoutes {
    /// What the choice of the kind says when there was no succession at all.
    private static let none = "none"

    func correctionForm(_ succession: JSONNode, _ text: Language) -> PortalPage.Form {
        let code = succession["predecessor"]["code"].string
        let recorded = succession["kind"].string
        let kinds = Succession.Kind.allCases.map {
            PortalPage.Field.Choice(value: $0.rawValue, text: word($0, text), isChosen: $0.rawValue == recorded)
        }
        return .init(
            title: text("更正", "Correct it"),
            action: "/parties/\(code.escapedForURL)/successions/\(succession["id"].string)/corrections",
            button: text("登记更正", "Record the correction"),
            about: text(
                "原记录保留可查；经它转交的责任收回，再交给正确的继任主体，有关各方会收到通知。没有变更过的，只填理由。",
                "What was recorded stays readable. What was handed over by it goes back, and then to the right "
                    + "successors; those concerned are told. If there was no succession, only the reason counts."),
            fields: [
                .init(
                    id: "kind", name: "kind", label: text("实际的变更", "What happened"),
                    choices: kinds + [
                        .init(value: Self.none, text: text("没有变更", "nothing: there was no succession"))
                    ]),
                .init(
                    id: "effective_on", name: "effective_on", label: text("自", "Since"), type: "date",
                    value: succession["effective_on"].string),
                .init(
                    id: "successors", name: "successors",
                    label: text(
                        "继任主体，每行一个：代码; 角色, 角色; 条目或产品代码, …（只写代码即接手其余全部）",
                        "Successors, one a line: code; role, role; codes of entries or products, … "
                            + "(a code alone takes all the rest)"),
                    value: succession["successors"].list.map(SuccessorLine.init).map(\.text).joined(separator: "\n"),
                    isArea: true),
                .init(
                    id: "basis", name: "basis", label: text("依据文件（名称、文号）", "Document (title and number)"),
                    value: succession["basis"].string),
                .init(
                    id: "basis_sha256", name: "basis_sha256",
                    label: text("文件的 SHA-256", "SHA-256 of the document"), value: succession["basis_sha256"].string),
                .init(id: "reason", name: "reason", label: text("更正理由", "Reason of the correction"), isArea: true),
            ])
    }

    func correctSuccession(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.administrator)
        let code = try context.code()
        let id = try context.id(orElse: SuccessionError.unknownSuccession(code))
        let form = try await FormFields(request)
        do {
            let correction = try SuccessionCorrection(
                of: id, reason: form.required("reason"), instead: succession(of: code, in: form))
            _ = try await market.parties.correct(correction, of: code, by: account.partyID, now: now())
            return redirect(to: "/parties/\(code.escapedForURL)")
        } catch let refusal as any MarketplaceError {
            return try await refused(
                try await succession(request, context), refusal, sent: form.all, request, context)
        }
    }

    private func succession(of code: String, in form: FormFields) throws -> Succession? {
        let stated = try form.required("kind")
        guard stated != Self.none else { return nil }
        guard let kind = Succession.Kind(rawValue: stated) else {
            throw InvalidInput("kind", "This is not renamed, merged, split or none.")
        }
        let lines = try form.required("successors").split(whereSeparator: \.isNewline)
        return try Succession(
            of: code, kind: kind, effectiveOn: form.required("effective_on"),
            basis: Basis(reference: form.required("basis"), sha256: form.required("basis_sha256")),
            successors: lines.compactMap { SuccessorLine(String($0))?.successor })
    }
}

/// A successor as one line of a form: `code; role, role; subject, subject`.
private struct SuccessorLine {
    let successor: Succession.Successor

    init(_ recorded: JSONNode) {
        let list = { (name: String) in recorded[name].isNull ? nil : recorded[name].list.map(\.string) }
        successor = .init(
            party: recorded["party"]["code"].string, roles: list("roles"), subjects: list("subjects"))
    }

    /// Takes the marks of either language; nil for an empty line.
    init?(_ line: String) {
        let parts = line.split(maxSplits: 2, omittingEmptySubsequences: false) { $0 == ";" || $0 == "；" }
        let list = { (place: Int) -> [String]? in
            guard place < parts.count else { return nil }
            let words = parts[place].split { ",，、".contains($0) }.map { $0.trimmingCharacters(in: .whitespaces) }
            return words.contains { !$0.isEmpty } ? words.filter { !$0.isEmpty } : nil
        }
        let party = parts.first?.trimmingCharacters(in: .whitespaces) ?? ""
        guard !party.isEmpty || parts.count > 1 else { return nil }
        successor = .init(party: party, roles: list(1), subjects: list(2))
    }

    var text: String {
        let lists = [successor.roles, successor.subjects].map { ($0 ?? []).joined(separator: ", ") }
        if lists[1].isEmpty { return lists[0].isEmpty ? successor.party : "\(successor.party); \(lists[0])" }
        return "\(successor.party); \(lists[0]); \(lists[1])"
    }
}
