import Hummingbird
import NIOCore
import NIOHTTP1
import NIOPosix

extension ResponseBody {
    /// A part of a file, which the kernel sends without passing it through the program. The length must be stated, so that the
    /// bytes need no framing: they are written below the handlers of HTTP, behind the head that has passed them.
    static func file(_ path: String, _ range: ClosedRange<Int>, through channel: any Channel) -> ResponseBody {
        ResponseBody(contentLength: range.count) { writer in
            try await NonBlockingFileIO(threadPool: .singleton).withFileHandle(path: path, mode: .read) { file in
                let region = FileRegion(
                    fileHandle: file, readerIndex: range.lowerBound, endIndex: range.upperBound + 1)
                try await channel.eventLoop.flatSubmit {
                    channel.pipeline.context(handlerType: HTTPResponseEncoder.self)
                        .flatMap { $0.writeAndFlush(NIOAny(IOData.fileRegion(region))) }
                }.get()
            }
            try await writer.finish(nil)
        }
    }
}
