import Foundation
import Marketplace

/// All published metrics in a period as one page to print, in Chinese and English, that needs nothing else.
public struct PrintedReport: Sendable {
    let market: Market

    public init(market: Market) { self.market = market }

    /// - Parameter patience: how often the totals are waited for, a quarter of a second at a time.
    /// - Returns: HTML, in UTF-8, whose style is made for A4.
    /// - Throws: `AdoptionError` for a panel that is not known, or was not by then, and while the totals are being made.
    public func page(_ request: ReportRequest, now: Date, patience: Int = 20) async throws -> [UInt8] {
        // Where the wait was too short, the figures say so themselves.
        _ = try await market.adoption.awaitTotals(recordedBy: request.recordedBy, patience: patience)
        let figures = try await ReportFigures(request, adoption: market.adoption, now: now)
        return try ReportMarkup(request: request, figures: figures, now: now).html.bytes
    }

    /// The same as PDF.
    /// - Throws: `TableEngineError.missing` where what makes it is not installed.
    public func pdf(_ request: ReportRequest, now: Date) async throws -> [UInt8] {
        try await market.figureFiles.pdf(of: page(request, now: now))
    }
}

/// Text in both languages, one beside the other, each marked as what it is.
struct Bilingual {
    let chinese, english: String

    init(_ chinese: String, _ english: String) { (self.chinese, self.english) = (chinese, english) }
    init(_ words: (Language) -> String) {
        self.init(words(Language(isChinese: true)), words(Language(isChinese: false)))
    }

    /// Once, where both are the same.
    var html: HTML {
        chinese == english
            ? "\(chinese)" : "<span lang=\"zh-Hans\">\(chinese)</span> <span lang=\"en\">\(english)</span>"
    }

    var plain: String { chinese == english ? chinese : "\(chinese) \(english)" }
}
