//! The sheet as Markdown, in one of its two languages.

use crate::partner::today::Today;
use boot::Partner;
use bytes::Bytes;
use http::HeaderMap;
use protocol::{Direction, Guide, Interface, Say, Step};
use serde::de::IgnoredAny;
use std::fmt::Write as _;
use toml_edit::DocumentMut;

/// What the sheet is about.
pub(super) struct Subject<'a> {
    pub(super) partner: &'a Partner<IgnoredAny>,
    pub(super) guide: &'a Guide,
    pub(super) document: &'a DocumentMut,
    /// What the partner reaches us by, without a slash at the end.
    pub(super) url: &'a str,
    pub(super) zh: bool,
}

/// The whole sheet.
pub(super) fn markdown(subject: &Subject<'_>) -> String {
    let today = Today::of(subject.document, &subject.partner.protocol);
    let mut out = String::new();
    let parts: [fn(&Subject<'_>, &Today<'_>) -> String; 8] =
        [head, addresses, transport, variants, example, delivery, questions, checklist];
    for part in parts {
        out += &part(subject, &today);
        out.push('\n');
    }
    out.trim_end().to_owned()
}

impl Subject<'_> {
    fn say(&self, say: &Say) -> String {
        if self.zh { say.zh.clone() } else { say.en.clone() }
    }

    const fn pick(&self, zh: &'static str, en: &'static str) -> &'static str {
        if self.zh { zh } else { en }
    }
}

fn table(headings: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let cell = |text: &str| text.replace('|', "\\|").replace('\n', " ");
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut out = line(headings.iter().map(|text| (*text).to_owned()).collect());
    out += &line(headings.iter().map(|_| "---".to_owned()).collect());
    for row in rows {
        out += &line(row.iter().map(|text| cell(text)).collect());
    }
    out
}

fn code(text: &str) -> String {
    format!("```text\n{}\n```\n", text.trim_end())
}

fn head(of: &Subject<'_>, _: &Today<'_>) -> String {
    let Partner { id, protocol, title, .. } = of.partner;
    if of.zh {
        return format!(
            "# {title}：保函网关联调说明\n\n平台编号 `{id}`，协议 `{protocol}`。本说明由 `baohan partner guide {id}` 按该平台当前配置生成；\
             **示例中的账号、密钥、令牌均为演示值，与真实密钥无关，不可用于联调环境。**\n"
        );
    }
    format!(
        "# {title}: how to work with the guarantee gateway\n\nPartner `{id}`, protocol `{protocol}`. Written by `baohan partner guide \
         {id}` from this partner's file; **accounts, keys and tokens of the example are dummies and nobody's.**\n"
    )
}

fn addresses(of: &Subject<'_>, _: &Today<'_>) -> String {
    let ours = |path: &str| format!("`{}/{}{path}`", of.url, of.partner.id);
    let theirs = |address: &str| {
        if address.is_empty() {
            of.pick("（未提供）", "(none)").to_owned()
        } else {
            format!("`{address}`")
        }
    };
    let row = |interface: &Interface, address: String| {
        let direction = match interface.direction {
            Direction::Inbound => of.pick("贵方 → 我方", "you → us"),
            Direction::Outbound => of.pick("我方 → 贵方", "we → you"),
        };
        let name = format!("`{}`", interface.name);
        vec![interface.section.into(), name, interface.title.into(), direction.into(), "POST".into(), address]
    };
    let served = of.guide.served.iter().map(|(interface, path)| row(interface, ours(path)));
    let called = of.guide.called.iter().map(|(interface, address)| row(interface, theirs(address)));
    let headings = if of.zh {
        ["章节", "接口", "名称", "方向", "方法", "地址"]
    } else {
        ["section", "interface", "title", "direction", "method", "address"]
    };
    format!(
        "## 1. {}\n\n{}",
        of.pick("接口与地址", "Interfaces and addresses"),
        table(&headings, served.chain(called))
    )
}

