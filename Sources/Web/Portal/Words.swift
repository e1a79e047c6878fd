import Foundation
import Marketplace

/// Words for codes that several pages show.
extension PortalRoutes {
    /// How often data is updated, for the intervals (ISO 8601) and words that catalogues state; anything else as it is written.
    func frequency(_ value: String, _ text: Language) -> String {
        let known: KeyValuePairs = [
            "R/P10Y": ("每十年", "every ten years"), "R/P4Y": ("每四年", "every four years"),
            "R/P3Y": ("每三年", "every three years"), "R/P2Y": ("每两年", "every two years"), "R/P1Y": ("每年", "yearly"),
            "R/P6M": ("每半年", "twice a year"), "R/P4M": ("每四个月", "three times a year"),
            "R/P3M": ("每季度", "quarterly"), "R/P2M": ("每两个月", "every two months"), "R/P1M": ("每月", "monthly"),
            "R/P0.5M": ("每半月", "twice a month"), "R/P2W": ("每两周", "every two weeks"), "R/P1W": ("每周", "weekly"),
            "R/P0.5W": ("每周两次", "twice a week"), "R/P3.5D": ("每周两次", "twice a week"), "R/P1D": ("每日", "daily"),
            "R/PT1H": ("每小时", "hourly"), "R/PT1S": ("持续更新", "continuously"), "irregular": ("不定期", "irregularly"),
            "不定期": ("不定期", "irregularly"), "即時": ("即时", "in real time"), "每小時": ("每小时", "hourly"),
            "每日": ("每日", "daily"), "每週": ("每周", "weekly"), "每周": ("每周", "weekly"), "每月": ("每月", "monthly"),
            "每季": ("每季度", "quarterly"), "每半年": ("每半年", "twice a year"), "每年": ("每年", "yearly"),
        ]
        return known[value].map { text($0.0, $0.1) } ?? value
    }

    func partyKind(_ value: String, _ text: Language) -> String {
        let names: KeyValuePairs = [
            "department": "部门", "operator": "运营机构", "enterprise": "企业", "public_institution": "事业单位",
            "unclassified": "未分类",
        ]
        return text(names[value] ?? value, value.spaced)
    }

    /// How sure the source of a scenario is.
    func confidence(_ value: String, _ text: Language) -> String {
        let names: KeyValuePairs = ["official": "官方发布", "reported": "媒体报道", "weak": "线索较弱"]
        return text(names[value] ?? value, value)
    }
}

extension JSONNode {
    /// The text in the reader's language of `[{text, language}]` or `{zh, en}`; the first one when there is none in it.
    func inLanguage(_ text: Language) -> String? { tagged(text)?.text }

    /// The same with the language it is in, which is empty when nobody says.
    func tagged(_ text: Language) -> (text: String, language: String)? {
        let code = text.isChinese ? "zh" : "en"
        if members != nil {
            let other = text.isChinese ? "en" : "zh"
            return [code, other].first { !self[$0].string.isEmpty }.map { (self[$0].string, $0) }
        }
        let own = list.first { $0["language"].string.lowercased().hasPrefix(code) }
        return (own ?? list.first).map { ($0["text"].string, $0["language"].string) }
    }
}
