import Foundation
import Marketplace

/// The forms of a draft: lists are written one element a line, its parts divided by `|`.
struct DraftForm {
    let values: [String: String]

    init(_ values: [String: String]) { self.values = values }

    /// Nil when the field is left empty.
    func given(_ name: String) -> String? {
        values[name].map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    var digestInput: [UInt8] { Array(values.sorted { $0.key < $1.key }.map { "\($0)=\($1)\n" }.joined().utf8) }

    func request() -> [String: Any] {
        var object: [String: Any] = [:]
        for name in [
            "kind", "source", "entry", "provider", "contact", "security", "valid_from", "valid_until", "reason",
            "basis",
        ] { object[name] = given(name) }
        if object["kind"] as? String == "new" { object["entry"] = nil } else { object["source"] = nil }
        object["version"] = given("version").map { Int($0) ?? $0 as Any }
        let fields = fields()
        if !fields.isEmpty { object["fields"] = fields }
        return object
    }

    private func fields() -> [String: Any] {
        var fields: [String: Any] = [:]
        for name in ["update_frequency", "sharing_class", "sharing_basis", "sharing_mode", "classification", "format"] {
            fields[name] = given(name)
        }
        let tagged = { (name: String) -> [[String: Any]] in
            ["zh", "en"].compactMap { code in given("\(name)_\(code)").map { ["text": $0, "language": code] } }
        }
        for (name, field) in [("title", "titles"), ("description", "descriptions")] where !tagged(name).isEmpty {
            fields[field] = tagged(name)
        }
        fields["items"] = lines("items").map { rows in
            rows.map { ["name": $0[0], "type": $0[1], "description": $0[2]] }
        }
        fields["conditions"] = lines("conditions").map { rows in
            rows.map { ["kind": $0[0], "value": conditionValue($0[1], of: $0[0]), "basis": $0[2]] as [String: Any] }
        }
        return fields
    }

    private func conditionValue(_ text: String, of kind: String) -> Any {
        switch kind {
        case "retention": Int(text) ?? text as Any
        case "purpose", "region", "sector", "qualification":
            text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        default: text
        }
    }

    /// Three parts for each line that is not empty; what is missing is empty and refused with its place.
    private func lines(_ name: String) -> [[String]]? {
        given(name)?.split(whereSeparator: \.isNewline).map { line in
            let parts = line.split(separator: "|", omittingEmptySubsequences: false)
                .map { $0.trimmingCharacters(in: .whitespaces) }
            return Array((parts + ["", "", ""]).prefix(3))
        }
    }

    func assessment() -> [String: Any] {
        var object: [String: Any] = [:]
        for name in ["secrecy", "grade", "basis"] { object[name] = given(name) }
        object["personal_information"] = given("personal_information").map { $0 == "true" }
        return object
    }

    func decision() -> [String: Any] {
        var object: [String: Any] = [:]
        for name in ["outcome", "reason"] { object[name] = given(name) }
        object["missing"] = given("missing")?.split(whereSeparator: \.isNewline).map(String.init)
        return object
    }
}

extension DraftForm {
    func compiling(_ text: Language) -> PortalPage.Form {
        let key = given("key") ?? UUID().uuidString
        return .init(
            title: text("编制", "Compile"), action: "/administration/drafts", button: text("保存草稿", "Save the draft"),
            hidden: [.init(name: "key", value: key)], fields: fields(text))
    }

    private func fields(_ text: Language) -> [PortalPage.Field] {
        let field = { (name: String, label: String) in
            PortalPage.Field(id: name, name: name, label: label, value: values[name] ?? "")
        }
        let area = { (name: String, label: String) in
            PortalPage.Field(id: name, name: name, label: label, value: values[name] ?? "", isArea: true)
        }
        let choice = { (name: String, label: String, choices: [(String, String)]) in
            PortalPage.Field(
                id: name, name: name, label: label,
                choices: choices.map { .init(value: $0.0, text: $0.1, isChosen: $0.0 == values[name]) })
        }
        return [
            choice(
                "kind", text("种类", "Kind"),
                [
                    ("new", text("新增条目", "new entry")), ("update", text("更新", "update")),
                    ("correction", text("更正过去", "correction of the past")), ("withdrawal", text("撤销", "withdrawal")),
                ]),
            field("source", text("来源代码（新增时）", "Source code (for a new entry)")),
            field("entry", text("条目代码（其他种类）", "Entry code (for the other kinds)")),
            field("title_zh", text("中文名称", "Title in Chinese")), field("title_en", text("英文名称", "Title in English")),
            area("description_zh", text("摘要", "Abstract in Chinese")),
            area("description_en", text("英文摘要", "Abstract in English")),
            area("items", text("数据项：每行 名称 | 类型 | 含义", "Data items, a line each: name | type | meaning")),
            choice(
                "sharing_class", text("共享属性", "Sharing class"),
                [
                    ("", "–"), ("unconditional", text("无条件共享", "unconditional")),
                    ("conditional", text("有条件共享", "conditional")), ("not_shared", text("不予共享", "not shared")),
                ]),
            field("sharing_basis", text("不予共享依据", "Basis for not sharing")),
            choice(
                "sharing_mode", text("共享方式", "Sharing mode"),
                [
                    ("", "–"), ("interface", text("服务接口", "service interface")),
                    ("batch_exchange", text("批量交换", "batch exchange")),
                    ("file_download", text("文件下载", "file download")),
                ]),
            area("conditions", text("条件：每行 种类 | 内容 | 依据", "Conditions, a line each: kind | value | basis")),
            field("classification", text("分类", "Classification")), field("format", text("格式", "Format")),
            field("update_frequency", text("更新频率", "Update frequency")),
            field("provider", text("提供方代码", "Provider (party code)")),
            field("contact", text("联系方代码", "Contact (party code)")),
            field("security", text("安全责任方代码", "Security (party code)")),
            field("valid_from", text("更正：自", "Correction: from")),
            field("valid_until", text("更正：至", "Correction: until")),
            field("version", text("更正：当时有效的版本", "Correction: the version that was in force")),
            field("reason", text("理由", "Reason")), field("basis", text("依据文件", "Basis (document)")),
        ]
    }

