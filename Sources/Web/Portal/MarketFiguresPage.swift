import Foundation
import Hummingbird
import Marketplace

/// The metrics over the whole market and of the administration: what each standing amounts to, the classes of a dimension, how it
/// came to be month by month, and the same beside another period, another time or another version of the definition.
extension PortalRoutes {
    func marketFigures(_ request: Request, _ context: MarketContext) async throws -> PortalPage {
        let text = Language(request)
        _ = try context.requireAccount(.analyst, .administrator)
        let definitions = try JSONNode(market.adoption.definitions())["items"].list.filter {
            $0["over"].string != Metric.Scope.panel.rawValue
        }
        let name = try request.query("metric") ?? "transactions"
        guard definitions.contains(where: { $0["name"].string == name }) else {
            throw AdoptionError.unknownMetric(name)
        }
        // What was chosen for the metric before, and this one does not have, is as if it had not been.
        let versions = market.adoption.versions(of: name)
        func chosen(_ field: String) throws -> Metric? {
            let number = try request.version(field)
            return versions.first { $0.version == number }
        }
        let metric = try chosen("version") ?? versions[0]
        let beside = try chosen("version2").flatMap { $0.version == metric.version ? nil : $0 }
        let standings = metric.standings
        let dimensions = metric.dimensions.filter { beside?.dimensions.contains($0) ?? true }
        let wholes = try await (standings.isEmpty ? [nil] : standings.map(Optional.some)).asyncMap { standing in
            try await market.adoption.figure(asked(metric, standing, by: nil, request))
        }
        // A market that is only tried out has nothing but synthetic purchases.
        let fullest = wholes.first(where: \.hasEnterprises)?.request.standing ?? standings.first
        let standing = try request.query("standing").flatMap { standings.contains($0) ? $0 : nil } ?? fullest
        let dimension = try request.query("by").flatMap { dimensions.contains($0) ? $0 : nil } ?? dimensions.first
        let figure = try await market.adoption.figure(asked(metric, standing, by: dimension, request))
        let words = try MetricWords(metric)
        var page = PortalPage(title: text(words.title.chinese, words.title.english))
        page.lead = text(words.definition.chinese, words.definition.english)
        page.notice = try earlierNotice(metric, of: versions, text)
        page.facts = figureFacts(figure, text)
        let stated = try JSONNode(figure.document)
        let parameters: [(String, String?)] = [
            ("version", "\(metric.version)"), ("by", dimension), ("standing", standing),
            ("from", try request.query("from")), ("to", try request.query("to")), ("as_of", stated["as_of"].string),
            ("recorded_by", stated["recorded_by"].string),
        ]
        page.facts += figureDownloads(name, parameters, text) + exactFacts(context, text)
        page.tables = [wholeTable(wholes, text)]
        let hasOtherPeriod = try ["from2", "to2", "as_of2"].contains { try request.query($0) != nil }
        if hasOtherPeriod || beside != nil {
            let other = try await market.adoption.figure(
                asked(beside ?? metric, standing, by: dimension, request, suffix: hasOtherPeriod ? "2" : ""))
            page.tables += comparison(of: figure, with: other, text)
            if let beside { page.tables += try definitionTables(metric, beside, text) }
        } else {
            page.tables += classTables(figure, text)
        }
        if dimensions.contains("month") {
            let months = try await market.adoption.figure(asked(metric, standing, by: "month", request))
            page.tables += historyTables(months, text)
        }
        page.forms = [try marketForm(definitions, figure, beside, request, text)]
        page.forms += exactForm([("metric", name)] + parameters, context, text)
        return page
    }

    private func figureFacts(_ figure: Figure, _ text: Language) -> [PortalPage.Fact] {
        [
            definitionFact(figure.metric, text),
            .init(
                name: text("截至", "As of"),
                value: figure.request.asOf.map(beijingTime) ?? text("现在", "now")),
            .init(
                name: text("计至", "Counted to"),
                value: figure.countedTo.map { text("日志位置\($0.grouped)", "place \($0.grouped) of the log") } ?? "–"),
            .init(
                name: text("样本", "Panels"), value: text("样本采购率", "The adoption rate of a panel"), address: "/adoption"),
        ]
    }

