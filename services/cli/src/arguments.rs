//! The command line: what an operator may say, and in which words.

mod institution;
mod partner;
mod watch;

pub(crate) use institution::{Ask, Inquiry, PayClaim, Start, TaskList, Tasks};
pub(crate) use partner::{Change, GuideOf, Lang, NewPartner, Pause, Rotate};
pub(crate) use watch::{Audit, AuditList, Doctor, Reconcile, Rejected, RejectedList};

use crate::moment;
use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};
use domain::{Money, OrderState, PartnerId, Subject, Timestamp};
use std::path::PathBuf;
use store::CallbackState;

/// The operator's tool of Baohan Gateway (保函网关).
#[derive(Debug, Parser)]
#[command(name = "baohan", version, about, propagate_version = true)]
pub(crate) struct Baohan {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) act: Act,
}

/// What every command understands.
#[derive(Debug, Args)]
pub(crate) struct Common {
    /// Settings file; repeat it for several. Several in GATEWAY_CONFIG are separated by ':'.
    #[arg(long, global = true, value_name = "FILE", env = "GATEWAY_CONFIG", value_delimiter = ':')]
    pub(crate) config: Vec<PathBuf>,
    /// Print one JSON value instead of tables.
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Act {
    /// Tell every mistake in the settings, and sign a sample with each partner's keys.
    Check,
    /// Bring the database up to date.
    Migrate,
    /// Look at orders (保函申请).
    #[command(subcommand)]
    Orders(Orders),
    /// Decide what waits for the institution (审核).
    Decide(Decide),
    /// Book the premium of an order (保费到账).
    Pay(Pay),
    /// End an order before its guarantee is issued (放弃).
    Withdraw(Start),
    /// Refund a guarantee before opening (退保): it ends and the premium goes back.
    Refund(Start),
    /// Release a guarantee after opening (注销): it ends.
    Release(Start),
    /// Book the payment of an approved claim (赔付).
    PayClaim(PayClaim),
    /// Ask a partner something, where its protocol answers questions.
    Inquire(Inquiry),
    /// What a person has to look after (待办).
    #[command(subcommand)]
    Tasks(Tasks),
    /// Look at what partners were told, and tell them again (回调).
    #[command(subcommand)]
    Callbacks(Callbacks),
    /// Look at what nobody could handle, and send it again or discard it.
    #[command(subcommand)]
    Parked(Parked),
    /// Take on a partner, and change it while everything runs: pause, resume, new keys beside the old (平台).
    #[command(subcommand)]
    Partner(Change),
    /// Look at the keys under which what is kept is sealed, and change them (密钥轮换).
    #[command(subcommand)]
    Keys(Keys),
    /// Tell whether a signed document is genuine (验真); exit code 0 only if it is valid, unmodified and trusted.
    Verify(Verify),
    /// Tell why a captured request does not prove itself, and which setting to change (验签诊断).
    Doctor(Doctor),
    /// Look at requests that were turned away, which are kept for some days.
    #[command(subcommand)]
    Rejected(Rejected),
    /// List what does not add up in orders, callbacks, queues and documents, with what mends it (对账).
    Reconcile(Reconcile),
    /// Look at what operators did, and verify that nobody changed it (审计).
    #[command(subcommand)]
    Audit(Audit),
    /// Play a partner: send one request to a running ingress, with that partner's own settings.
    Send(Send),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Keys {
    /// Show how many values need which key.
    Status,
    /// Seal everything anew under the current key, beside running workers; audited. Ended early, it may be begun again.
    Rotate {
        #[command(flatten)]
        by: By,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The document, PDF.
    pub(crate) file: PathBuf,
    /// Root certificates to believe, PEM. Default: documents.trust of the settings.
    #[arg(long, value_name = "PEM")]
    pub(crate) trust: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Orders {
    /// List orders, newest first.
    List(OrderList),
    /// Show the whole story of one order.
    Show {
        /// Acceptance number (of the order or a case of it), guarantee number, or the partner's business number.
        no: String,
        /// Show personal data.
        #[arg(long)]
        reveal: bool,
    },
}

#[derive(Debug, Args)]
pub(crate) struct OrderList {
    /// Of this partner.
    #[arg(long, value_parser = partner)]
    pub(crate) partner: Option<PartnerId>,
    /// In this state: reviewing, awaiting_payment, paid, issued, rejected, withdrawn.
    #[arg(long, value_parser = order_state)]
    pub(crate) state: Option<OrderState>,
    /// Not older than this: 90m, 24h, 7d, 2026-11-22 or "2026-11-22 18:00" (Shanghai).
    #[arg(long, value_parser = moment::since)]
    pub(crate) since: Option<Timestamp>,
    /// At most so many.
    #[arg(long, default_value_t = 50)]
    pub(crate) limit: u32,
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("verdict").required(true).args(["approve", "refuse"]))]
pub(crate) struct Decide {
    /// What is decided.
    pub(crate) subject: What,
    /// Its acceptance number; for an order also its business or guarantee number, for a case also its guarantee's.
    pub(crate) no: String,
    /// Yes.
    #[arg(long)]
    pub(crate) approve: bool,
    /// No, for this reason, which the partner is told.
    #[arg(long, value_name = "REASON")]
    pub(crate) refuse: Option<String>,
    /// 发票代码 and 发票号码 from the tax system, for an approved invoice.
    #[arg(long, num_args = 2, value_names = ["CODE", "NUMBER"])]
    pub(crate) invoice: Option<Vec<String>>,
    /// For an approved claim: what is paid, if less than demanded; for a credit line: its limit. Yuan.
    #[arg(long, value_parser = Money::parse, value_name = "YUAN")]
    pub(crate) limit: Option<Money>,
    /// For an approved credit line: until when, `2027-11-22T00:00:00Z`.
    #[arg(long, value_parser = instant, value_name = "TIME")]
    pub(crate) until: Option<Timestamp>,
    #[command(flatten)]
    pub(crate) by: By,
    #[command(flatten)]
    pub(crate) patience: Patience,
}

#[derive(Debug, Args)]
pub(crate) struct Pay {
    /// The order: acceptance number or business number.
    pub(crate) no: String,
    /// The amount received, yuan.
    #[arg(long, value_parser = Money::parse)]
    pub(crate) amount: Money,
    /// The bank's reference.
    #[arg(long, default_value = "")]
    pub(crate) reference: String,
    #[command(flatten)]
    pub(crate) by: By,
    #[command(flatten)]
    pub(crate) patience: Patience,
}

#[derive(Debug, Args)]
pub(crate) struct By {
    /// Who orders it, for the audit.
    #[arg(long, global = true, value_name = "NAME", env = "USER", default_value = SOMEBODY, hide_env_values = true, value_parser = who)]
    pub(crate) by: String,
}

#[derive(Debug, Args)]
pub(crate) struct Patience {
    /// How long to wait for the worker's answer, seconds.
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 10)]
    pub(crate) wait: u64,
}

/// What can be decided.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum What {
    /// 保函申请
    Order,
    /// 索赔
    Claim,
    /// 发票
    Invoice,
    /// 退保
    Refund,
    /// 撤销
    Release,
    /// 授信
    Credit,
    /// 理赔撤回
    ClaimRevocation,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Callbacks {
    /// List callbacks, newest first.
    List(CallbackList),
    /// Tell partners again: callbacks by id, or all that a filter finds.
    Replay(CallbackReplay),
    /// Queue what is due and was not queued, as worker-callback does by itself while it runs.
    Sweep(By),
}

#[derive(Debug, Args)]
pub(crate) struct CallbackList {
    #[command(flatten)]
    pub(crate) filter: CallbackFilter,
    /// At most so many.
    #[arg(long, default_value_t = 50)]
    pub(crate) limit: u32,
}

#[derive(Debug, Args)]
pub(crate) struct CallbackFilter {
    /// In this state: pending, delivered, parked, silent.
    #[arg(long, value_parser = callback_state)]
    pub(crate) state: Option<CallbackState>,
    /// Of this partner.
    #[arg(long, value_parser = partner)]
    pub(crate) partner: Option<PartnerId>,
    /// About this order: any of its numbers.
    #[arg(long, value_name = "NO")]
    pub(crate) order: Option<String>,
    /// Not older than this: 90m, 24h, 7d, 2026-11-22 or "2026-11-22 18:00" (Shanghai).
    #[arg(long, value_parser = moment::since)]
    pub(crate) since: Option<Timestamp>,
}

#[derive(Debug, Args)]
pub(crate) struct CallbackReplay {
    /// Ids, as `callbacks list` shows them.
    #[arg(value_name = "ID", conflicts_with_all = ["state", "partner", "order", "since"])]
    pub(crate) ids: Vec<String>,
    #[command(flatten)]
    pub(crate) filter: CallbackFilter,
    /// At most so many.
    #[arg(long, default_value_t = 1000)]
    pub(crate) limit: u32,
    /// Only say what would be sent.
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) by: By,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Parked {
    /// List parked messages and given-up callbacks.
    List {
        /// Only this queue: park.cmd, park.egress or unrouted.
        #[arg(long, value_parser = park)]
        queue: Option<String>,
        /// At most so many of each queue.
        #[arg(long, default_value_t = 100)]
        limit: u32,
    },
    /// Show one: why it was parked, and what it says.
    Show {
        /// Its id, as `parked list` shows it.
        id: String,
        /// Only in this queue.
        #[arg(long, value_parser = park)]
        queue: Option<String>,
        /// Show personal data.
        #[arg(long)]
        reveal: bool,
    },
    /// Send parked messages again where they came from, as if for the first time; audited.
    Replay(ParkedPick),
    /// Forget parked messages for good; audited.
    Discard(ParkedPick),
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("which").required(true).args(["ids", "all"]))]
pub(crate) struct ParkedPick {
    /// Ids, as `parked list` shows them.
    #[arg(value_name = "ID")]
    pub(crate) ids: Vec<String>,
    /// All messages of the queue.
    #[arg(long, requires = "queue")]
    pub(crate) all: bool,
    /// Only in this queue: park.cmd, park.egress or unrouted.
    #[arg(long, value_parser = park)]
    pub(crate) queue: Option<String>,
    /// Only say what would be done.
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) by: By,
}

