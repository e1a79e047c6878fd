import Foundation
import Hummingbird
import Marketplace

/// The forms by which an enterprise buys, completes and cancels.
extension PortalRoutes {
    func needsApproval(_ offer: JSONNode) -> Bool { !["", "automatic"].contains(offer["approval"].string) }

    func approvalNote(_ offer: JSONNode, _ text: Language) -> String {
        offer["approval"].string == "operator"
            ? text("由运营机构审批；结果以通知告知。", "The operator decides; you are told by a notice.")
            : text(
                "由运营机构和数据提供部门审批；结果以通知告知。",
                "The operator and the providers of the data decide; you are told by a notice.")
    }

    /// What an offer that needs approval asks of the buyer.
    /// - Parameter mark: sets the fields of several forms apart.
    func useFields(of mark: String, _ offer: JSONNode, _ text: Language, stated: JSONNode? = nil) -> [PortalPage.Field]
    {
        let kinds = Set(offer["conditions"].list.map { $0["kind"].string })
        let value = { (name: String) in stated?[name].string ?? "" }
        var fields: [PortalPage.Field] = [
            .init(
                id: "scope-\(mark)", name: "scope", label: text("用途说明", "What the data is used for"),
                value: value("scope"), isArea: true),
            .init(
                id: "place-\(mark)", name: "place",
                label: kinds.contains("region") || stated != nil
                    ? text("使用地（六位行政区划代码）", "Place of use (six digits of GB/T 2260)")
                    : text("使用地（六位行政区划代码，可空）", "Place of use (six digits of GB/T 2260, may be empty)"),
                value: value("place")),
            .init(
                id: "from-\(mark)", name: "from", label: text("使用起始日", "First day of use"), type: "date",
                value: day(value("from"))),
            .init(
                id: "until-\(mark)", name: "until", label: text("使用截止日", "Last day of use"), type: "date",
                value: day(value("until"), before: true)),
        ]
        if kinds.contains("retention") || stated != nil {
            fields.append(
                .init(
                    id: "retention_days-\(mark)", name: "retention_days", label: text("保存天数", "Days the data is kept"),
                    type: "number", value: value("retention_days")))
        }
        if kinds.contains("qualification") || stated != nil {
            let held = stated?["qualifications"].list.map(\.string).joined(separator: "\n") ?? ""
            fields.append(
                .init(
                    id: "qualifications-\(mark)", name: "qualifications",
                    label: text("资质（每行一项）", "Qualifications (one a line)"), value: held, isArea: true))
        }
        return fields
    }

    func purchaseForms(_ purchase: JSONNode, _ text: Language) -> [PortalPage.Form] {
        let (id, state) = (purchase["id"].string, purchase["state"].string)
        var forms: [PortalPage.Form] = []
        if state == "returned" {
            let purposeField = PortalPage.Field(
                id: "purpose", name: "purpose", label: text("使用目的（代码）", "Purpose (code)"),
                value: purchase["purpose"].string)
            forms.append(
                .init(
                    title: text("补正申请", "Complete the request"), action: "/purchases/\(id)/completion",
                    button: text("重新提交", "Send again"), about: purchase["reason"].string,
                    hidden: [.init(name: "key", value: UUID().uuidString)],
                    fields: [purposeField]
                        + useFields(of: "again", purchase, text, stated: purchase)))
        }
        if ["requested", "returned", "approved", "agreed", "active"].contains(state) {
            forms.append(cancellationForm(id, isActive: state == "active", text))
        }
        forms.append(
            .init(
                title: text("在另一时点谁负责？", "Who answered at another time?"), action: "/purchases/\(id)",
                button: text("查看", "Show"), method: "get",
                fields: [.init(id: "as_of", name: "as_of", label: text("日期", "Date"), type: "date")]))
        if let uuid = UUID(uuidString: id), !purchase["entitlement"].isNull { forms.append(correctionForm(uuid, text)) }
        return forms
    }

    private func cancellationForm(_ id: String, isActive: Bool, _ text: Language) -> PortalPage.Form {
        let when = PortalPage.Field(
            id: "at", name: "at", label: text("何时生效", "When"),
            choices: [
                .init(value: "period_end", text: text("已付费期间结束时", "at the end of what is paid for")),
                .init(value: "at_once", text: text("立即", "at once")),
            ])
        return .init(
            title: text("取消采购", "Cancel the purchase"), action: "/purchases/\(id)/cancellation",
            button: text("取消采购", "Cancel the purchase"),
            hidden: [.init(name: "key", value: UUID().uuidString)],
            fields: (isActive ? [when] : []) + [.init(id: "cancel-reason", name: "reason", label: text("理由", "Reason"))]
        )
    }

