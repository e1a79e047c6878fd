/// The sentences of refusals in Chinese; the market says them in English.
enum RefusalWords {
    static func said(_ sentence: String, _ text: Language) -> String { said(sentence, isChinese: text.isChinese) }

    static func said(_ sentence: String, isChinese: Bool) -> String {
        guard isChinese else { return sentence }
        if let known = whole[sentence] { return known }
        if sentence.contains(" does not take this method; ") { return "此处不接受这种请求。" }
        for (beginning, chinese) in beginnings where sentence.hasPrefix(beginning) {
            return "\(chinese)（\(sentence)）"
        }
        return sentence
    }

    private static let whole = [
        "This field is empty.": "此栏未填。",
        "This field is missing.": "缺少此栏。", "This is not a whole number.": "请填写整数。",
        "This is not an amount such as 12800 or 0.50.": "请填写金额，例如 12800 或 0.50。",
        "An exact figure is given for a reason, which is kept.": "查看准确数字须写明理由，理由将予登记。",
        "This is longer than 400 characters.": "超过 400 字。",
        "A refusal has a reason.": "不同意须说明理由。",
        "A refusal has a reason only.": "不同意时只填理由，此栏须留空。",
        "A consent has a period, a document and its SHA-256.": "同意须有起止日期、文件及其 SHA-256。",
        "The last day is before the first.": "截止日早于起始日。",
        "A SHA-256 has 64 hexadecimal digits, in lower case.": "SHA-256 为 64 位小写十六进制数字。",
        "This consent was answered already.": "此请求已答复。",
        "This consent is not given, or was withdrawn already.": "只能撤回已给出且尚未撤回的同意。",
        "No consent with this id was asked for.": "没有此编号的同意请求。",
        "This is neither accepted nor refused.": "请选择接受或不接受。",
        "This is longer than 2000 bytes.": "超过 2000 字节。",
        "No flagged condition has this id.": "没有此编号的待审条件。",
        "Your enterprise has no such purchase.": "贵企业没有此采购。",
        "Nothing is left to give back, or less than this amount.": "可退余额不足此金额。",
        "There is no such invoice for your organisation.": "贵单位没有此账单。",
        "The amount is at least one minor unit.": "金额至少为一分。",
        "The invoice is no longer a draft.": "账单已不是草稿。",
        "Your organisation has received no such payment.": "贵单位没有收到此款项。",
        "This payment cannot settle that: the currency differs, nothing is left of one of them, or the direction is another.":
            "此款项不能核销该账单：币种不同、已无余额，或收付方向不符。",
        "Your organisation has no such webhook.": "贵单位没有此推送地址。",
        "The webhook has no such delivery that has ended.": "此推送地址没有这条已结束的消息。",
        "Your organisation has twenty webhooks; delete one first.": "贵单位已有二十个推送地址，请先删除一个。",
        "This is not an address like https://example.org/market-events.":
            "请填写形如 https://example.org/market-events 的地址。",
        "The address must begin with https://.": "地址须以 https:// 开头。",
        "The port must be 443 or 8443.": "端口须为 443 或 8443。",
        "Addresses inside the market's own network are not reached.": "不能使用市场内部网络的地址。",
        "A type reads like purchase.active.": "事件类型形如 purchase.active。",
        "Say what the data is used for, in words.": "请说明数据用途。",
        "Say when the use begins.": "请填写使用起始日。", "Say when the use ends.": "请填写使用截止日。",
        "The use begins in the past.": "使用起始日已过。", "The use ends before it begins.": "截止日早于起始日。",
        "The use begins more than a year from now.": "使用起始日须在一年之内。",
        "A place is six digits, a code of GB/T 2260 such as 350100.": "使用地为六位行政区划代码（GB/T 2260），例如 350100。",
        "This request does not wait for a decision of yours, or it was made already.": "此申请不待您审批，或您已审批。",
        "This request was returned once before; now it can be approved or rejected.": "申请已退回过一次，现在只能批准或不批准。",
        "This purchase was cancelled before and ends at the end of what is paid for.": "此采购已取消，至已付费期间结束时终止。",
        "This succession was corrected already.": "此沿革已更正过。",
        "This is the succession that is recorded; there is nothing to correct.": "与已登记的沿革相同，无须更正。",
        "Only the administration that recorded a succession corrects it, or who answers in its place.":
            "只有登记该沿革的部门或其继任者可以更正。",
        "A succession names 1 to 50 successors.": "须写明 1 至 50 个继任主体。",
        "Only a split has more than one successor.": "只有拆分可以有多个继任主体。",
        "The SHA-256 of the basis is 64 hexadecimal digits.": "依据文件的 SHA-256 为 64 位十六进制数字。",
        "This is not renamed, merged, split or none.": "请选择更名、合并、拆分或没有变更。",
        "This form was sent by a page of another site.": "此表单由其他网站的页面发出。",
        "This needs a bearer token: send Authorization: Bearer, or sign in to the portal.": "请先登录。",
        "The token is unknown, expired or revoked.": "令牌不正确、已过期或已撤销。",
        "The form was not made for this session. Reload its page and try again; nothing was done.":
            "此表单不属于本次登录，没有做任何更改。请重新载入原页面后再试。",
        "The token is unknown, expired or revoked. Check it, or ask who keeps the market for a new one.":
            "令牌不正确、已过期或已撤销。请检查后重试，或请市场管理者发给新令牌。",
        "User name and password do not belong together. Check both, or ask who keeps the market for a new password.":
            "用户名或密码不正确。请检查后重试，或请市场管理者重新设置密码。",
        "There were too many wrong tries for this user name. Wait ten minutes, or sign in with a token.":
            "此用户名的错误次数过多。请十分钟后再试，或用令牌登录。",
        "Many people are signing in just now. Try again in a moment.": "正在登录的人较多，请稍后再试。",
        "The totals that this is answered from are being made, which takes a large market its time; try again later.":
            "统计汇总正在生成，大型市场需要较长时间，请稍后再试。",
        "No snapshot has this id.": "没有此编号的快照。",
        "This Idempotency-Key was used for another snapshot.": "此请求已用于另一个快照，请刷新页面后重试。",
        "This time lies in the future; a snapshot is of what has happened and is known.":
            "此时间在将来；快照只能是已发生且已知的数字。",
        "What is known by a time is settled half a minute later; ask for an earlier time or wait.":
            "某一时刻已知的数据要过半分钟才确定，请选择更早的时间或稍候。",
        "This Idempotency-Key was used for another import.": "此请求已用于另一次导入，请刷新页面后重试。",
        "No line of the file can be taken, so there is nothing to record.": "文件中没有可用的行，没有记录任何内容。",
        "The file has no line behind its header.": "文件只有表头。",
        "This title is empty.": "标题未填。", "A title is one line of at most 200 characters.": "标题为一行，最多 200 字。",
        "This cell is empty.": "此单元格为空。",
        "This cell is longer than 400 bytes or holds a NUL character.": "此单元格超过 400 字节，或含有空字符。",
        "This is not a step.": "没有此步骤。",
        "Something went wrong here; the request's id helps to find out what.": "这里出了问题；凭请求编号可以查明原因。",
        "The body is larger than this route takes.": "内容超过此处的上限。",
        "A text in the request holds a NUL character.": "文字中含有空字符。",
        "A text in the request cannot be kept: it is not valid Unicode.": "文字不是有效的 Unicode。",
        "This parameter holds a NUL character.": "参数中含有空字符。", "This parameter is not UTF-8.": "参数不是 UTF-8。",
        "This parameter is given more than once.": "参数重复。", "This part of the address is not UTF-8.": "地址不是 UTF-8。",
        "Products of public benefit are free.": "公共治理、公益类产品须免费。",
        "This kind of offer is billed by month, quarter or year.": "按用量或订阅的挂牌须选择每月、每季度或每年。",
        "This kind of offer is paid once.": "此种挂牌一次付清。",
        "A trial comes before a first billing period; this offer has none.": "只有分期付费的挂牌才有试用期。",
        "A trial has at least one day and fewer than the term.": "试用期至少一天，并短于使用权期限。",
        "An offer has 1 to 1000000000 places.": "可售份数为 1 至 1000000000。",
        "An offer does not replace itself.": "挂牌不能替换自身。",
        "A price is 0 or above, and below 10^12 minor units.": "单价须为 0 以上、小于 10^12 分。",
        "A free offer and one metered by use have the price 0, any other a price above 0 and below 10^15.":
            "免费和按用量的挂牌价格为 0，其他挂牌的价格须大于 0、小于 10^15 分。",
        "Choose a file.": "请选择文件。", "A scenario is a mapping of fields.": "场景须为字段的映射。",
        "There is no document.": "没有文档。",
        "The import of this file broke off; try it again.": "导入中断，请重试。",
        "Given up for another file.": "已放弃，改为导入另一文件。",
        "There is no such draft for you.": "没有您可见的此草稿。",
        "You compiled this draft: state the basis on which you decide on it yourself as the competent body.":
            "草稿由您编制：作为主管部门自行决定时，请写明依据。",
        "This draft was returned once before; now it can be approved or refused.": "草稿已退回过一次，现在只能批准或不批准。",
    ]

