import Hummingbird
import Marketplace

/// The links above every page: what the reader's role can use.
extension PortalRenderer {
    func navigation(_ page: PortalPage, _ role: Role?, _ text: Language) -> [PortalPage.Link] {
        var items = [
            ("/search", text("搜索", "Search")), ("/products", text("产品", "Products")),
            ("/scenarios", text("示范场景", "Scenarios")),
            ("/directory", text("目录", "Directory")),
        ]
        let (adoption, consents) = (("/adoption", text("应用成效", "Adoption")), ("/consents", text("同意", "Consents")))
        let sales = ("/sales", text("销售", "Sales"))
        switch role {
        case .enterprise:
            items += [("/purchases", text("我的采购", "My purchases")), ("/bills", text("账单", "Bills"))]
        case .operator:
            items += [("/operator", text("我的产品", "My products")), sales, ("/income", text("收入", "Income")), consents]
        case .administrator:
            items += [
                ("/administration", text("管理", "Administration")), adoption, sales, consents,
                ("/ledger", text("总账", "Ledger")),
            ]
        case .analyst: items.append(adoption)
        case nil: break
        }
        if role == .enterprise || role == .operator { items.append(("/webhooks", text("推送", "Webhooks"))) }
        if role != nil && role != .analyst { items.append(("/corrections", text("校核", "Corrections"))) }
        if let count = page.unacknowledged {
            let notices = text("通知", "Notices") + (count > 0 ? " (\(count))" : "")
            items += [("/deadlines", text("期限", "Deadlines")), ("/notices", notices)]
        }
        return items.map { .init(text: $0.1, address: $0.0) }
    }

    /// The same page with what was asked of it, in the other language.
    func addressInOtherLanguage(of page: PortalPage, _ request: Request, _ text: Language) -> String {
        let address = page.address ?? LocalAddress(request.uri.description)?.text ?? "/"
        let parts = address.split(separator: "?", maxSplits: 1)
        let asked = parts.dropFirst().joined().split(separator: "&").filter { !$0.hasPrefix("lang=") }
        return "\(parts[0])?" + (["lang=\(text("en", "zh"))"] + asked).joined(separator: "&")
    }

    func word(_ role: Role, _ text: Language) -> String {
        switch role {
        case .enterprise: text("企业", "enterprise")
        case .operator: text("运营机构", "operator")
        case .administrator: text("管理部门", "administrator")
        case .analyst: text("分析人员", "analyst")
        }
    }
}

extension Account {
    func name(_ text: Language) -> String { text(partyName, partyNameEnglish) }
}
