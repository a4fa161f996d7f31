//! Who appears in the samples of all protocols: well-formed, the same for the same seed, and nobody.

use time::{Duration, OffsetDateTime, Time};

const NAMES: [&str; 12] =
    ["宏远", "恒筑", "华岳", "鼎新", "瑞川", "通衢", "金梁", "安澜", "广厦", "立诚", "平湖", "景行"];
const TRADES: [&str; 6] = ["建设工程", "市政工程", "水利建设", "园林绿化", "机电安装", "路桥工程"];
const PLACES: [&str; 8] = ["东城区", "滨江新区", "北岭县", "南湖区", "高新区", "临港区", "青石县", "白鹭洲"];
const WORKS: [&str; 8] = [
    "人民医院门诊综合楼",
    "第三中学教学楼扩建",
    "雨污分流管网改造",
    "县道X021改建",
    "污水处理厂二期",
    "老旧小区改造",
    "河道综合整治",
    "智慧停车场",
];
const PEOPLE: [&str; 8] = ["张三", "李四", "王五", "赵六", "钱七", "孙八", "周九", "吴十"];
/// Characters of a 统一社会信用代码 (GB 32100): no I, O, S, V, Z.
const CREDIT_CODE: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const CREDIT_WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const ID_WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/// Who bids for what: the facts that every protocol's samples tell in their own words.
#[derive(Debug, Clone)]
pub(crate) struct Bid {
    /// Tells its numbers from those of others: 14 digits.
    pub(crate) tag: String,
    pub(crate) company: Company,
    pub(crate) legal: Person,
    pub(crate) agent: Person,
    pub(crate) tenderee: Company,
    pub(crate) agency: Company,
    pub(crate) place: &'static str,
    pub(crate) project: String,
    /// Shared by all who bid for it.
    pub(crate) section_code: String,
    pub(crate) section_name: String,
    /// Yuan with two decimals.
    pub(crate) bond: String,
    pub(crate) opening: OffsetDateTime,
}

/// A company with its 统一社会信用代码.
#[derive(Debug, Clone)]
pub(crate) struct Company {
    pub(crate) name: String,
    pub(crate) code: String,
}

/// A person with 身份证 number and mobile phone.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) name: &'static str,
    pub(crate) id_no: String,
    pub(crate) phone: String,
}

impl Bid {
    /// The `n`th bid of this seed (both below 100 million and a million), with an opening some weeks after `today`.
    pub(crate) fn new(seed: u64, n: u64, today: OffsetDateTime) -> Self {
        let tag = format!("{:08}{:06}", seed % 100_000_000, n % 1_000_000);
        let mut dice = fastrand::Rng::with_seed(seed.wrapping_mul(1_000_003).wrapping_add(n));
        let place = PLACES[dice.usize(..PLACES.len())];
        let work = WORKS[dice.usize(..WORKS.len())];
        let days = Duration::days(dice.i64(15..60));
        let at_half_past_nine = Time::from_hms(9, 30, 0).unwrap_or(Time::MIDNIGHT);
        Self {
            company: Company::bidder(&mut dice),
            legal: Person::any(&mut dice),
            agent: Person::any(&mut dice),
            tenderee: Company::public(&mut dice, &format!("示例市{place}城市建设投资有限公司")),
            agency: Company::public(&mut dice, "示例市公正招标代理有限公司"),
            place,
            project: format!("示例市{place}{work}项目"),
            section_code: format!("SC{tag}"),
            section_name: format!("{work}施工第{}标段", dice.u8(1..5)),
            bond: format!(
                "{}.{:02}",
                dice.u32(10..800) * 1000,
                if dice.bool() { 0 } else { dice.u8(1..100) }
            ),
            opening: crate::shanghai(today + days).replace_time(at_half_past_nine),
            tag,
        }
    }

    /// The same bidder, bidding for the section of another.
    pub(crate) fn with(mut self, other: &Self) -> Self {
        self.section_code.clone_from(&other.section_code);
        self.section_name.clone_from(&other.section_name);
        self.project.clone_from(&other.project);
        self.tenderee = other.tenderee.clone();
        self.opening = other.opening;
        self
    }
}

impl Company {
    /// A company that bids.
    pub(crate) fn bidder(dice: &mut fastrand::Rng) -> Self {
        let name = NAMES[dice.usize(..NAMES.len())];
        let trade = TRADES[dice.usize(..TRADES.len())];
        Self::public(dice, &format!("示例市{name}{trade}有限公司"))
    }

    /// A company or an office of this name.
    pub(crate) fn public(dice: &mut fastrand::Rng, name: &str) -> Self {
        Self { name: name.to_owned(), code: credit_code(dice) }
    }
}

impl Person {
    /// Somebody.
    pub(crate) fn any(dice: &mut fastrand::Rng) -> Self {
        Self {
            name: PEOPLE[dice.usize(..PEOPLE.len())],
            id_no: id_no(dice),
            phone: format!("1990000{:04}", dice.u16(..10_000)),
        }
    }
}

/// A well-formed 统一社会信用代码 of the district 999999, which does not exist.
fn credit_code(dice: &mut fastrand::Rng) -> String {
    let mut code = "91999999".to_owned();
    code.extend((0..9).map(|_| char::from(CREDIT_CODE[dice.usize(..CREDIT_CODE.len())])));
    let place = |c: u8| CREDIT_CODE.iter().position(|known| *known == c).unwrap_or_default();
    let sum: usize = code.bytes().zip(CREDIT_WEIGHTS).map(|(c, weight)| place(c) * weight).sum();
    code.push(char::from(CREDIT_CODE[(31 - sum % 31) % 31]));
    code
}

/// A well-formed 身份证 number of the district 999999, which does not exist.
fn id_no(dice: &mut fastrand::Rng) -> String {
    let body = format!("99999919900101{:03}", dice.u16(..1000));
    let sum: u32 = body.bytes().zip(ID_WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    format!("{body}{}", char::from(b"10X98765432"[(sum % 11) as usize]))
}