fn transport(of: &Subject<'_>, _: &Today<'_>) -> String {
    let rows = of.guide.facts.iter().map(|(what, how)| vec![of.say(what), of.say(how)]);
    let headings = if of.zh { ["项目", "约定"] } else { ["what", "how"] };
    format!("## 2. {}\n\n{}", of.pick("传输约定", "How messages go"), table(&headings, rows))
}

fn shown(of: &Subject<'_>, today: &Today<'_>, key: &str) -> String {
    match today.value(key) {
        (Some(value), false) => format!("`{value}`"),
        (Some(value), true) => format!("`{value}`{}", of.pick("（默认）", " (default)")),
        (None, _) => of.pick("未设置", "not set").to_owned(),
    }
}

fn variants(of: &Subject<'_>, today: &Today<'_>) -> String {
    let name = |key: &str| format!("`{}`", key.trim_start_matches("settings."));
    let rows = today.variants.iter().map(|key| vec![name(key), shown(of, today, key)]);
    let headings = if of.zh { ["配置项", "当前值"] } else { ["setting", "today"] };
    format!("## 3. {}\n\n{}", of.pick("本平台的变体", "This partner's variants"), table(&headings, rows))
}

fn example(of: &Subject<'_>, _: &Today<'_>) -> String {
    let guide = of.guide;
    let mut out = format!("## 4. {}\n\n", of.pick("示例（演示密钥）", "An example (dummy keys)"));
    for (name, text) in &guide.dummies {
        if text.contains('\n') {
            let _ = write!(out, "- `{name}`:\n\n{}\n", code(text));
        } else {
            let _ = writeln!(out, "- `{name}` = `{text}`");
        }
    }
    let _ = write!(out, "\n### 4.1 {}\n\n", of.pick("贵方的请求", "A request of yours"));
    out += &steps(of, &guide.request_steps);
    let path = guide.request.uri().path().trim_end_matches('/');
    let first = format!("POST /{}{path} HTTP/1.1", of.partner.id);
    out += of.pick("发送的报文：\n\n", "The message as it is sent:\n\n");
    out += &code(&http(&first, guide.request.headers(), guide.request.body()));
    out += of.pick("\n我方应答：\n\n", "\nOur answer:\n\n");
    out += &code(&http("HTTP/1.1 200 OK", guide.answer.headers(), guide.answer.body()));
    out += &steps(of, &guide.answer_steps);
    let _ = write!(
        out,
        "\n### 4.2 {}\n\n",
        of.pick("我方的回调（申请未通过）", "A callback of ours (an application was rejected)")
    );
    out += &steps(of, &guide.callback_steps);
    out += of.pick("发送的报文：\n\n", "The message as it is sent:\n\n");
    let first = format!("POST {} HTTP/1.1", guide.callback.uri());
    out += &code(&http(&first, guide.callback.headers(), guide.callback.body()));
    out
}

fn steps(of: &Subject<'_>, steps: &[Step]) -> String {
    let each =
        |(at, step): (usize, &Step)| format!("{}. {}\n\n{}\n", at + 1, of.say(&step.what), code(&step.text));
    steps.iter().enumerate().map(each).collect()
}

fn http(first: &str, headers: &HeaderMap, body: &Bytes) -> String {
    let mut out = format!("{first}\n");
    for (name, value) in headers {
        let _ = writeln!(out, "{name}: {}", String::from_utf8_lossy(value.as_bytes()));
    }
    format!("{out}\n{}", String::from_utf8_lossy(body))
}