#[derive(Debug, Args)]
pub(crate) struct Send {
    /// 接口编码, for example apply_guarantee.
    pub(crate) method: String,
    /// Which partner to play; needed if there are several.
    #[arg(long, value_parser = partner)]
    pub(crate) partner: Option<PartnerId>,
    /// Where the ingress listens for this partner; default: the address of the section ingress, and the partner's id.
    #[arg(long, value_name = "URL")]
    pub(crate) to: Option<String>,
    /// File with the plaintext of `data` (JSON), `-` for standard input; default: a sample.
    #[arg(long, value_name = "FILE")]
    pub(crate) data: Option<PathBuf>,
    /// Which bidder plays the sample.
    #[arg(long, default_value_t = 1)]
    pub(crate) bidder: u64,
    /// guarantee_no of the sample.
    #[arg(long, value_name = "NO", default_value = "")]
    pub(crate) guarantee_no: String,
    /// accept_no of the sample.
    #[arg(long, value_name = "NO", default_value = "")]
    pub(crate) accept_no: String,
    /// FIELD=VALUE: another text in a field of the sample.
    #[arg(long, value_name = "FIELD=VALUE")]
    pub(crate) set: Vec<String>,
}

/// Who is written down when nobody says who it is.
const SOMEBODY: &str = "operator";

