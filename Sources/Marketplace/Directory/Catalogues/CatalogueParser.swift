/// Takes a catalogue's bytes as they come and gives its entries one after the other.
protocol CatalogueParser: AnyObject {
    /// What the content turned out to be.
    var format: CatalogueFormat { get }
    /// - Parameter bytes: UTF-8 that ends between two characters.
    func push(_ bytes: UnsafeBufferPointer<UInt8>) throws
    /// - Throws: `CatalogueUnreadable` when the content ends too early.
    func finish() throws
    /// The entries that were completed since the last call.
    func drain() -> [Candidate]
    /// Whether entries are still to be made of nodes that were put aside, because the file is large.
    var hasPutAside: Bool { get }
    func drainStatements() -> [Triples]
}

extension CatalogueParser {
    var hasPutAside: Bool { false }
    func drainStatements() -> [Triples] { [] }
}
