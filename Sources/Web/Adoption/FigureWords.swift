import Foundation
import Marketplace

// Words for figures of adoption and their classes, on pages and in print.

func metricWord(_ metric: String, _ text: Language) -> String {
    metric == "adoption-rate" ? text("样本采购率", "Adoption rate of a panel") : metric
}

func dimensionWord(_ dimension: String, _ text: Language) -> String {
    switch dimension {
    case "section": text("行业门类", "industry section")
    case "province": text("省份", "province")
    case "product_kind": text("产品类型", "kind of product")
    case "use_class": text("用途", "class of use")
    case "seller_province": text("卖方省份", "the seller's province")
    case "month": text("月份", "month")
    default: text("企业类型", "kind of enterprise")
    }
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
    ]
    return words.first { $0.key == name }.map { text($0.value.0, $0.value.1) } ?? name
}

/// A value in words; what is not given is said, and is not nothing.
func shown(_ cell: Figure.Cell, _ text: Language) -> String {
    guard let value = cell.value else { return text("不公布（保护企业）", "not given, to protect enterprises") }
    let number = NSDecimalNumber(decimal: value).doubleValue
    let written = Int("\(value)").map(\.grouped) ?? number.shortened
    switch cell.unit {
    case "count": return written
    case "ratio": return number.percentDown
    case _ where cell.isMoney: return JSONNode.money(Int(number.rounded()), cell.unit)
    default: return "\(written) \(unitWord(cell.unit, text))"
    }
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
