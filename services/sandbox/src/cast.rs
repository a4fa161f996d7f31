//! The people and companies of all samples: well-formed, the same for the same dice, and nobody.

const NAMES: [&str; 12] =
    ["宏远", "恒筑", "华岳", "鼎新", "瑞川", "通衢", "金梁", "安澜", "广厦", "立诚", "平湖", "景行"];
const TRADES: [&str; 6] = ["建设工程", "市政工程", "水利建设", "园林绿化", "机电安装", "路桥工程"];
const PEOPLE: [&str; 8] = ["张三", "李四", "王五", "赵六", "钱七", "孙八", "周九", "吴十"];
/// Characters of a 统一社会信用代码 (GB 32100): no I, O, S, V, Z.
const CREDIT_CODE: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const CREDIT_WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const ID_WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

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
