import Foundation
import FoundationNetworking

/// The receiver of `Tests/Conformance/webhook_receiver.py`, on a port of its own.
public final class WebhookReceiver: Sendable {
    public struct Message: Decodable, Sendable {
        public let path: String
        public let headers: [String: String]
        public let body: String
        public let status: Int
    }

    public let base: String
    private let process: Process

    public init() throws {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Conformance/webhook_receiver.py")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = [script.path]
        let pipe = Pipe()
        (process.standardOutput, process.standardError) = (pipe, FileHandle.nullDevice)
        try process.run()
        let line = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
        base = "http://127.0.0.1:\(line.trimmingCharacters(in: .whitespacesAndNewlines))"
        self.process = process
    }

    public func stop() { process.terminate() }

    /// What came, in the order in which it came.
    public func messages() async throws -> [Message] {
        guard let url = URL(string: base + "/received") else { throw URLError(.badURL) }
        let (data, _) = try await URLSession.shared.data(from: url)
        return try JSONDecoder().decode([Message].self, from: data)
    }
}