    /// The English sentence follows in brackets: it names what the refusal is about.
    private static let beginnings = [
        ("For the entry ", "无法为此条目请求同意：条目未生效、没有写明数据由哪个部门共享而来，或同样的请求尚未答复"),
        ("Only the competent body of a source that it is about", "只有相关数据源的主管部门或该主体本身可以登记"),
        ("This needs a token with the role ", "您的角色不能这样做"),
        ("You operate no product", "没有由您运营的此产品"), ("No listed product", "没有此在售产品"),
        ("No panel has the code", "没有此样本名录"),
        ("No version of the panel ", "当时还没有记录此样本名录"), ("The panel ", "此样本名录没有这一版本"),
        ("A panel's code is ", "名录代码为 2 至 40 位小写字母、数字或连字符，例如 leading-2025"),
        ("A panel has at most ", "名录的行数过多"), ("There is no such column", "文件有名录不用的列"),
        ("The column ", "文件的列有误"), ("Nothing was taken: ", "已选择有误则全部不导入，文件中有不能导入的行"),
        ("This code stands in line ", "此代码在前面的行已出现"), ("This code is that of ", "此代码属于部门或事业单位，不是企业"),
        ("A unified social credit code has ", "统一社会信用代码为 18 位"), ("Character ", "统一社会信用代码含有不使用的字符"),
        ("The check character of the credit code ", "统一社会信用代码的校验位有误"),
        ("No section of GB/T 4754", "行业门类为 A 至 T 的字母（GB/T 4754）"),
        ("No province of GB/T 2260", "省份为省级行政区划代码（GB/T 2260），例如 350000"),
        ("No kind of enterprise", "没有此企业类型"), ("The group ", "此集团属于另一集团，请填写最上层的集团"),
        ("It has ", "单元格数与表头不符"),
        ("No metric is named", "没有此指标"),
        ("No directory entry", "没有此目录条目"), ("No party has the code", "没有此代码的主体"),
        ("No source of the directory", "没有此目录来源"), ("There is nothing at ", "没有此页面"),
        ("The offer ", "此挂牌目前不能接受"), ("The product of offer ", "产品已暂停，目前不能采购"),
        ("The purpose ", "此挂牌不允许这一目的"), ("The place ", "使用地不在此挂牌允许的地区内"),
        ("Say where the data is used", "请填写使用地"), ("The offer is for the sectors ", "此挂牌只面向其他行业"),
        ("The offer is for ", "使用期间超过此挂牌的期限"), ("Say for how many days", "请填写保存天数"),
        ("The data is kept for ", "保存天数超过此挂牌允许的天数"), ("These qualifications are ", "缺少所需资质"),
        ("A purchase that is ", "采购当前状态不允许此步骤"), ("This step is taken by ", "此步骤由他方进行"),
        ("A source's code is ", "来源代码须为 1 至 40 位字母、数字或连字符"),
        ("Another import of the source ", "此来源正在进行另一次导入"),
        ("This file lacks ", "文件缺少的有效条目超过允许的比例，没有作任何更改"), ("There is no import ", "没有此导入"),
        ("No successor takes ", "还有事项无人接手"),
        ("Another succession of the party ", "此主体已登记其他沿革"),
        ("This condition was ", "此条件已有决定"),
        ("It is not known whether this command took effect", "尚不知是否已生效，请先查看结果再重试"),
        ("The market's database cannot be reached now", "数据库暂时无法访问"), ("The answer took too long", "处理时间过长"),
        ("The request cannot be understood", "无法理解此请求"), ("This parameter is longer than ", "参数过长"),
        ("This is not well-formed YAML: ", "YAML 格式有误"), ("No such field; ", "没有此字段"),
        ("A scenario's code is ", "场景代码形如 SC-2024-001"), ("A title has zh and en", "标题须有中文（zh）和英文（en）"),
        ("A metric has zh and en", "指标须有中文（zh）和英文（en）"), ("A scenario states its source", "场景须写明来源"),
        ("This field must be ", "此栏类型不符"), ("A batch ", "批次有误"),
        ("Another draft for ", "此条目另有未了的草稿"), ("This draft is ", "草稿当前状态不允许此步骤"),
    ]
}
