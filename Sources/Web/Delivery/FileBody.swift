import Hummingbird
import NIOCore
import NIOHTTP1
import NIOPosix

extension ResponseBody {
    /// A part of a file, which the kernel sends without passing it through the program. The length must be stated, so that the
    /// bytes need no framing: they are written below the handlers of HTTP, behind the head that has passed them. Nothing may
    /// read or change this body in between.
    static func file(_ path: String, _ range: ClosedRange<Int>, through channel: any Channel) -> ResponseBody {
        ResponseBody(contentLength: range.count) { writer in
            let disk = NonBlockingFileIO(threadPool: .singleton)
            try await disk.withFileHandle(path: path, mode: .read) { file in
                // The kernel would be asked again and again for bytes that are not there.
                guard try await disk.readFileSize(fileHandle: file) > range.upperBound else { throw FileIsShort() }
                for first in stride(from: range.lowerBound, through: range.upperBound, by: piece) {
                    let region = FileRegion(
                        fileHandle: file, readerIndex: first, endIndex: min(first + piece, range.upperBound + 1))
                    try await channel.eventLoop.flatSubmit {
                        channel.pipeline.context(handlerType: HTTPResponseEncoder.self)
                            .flatMap { $0.writeAndFlush(NIOAny(IOData.fileRegion(region))) }
                    }.get()
                }
            }
            try await writer.finish(nil)
        }
    }
}

/// After each the connection may serve something else, or end.
private let piece = 16 << 20

private struct FileIsShort: Error {}
