import Foundation
import Marketplace

/// The chain of responsibility on the pages of a purchase, a product and a directory entry, and what a party answers for.
extension PortalRoutes {
    /// The chain as a picture, and link by link with who answered for it and who does now; a link nobody answered for says so.
    func chainTable(_ chain: JSONNode, _ text: Language) -> PortalPage.Table {
        chainTable(chain["links"].list, asOf: chain["as_of"], text)
    }

    func chainTable(_ links: [JSONNode], asOf moment: JSONNode, _ text: Language) -> PortalPage.Table {
        .init(
            caption: text("责任链 · \(moment.time)", "Chain of responsibility as of \(moment.time)"),
            headers: [
                text("环节", "Link"), text("对象", "Subject"), text("当时的责任主体", "Responsible then"), text("自", "Since"),
                text("现由", "Now"), text("依据", "Basis"),
            ],
            rows: links.map { link in
                .init(cells: [
                    .init(text: linkName(link["link"].string, text)), subject(of: link, text),
                    link["party"].isNull && !(link["required"].truth ?? true)
                        ? .init(text: text("未登记（不强制）", "none recorded, none required")) : link["party"].party(text),
                    .init(text: link["since"].isNull ? "–" : link["since"].time),
                    link["successor"].isNull ? .init(text: "") : link["successor"]["party"].party(text),
                    basis(of: link, text),
                ])
            }, picture: chainPicture(links, asOf: moment, text), isFolded: true)
    }

    /// Who answered for an entry before: "formerly published by".
    func formerlyTable(_ chain: JSONNode, _ text: Language) -> PortalPage.Table {
        .init(
            caption: text("过去的责任主体", "Formerly responsible"),
            headers: [
                text("角色", "Role"), text("主体", "Party"), text("自", "Since"), text("至", "Until"), text("依据", "Basis"),
            ],
            rows: chain["formerly"].list.map { held in
                let formerly = held["role"].string == "provider" ? text("原提供", "formerly provided by") : nil
                let published = held["role"].string == "publisher" ? text("原发布", "formerly published by") : nil
                return .init(cells: [
                    .init(text: formerly ?? published ?? role(held["role"].string, text)), held["party"].party(text),
                    .init(text: held["since"].time), .init(text: held["until"].time), basis(of: held, text),
                ])
            }, empty: text("没有变更过。", "It never changed."))
    }

    private func chainPicture(_ links: [JSONNode], asOf moment: JSONNode, _ text: Language) -> HTML {
        let ofEntries = links.filter { !$0["subject"]["directory_entry"].isNull }
        let codes = ofEntries.map { $0["subject"]["directory_entry"].string }
        let drawn = codes.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        let left = drawn.count - ChainPicture.drawnEntries
        return ChainPicture(
            title: text("责任链 · \(moment.time)", "Chain of responsibility as of \(moment.time)"),
            entries: drawn.prefix(ChainPicture.drawnEntries).map { code in
                ofEntries.filter { $0["subject"]["directory_entry"].string == code }.map { box($0, text) }
            },
            product: links.filter { $0["subject"]["directory_entry"].isNull }.map { box($0, text) },
            note: left > 0 ? text("另有 \(left) 个目录条目，见表。", "\(left) more directory entries: see the table.") : nil
        ).html
    }

    func responsibilityTable(of code: String, _ text: Language) async throws -> PortalPage.Table {
        let now = now()
        let held = try JSONNode(
            await market.parties.responsibilities(of: code, asOf: now, recordedBy: now, cursor: nil, limit: 50))
        let more = held["next"].isNull ? "" : text("（前 50 项）", " (the first 50)")
        return .init(
            caption: text("负责的条目和产品", "Entries and products it answers for") + more,
            headers: [text("角色", "Role"), text("对象", "Subject"), text("自", "Since"), text("依据", "Basis")],
            rows: held["items"].list.map { item in
                let entry = item["directory_entry"]
                let subject: PortalPage.Cell =
                    entry.isNull
                    ? .init(text: item["product"].title(text), address: "/products/\(item["product"]["code"].string)")
                    : .init(
                        text: entry["title"].isNull ? entry["code"].string : entry["title"].string,
                        address: "/directory/\(entry["code"].string)")
                return .init(cells: [
                    .init(text: role(item["role"].string, text)), subject, .init(text: item["since"].time),
                    basis(of: item, text),
                ])
            }, empty: text("目前没有。", "Nothing at present."))
    }

