import CZlib
import Foundation

/// Where the bytes of a catalogue are.
public enum CatalogueContent: Sendable {
    case bytes([UInt8])
    case file(URL)

    /// Hands the bytes on in pieces, as they lie there.
    func forEachPiece(_ receive: (UnsafeBufferPointer<UInt8>) throws -> Void) throws {
        switch self {
        case .bytes(let bytes):
            try bytes.withUnsafeBufferPointer { whole in
                for start in stride(from: 0, to: whole.count, by: 1 << 16) {
                    try receive(UnsafeBufferPointer(rebasing: whole[start..<min(start + 1 << 16, whole.count)]))
                }
            }
        case .file(let url):
            guard let file = fopen(url.path, "rb") else {
                throw CatalogueUnreadable(.missing, "\(url.path) cannot be opened.")
            }
            defer { fclose(file) }
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = fread(&buffer, 1, buffer.count, file)
                guard count > 0 else { break }
                try buffer.withUnsafeBufferPointer { try receive(UnsafeBufferPointer(rebasing: $0[..<count])) }
            }
            guard ferror(file) == 0 else { throw CatalogueUnreadable(.missing, "\(url.path) cannot be read.") }
        }
    }

    func digest() throws -> [UInt8] {
        var hash = SHA256()
        try forEachPiece { hash.update($0) }
        return hash.finish()
    }

    /// Hands the text on, unpacked and without a byte-order mark, in pieces that end between two characters.
    func forEachText(_ receive: (UnsafeBufferPointer<UInt8>) throws -> Void) throws {
        var text = TextGate()
        var gzip: Gzip?
        var isFirst = true
        try forEachPiece { piece in
            if isFirst, piece.count >= 2, piece[0] == 0x1F, piece[1] == 0x8B { gzip = try Gzip() }
            isFirst = false
            if let gzip {
                try gzip.inflate(piece) { try text.push($0, receive) }
            } else {
                try text.push(piece, receive)
            }
        }
        try gzip?.finish()
        try text.finish()
    }
}

/// Lets UTF-8 through and holds back the beginning of a character at the end of a piece.
private struct TextGate {
    private var held: [UInt8] = []
    private var offset = 0
    private var isBlank = true

    mutating func push(
        _ piece: UnsafeBufferPointer<UInt8>, _ receive: (UnsafeBufferPointer<UInt8>) throws -> Void
    ) throws {
        var bytes = held + piece
        if offset == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            bytes.removeFirst(3)
            offset = 3
        }
        let cut = bytes.count - Self.unfinished(bytes)
        held = Array(bytes[cut...])
        bytes.removeSubrange(cut...)
        if String(validating: bytes, as: UTF8.self) == nil {
            let place = offset + Self.firstInvalid(bytes)
            throw CatalogueUnreadable(
                .notUTF8, "The file is not UTF-8: byte \(place + 1) does not belong there.", byteOffset: place)
        }
        offset += bytes.count
        if isBlank { isBlank = bytes.allSatisfy { $0 <= 0x20 } }
        if !bytes.isEmpty { try bytes.withUnsafeBufferPointer(receive) }
    }

    func finish() throws {
        guard held.isEmpty else {
            throw CatalogueUnreadable(
                .notUTF8, "The file ends in the middle of a character of UTF-8.", byteOffset: offset)
        }
        guard !isBlank else { throw CatalogueUnreadable(.empty, "The file is empty.") }
    }

    /// How many bytes at the end begin a character that goes on in the next piece.
    private static func unfinished(_ bytes: [UInt8]) -> Int {
        for length in 1...3 where length <= bytes.count {
            let byte = bytes[bytes.count - length]
            if byte & 0xC0 == 0x80 { continue }
            let needed = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
            return needed > length ? length : 0
        }
        return 0
    }

    private static func firstInvalid(_ bytes: [UInt8]) -> Int {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var offset = 0
        while case .scalarValue(let scalar) = decoder.decode(&iterator) { offset += UTF8.width(scalar) }
        return offset
    }
}
