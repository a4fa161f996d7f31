//! The pages as a reader gets them: one A4 page, every fact on it, the same bytes again.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test ends at the first surprise")]

#[allow(dead_code, reason = "shared with the example")]
mod specimen;

use documents::{GuaranteeFacts, InvoiceFacts, TooLong, render_guarantee, render_invoice};
use domain::{Money, PlaceOrder, Product};
use specimen::{INSTITUTION, application, at, bid, invoice, number, performance};
use std::io::Write;
use std::process::{Command, Stdio};

fn guarantee(application: &PlaceOrder) -> Result<Vec<u8>, TooLong> {
    render_guarantee(&GuaranteeFacts {
        no: &number(),
        application,
        premium: Money::from_fen(400_005),
        issued_at: at(),
        valid_until: application.product.valid_until(),
        institution: INSTITUTION,
    })
}

fn invoice_page() -> Vec<u8> {
    let facts = InvoiceFacts {
        code: "135000000001",
        number: "00000001",
        guarantee_no: &number(),
        request: &invoice(),
        made_out_at: at(),
        institution: INSTITUTION,
    };
    render_invoice(&facts).unwrap()
}

/// The text of a page with all blanks and line ends taken out: as poppler reads it, if poppler is on this machine.
fn text_of(pdf: &[u8]) -> String {
    let text = poppler(pdf).unwrap_or_else(|| shown(pdf));
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn poppler(pdf: &[u8]) -> Option<String> {
    let mut command = Command::new("pdftotext");
    let mut reader = command
        .args(["-enc", "UTF-8", "-layout", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    reader.stdin.take().unwrap().write_all(pdf).unwrap();
    let read = reader.wait_with_output().unwrap();
    assert!(read.status.success(), "pdftotext refuses the file");
    Some(String::from_utf8(read.stdout).unwrap())
}

/// Reads the `<hex> Tj` operations of the page.
fn shown(pdf: &[u8]) -> String {
    let source = String::from_utf8_lossy(pdf);
    let pieces = source.split("> Tj").filter_map(|piece| piece.rsplit_once('<')).map(|(_, hex)| hex);
    let units = pieces.flat_map(|hex| {
        let bytes = hex::decode(hex).unwrap();
        bytes.chunks(2).map(|two| u16::from_be_bytes([two[0], two[1]])).collect::<Vec<_>>()
    });
    String::from_utf16(&units.collect::<Vec<_>>()).unwrap()
}

#[test]
fn a_bid_guarantee_states_every_fact() {
    let pdf = guarantee(&application(bid())).unwrap();
    let text = text_of(&pdf);
    for fact in [
        "投标保函",
        "保函编号：BH202611228Q0F3K7ZT2M9XC",
        "示例市城市建设投资集团有限公司（91350100MA1111111Y）",
        "测试建筑工程有限公司（91350100MA0000000X）",
        "示例市江北片区道路改造及配套管网工程",
        "第一标段（K0+000至K3+500）",
        "2026年12月10日09:30",
        "90日",
        "人民币捌拾万零壹拾元伍角整（￥800010.50）",
        "人民币肆仟元零伍分（￥4000.05）",
        "至2027年3月10日（含当日）止",
        "开立日期：二〇二六年十一月二十二日",
        "示范融资担保有限公司",
        "模板版本：BID-2026-1",
        "撤销投标文件",
    ] {
        assert!(text.contains(fact), "{fact} is not on the page:\n{text}");
    }
    assert!(!text.contains('{') && !text.contains('}'), "a fact was not put in: {text}");
}

#[test]
fn a_performance_guarantee_has_its_own_facts_and_clauses() {
    let text = text_of(&guarantee(&application(performance())).unwrap());
    for fact in [
        "履约保函",
        "合同签订日期",
        "2026年11月20日",
        "自开工之日起540个日历天",
        "模板版本：PERF-2026-1",
        "履行合同义务",
    ] {
        assert!(text.contains(fact), "{fact} is not on the page:\n{text}");
    }
    assert!(!text.contains("开标时间") && !text.contains('{'), "{text}");
}

#[test]
fn an_invoice_states_every_fact() {
    let text = text_of(&invoice_page());
    for fact in [
        "135000000001",
        "00000001",
        "测试建筑工程有限公司",
        "人民币肆仟元零伍分（￥4000.05）",
        "示例银行福州分行",
    ] {
        assert!(text.contains(fact), "{fact} is not on the page:\n{text}");
    }
}

#[test]
fn the_same_facts_give_the_same_bytes_and_other_facts_others() {
    let one = guarantee(&application(bid())).unwrap();
    assert_eq!(one, guarantee(&application(bid())).unwrap());
    let mut other = application(bid());
    other.bond = Money::from_fen(80_001_051);
    assert_ne!(one, guarantee(&other).unwrap());
    assert_eq!(invoice_page(), invoice_page());
}

#[test]
fn long_names_are_set_smaller_and_still_whole() {
    let long = "示例市".repeat(100);
    let mut order = application(bid());
    order.tender.project_name = long.as_str().into();
    order.applicant.company.name = format!("{long}公司").into();
    let pdf = guarantee(&order).unwrap();
    assert!(String::from_utf8_lossy(&pdf).contains("/Count 1"));
    // Once in the table and once in the clauses, for project and bidder each.
    assert_eq!(text_of(&pdf).matches("示例市").count(), 4 * 100 + 2);
}

#[test]
fn what_does_not_fit_is_refused_not_cut() {
    let mut order = application(Product::Performance { signed_at: at(), period: "甲".repeat(20_000) });
    assert_eq!(guarantee(&order), Err(TooLong));
    order.product = performance();
    assert!(guarantee(&order).is_ok());
}

#[test]
fn control_characters_in_a_name_do_no_harm() {
    let mut order = application(bid());
    order.tender.project_name = "道路\r\n改造\t(二期)\\ ) Tj ET".into();
    let text = text_of(&guarantee(&order).unwrap());
    assert!(text.contains("道路改造(二期)\\)TjET"), "{text}");
}