    /// - Parameter suffix: of the names of the fields that ask: `2` of the period or the time beside the first.
    private func asked(
        _ metric: Metric, _ standing: String?, by dimension: String?, _ request: Request, suffix: String = ""
    ) throws -> FigureRequest {
        // The slider stands for the end of a month, where no day is named.
        let back = try suffix.isEmpty ? request.query("back").flatMap(Int.init).map { min(max($0, 0), 36) } ?? 0 : 0
        let asOf = try request.dayEnd("as_of" + suffix) ?? (back > 0 ? monthEnd(back) : nil)
        return FigureRequest(
            metric: metric.name, version: metric.version, by: dimension, from: try request.legalDay("from" + suffix),
            until: try request.legalDay("to" + suffix)?.addingTimeInterval(86_400), asOf: asOf,
            recordedBy: try knownBy(request), standing: standing)
    }

    /// The end of the day that is asked for; of today, now.
    func knownBy(_ request: Request) throws -> Date? {
        guard let end = try request.dayEnd("recorded_by") else { return nil }
        let now = now()
        try requireKnown(end.addingTimeInterval(-86_400), now: now)
        return min(end, now)
    }

    /// The end of the month so many months ago, in the time of Beijing.
    func monthEnd(_ back: Int) -> Date? {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 8 * 3_600) ?? .gmt
        let month = calendar.dateInterval(of: .month, for: now())?.start
        return month.flatMap { calendar.date(byAdding: .month, value: 1 - back, to: $0) }
    }

    private func marketForm(
        _ definitions: [JSONNode], _ figure: Figure, _ beside: Metric?, _ request: Request, _ text: Language
    ) throws -> PortalPage.Form {
        func day(_ name: String, _ label: String) throws -> PortalPage.Field {
            .init(id: name, name: name, label: label, type: "date", value: try request.query(name) ?? "")
        }
        var fields: [PortalPage.Field] = [
            .init(
                id: "metric", name: "metric", label: text("指标", "Metric"),
                choices: definitions.map {
                    .init(
                        value: $0["name"].string, text: text($0["title"]["zh"].string, $0["title"]["en"].string),
                        isChosen: $0["name"].string == figure.metric.name)
                }),
            .init(
                id: "by", name: "by", label: text("维度", "Dimension"),
                choices: figure.metric.dimensions.map {
                    .init(value: $0, text: dimensionWord($0, text), isChosen: $0 == figure.request.dimension)
                }),
        ]
        if !figure.metric.standings.isEmpty {
            fields.append(
                .init(
                    id: "standing", name: "standing", label: text("采购类别", "Standing"),
                    choices: figure.metric.standings.map {
                        .init(value: $0, text: standingWord($0, text), isChosen: $0 == figure.request.standing)
                    }))
        }
        fields += versionFields(
            market.adoption.versions(of: figure.metric.name), chosen: figure.metric, beside: beside, text)
        fields += [
            try day("from", text("自", "From")), try day("to", text("至", "To")),
            .init(
                id: "back", name: "back",
                label: text("截至几个月前的月末（0为现在）", "As of the end of the month so many months ago (0 is now)"),
                type: "range", value: try request.query("back") ?? "0", range: 0...24),
            try day("as_of", text("或截至日期", "Or as of")), try day("recorded_by", text("已知至日期", "Known by")),
            try day("from2", text("对比：自", "Beside it, from")), try day("to2", text("对比：至", "Beside it, to")),
            try day("as_of2", text("对比：截至日期", "Beside it, as of")),
        ]
        return .init(
            title: text("查询", "Ask"), action: "/adoption/market", button: text("计算", "Compute"), method: "get",
            fields: fields)
    }
}

extension Sequence where Element: Sendable {
    /// One after the other.
    fileprivate func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
