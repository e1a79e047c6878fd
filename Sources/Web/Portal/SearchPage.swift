import Foundation
import Hummingbird
import Marketplace

/// One search over products, scenarios and the directory, narrowed by facets that are links.
extension PortalRoutes {
    func search(_ request: Request) async throws -> PortalPage {
        let text = Language(request)
        let asked = try request.search()
        let found = try JSONNode(await market.search.results(asked, now: now()))
        var page = PortalPage(title: text("搜索", "Search"))
        (page.search, page.suggests) = (asked.text ?? "", true)
        page.notice = searchNotice(found, text)
        let total = found["total"].integer
        let isEmpty = found["items"].list.isEmpty
        page.results = .init(
            // Above what holds some of the words only, the notice says so.
            caption: total == 0 ? "" : text("共 \(found["total"].grouped) 项", "\(found["total"].grouped) in all"),
            narrow: text("筛选", "Narrow"), empty: isEmpty ? waysOn(asked, text) : nil,
            items: found["items"].list.map { result($0, text) }, facets: facets(found["facets"], asked, text))
        if !found["next"].isNull {
            page.next = .init(
                text: text("下一页", "Next page"),
                address: searchAddress(asked.text, asked.filters, cursor: found["next"].string))
        }
        return page
    }

    /// What to try where nothing was found.
    private func waysOn(_ asked: Search.Request, _ text: Language) -> PortalPage.WaysOn {
        let directory = PortalPage.Link(text: text("浏览目录", "Browse the directory"), address: "/directory")
        let products = PortalPage.Link(text: text("全部产品", "All products"), address: "/products")
        guard !asked.filters.isEmpty else {
            return .init(
                said: text(
                    "没有找到。换个词、更短的词，或用另一种语言试试。", "Nothing found. Try another or a shorter word, or the other language."),
                links: [products, directory])
        }
        return .init(
            said: text("在所选的筛选条件内没有找到。", "Nothing found within what you chose."),
            links: [
                .init(text: text("去掉全部筛选条件", "Take all filters away"), address: searchAddress(asked.text, [:])),
                products,
            ])
    }

    private func searchNotice(_ found: JSONNode, _ text: Language) -> String? {
        var said: [String] = []
        if !found["corrected"].isNull {
            let words = found["corrected"].string
            said.append(text("没有这个词，已按“\(words)”查找。", "No such word; this is what was found for “\(words)”."))
        }
        if !found["near"].isNull {
            let count = found["items"].list.count - found["near"].integer
            said.append(
                count == 0
                    ? text("没有内容包含全部词语；以下内容包含其中一部分。", "Nothing holds all the words; these hold some of them.")
                    : text(
                        "前 \(count) 项包含全部词语；其后的包含其中一部分。",
                        "The first \(count) hold all the words; the others hold some of them."))
        }
        return said.isEmpty ? nil : said.joined(separator: "\n")
    }

    private func result(_ item: JSONNode, _ text: Language) -> PortalPage.Result {
        let kind = item["kind"].string
        let titles = item["highlights"]["titles"].list
        let title = inReadersLanguage(titles, text)
        let pages = ["entry": "/directory/", "product": "/products/", "scenario": "/scenarios/"]
        let others = titles.filter { $0["language"].string != title?["language"].string || kind != "entry" }
        let matching = others.first { other in
            other["language"].string != title?["language"].string && other["parts"].list.contains { $0["match"].isTrue }
        }
        var about = [item["provider"], item["seller"]].filter { !$0.isNull }.map { $0.party(text).text }
        if !item["lowest_price"].isNull {
            let price = item["lowest_price"].price(text)
            let isFree = item["lowest_price"]["minor_units"].integer == 0
            about.append(isFree ? text("可免费", "free") : text("不含税 \(price) 起", "from \(price) without tax"))
        }
        if !item["domain"].isNull { about.append(domain(item["domain"].string, text)) }
        if !item["updated"].isNull { about.append(text("更新 ", "updated ") + String(item["updated"].string.prefix(10))) }
        return .init(
            kind: resultKind(kind, text), address: (pages[kind] ?? "/search?") + item["code"].string,
            language: title?["language"].string,
            title: parts(title) ?? [.init(text: text("已撤回", "Withdrawn meanwhile"))],
            other: parts(matching), code: item["code"].string,
            about: about.isEmpty ? nil : about.joined(separator: " · "),
            excerpt: parts(inReadersLanguage(item["highlights"]["descriptions"].list, text)) ?? [])
    }

    private func inReadersLanguage(_ texts: [JSONNode], _ text: Language) -> JSONNode? {
        texts.first { $0["language"].string.lowercased().hasPrefix(text.isChinese ? "zh" : "en") } ?? texts.first
    }

