import HTTPTypes
import Hummingbird
import Marketplace

extension PortalPage {
    /// Gives the first form back with what was typed in it and each reason beside the field it is about; a reason that is
    /// about none of its fields stands above.
    /// - Parameter action: where the refused form was sent.
    mutating func refuse(_ refusal: any MarketplaceError, sent: [String: String], to action: String, _ text: Language) {
        let reasons =
            refusal.problems.isEmpty ? [FieldProblem(refusal.field ?? "", refusal.message)] : refusal.problems
        var unplaced = reasons
        if let place = forms.firstIndex(where: { $0.action == action }) {
            unplaced = forms[place].give(back: sent, reasons, text)
        } else if let table = tables.firstIndex(where: { $0.forms.contains { $0.action == action } }),
            let place = tables[table].forms.firstIndex(where: { $0.action == action })
        {
            unplaced = tables[table].forms[place].give(back: sent, reasons, text)
        }
        notice =
            unplaced.isEmpty
            ? text("没有完成，请看标出的栏目。", "Not done; see the fields that are marked.")
            : unplaced.map {
                let said = RefusalWords.said($0.reason, text)
                return $0.field.isEmpty || action.isEmpty ? said : "\($0.field): \(said)"
            }.joined(separator: "\n")
    }
}

extension PortalPage.Form {
    /// - Returns: the reasons that are about none of its fields.
    fileprivate mutating func give(back sent: [String: String], _ reasons: [FieldProblem], _ text: Language)
        -> [FieldProblem]
    {
        var unplaced = reasons
        for index in fields.indices {
            let name = fields[index].name
            if let value = sent[name] { fields[index].fill(value) }
            let names = [name] + fields[index].also
            let about = reasons.filter { reason in names.contains { reason.isAbout($0) } }
            guard !about.isEmpty else { continue }
            fields[index].problem = about.map { reason in
                let said = RefusalWords.said(reason.reason, text)
                return names.contains(reason.field) ? said : "\(reason.field): \(said)"
            }.joined(separator: " ")
            unplaced.removeAll { about.contains($0) }
        }
        isFolded = false
        return unplaced
    }
}

extension PortalPage.Field {
    fileprivate mutating func fill(_ sent: String) {
        guard type != "password", type != "file" else { return }
        isTicked = type == "checkbox"
        value = sent
        choices = choices.map { .init(value: $0.value, text: $0.text, isChosen: $0.value == sent) }
    }
}

extension FieldProblem {
    /// `fields.items[2].name` is about the form's field `items`.
    fileprivate func isAbout(_ name: String) -> Bool {
        let place = field.hasPrefix("fields.") ? String(field.dropFirst(7)) : field
        return place == name || place.prefix { $0 != "[" && $0 != "." } == name
    }
}

extension PortalRoutes {
    /// The page of a form that was refused, with the reason in it.
    func refused(
        _ page: PortalPage, _ refusal: any MarketplaceError, sent: [String: String], _ request: Request,
        _ context: MarketContext, action: String? = nil
    ) async throws -> Response {
        var page = page
        page.refuse(refusal, sent: sent, to: action ?? request.uri.path, Language(request))
        if let account = context.account {
            page.unacknowledged = try await market.notices.unacknowledged(by: account.partyID)
        }
        let status = Problem(refusal, path: request.uri.path).status
        return renderer.response(page, request, context, status: status)
    }
}
