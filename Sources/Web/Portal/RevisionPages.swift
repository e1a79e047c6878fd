import Foundation
import HTTPTypes
import Hummingbird
import Marketplace

/// How an operator publishes a revision: it sends a file, and sees what became of it.
extension PortalRoutes {
    /// A larger file is sent with the API, which takes it up again where it was cut.
    private static let largestRevision = 64 << 20

    func addRevisionPages(to router: Router<MarketContext>) {
        page(router, "/operator/products/:code/revisions/:number") { try await revisionUpload($0, $1) }
        router.post("/operator/products/:code/revisions/:number") { try await sendRevision($0, $1) }
    }

    func revisionForm(_ product: JSONNode, next: Int, _ text: Language) -> PortalPage.Form {
        let code = product["code"].string
        return .init(
            title: text("发布第 \(next) 版", "Publish revision \(next)"),
            action: "/operator/products/\(code)/revisions/\(next)", button: text("上传并检查", "Send and check"),
            about: text(
                "文件按上一版的数据项检查；不符合时逐行说明原因，什么也不发布。大于 64 MB 的文件请用接口上传，可断点续传。",
                "The file is held against the columns of the revision before; what does not fit is named line by line, and "
                    + "nothing is published. Files above 64 MB are sent with the API, which goes on where it was cut."),
            fields: [
                .init(id: "file", name: "file", label: text("文件", "File"), type: "file"),
                .init(
                    id: "type", name: "type", label: text("格式", "Format"),
                    choices: [
                        .init(value: "text/csv", text: "CSV"), .init(value: "application/jsonl", text: "JSON Lines"),
                        .init(value: "application/vnd.apache.parquet", text: "Parquet"),
                    ]),
                .init(
                    id: "charset", name: "charset", label: text("字符编码", "Charset"),
                    choices: [
                        .init(value: "", text: text("UTF-8 或 UTF-16", "UTF-8 or UTF-16")),
                        .init(value: "gb18030", text: "GB18030 / GBK"), .init(value: "big5", text: "Big5"),
                    ]),
            ], isUpload: true)
    }

    private func place(_ context: MarketContext) throws -> (code: String, number: Int) {
        let code = try context.code()
        guard let number = context.parameters.get("number").flatMap({ Int32($0) }), number > 0 else {
            throw HTTPError(.notFound)
        }
        return (code, Int(number))
    }

    private func sendRevision(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.operator)
        let (code, number) = try place(context)
        let form = try await UploadForm(request, limit: Self.largestRevision)
        do {
            let charset = form.fields["charset"].flatMap { $0.isEmpty ? nil : $0 }
            let file = RevisionUploads.File(
                name: form.fileName, mediaType: form.fields["type"] ?? "text/csv", charset: charset, compression: nil,
                sha256: nil, sm3: nil)
            let bytes = form.bytes
            _ = try await onDisk {
                try await market.uploads.receive(
                    file, .whole, isOnly: true, revision: number, of: code, by: account.partyID, now: now()
                ) { upload in try bytes.withUnsafeBytes { try upload.write($0) } }
            }
            try await market.uploads.submit(number, of: code, by: account.partyID, now: now())
            return redirect(to: "/operator/products/\(code.escapedForURL)/revisions/\(number)")
        } catch let refusal as any MarketplaceError {
            return try await refused(ownOffers(request, context), refusal, sent: form.fields, request, context)
        }
    }

    private func revisionUpload(_ request: Request, _ context: MarketContext) async throws -> PortalPage {
        let text = Language(request)
        let account = try context.requireAccount(.operator)
        let (code, number) = try place(context)
        let found = try await market.uploads.upload(number, of: code, by: account.partyID)
        let upload = try JSONNode(found.document)
        var page = PortalPage(title: text("\(code) 第 \(number) 版", "\(code), revision \(number)"))
        page.facts = [
            .init(name: text("状态", "State"), value: uploadState(found.state, text)),
            .init(name: text("提交", "Handed in"), value: upload["submitted_at"].time),
            .init(name: text("结束", "Ended"), value: upload["ended_at"].time),
            .init(
                name: text("产品", "Product"), value: code,
                address: found.state == "published" ? "/products/\(code)" : "/operator/products/\(code)"),
        ]
        if found.state == "checking" {
            page.refresh = 2
            page.notice = text("正在检查，本页自动更新。", "It is being checked; this page brings itself up to date.")
        }
        page.tables = [uploadFileTable(upload["files"], text)]
        if found.state == "refused" {
            page.notice = text(
                "没有发布：\(upload["refusal"]["count"].grouped) 处不符合。请改正后重新上传。",
                "Nothing was published: \(upload["refusal"]["count"].grouped) places do not fit. Mend them and send it again."
            )
            page.tables.insert(problemTable(upload["refusal"]["problems"], text), at: 0)
            page.forms = [
                revisionForm(
                    try JSONNode(await market.catalog.ownOffers(of: code, party: account.partyID)), next: number, text)
            ]
        }
        return page
    }

    private func uploadState(_ state: String, _ text: Language) -> String {
        switch state {
        case "receiving": text("接收中", "being received")
        case "checking": text("检查中", "being checked")
        case "refused": text("未通过检查", "refused")
        case "published": text("已发布", "published")
        default: state
        }
    }

    private func uploadFileTable(_ files: JSONNode, _ text: Language) -> PortalPage.Table {
        .init(
            caption: text("文件", "Files"),
            headers: [text("名称", "Name"), text("字节", "Bytes"), "SHA-256", "SM3"],
            rows: files.list.map { file in
                .init(cells: [
                    .init(text: file["name"].string), .init(text: file["bytes"].grouped),
                    .init(text: file["sha256"].string), .init(text: file["sm3"].string),
                ])
            }, empty: text("还没有完整的文件。", "No file is whole yet."))
    }

    private func problemTable(_ problems: JSONNode, _ text: Language) -> PortalPage.Table {
        .init(
            caption: text("不符合之处（前 \(problems.list.count) 处）", "What does not fit (the first \(problems.list.count))"),
            headers: [
                text("文件", "File"), text("行", "Line"), text("数据项", "Column"), text("值", "Value"), text("原因", "Reason"),
            ],
            rows: problems.list.map { problem in
                let line = problem["line"].isNull ? problem["row"].string : problem["line"].string
                return .init(cells: [
                    .init(text: problem["file"].string), .init(text: line), .init(text: problem["column"].string),
                    .init(text: problem["value"].string), .init(text: text(problem["zh"].string, problem["en"].string)),
                ])
            })
    }
}