    private func box(_ link: JSONNode, _ text: Language) -> ChainPicture.Box {
        let isOpen = !(link["required"].truth ?? true)
        let missing = isOpen ? text("未登记·不强制", "none required") : text("⚠ 无责任主体", "⚠ nobody responsible")
        let isMissing = link["party"].isNull
        // Without the mark of synthetic parties, for which the table beside the picture has room.
        let name = { (party: JSONNode) in
            let own = text(party["name_zh"].string, party["name_en"].string)
            return own.isEmpty ? party["name"].string : own
        }
        let heir = link["successor"].isNull ? "" : name(link["successor"]["party"])
        return .init(
            title: linkName(link["link"].string, text), about: link["subject"]["title"].string,
            party: isMissing ? missing : name(link["party"]),
            since: link["since"].isNull ? "" : text("自 ", "since ") + link["since"].time.prefix(10),
            successor: heir.isEmpty ? "" : text("现由 ", "now ") + heir,
            state: !isMissing ? "held" : isOpen ? "open" : "missing")
    }

    private func linkName(_ link: String, _ text: Language) -> String {
        switch link {
        case "source": text("数源与采集", "Source")
        case "publication": text("目录发布", "Publication")
        case "sharing": text("共享提供", "Sharing")
        case "authorisation": text("授权", "Authorisation")
        case "processing": text("加工", "Processing")
        case "listing": text("挂牌与撮合", "Listing")
        case "delivery": text("交付", "Delivery")
        case "use": text("使用", "Use")
        case "contact": text("联系", "Contact")
        case "security": text("安全", "Security")
        default: role(link, text)
        }
    }

    private func subject(of link: JSONNode, _ text: Language) -> PortalPage.Cell {
        let subject = link["subject"]
        let entry = subject["directory_entry"].string
        if entry.isEmpty {
            let product = subject["product"].string
            return product.isEmpty
                ? .init(text: purpose(subject["purpose"].string, text))
                : .init(text: product, address: "/products/\(product)")
        }
        let version = subject["version"].string
        return .init(
            text: "\(subject["title"].string) · \(text("第", "version "))\(version)\(text("版", ""))",
            address: "/directory/\(entry)")
    }

    /// The document as it is quoted, with the beginning of its hash.
    func basis(of node: JSONNode, _ text: Language) -> PortalPage.Cell {
        let digest = node["basis_sha256"].string
        let quoted = node["basis"].string.withoutOwnIDs
        let known = [("catalogue ", "目录文件 "), ("listing of ", "挂牌 "), ("purchase of offer ", "接受挂牌 ")]
            .first { quoted.hasPrefix($0.0) }
        let said = known.map { text($0.1, $0.0) + quoted.dropFirst($0.0.count) } ?? quoted
        return .init(text: said + (digest.isEmpty ? "" : " · sha256 \(digest.prefix(12))…"))
    }
}

extension String {
    /// A basis as readers need it, such as `catalogue F; ended` of `catalogue F, import ID; ended by import ID`: the market's
    /// own id of an import or a purchase tells them nothing; the hash beside it does.
    var withoutOwnIDs: String {
        guard utf8.count > 36 else { return self }
        return split(separator: "; ", omittingEmptySubsequences: false).map { part in
            guard UUID(uuidString: String(part.suffix(36))) != nil else { return String(part) }
            var named = part.dropLast(36)
            for word in [" ", "import", " ", "by", " ", ","] where named.hasSuffix(word) {
                named = named.dropLast(word.count)
            }
            return String(named)
        }.joined(separator: "; ")
    }
}
