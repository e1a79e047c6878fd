import Foundation
import Marketplace

// Words for figures of adoption and their classes, on pages and in print.

func metricWord(_ metric: String, _ text: Language) -> String {
    metric == "adoption-rate" ? text("样本采购率", "Adoption rate of a panel") : metric
}

func dimensionWord(_ dimension: String, _ text: Language) -> String {
    let words: KeyValuePairs = [
        "section": ("行业门类", "industry section"), "province": ("省份", "province"),
        "enterprise_kind": ("企业类型", "kind of enterprise"), "product_kind": ("产品类型", "kind of product"),
        "use_class": ("用途", "class of use"), "seller_province": ("卖方省份", "the seller's province"),
        "origin_province": ("数据来源省份", "province the data comes from"), "domain": ("领域", "domain"),
        "scenario": ("场景", "scenario"), "channel": ("渠道", "channel"), "order": ("首次或再次", "first or repeated"),
        "cohort": ("首次采购月份", "month of the first purchase"), "month": ("月份", "month"), "batch": ("批次", "batch"),
        "link": ("环节", "link"), "kind": ("错误类型", "kind of error"), "sharing_class": ("共享属性", "sharing class"),
        "theme": ("主题", "theme"), "source": ("目录来源", "source"), "institution": ("实施机构", "implementing institution"),
        "operator": ("运营机构", "operator"), "year": ("年度", "year"), "group": ("集团", "group"),
    ]
    return words[dimension].map { text($0.0, $0.1) } ?? dimension.spaced
}

/// By which rule a panel's enterprises are counted. A figure of before there were rules names none.
func countWord(_ rule: String, _ text: Language) -> String {
    rule == CountingRule.group.rawValue ? text("按集团", "by group") : text("按法人", "by legal entity")
}

/// The panel that a figure is over: its title, version, size and date.
func panelWords(_ panel: JSONNode, _ text: Language) -> String {
    let version = panel["version"].string
    return [
        panel.title(text), version.isEmpty ? "" : text("第 \(version) 版", "version \(version)"),
        "n = \(panel["n"].string)", panel["dated_on"].string,
    ].filter { !$0.isEmpty }.joined(separator: " · ")
}

func classWord(_ value: String, of dimension: String, _ text: Language) -> String {
    if value.isEmpty { return text("未知", "unknown") }
    if dimension == "section" { return industrySection(value, text) }
    if dimension == "use_class" { return useClass(value, text) }
    if dimension.hasSuffix("province") { return provinces[value].map { text($0.0, $0.1) } ?? value }
    let kinds: KeyValuePairs = [
        "central_soe": "中央企业", "local_soe": "地方国有企业", "private": "民营企业", "foreign": "外资企业", "other": "其他",
    ]
    return text(kinds[value] ?? value, value.replacingOccurrences(of: "_soe", with: " state-owned"))
}

func standingWord(_ standing: String?, _ text: Language) -> String {
    let words: KeyValuePairs = [
        "market": ("市场", "market"), "trial": ("试用", "trial"), "refunded": ("已退款", "refunded"),
        "administration": ("行政机关自身", "the administration itself"), "synthetic": ("合成企业", "synthetic enterprises"),
    ]
    return words.first { $0.key == standing }.map { text($0.value.0, $0.value.1) } ?? standing ?? "–"
}

func valueWord(_ name: String, _ text: Language) -> String {
    let words: KeyValuePairs = [
        "purchases": ("采购笔数", "purchases"), "contracted": ("合同金额（不含税）", "contracted value, net of tax"),
        "bought": ("已采购企业", "enterprises that bought"), "returned": ("再次采购企业", "enterprises that came back"),
        "invoiced": ("开票金额（不含税）", "invoiced, net of tax"), "settled": ("结算金额", "settled"),
        "viewed": ("已浏览", "viewed"), "requested": ("已提出采购", "requested"), "agreed": ("已达成协议", "agreed"),
        "used": ("已使用", "used"), "renewed": ("已续购", "renewed"), "reached": ("已用到数据", "have had data"),
        "within_hour": ("一小时内", "within an hour"), "within_day": ("一天内", "within a day"),
        "within_week": ("一周内", "within a week"), "within_month": ("三十天内", "within thirty days"),
        "mean": ("平均用时", "mean time"), "declared": ("申报笔数", "declared purchases"),
        "declared_value": ("申报金额", "declared value"), "listed": ("在挂牌", "listed"),
        "newly_listed": ("新挂牌", "newly listed"),
        "delisted": ("已下架", "delisted"), "sold": ("已售", "sold"), "never_sold": ("未售", "never sold"),
        "published": ("已发布", "published"), "newly_published": ("新发布", "newly published"),
        "with_products": ("有产品", "with products"), "products": ("产品", "products"), "raised": ("已提出", "raised"),
        "open": ("未答复", "open"), "answered": ("已答复", "answered"), "corrected": ("已更正", "corrected"),
        "confirmed_correct": ("核实无误", "confirmed as correct"), "median_days": ("中位天数", "median days"),
        "due": ("时限已届满", "due"), "in_time": ("按时反馈", "in time"), "in_time_share": ("按时率", "share in time"),
        "in_force": ("有效", "in force"), "withdrawn": ("已撤销", "withdrawn"),
        "required_share": ("必选元数据完整度", "required metadata stated"),
        "optional_share": ("可选元数据完整度", "optional metadata stated"), "complete": ("必选项俱全", "complete"),
        "complete_share": ("俱全率", "share complete"), "with_frequency": ("述有更新周期", "with an update frequency"),
        "overdue": ("逾期", "overdue"), "fresh_share": ("及时率", "share fresh"),
        "authorisations": ("授权运营协议", "authorisations"), "ending_within_year": ("一年内到期", "ending within a year"),
        "institutions": ("实施机构", "institutions"), "operators": ("运营机构", "operators"),
        "entries": ("目录条目", "directory entries"), "sellers": ("卖方", "sellers"),
        "top_ten_share": ("前十家占比", "share of the top ten"), "herfindahl": ("赫芬达尔指数", "Herfindahl index"),
        "allowed_revenue": ("准许收入", "allowed revenue"), "revenue": ("实际收入", "revenue"),
        "companies": ("新设立公司", "newly established companies"), "groups": ("设立公司的集团", "groups that established them"),
        "synthetic_companies": ("新设立公司（合成）", "newly established companies, synthetic"),
        "synthetic_groups": ("设立公司的集团（合成）", "groups that established them, synthetic"),
    ]
    return words.first { $0.key == name }.map { text($0.value.0, $0.value.1) } ?? name.spaced
}

