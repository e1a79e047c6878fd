import Foundation

/// The rows of an import in the text format of COPY, made piece by piece while they are sent.
struct ImportRows: AsyncSequence, Sendable {
    let id: UUID
    let entries: [CatalogueEntry]
    /// Identifiers of entries that were refused; they get a row without a document.
    let refused: [String]

    func makeAsyncIterator() -> Iterator { Iterator(rows: self) }

    struct Iterator: AsyncIteratorProtocol {
        private static let pieceSize = 64 * 1024
        let rows: ImportRows
        private let encoder: JSONEncoder
        private var place = 0

        init(rows: ImportRows) {
            self.rows = rows
            encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        }

        mutating func next() async throws -> [UInt8]? {
            var piece: [UInt8] = []
            while piece.count < Self.pieceSize, place < rows.entries.count + rows.refused.count {
                let key = rows.id.uuidString.lowercased()
                if place < rows.entries.count {
                    let entry = rows.entries[place]
                    piece += Array("\(key)\t\(entry.position)\t".utf8)
                    append(Array(entry.identifier.utf8), to: &piece)
                    piece.append(UInt8(ascii: "\t"))
                    append([UInt8](try encoder.encode(EntryDocument(entry))), to: &piece)
                    piece.append(UInt8(ascii: "\n"))
                } else {
                    let number = place - rows.entries.count
                    // Positions of rows without a document only need to differ from all others.
                    piece += Array("\(key)\t\(-1 - number)\t".utf8)
                    append(Array(rows.refused[number].utf8), to: &piece)
                    piece += Array("\t\\N\n".utf8)
                }
                place += 1
            }
            return piece.isEmpty ? nil : piece
        }

        private func append(_ bytes: [UInt8], to piece: inout [UInt8]) {
            for byte in bytes {
                switch byte {
                case 0x5C: piece += [0x5C, 0x5C]
                case 0x09: piece += [0x5C, UInt8(ascii: "t")]
                case 0x0A: piece += [0x5C, UInt8(ascii: "n")]
                case 0x0D: piece += [0x5C, UInt8(ascii: "r")]
                default: piece.append(byte)
                }
            }
        }
    }
}