fn delivery(of: &Subject<'_>, _: &Today<'_>) -> String {
    let waits: Vec<String> = of.partner.retry_schedule_s.iter().map(ToString::to_string).collect();
    let (rule, body) = &of.guide.acknowledgement;
    let mut out =
        format!("## 5. {}\n\n", of.pick("确认、重试与错误", "Acknowledgements, retries and errors"));
    out += &if of.zh {
        format!(
            "贵方对回调的确认：{}。例如：\n\n{}\n未确认时，我方依次等待 {} 秒后重发（共 {} 次），每次重新签名；请按业务编号去重，重复回调须再次确认。\
             时间表用尽后转人工处理。\n\n贵方未收到应答或收到“请稍后重试”时，请**原样**重发：相同内容得到相同的受理号，不会重复受理；\
             同一编号下内容不同会被拒绝。\n\n",
            rule.zh,
            code(&String::from_utf8_lossy(body)),
            waits.join("、"),
            waits.len() + 1
        )
    } else {
        format!(
            "You acknowledge a callback by: {}. For example:\n\n{}\nUntil then we send again after {} s ({} times in all), signed anew; \
             tell repeats apart by the business number, and acknowledge them too. After that a person looks.\n\nWithout an answer of \
             ours, or told to come again, send **the same** again: the same content gets the same number and no second effect; other \
             content under the same number is refused.\n\n",
            rule.en,
            code(&String::from_utf8_lossy(body)),
            waits.join(", "),
            waits.len() + 1
        )
    };
    let headings = if of.zh { ["我方应答", "含义"] } else { ["our answer", "meaning"] };
    let rows = of.guide.troubles.iter().map(|(answer, meaning)| vec![format!("`{answer}`"), of.say(meaning)]);
    out + &table(&headings, rows)
}

fn questions(of: &Subject<'_>, today: &Today<'_>) -> String {
    let rows = of.guide.questions.iter().map(|question| {
        let keys = question.keys.iter().map(|key| format!("`{key}` = {}", shown(of, today, key)));
        vec![of.say(&question.ask), keys.collect::<Vec<_>>().join(of.pick("；", "; "))]
    });
    let headings =
        if of.zh { ["请确认", "我方当前配置"] } else { ["question", "what our file says today"] };
    format!("## 6. {}\n\n{}", of.pick("请贵方确认", "To be settled"), table(&headings, rows))
}

fn checklist(of: &Subject<'_>, _: &Today<'_>) -> String {
    let id = &of.partner.id;
    let lines: [(String, String); 7] = [
        (
            "用演示密钥复算第 4 节，逐步一致".into(),
            "section 4 computed with the dummies, step by step the same".into(),
        ),
        (
            "双方经安全渠道交换正式密钥；我方 `baohan check` 通过".into(),
            "keys exchanged over a safe channel; `baohan check` is green".into(),
        ),
        (
            format!("我方自测：`baohan send 接口 --partner {id}` 以贵方身份发送，应答成功"),
            format!("on our side `baohan send INTERFACE --partner {id}` plays you and succeeds"),
        ),
        (
            format!(
                "贵方发送首个请求；若被拒：我方 `baohan rejected list --partner {id}`、`baohan rejected doctor 编号` 给出原因"
            ),
            format!(
                "your first request; if it is refused `baohan rejected list --partner {id}` and `rejected doctor` say why"
            ),
        ),
        (
            format!(
                "我方首个回调；若贵方验签不过：把贵方算出的签名发来，我方 `baohan doctor --partner {id} --outbound --sign 签名 报文` 比对"
            ),
            format!(
                "our first callback; if its signature fails send us yours: `baohan doctor --partner {id} --outbound --sign DIGEST FILE`"
            ),
        ),
        (
            "原样重发同一请求：受理号相同；改内容重发：被拒绝".into(),
            "the same request twice: the same number; with other content: refused".into(),
        ),
        (
            "贵方停机时我方回调重试，恢复后到达且仅生效一次".into(),
            "with your server down callbacks come again and take effect once".into(),
        ),
    ];
    let each = |(zh, en): &(String, String)| format!("- [ ] {}\n", if of.zh { zh } else { en });
    let all: String = lines.iter().map(each).collect();
    format!("## 7. {}\n\n{all}", of.pick("联调清单", "Joint testing"))
}