    private func parts(_ node: JSONNode?) -> [PortalPage.Result.Part]? {
        node.map { $0["parts"].list.map { .init(text: $0["text"].string, isMatch: $0["match"].isTrue) } }
    }

    private func facets(_ counted: JSONNode, _ asked: Search.Request, _ text: Language) -> [PortalPage.Facet] {
        SearchFacet.allCases.compactMap { facet in
            let chosen = Set(asked.filters[facet] ?? [])
            let values = counted[facet.rawValue].list.map { value -> PortalPage.Facet.Value in
                let code = value["value"].string
                var filters = asked.filters
                filters[facet] = (chosen.contains(code) ? chosen.subtracting([code]) : chosen.union([code])).sorted()
                let name = value["party"].isNull ? word(code, of: facet, text) : value["party"].party(text).text
                return .init(
                    text: name, count: value["count"].grouped, address: searchAddress(asked.text, filters),
                    isChosen: chosen.contains(code))
            }
            guard !values.isEmpty else { return nil }
            return .init(
                title: name(facet, text), values: values, isOpen: !chosen.isEmpty || facet == .kind || facet == .domain)
        }
    }

    private func searchAddress(_ words: String?, _ filters: [SearchFacet: [String]], cursor: String? = nil) -> String {
        var asked = words.map { ["q=\($0.escapedForURL)"] } ?? []
        for facet in SearchFacet.allCases {
            asked += (filters[facet] ?? []).map { "\(facet.rawValue)=\($0.escapedForURL)" }
        }
        if let cursor { asked.append("cursor=\(cursor)") }
        return "/search" + (asked.isEmpty ? "" : "?" + asked.joined(separator: "&"))
    }

    private func resultKind(_ kind: String, _ text: Language) -> String {
        switch kind {
        case "product": text("产品", "Product")
        case "scenario": text("示范场景", "Scenario")
        default: text("目录条目", "Directory entry")
        }
    }

    private func name(_ facet: SearchFacet, _ text: Language) -> String {
        switch facet {
        case .kind: text("类型", "Kind")
        case .domain: text("领域", "Domain")
        case .field: text("主题", "Field")
        case .sector: text("行业门类", "Industry section")
        case .region: text("地区", "Region")
        case .provider: text("数据提供方", "Provider")
        case .seller: text("卖方", "Seller")
        case .delivery: text("交付方式", "Delivery")
        case .price: text("价格方式", "Price")
        case .frequency: text("更新频率", "Updated")
        case .grade: text("数据级别", "Grade")
        case .sharing: text("共享属性", "Open to whom")
        case .use: text("用途类别", "Use")
        case .source: text("目录来源", "Source")
        }
    }

    private func word(_ value: String, of facet: SearchFacet, _ text: Language) -> String {
        switch facet {
        case .kind: resultKind(value, text)
        case .domain: domain(value, text)
        case .field: field(value, text)
        case .sector: industrySection(value, text)
        case .delivery: value == "api" ? text("接口", "API") : text("文件", "file")
        case .price: priceKind(value, text)
        case .frequency: frequency(value, text)
        case .grade: grade(value, text)
        case .sharing: sharingClass(value, text)
        case .use: useClass(value, text)
        case .region, .provider, .seller, .source: value
        }
    }

    private func priceKind(_ value: String, _ text: Language) -> String {
        switch value {
        case "free": text("免费", "free")
        case "one_off": text("一次性", "one-off")
        case "subscription": text("订阅", "subscription")
        case "metered": text("按量", "metered")
        case "combined": text("固定加按量", "fixed and metered")
        default: value
        }
    }

    /// The themes of the EU's vocabulary, which European portals use, by name; others as their source writes them.
    private func field(_ value: String, _ text: Language) -> String {
        switch value {
        case "AGRI": text("农业、渔业、林业和食品", "agriculture, fisheries, forestry, food")
        case "ECON": text("经济和金融", "economy and finance")
        case "EDUC": text("教育、文化和体育", "education, culture, sport")
        case "ENER": text("能源", "energy")
        case "ENVI": text("环境", "environment")
        case "GOVE": text("政府和公共部门", "government and public sector")
        case "HEAL": text("卫生健康", "health")
        case "INTR": text("国际事务", "international issues")
        case "JUST": text("司法、法律和公共安全", "justice, legal system, public safety")
        case "REGI": text("区域和城市", "regions and cities")
        case "SOCI": text("人口和社会", "population and society")
        case "TECH": text("科学技术", "science and technology")
        case "TRAN": text("交通运输", "transport")
        default: value
        }
    }
}
