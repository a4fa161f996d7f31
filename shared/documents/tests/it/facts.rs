//! Every fact is on the page, what is sealed is not, and what cannot be printed is refused.

use super::poppler::{colours, lines, pages, run, text};
use super::specimen::{
    NO, earlier, ending, every, extremes, invoice_page, letter, long_address, long_name, performance,
    printer, reissued, revealed, sealed, sealed_reissued,
};
use documents::{After, EndedBy, Letter, Party, Rendered, SealPlace, Shown, Undertaking, Unprintable};

fn has_all(rendered: &Rendered, facts: &[&str]) {
    let text = text(&rendered.bytes);
    for fact in facts {
        let fact: String = fact.chars().filter(|c| !c.is_whitespace()).collect();
        assert!(text.contains(&fact), "{fact} is not on the page:\n{text}");
    }
    assert!(!text.contains('{') && !text.contains('}'), "a fact was not put in: {text}");
}

#[test]
fn a_bid_guarantee_states_every_fact() {
    let rendered = printer().guarantee(&letter()).unwrap();
    let facts = [
        "投标保函",
        "保函编号：BH202611228Q0F3K7ZT2M9XC",
        "示例市城市建设投资集团有限公司",
        "91350100MA1111111Y",
        "测试建筑工程有限公司",
        "91350100MA0000000X",
        "示例市江北片区道路改造及配套管网工程",
        "E3501000001000123",
        "第一标段（K0+000至K3+500）",
        "2026年12月10日 09:30",
        "90日",
        "人民币捌拾万零壹拾元伍角整（￥800,010.50）",
        "自2026年11月22日起至2027年3月10日（含当日）止",
        "开立日期：二〇二六年十一月二十二日",
        "示范融资担保有限公司",
        "https://files.example.cn/v/BH202611228Q0F3K7ZT2M9XC",
        "模板bid2026-2",
        "独立保函纠纷案件若干问题的规定",
    ];
    has_all(&rendered, &facts);
}

#[test]
fn what_is_not_known_is_left_to_the_tender_or_left_out() {
    let undertaking = Undertaking::Bid { opening: None, validity_days: None };
    let letter = Letter { undertaking, valid_until: None, section_name: Shown::default(), ..letter() };
    let rendered = printer().guarantee(&letter).unwrap();
    has_all(&rendered, &["以招标文件载明的为准", "起至招标文件载明的投标有效期届满之日（含当日）止"]);
    assert!(!text(&rendered.bytes).contains("标段名称"));
}

#[test]
fn a_sealed_guarantee_shows_digests_and_its_mark() {
    let rendered = printer().guarantee(&sealed()).unwrap();
    // printf '%s' c2VhbGVkLW5hbWU= | sha256sum
    has_all(&rendered, &["密文保函", "【密文】SHA-256：a3d63445a3a4aead…1895ecc6", "致：【密文a3d63445】"]);
    has_all(&rendered, &["测试建筑工程有限公司", "模板bid-sealed", "不重复付款"]);
    let text = text(&rendered.bytes);
    assert!(!text.contains("c2VhbGVk") && !text.contains("明文保函由"), "{text}");
}

#[test]
fn a_revealed_guarantee_refers_to_the_sealed_one() {
    let rendered = printer().guarantee(&revealed()).unwrap();
    has_all(&rendered, &["明文保函", NO, earlier().sha256, "于2026年11月22日开立的密文保函还原后的明文保函"]);
    has_all(&rendered, &["示例市城市建设投资集团有限公司", "自2026年11月22日起至", "模板bid-revealed"]);
    assert!(!text(&rendered.bytes).contains("【密文"));
}

#[test]
fn a_guarantee_made_out_again_tells_both_openings_and_what_it_replaces() {
    let openings = "开标时间由2026年12月10日 09:30变更为2026年12月24日 09:30";
    let replaced = ["换开", openings, earlier().sha256, "第2版", "第1版", "原保函失效"];
    has_all(&printer().guarantee(&reissued()).unwrap(), &replaced);
    let rendered = printer().guarantee(&sealed_reissued()).unwrap();
    has_all(&rendered, &replaced);
    has_all(&rendered, &["密文保函", "【密文a3d63445】", "模板bid-sealed-reissued"]);
    let unknown = After::Postponement { replaces: earlier(), old_opening: None };
    let undertaking = Undertaking::Bid { opening: None, validity_days: None };
    let rendered = printer().guarantee(&Letter { after: unknown, undertaking, ..reissued() }).unwrap();
    has_all(&rendered, &["由招标文件原载明的时间变更为招标人另行通知的时间"]);
}

#[test]
fn a_performance_guarantee_has_its_own_facts_and_clauses() {
    let rendered = printer().guarantee(&performance()).unwrap();
    has_all(
        &rendered,
        &["履约保函", "合同签订日期", "2026年11月20日", "自开工之日起540个日历天", "基础合同"],
    );
    has_all(&rendered, &["起至基础合同约定的履约期限届满之日（含当日）止", "模板performance"]);
    assert!(!text(&rendered.bytes).contains("开标时间"));
}

#[test]
fn confirmations_say_that_the_guarantee_ended() {
    let premium = Some(domain::Money::from_fen(400_005));
    let refund = printer().ending(&ending(EndedBy::Refund { premium })).unwrap();
    let ended = [NO, earlier().sha256, "2026年12月1日", "示例市城市建设投资集团有限公司", "￥800,010.50"];
    has_all(&refund, &ended);
    has_all(&refund, &["退保确认书", "已退保", "人民币肆仟元零伍分（￥4,000.05）", "项目流标"]);
    let unknown = printer().ending(&ending(EndedBy::Refund { premium: None })).unwrap();
    assert!(!text(&unknown.bytes).contains("退还保费"));
    let release = printer().ending(&ending(EndedBy::Release)).unwrap();
    has_all(&release, &ended);
    has_all(&release, &["保函注销确认书", "已注销", "付款义务解除"]);
}

