import Foundation

/// What a figure over the whole market is asked by.
public struct FigureRequest: Sendable {
    public var metric: String
    /// Of its definition; nil for the newest.
    public var version: Int?
    /// One of the metric's dimensions, or nil for the whole only.
    public var dimension: String?
    /// The beginning of the first day; nil: since the market opened.
    public var from: Date?
    /// The beginning of the day behind the last one; nil: no end.
    public var until: Date?
    /// What had happened by then; nil: everything.
    public var asOf: Date?
    /// What was known by then; nil: everything that is known.
    public var recordedBy: Date?
    /// Which purchases it holds; nil where it is of none. One standing at a time: of two together and one alone the difference
    /// would tell of the other.
    public var standing: String?

    /// What a market tells of itself: purchases that are neither synthetic, nor trials, nor taken back.
    public static let market = "market"

    public init(
        metric: String, version: Int? = nil, by dimension: String? = nil, from: Date? = nil, until: Date? = nil,
        asOf: Date? = nil,
        recordedBy: Date? = nil, standing: String? = FigureRequest.market
    ) {
        self.metric = metric
        self.version = version
        self.dimension = dimension
        self.from = from
        self.until = until
        self.asOf = asOf
        self.recordedBy = recordedBy
        self.standing = standing
    }
}
