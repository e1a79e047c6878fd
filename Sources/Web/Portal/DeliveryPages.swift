import Foundation
import Hummingbird
import Marketplace

/// How an enterprise receives what it bought: files, the profile for outside clients, and what was delivered so far.
extension PortalRoutes {
    func addDeliveryPages(to router: Router<MarketContext>) {
        router.post("/purchases/:id/credentials") { try await makeCredential($0, $1) }
        router.post("/purchases/:id/credentials/:credential/revocation") { try await revokeCredential($0, $1) }
    }

    /// - Parameter right: the entitlement, which is in force.
    func receiptTables(
        _ right: JSONNode, purchase: String, _ account: Account, _ text: Language
    ) async throws -> [PortalPage.Table] {
        guard let id = UUID(uuidString: right["id"].string) else { return [] }
        let deliveries = try JSONNode(
            await market.delivery.deliveries(of: id, enterprise: account.partyID, cursor: nil, limit: 10))
        var tables = [deliveryTable(deliveries, text)]
        let credentials = try JSONNode(await market.sharing.credentials(of: id, enterprise: account.partyID))
        if !credentials.list.isEmpty { tables.append(credentialTable(credentials, purchase, text)) }
        if right["in_force"].isTrue { tables.insert(formTable(right, text), at: 0) }
        return tables
    }

    private func formTable(_ right: JSONNode, _ text: Language) -> PortalPage.Table {
        let content = "/v1/entitlements/\(right["id"].string)/content"
        let rows = "/v1/products/\(right["product"].string)/rows?limit=100"
        let forms = [
            (text("原始文件", "As its operator sent it"), content, text("计一次下载", "counts as a download")),
            ("CSV", content + "?format=csv", text("计一次下载", "counts as a download")),
            ("Excel (XLSX)", content + "?format=xlsx", text("计一次下载", "counts as a download")),
            ("Parquet", content + "?format=parquet", text("计一次下载", "counts as a download")),
            ("JSON Lines", content + "?format=jsonl", text("计一次下载", "counts as a download")),
            (text("若干行（JSON）", "Some rows (JSON)"), rows, text("计一次调用", "counts as a call")),
        ]
        return .init(
            caption: text("获取数据", "Receive the data"), headers: [text("形式", "Form"), text("计量", "Use")],
            rows: forms.map { name, address, use in
                .init(cells: [.init(text: name, address: address), .init(text: use)])
            }, isCompact: true)
    }

    private func deliveryTable(_ deliveries: JSONNode, _ text: Language) -> PortalPage.Table {
        .init(
            caption: text("交付", "Deliveries"),
            headers: [
                text("时间", "When"), text("方式", "Way"), text("版本", "Revision"), text("行数", "Rows"),
                text("字节", "Bytes"), text("标记", "Mark"),
            ],
            rows: deliveries["items"].list.map { item in
                let way =
                    switch item["way"].string {
                    case "download": text("下载", "download")
                    case "delta_sharing": text("数据共享协议", "Delta Sharing")
                    default: text("按行查询", "rows")
                    }
                return .init(cells: [
                    .init(text: item["occurred_at"].time), .init(text: "\(way) · \(item["format"].string)"),
                    .init(text: item["revision"].string), .init(text: item["rows"].grouped),
                    .init(text: item["bytes"].grouped), .init(text: item["mark"].string),
                ])
            }, empty: text("还没有交付。", "Nothing was delivered yet."))
    }

    private func credentialTable(_ credentials: JSONNode, _ purchase: String, _ text: Language) -> PortalPage.Table {
        .init(
            caption: text("外部工具的令牌", "Tokens of outside tools"),
            headers: [text("签发", "Issued"), text("有效至", "Until"), text("状态", "State")],
            rows: credentials.list.map { item in
                let isRevoked = !item["revoked_at"].isNull
                return .init(cells: [
                    .init(text: item["issued_at"].time), .init(text: item["expires_at"].time),
                    isRevoked
                        ? .init(text: text("已撤销", "revoked"))
                        : .button(
                            text("撤销", "Revoke"),
                            to: "/purchases/\(purchase)/credentials/\(item["id"].string)/revocation"),
                ])
            })
    }

    func credentialForm(_ purchase: String, _ text: Language) -> PortalPage.Form {
        .init(
            title: text("用自己的工具读取（Delta Sharing）", "Read it with your own tools (Delta Sharing)"),
            action: "/purchases/\(purchase)/credentials", button: text("生成配置文件", "Make a profile"),
            about: text(
                "pandas、Spark、Power BI 等工具凭配置文件直接读取；其中的令牌只显示一次。每次查询计一次下载。",
                "pandas, Spark, Power BI and other tools read with a profile; the token in it is shown once. Each query counts "
                    + "as a download."),
            fields: [
                .init(id: "days", name: "days", label: text("有效天数", "Days"), type: "number", value: "90")
            ])
    }

    private func makeCredential(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.enterprise)
        let form = try await FormFields(request)
        let text = Language(request)
        do {
            let id = try await entitlement(context, account)
            guard let days = Int(try form.required("days")) else {
                throw InvalidInput("days", "This is a whole number of days.")
            }
            let made = try await market.sharing.makeCredential(
                for: id, of: account.partyID, days: days, now: now())
            var page = try await purchase(request, context)
            page.address = "/purchases/\(try context.id(orElse: PurchaseError.unknownPurchase).uuidString.lowercased())"
            let profile =
                #"{"shareCredentialsVersion":1,"endpoint":"\#(publicURL)/delta-sharing/","bearerToken":"\#(made.token)","#
                + #""expirationTime":"\#(made.expiresAt.ISO8601Format())"}"#
            page.notice = text(
                "把下面一行存为 .share 文件；令牌不再显示。 \(profile)",
                "Keep this line as a file that ends in .share; the token is not shown again. \(profile)")
            var response = renderer.response(page, request, context)
            response.headers[.cacheControl] = "no-store"
            return response
        } catch let refusal as any MarketplaceError {
            return try await refused(purchase(request, context), refusal, sent: form.all, request, context)
        }
    }

    private func revokeCredential(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.enterprise)
        let id = try await entitlement(context, account)
        let credential = try context.id("credential", orElse: DeliveryError.unknownCredential)
        try await market.sharing.revokeCredential(credential, of: id, enterprise: account.partyID, now: now())
        let purchase = try context.id(orElse: PurchaseError.unknownPurchase)
        return redirect(to: "/purchases/\(purchase.uuidString.lowercased())")
    }

    private func entitlement(_ context: MarketContext, _ account: Account) async throws -> UUID {
        let id = try context.id(orElse: PurchaseError.unknownPurchase)
        let purchase = try JSONNode(await market.purchases.purchase(id, of: account.partyID))
        guard let entitlement = UUID(uuidString: purchase["entitlement"]["id"].string) else {
            throw DeliveryError.unknownEntitlement
        }
        return entitlement
    }
}
