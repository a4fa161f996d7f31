//! 还原: the released key opens every sealed field, or nothing is changed and it may come again.

use boot::Metrics;
use boot::metrics::Counters;
use crypto::Iv;
use crypto::sealed::{Cipher, Opener, RestoreKey, Wrapping, looks_sealed, open_field};
use domain::{
    Guarantee, Order, OrderState, Private, Product, Refusal, RefusalKind, Reply, RestoreOrder, Revealed,
    SealCipher, SealedField,
};
use serde_json::json;
use std::collections::BTreeMap;
use store::Event;
use worker::{Desk, Failure, Handled, Press, issue_revealed, named_order};

/// What came of keys.
#[derive(Debug)]
pub(crate) struct Keys(Counters<1>);

impl Keys {
    /// Counts `revealed`, `waiting`, `repeated`, `conflict` and `failed`.
    pub(crate) fn counted(metrics: &Metrics) -> Self {
        Self(metrics.counters("worker_restore_keys", "Restore keys, by what came of them", ["result"]))
    }

    fn count(&self, result: &'static str) {
        self.0.with([result]).inc();
    }
}

/// Opens the sealed fields of an order and issues the revealed guarantee, now or as soon as there is a sealed one.
pub(crate) async fn restore(desk: &mut Desk, press: &Press, keys: &Keys, key: &RestoreOrder) -> Handled {
    let mut order = find(desk, key).await?;
    let policy = desk.policy(&order.origin)?;
    must_be_sealed(&order)?;
    let opened = boot::heavy(|| open_all(&order, key));
    if let Some(known) = &order.revealed {
        // A key in another form that opens the same is no contradiction.
        let same = opened.is_ok_and(|fields| fields == known.fields);
        keys.count(if same { "repeated" } else { "conflict" });
        return if same { Ok(Reply::Accepted { no: order.no }) } else { Err(other_key().into()) };
    }
    let fields = opened.inspect_err(|_| failed(keys, &order))?;
    take_opening(&mut order, key);
    let opened = fields.len();
    order.reveal(Revealed { fields, at: desk.now });
    desk.work.note(&order, Event { what: "fields_revealed", detail: json!({ "fields": opened }) });
    if order.guarantee.is_some() {
        issue_revealed(desk, press, &mut order, &policy).await?;
    }
    keys.count(if order.guarantee.is_some() { "revealed" } else { "waiting" });
    desk.work.save(&order)?;
    Ok(Reply::Accepted { no: order.no })
}

/// There is something to open, and it still matters: neither order nor guarantee has ended.
fn must_be_sealed(order: &Order) -> Result<(), Refusal> {
    if order.state == OrderState::Announced || (order.state.is_final() && order.guarantee.is_none()) {
        return order.guarantee().map(drop);
    }
    if order.application.sealed.is_empty() {
        return Err(Refusal::not_now("该订单没有密文字段，无需还原"));
    }
    order.guarantee.as_ref().map_or(Ok(()), Guarantee::must_be_in_force)
}

/// For whoever watches: a partner released a key that is not the one its orders were sealed with.
fn failed(keys: &Keys, order: &Order) {
    keys.count("failed");
    let (no, partner) = (&order.no, &order.origin.partner);
    tracing::error!(order = %no, %partner, "restore_failed: the released key does not open every sealed field");
}

fn other_key() -> Refusal {
    Refusal {
        kind: RefusalKind::Conflict, say: "保函已还原，不能使用其他密钥再次还原".to_owned()
    }
}

async fn find(desk: &mut Desk, key: &RestoreOrder) -> Result<Order, Failure> {
    let order = named_order(desk, &key.guarantee_no, [&key.business_no, ""]).await?;
    Ok(order.ok_or_else(|| Refusal::unknown("保函"))?)
}

fn open_all(order: &Order, key: &RestoreOrder) -> Result<BTreeMap<SealedField, Private>, Refusal> {
    let unfit = || Refusal::against_rules("密钥无法解密全部密文字段，请核对后重新发送");
    let openers: Vec<Opener> = key.openers.iter().filter_map(opener).flatten().collect();
    let mut opened = BTreeMap::new();
    for field in &order.application.sealed {
        let text = order.application.field(*field);
        if !key.plain_allowed && !looks_sealed(text) {
            return Err(unfit());
        }
        let plain = open_field(&openers, text).map_err(|_| unfit())?;
        opened.insert(*field, Private::from(plain));
    }
    Ok(opened)
}

/// The protocol wrote the key in hexadecimal, one of the forms that are read.
fn opener(opener: &domain::Opener) -> Option<Vec<Opener>> {
    let key = RestoreKey::read(opener.key.expose(), &Wrapping::default()).ok()?;
    let iv = hex::decode(opener.iv.expose()).ok()?;
    let iv = if iv.is_empty() { Iv::Key } else { Iv::Given(&iv) };
    key.openers(&[cipher(opener.cipher)], iv).ok()
}

const fn cipher(cipher: SealCipher) -> Cipher {
    match cipher {
        SealCipher::Sm4Ecb => Cipher::Sm4Ecb,
        SealCipher::Sm4Cbc => Cipher::Sm4Cbc,
        SealCipher::AesEcb => Cipher::AesEcb,
        SealCipher::AesCbc => Cipher::AesCbc,
        SealCipher::RsaPublic => Cipher::RsaPublic,
        SealCipher::RsaPrivate => Cipher::RsaPrivate,
    }
}

/// PR-13: some partners tell the opening only now.
fn take_opening(order: &mut Order, key: &RestoreOrder) {
    if let Product::Bid { opening: opening @ None, .. } = &mut order.application.product {
        *opening = key.opening;
    }
}
