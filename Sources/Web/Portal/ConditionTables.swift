import Marketplace

/// Conditions and credentials of a product as a buyer reads them, beside the button.
extension PortalRoutes {
    /// Each condition of each offer, with where it comes from.
    func conditionTable(_ conditions: JSONNode, _ text: Language) -> PortalPage.Table {
        .init(
            caption: text("使用条件", "Conditions of use"),
            headers: [
                text("挂牌", "Offer"), text("条件", "Condition"), text("内容", "Value"), text("由来", "Where it comes from"),
                text("依据", "Basis"),
            ],
            rows: conditions["offers"].list.flatMap { offer in
                offer["conditions"].list.map { condition in
                    .init(cells: [
                        .init(text: offer["offer"].string),
                        .init(text: conditionKind(condition["kind"].string, text)),
                        .init(text: conditionValue(condition, "value", text)),
                        .init(text: origin(condition, text)), .init(text: basis(of: condition, in: offer)),
                    ])
                } + missing(offer, text)
            }, empty: text("没有使用条件。", "No conditions."))
    }

    /// What comes from the directory stands on the directory's basis, what was added on the offer's own.
    private func basis(of condition: JSONNode, in offer: JSONNode) -> String {
        guard !condition["added"].isTrue else { return condition["basis"].string }
        let stated = offer["directory_entries"].list.flatMap { $0["conditions"].list }.first {
            $0["kind"].string == condition["kind"].string && !$0["directory_basis"].isNull
        }
        return stated?["directory_basis"].string ?? condition["basis"].string
    }

    /// Conditions of the directory that an offer leaves out.
    private func missing(_ offer: JSONNode, _ text: Language) -> [PortalPage.Table.Row] {
        offer["directory_entries"].list.flatMap { entry in
            entry["conditions"].list.filter { $0["loosened"].isTrue && $0["offered_value"].isNull }.map { condition in
                .init(cells: [
                    .init(text: offer["offer"].string), .init(text: conditionKind(condition["kind"].string, text)),
                    .init(text: conditionValue(condition, "directory_value", text)),
                    .init(
                        text: text("⚠ 目录要求，挂牌缺少", "⚠ loosened: the directory demands it, the offer leaves it out"),
                        address: "/directory/\(entry["code"].string)"),
                    .init(text: condition["directory_basis"].string),
                ])
            }
        }
    }

    /// The directory entry versions behind a product, with their sharing class and grade.
    func entryTable(_ conditions: JSONNode, _ text: Language) -> PortalPage.Table {
        .init(
            caption: text("目录条目的共享属性", "Sharing of the directory entries"),
            headers: [
                text("条目", "Entry"), text("版本", "Version"), text("共享类型", "Sharing class"), text("分级", "Grade"),
                text("目录规定的条件", "Conditions of the directory"),
            ],
            rows: (conditions["offers"].list.first?["directory_entries"].list ?? []).map { entry in
                let stated = entry["conditions"].list.filter { !$0["directory_value"].isNull }.map {
                    "\(conditionKind($0["kind"].string, text)): \(conditionValue($0, "directory_value", text)) "
                        + "(\($0["directory_basis"].string))"
                }
                return .init(cells: [
                    .init(text: entry["code"].string, address: "/directory/\(entry["code"].string)"),
                    .init(text: entry["version"].string), .init(text: sharingClass(entry["sharing_class"], text)),
                    .init(text: grade(entry["grade"], text)),
                    .init(text: stated.isEmpty ? text("未说明", "not stated") : stated.joined(separator: "; ")),
                ])
            })
    }

    func credentialTable(_ credentials: JSONNode, _ text: Language) -> PortalPage.Table {
        .init(
            caption: credentials["sellable_until"].isNull
                ? text("资质 · 目前不可采购", "Credentials · cannot be bought now")
                : text(
                    "资质 · 可采购至 \(credentials["sellable_until"].string)",
                    "Credentials · can be bought until \(credentials["sellable_until"].string)"),
            headers: [
                text("资质", "Credential"), text("编号", "Number"), text("颁发", "Issuer"), text("状态", "State"),
                text("自", "Since"), text("至", "Until"),
            ],
            rows: credentials["items"].list.map { item in
                .init(cells: [
                    .init(text: item.title(text)), .init(text: item["number"].string), item["issuer"].party(text),
                    .init(text: credentialState(item["state"].string, text)), .init(text: item["since"].string),
                    .init(text: item["until"].string),
                ])
            }, empty: text("没有资质。", "No credentials."), isFolded: true)
    }

    func conditionKind(_ value: String, _ text: Language) -> String {
        let names: KeyValuePairs = [
            "purpose": "目的", "region": "地区", "sector": "行业", "redistribution": "再提供", "retention": "保存期", "fee": "费用",
            "qualification": "资格",
        ]
        return text(names[value] ?? value, value)
    }

    func conditionValue(_ condition: JSONNode, _ member: String, _ text: Language) -> String {
        let value = condition[member]
        if value.isNull { return "–" }
        switch condition["kind"].string {
        case "purpose": return value.list.map { purpose($0.string, text) }.joined(separator: text("、", ", "))
        case "retention": return text("\(value.string) 天", "\(value.string) days")
        case "redistribution", "fee":
            let names: KeyValuePairs = [
                "forbidden": "禁止", "with_consent": "经同意", "guided": "政府指导价", "market": "市场价",
                "free": text("自由", "free"),
            ]
            return text(names[value.string] ?? value.string, value.string.spaced)
        default: return value.list.map(\.string).joined(separator: text("、", ", "))
        }
    }

    private func origin(_ condition: JSONNode, _ text: Language) -> String {
        if condition["loosened"].isTrue { return text("⚠ 放宽了目录的条件", "⚠ loosened: weaker than the directory") }
        guard condition["added"].isTrue else { return text("来自目录", "from the directory") }
        switch condition["flag"]["state"].string {
        case "accepted":
            let reason = condition["flag"]["reason"].string
            return text("目录之外增加，依据已接受：\(reason)", "added, basis accepted: \(reason)")
        case "refused": return text("⚠ 目录之外增加，依据未被接受", "⚠ added, basis refused")
        default: return text("⚠ 目录之外增加，待审核", "⚠ added, basis not yet accepted")
        }
    }

    private func sharingClass(_ value: JSONNode, _ text: Language) -> String {
        let names: KeyValuePairs = ["unconditional": "无条件共享", "conditional": "有条件共享", "not_shared": "不予共享"]
        if value.isNull { return text("未说明", "not stated") }
        return text(names[value.string] ?? value.string, value.string.spaced)
    }

    private func grade(_ value: JSONNode, _ text: Language) -> String {
        let names: KeyValuePairs = ["core": "核心", "important": "重要", "general": "一般"]
        return value.isNull ? text("未说明", "not stated") : text(names[value.string] ?? value.string, value.string)
    }

    private func credentialState(_ value: String, _ text: Language) -> String {
        let names: KeyValuePairs = [
            "draft": "草拟", "submitted": "已提交", "accepted": "已受理", "returned": "退回补正", "rejected": "不予登记",
            "in_review": "审核中", "in_publicity": "公示中", "objected": "有异议", "terminated": "终止", "signed": "已签署",
            "filed": "已备案", "in_force": "有效", "expired": "到期", "cancelled": "注销", "revoked": "撤销",
        ]
        return text(names[value] ?? value, value.spaced)
    }
}