#[test]
fn an_invoice_states_every_fact_and_what_it_is_not() {
    let rendered = invoice_page(&printer()).unwrap();
    has_all(&rendered, &["135000000001", "00000001", "测试建筑工程有限公司", "增值税专用发票", "非税务发票"]);
    has_all(&rendered, &["人民币肆仟元零伍分（￥4,000.05）", "示例银行福州分行", NO]);
}

#[test]
fn no_line_begins_with_a_closing_mark_and_no_document_is_longer_than_two_pages() {
    for (name, rendered) in every(&printer()) {
        let rendered = rendered.unwrap();
        assert!(pages(&rendered.bytes) <= 2, "{name}");
        for line in lines(&rendered.bytes) {
            assert!(!"，。；：、）》”】！？".contains(line.chars().next().unwrap()), "{name}: {line}");
        }
    }
}

#[test]
fn every_file_says_that_it_is_pdf_a_2b_and_holds_its_fonts() {
    for (name, rendered) in every(&printer()) {
        let bytes = rendered.unwrap().bytes;
        let source = String::from_utf8_lossy(&bytes);
        assert!(source.contains("<pdfaid:part>2<") && source.contains("<pdfaid:conformance>B<"), "{name}");
        assert!(source.contains("/GTS_PDFA1") && source.contains("\nxref\n"), "{name}");
        let fonts = String::from_utf8(run("pdffonts", &["-"], &bytes)).unwrap();
        let embedded = fonts.lines().skip(2).filter(|line| line.contains("yes yes yes")).count();
        assert_eq!((embedded, fonts.lines().count()), (3, 5), "{name}: {fonts}");
    }
}

#[test]
fn the_seal_stands_where_it_is_said_to() {
    for (name, rendered) in every(&printer()) {
        let Rendered { bytes, seal: SealPlace { page, rect: [left, bottom, right, top] } } =
            rendered.unwrap();
        let is_red = |[red, green, blue]: &[u8; 3]| *red > 150 && *green < 90 && *blue < 90;
        let height = 841.89;
        let inside = [left, height - top, right - left, top - bottom].map(|part| part.round() as u32);
        let red = colours(&bytes, page + 1, inside).iter().filter(|point| is_red(point)).count();
        let everywhere = colours(&bytes, page + 1, [0, 0, 596, 842]);
        let outside = everywhere.iter().filter(|point| is_red(point)).count() - red;
        assert!(red > 800 && outside < 40, "{name}: {red} red points in the place, {outside} elsewhere");
    }
}

#[test]
fn long_texts_are_whole_and_rare_characters_can_be_searched() {
    let [rare, long, all] = &extremes(&printer())[..] else { panic!("three extremes") };
    has_all(rare.1.as_ref().unwrap(), &["䶮城㛃𬭎建设（集团）有限公司", "某省某市𫖯𬱖路8号"]);
    let (name, address) = (long_name(), long_address());
    assert_eq!((name.chars().count(), address.chars().count()), (200, 300));
    // A name stands in the table and in the clauses, that of the beneficiary in the salutation too; labels stand between
    // the lines of a cell, so characters are counted.
    let of = |text: &str, c: char| text.matches(c).count();
    let (long, all) = (text(&long.1.as_ref().unwrap().bytes), text(&all.1.as_ref().unwrap().bytes));
    assert_eq!(of(&long, '础'), 2 * of(&name, '础'), "{long}");
    assert_eq!(of(&long, '街'), of(&address, '街'), "{long}");
    assert_eq!(of(&all, '础'), 8 * of(&name, '础'), "{all}");
    assert_eq!(of(&all, '街'), 2 * of(&address, '街'), "{all}");
}

#[test]
fn a_character_without_a_shape_is_an_error_that_names_the_field() {
    let applicant = Party { name: Shown::Plain("甲\u{E000}公司"), ..letter().applicant };
    let missing = printer().guarantee(&Letter { applicant, ..letter() }).unwrap_err();
    assert_eq!(missing, Unprintable::NoGlyph { field: "申请人名称", character: '\u{E000}' });
    let address = Party { address: Shown::Plain("某路1号🏗"), ..letter().beneficiary };
    let missing = printer().guarantee(&Letter { beneficiary: address, ..letter() }).unwrap_err();
    assert_eq!(missing, Unprintable::NoGlyph { field: "受益人地址", character: '🏗' });
    assert!(missing.to_string().contains("受益人地址") && missing.to_string().contains("U+1F3D7"));
}

#[test]
fn characters_without_ink_do_no_harm() {
    let name = "道路\r\n改造\t(二期)\u{200B}\u{FEFF}\\ ) Tj ET";
    let rendered = printer().guarantee(&Letter { project_name: Shown::Plain(name), ..letter() }).unwrap();
    has_all(&rendered, &["道路改造(二期)\\)TjET"]);
}

#[test]
fn what_does_not_fit_is_refused_not_cut() {
    let period = "甲".repeat(20_000);
    let undertaking = Undertaking::Performance { signed_at: None, period: &period };
    let refused = printer().guarantee(&Letter { undertaking, ..letter() });
    assert_eq!(refused.unwrap_err(), Unprintable::TooLong);
}

#[test]
fn a_revealed_guarantee_with_ciphertext_is_refused() {
    for undertaking in [sealed().undertaking, performance().undertaking] {
        let letter = Letter { undertaking, after: After::Sealed(earlier()), ..sealed() };
        assert!(matches!(printer().guarantee(&letter), Err(Unprintable::NoForm(_))));
    }
}