/// A value in words; what is not given is said, and is not nothing.
func shown(_ cell: Figure.Cell, _ text: Language) -> String {
    guard let written = numberText(cell) else { return suppressedWord(text) }
    return cell.isMoney || ["count", "ratio"].contains(cell.unit) ? written : "\(written) \(unitWord(cell.unit, text))"
}

/// A share of one, as per cent.
func percent(_ rate: JSONNode) -> String {
    rate.number.map { $0.formatted(.percent.precision(.fractionLength(0...2)).locale(Locale(identifier: "en"))) } ?? "–"
}

func suppressedWord(_ text: Language) -> String { text("不公布（保护企业）", "not given, to protect enterprises") }

/// A value without its unit, but money with its currency; nil for what is not given. A ratio is no percent: what it is of stands
/// beside it, as values of their own.
func numberText(_ cell: Figure.Cell) -> String? {
    guard let value = cell.value else { return nil }
    let number = NSDecimalNumber(decimal: value).doubleValue
    if cell.isMoney { return JSONNode.money(Int(number.rounded()), cell.unit) }
    if cell.unit == "ratio" { return "\(value)" }
    return Int("\(value)").map(\.grouped) ?? number.shortened
}

func unitWord(_ unit: String, _ text: Language) -> String {
    let words: KeyValuePairs = [
        "seconds": ("秒", "seconds"), "minutes": ("分钟", "minutes"), "hours": ("小时", "hours"), "days": ("天", "days"),
    ]
    return words[unit].map { text($0.0, $0.1) } ?? unit.spaced
}

/// A section of GB/T 4754 with its name.
func industrySection(_ letter: String, _ text: Language) -> String {
    let names: KeyValuePairs = [
        "A": ("农、林、牧、渔业", "agriculture, forestry, fishing"), "B": ("采矿业", "mining"),
        "C": ("制造业", "manufacturing"),
        "D": ("电力、热力、燃气及水", "electricity, heat, gas, water"), "E": ("建筑业", "construction"),
        "F": ("批发和零售业", "wholesale and retail"), "G": ("交通运输、仓储和邮政业", "transport, storage, post"),
        "H": ("住宿和餐饮业", "accommodation and catering"), "I": ("信息传输、软件和信息技术", "information and software"),
        "J": ("金融业", "finance"), "K": ("房地产业", "real estate"), "L": ("租赁和商务服务业", "leasing and business services"),
        "M": ("科学研究和技术服务业", "research and technical services"),
        "N": ("水利、环境和公共设施", "water, environment, facilities"),
        "O": ("居民服务和其他服务业", "services to households"), "P": ("教育", "education"),
        "Q": ("卫生和社会工作", "health and social work"), "R": ("文化、体育和娱乐业", "culture, sports, entertainment"),
        "S": ("公共管理和社会组织", "public administration"), "T": ("国际组织", "international organisations"),
    ]
    return names[letter].map { "\(letter) \(text($0.0, $0.1))" } ?? letter
}

func useClass(_ value: String, _ text: Language) -> String {
    value == "public_benefit" ? text("公共治理、公益", "public benefit") : text("产业、行业", "industry")
}

/// By the codes of GB/T 2260, in its order.
private let provinces: KeyValuePairs = [
    "110000": ("北京", "Beijing"), "120000": ("天津", "Tianjin"), "130000": ("河北", "Hebei"), "140000": ("山西", "Shanxi"),
    "150000": ("内蒙古", "Inner Mongolia"), "210000": ("辽宁", "Liaoning"), "220000": ("吉林", "Jilin"),
    "230000": ("黑龙江", "Heilongjiang"), "310000": ("上海", "Shanghai"), "320000": ("江苏", "Jiangsu"),
    "330000": ("浙江", "Zhejiang"), "340000": ("安徽", "Anhui"), "350000": ("福建", "Fujian"), "360000": ("江西", "Jiangxi"),
    "370000": ("山东", "Shandong"), "410000": ("河南", "Henan"), "420000": ("湖北", "Hubei"), "430000": ("湖南", "Hunan"),
    "440000": ("广东", "Guangdong"), "450000": ("广西", "Guangxi"), "460000": ("海南", "Hainan"),
    "500000": ("重庆", "Chongqing"), "510000": ("四川", "Sichuan"), "520000": ("贵州", "Guizhou"), "530000": ("云南", "Yunnan"),
    "540000": ("西藏", "Tibet"), "610000": ("陕西", "Shaanxi"), "620000": ("甘肃", "Gansu"), "630000": ("青海", "Qinghai"),
    "640000": ("宁夏", "Ningxia"), "650000": ("新疆", "Xinjiang"), "710000": ("台湾", "Taiwan"),
    "810000": ("香港", "Hong Kong"),
    "820000": ("澳门", "Macao"),
]