impl What {
    /// In the language of the domain.
    pub(crate) const fn subject(self) -> Subject {
        match self {
            Self::Order => Subject::Order,
            Self::Claim => Subject::Claim,
            Self::Invoice => Subject::Invoice,
            Self::Refund => Subject::Refund,
            Self::Release => Subject::Release,
            Self::Credit => Subject::Credit,
            Self::ClaimRevocation => Subject::ClaimRevocation,
        }
    }
}

fn who(text: &str) -> Result<String, std::convert::Infallible> {
    let name = text.trim();
    Ok(if name.is_empty() { SOMEBODY } else { name }.to_owned())
}

fn instant(text: &str) -> Result<Timestamp, String> {
    Timestamp::try_from(text.to_owned()).map_err(|_| "write it as 2027-11-22T00:00:00Z".to_owned())
}

fn partner(text: &str) -> Result<PartnerId, String> {
    PartnerId::parse(text).map_err(|bad| bad.to_string())
}

fn order_state(text: &str) -> Result<OrderState, String> {
    let words = OrderState::ALL.map(OrderState::word).join(", ");
    OrderState::ALL.into_iter().find(|state| state.word() == text).ok_or(format!("write one of {words}"))
}

fn callback_state(text: &str) -> Result<CallbackState, String> {
    use CallbackState::{Delivered, Parked, Pending, Silent};
    let all = [Pending, Delivered, Parked, Silent];
    let words = all.map(CallbackState::word).join(", ");
    all.into_iter().find(|state| state.word() == text).ok_or(format!("write one of {words}"))
}

fn park(text: &str) -> Result<String, String> {
    let parks = broker::topology::PARKS;
    if parks.contains(&text) {
        Ok(text.to_owned())
    } else {
        Err(format!("write one of {}", parks.join(", ")))
    }
}
