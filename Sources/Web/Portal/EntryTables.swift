import Marketplace

/// What an entry says about sharing, its data items, its conditions and its periods, as facts and tables.
extension PortalRoutes {
    func sharingFacts(_ entry: JSONNode, _ text: Language) -> [PortalPage.Fact] {
        let personal = entry["personal_information"].truth
        let rows: [(String, String)] = [
            (text("共享属性", "Sharing class"), sharingClass(entry["sharing_class"].string, text)),
            (text("不予共享依据", "Basis for not sharing"), entry["sharing_basis"].string),
            (text("共享方式", "Sharing mode"), sharingMode(entry["sharing_mode"].string, text)),
            (text("开放属性", "Open attribute"), openAttribute(entry["open_attribute"].string, text)),
            (text("数据级别", "Grade"), grade(entry["grade"].string, text)),
            (
                text("个人信息", "Personal information"),
                personal.map { $0 ? text("含", "yes") : text("不含", "no") } ?? text("未说明", "not stated")
            ),
            (text("分类", "Classification"), entry["classification"].string),
            (text("格式", "Format"), entry["format"].string),
        ]
        return rows.filter { !$0.1.isEmpty }.map { PortalPage.Fact(name: $0.0, value: $0.1) }
    }

    func sharingClass(_ value: String, _ text: Language) -> String {
        switch value {
        case "unconditional": text("无条件共享", "unconditional")
        case "conditional": text("有条件共享", "conditional")
        case "not_shared": text("不予共享", "not shared")
        default: text("未说明", "not stated")
        }
    }

    func grade(_ value: String, _ text: Language) -> String {
        switch value {
        case "core": text("核心", "core")
        case "important": text("重要", "important")
        case "general": text("一般", "general")
        default: text("未说明", "not stated")
        }
    }

    /// The department that shared the data, by name.
    func sharer(of entry: JSONNode, _ text: Language) async throws -> PortalPage.Fact? {
        let code = entry["received_from"].string
        guard !code.isEmpty else { return nil }
        let name = text("共享来自", "Received by sharing from")
        // What a catalogue names need not be a party of the market.
        do {
            let cell = try JSONNode(await market.parties.find(code)).party(text)
            return .init(name: name, value: cell.text, address: cell.address)
        } catch let refusal as any MarketplaceError where refusal.code == .notFound {
            return .init(name: name, value: code)
        }
    }

    private func sharingMode(_ value: String, _ text: Language) -> String {
        let names: KeyValuePairs = ["interface": "服务接口", "batch_exchange": "批量交换", "file_download": "文件下载"]
        return text(names[value] ?? value, value.spaced)
    }

    private func openAttribute(_ value: String, _ text: Language) -> String {
        let names: KeyValuePairs = ["open": "开放", "conditional": "有条件开放", "not_open": "不开放"]
        return text(names[value] ?? value, value.spaced)
    }

    func contentTables(_ entry: JSONNode, _ text: Language) -> [PortalPage.Table] {
        var tables: [PortalPage.Table] = []
        if !entry["items"].list.isEmpty {
            tables.append(
                .init(
                    caption: text("数据项", "Data items"),
                    headers: [text("名称", "Name"), text("类型", "Type"), text("含义", "Meaning")],
                    rows: entry["items"].list.map { item in
                        .init(cells: ["name", "type", "description"].map { .init(text: item[$0].string) })
                    }))
        }
        if !entry["conditions"].list.isEmpty {
            tables.append(
                .init(
                    caption: text("使用条件", "Conditions of use"),
                    headers: [text("种类", "Kind"), text("内容", "Value"), text("依据", "Basis")],
                    rows: entry["conditions"].list.map { condition in
                        .init(cells: [
                            .init(text: conditionKind(condition["kind"].string, text)),
                            .init(text: conditionValue(condition, "value", text)),
                            .init(text: condition["basis"].string),
                        ])
                    }))
        }
        return tables
    }

    func periodTable(_ version: JSONNode, _ text: Language) -> PortalPage.Table {
        let number = version["version"].string
        let origin = version["import"].isNull ? version["draft"]["reason"].string : version["import"]["file"].string
        return .init(
            caption: text(
                "第 \(number) 版 · \(version["title"].string)", "Version \(number) · \(version["title"].string)")
                + " · \(origin)",
            headers: [
                text("有效自", "In force from"), text("有效至", "until"), text("所知自", "Known from"), text("所知至", "until"),
                text("缘由", "By"),
            ],
            rows: version["periods"].list.map { period in
                .init(cells: [
                    .init(text: period["since"].time), .init(text: period["until"].time),
                    .init(text: period["recorded_at"].time), .init(text: period["superseded_at"].time),
                    .init(
                        text: period["draft"].isNull
                            ? text("导入", "import")
                            : "\(draftKind(period["kind"].string, text)): \(period["reason"].string)"),
                ])
            }, empty: text("从未生效。", "Never in force."))
    }
}