    /// What the reader can do with a draft in its state.
    static func steps(of draft: JSONNode, _ text: Language) -> [PortalPage.Form] {
        let state = draft["state"].string
        let (isOwn, decides) = (draft["is_own"].isTrue, draft["is_competent"].isTrue)
        let hasFields = !draft["fields"].isNull
        let reason = PortalPage.Field(id: "reason", name: "reason", label: text("理由或依据", "Reason or basis"))
        var forms: [PortalPage.Form] = []
        let add = { (step: String, title: String, fields: [PortalPage.Field]) in
            forms.append(
                .init(
                    title: title, action: "/administration/drafts/\(draft["id"].string)/\(step)", button: title,
                    fields: fields))
        }
        let isOpen = ["draft", "assessed", "returned"].contains(state)
        if isOwn && isOpen && hasFields { add("assessment", text("评估", "Assess"), assessmentFields(text)) }
        if isOwn && (state == "assessed" || (isOpen && !hasFields)) {
            add("submission", text("提交审核", "Submit for review"), [reason.renamed("submission")])
        }
        if decides && state == "submitted" { add("decision", text("决定", "Decide"), decisionFields(text)) }
        if decides && state == "approved" { add("release", text("发布", "Release"), [reason.renamed("release")]) }
        if isOwn && (isOpen || state == "submitted") || (isOwn || decides) && state == "approved" {
            add("withdrawal", text("撤回草稿", "Withdraw the draft"), [reason.renamed("withdrawal")])
        }
        if isOwn && isOpen { add("edition", text("修改", "Edit"), DraftForm(prefilled(draft)).fields(text)) }
        return forms
    }

    private static func assessmentFields(_ text: Language) -> [PortalPage.Field] {
        [
            .init(
                id: "secrecy", name: "secrecy", label: text("保密", "Secrecy"),
                choices: [
                    .init(value: "none", text: text("不涉密", "none")),
                    .init(value: "work_secret", text: text("工作秘密", "work secret")),
                    .init(value: "state_secret", text: text("国家秘密", "state secret")),
                ]),
            .init(
                id: "personal", name: "personal_information", label: text("个人信息", "Personal information"),
                choices: [.init(value: "false", text: text("不含", "no")), .init(value: "true", text: text("含", "yes"))]),
            .init(
                id: "grade", name: "grade", label: text("数据级别", "Grade"),
                choices: [
                    .init(value: "general", text: text("一般", "general")),
                    .init(value: "important", text: text("重要", "important")),
                    .init(value: "core", text: text("核心", "core")),
                ]),
            .init(id: "assessment_basis", name: "basis", label: text("依据", "Basis")),
        ]
    }

    private static func decisionFields(_ text: Language) -> [PortalPage.Field] {
        [
            .init(
                id: "outcome", name: "outcome", label: text("决定", "Decision"),
                choices: [
                    .init(value: "approved", text: text("批准", "approve")),
                    .init(value: "returned", text: text("退回补正（一次）", "return, once")),
                    .init(value: "refused", text: text("不批准", "refuse")),
                ]),
            .init(id: "decision_reason", name: "reason", label: text("理由或依据", "Reason or basis")),
            .init(
                id: "missing", name: "missing", label: text("所缺材料，每行一项", "What is missing, a line each"),
                isArea: true),
        ]
    }

    private static func prefilled(_ draft: JSONNode) -> [String: String] {
        let fields = draft["fields"]
        var values: [String: String] = [:]
        for name in ["kind", "reason", "basis", "valid_from", "valid_until", "version"] {
            values[name] = draft[name].string
        }
        values["entry"] = draft["entry"].string
        values["source"] = draft["source"]["code"].string
        for role in ["provider", "contact", "security"] { values[role] = draft[role]["code"].string }
        for name in ["update_frequency", "sharing_class", "sharing_basis", "sharing_mode", "classification", "format"] {
            values[name] = fields[name].string
        }
        for (field, name) in [("titles", "title"), ("descriptions", "description")] {
            for tagged in fields[field].list { values["\(name)_\(tagged["language"].string)"] = tagged["text"].string }
        }
        values["items"] = fields["items"].list.map {
            "\($0["name"].string) | \($0["type"].string) | \($0["description"].string)"
        }.joined(separator: "\n")
        values["conditions"] = fields["conditions"].list.map { condition in
            let list = condition["value"].list.map(\.string).joined(separator: ", ")
            let value = list.isEmpty ? condition["value"].string : list
            return "\(condition["kind"].string) | \(value) | \(condition["basis"].string)"
        }.joined(separator: "\n")
        return values
    }
}

extension PortalPage.Field {
    /// The same field with an id of its own in a page that has it more than once.
    fileprivate func renamed(_ form: String) -> PortalPage.Field {
        .init(id: "\(form)_\(name)", name: name, label: label)
    }
}
