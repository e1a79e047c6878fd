import Foundation

/// A deadline as an event of a whole day in iCalendar (RFC 5545).
public struct CalendarEvent {
    public static let head = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//datamarket//deadlines//EN", "CALSCALE:GREGORIAN",
        "X-WR-CALNAME:\(escaped("期限 Deadlines"))",
    ].map(folded).joined()
    public static let tail = "END:VCALENDAR\r\n"

    public let text: String

    private struct Document: Decodable {
        struct Subject: Decodable { let kind, code: String }
        struct Party: Decodable { let name: String }
        let id, rule, due_on, state: String
        let title_zh, title_en, article: String?
        let verified: Bool
        let subject: Subject
        let party: Party
    }

    /// - Parameter document: a deadline as the market shows it.
    public init(document: String, stamp: Date) throws {
        let deadline = try JSONDecoder().decode(Document.self, from: Data(document.utf8))
        let basis = deadline.article.map { "\(deadline.rule), Art. \($0)" } ?? deadline.rule
        let description = [
            "\(deadline.party.name)", basis + (deadline.verified ? "" : " (number of days not verified)"),
            deadline.state,
        ].joined(separator: "\n")
        let title = "\(deadline.title_zh ?? "") \(deadline.title_en ?? deadline.rule): \(deadline.subject.code)"
        text = [
            "BEGIN:VEVENT", "UID:\(deadline.id)@datamarket", "DTSTAMP:\(Self.stamp(stamp))",
            "DTSTART;VALUE=DATE:\(deadline.due_on.replacingOccurrences(of: "-", with: ""))",
            "SUMMARY:\(Self.escaped(title))", "DESCRIPTION:\(Self.escaped(description))",
            "CATEGORIES:\(Self.escaped(deadline.subject.kind))", "TRANSP:TRANSPARENT", "END:VEVENT",
        ].map(Self.folded).joined()
    }

    private static func stamp(_ date: Date) -> String {
        date.formatted(.iso8601).replacingOccurrences(of: "-", with: "").replacingOccurrences(of: ":", with: "")
    }

    /// A text value: backslash, semicolon, comma and line ends are escaped.
    static func escaped(_ text: String) -> String {
        text.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: ";", with: "\\;")
            .replacingOccurrences(of: ",", with: "\\,").replacingOccurrences(of: "\r\n", with: "\\n")
            .replacingOccurrences(of: "\n", with: "\\n").filter { $0 == "\t" || !$0.isNewline }
    }

    /// A line with its end; what is longer than 75 octets goes on in lines that begin with a space, never inside a
    /// character.
    static func folded(_ line: String) -> String {
        var text = ""
        var octets = 0
        for scalar in line.unicodeScalars {
            let width = String(scalar).utf8.count
            if octets + width > 75 {
                text += "\r\n "
                octets = 1
            }
            text.unicodeScalars.append(scalar)
            octets += width
        }
        return text + "\r\n"
    }
}