    /// A day of Beijing as a date field takes it; an end is shown as the last day before it.
    private func day(_ moment: String, before: Bool = false) -> String {
        guard let time = try? parsedTime(moment, field: "time") else { return "" }
        let style = Date.ISO8601FormatStyle(timeZone: TimeZone(secondsFromGMT: 8 * 3600) ?? .gmt).year().month().day()
        return time.addingTimeInterval(before ? -1 : 0).formatted(style)
    }

    // MARK: Commands

    /// The same key as long as the form is the same: sent twice, it buys once.
    func buy(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.enterprise)
        let form = try await FormFields(request)
        do {
            let wanted = PurchaseRequest(offer: try form.required("offer"), statement: try use(in: form))
            let outcome = try await market.purchases.buy(
                wanted, for: account.partyID, key: IdempotencyKey(form["key"]), body: form.bytes, now: now())
            return redirect(to: "/purchases/\(try JSONNode(outcome.purchase)["id"].string)")
        } catch let refusal as any MarketplaceError {
            var page = try await product(context: context, Language(request))
            page.address = "/products/\(try context.code())"
            // Several offers have a form with this address: the one that was sent comes first and says what is wrong.
            let isSent = { (shown: PortalPage.Form) in shown.hidden.contains { $0.value == form["offer"] } }
            if let table = page.tables.firstIndex(where: { $0.forms.contains(where: isSent) }) {
                page.tables[table].forms.sort { isSent($0) && !isSent($1) }
            }
            return try await refused(page, refusal, sent: form.all, request, context)
        }
    }

    func completePurchase(_ request: Request, _ context: MarketContext) async throws -> Response {
        try await purchaseStep(request, context) { id, form, command in
            _ = try await market.purchases.complete(use(in: form), of: id, command)
        }
    }

    func cancelPurchase(_ request: Request, _ context: MarketContext) async throws -> Response {
        try await purchaseStep(request, context) { id, form, command in
            _ = try await market.purchases.cancel(
                id, at: CancellationTime(rawValue: form["at"] ?? "") ?? .periodEnd, reason: form.required("reason"),
                command)
        }
    }

    private func purchaseStep(
        _ request: Request, _ context: MarketContext,
        _ work: (UUID, FormFields, PurchaseCommand) async throws -> Void
    ) async throws -> Response {
        let account = try context.requireAccount(.enterprise)
        let id = try context.id(orElse: PurchaseError.unknownPurchase)
        let form = try await FormFields(request)
        let address = "/purchases/\(id.uuidString.lowercased())"
        do {
            let key = try IdempotencyKey(form["key"])
            try await work(id, form, PurchaseCommand(by: account, key: key, body: form.bytes, now: now()))
            return redirect(to: address)
        } catch let refusal as any MarketplaceError {
            var page = try await purchase(request, context)
            page.address = address
            return try await refused(page, refusal, sent: form.all, request, context)
        }
    }

    /// Dates are days of Beijing; the last one is part of the period.
    private func use(in form: FormFields) throws -> UseStatement {
        func beginning(_ name: String) throws -> Date? {
            try form.filled(name).map { try parsedTime("\($0)T00:00:00+08:00", field: name) }
        }
        let days = try form.filled("retention_days").map { text in
            guard let days = Int(text) else { throw InvalidInput("retention_days", "This is not a whole number.") }
            return days
        }
        let held = form.filled("qualifications")?.split(whereSeparator: \.isNewline).map {
            $0.trimmingCharacters(in: .whitespaces)
        }.filter { !$0.isEmpty }
        return UseStatement(
            purpose: try form.required("purpose"), scope: form.filled("scope"), place: form.filled("place"),
            since: try beginning("from"), until: try beginning("until")?.addingTimeInterval(86_400),
            retentionDays: days, qualifications: held)
    }
}

extension FormFields {
    /// What was sent, in one order: by its digest a repeat is recognised.
    var bytes: [UInt8] {
        Array(all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "\n").utf8)
    }
}
