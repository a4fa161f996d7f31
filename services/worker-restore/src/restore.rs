//! 还原: the released key opens every sealed field, or nothing is changed and it may come again.

use crypto::Iv;
use crypto::sealed::{Cipher, Opener, RestoreKey, Wrapping, looks_sealed, open_field};
use domain::{
    GuaranteeKind, Order, Private, Product, Refusal, Reply, RestoreOrder, Revealed, SealCipher, SealedField,
};
use serde_json::json;
use std::collections::BTreeMap;
use store::Event;
use worker::{Desk, Failure, Handled, Press, issue_revealed};

/// Opens the sealed fields of an order and issues the revealed guarantee, now or as soon as there is a sealed one.
pub(crate) async fn restore(desk: &mut Desk, press: &Press, key: &RestoreOrder) -> Handled {
    let mut order = find(desk, key).await?;
    let policy = desk.policy(&order.origin)?;
    if order.application.sealed.is_empty() {
        return Err(Refusal::not_now("该订单没有密文字段，无需还原").into());
    }
    if order.state.is_final() && order.guarantee.is_none() {
        return Err(order.guarantee().err().unwrap_or_else(|| Refusal::unknown("保函")).into());
    }
    let fields = open_all(&order, key).inspect_err(|_| {
        tracing::warn!(order = %order.no, partner = %order.origin.partner, "restore_failed: the released key does not open every sealed field");
    })?;
    if let Some(known) = &order.revealed {
        // A key in another form that opens the same is no contradiction.
        return if known.fields == fields {
            Ok(Reply::Accepted { no: order.no })
        } else {
            Err(Refusal::not_now("保函已还原，不能使用其他密钥再次还原").into())
        };
    }
    take_opening(&mut order, key);
    let opened = fields.len();
    order.reveal(Revealed { fields, at: desk.now });
    desk.work.note(&order, Event { what: "fields_revealed", detail: json!({ "fields": opened }) });
    let sealed_is_out = order.guarantee.as_ref().is_some_and(|sealed| sealed.kind == GuaranteeKind::Sealed);
    if sealed_is_out {
        issue_revealed(desk, press, &mut order, &policy).await?;
    }
    desk.work.save(&order)?;
    Ok(Reply::Accepted { no: order.no })
}

async fn find(desk: &mut Desk, key: &RestoreOrder) -> Result<Order, Failure> {
    let partner = desk.origin.partner.clone();
    if !key.guarantee_no.as_str().is_empty()
        && let Some(order) = desk.work.order_of_guarantee(&partner, &key.guarantee_no).await?
    {
        return Ok(order);
    }
    let order = match key.business_no.as_str() {
        "" => None,
        number => desk.work.order_of_business(&partner, number).await?,
    };
    // A quoted guarantee must be this order's; before issue the partner can only have made the number up.
    let fits = |order: &Order| key.guarantee_no.as_str().is_empty() || order.guarantee.is_none();
    Ok(order.filter(fits).ok_or_else(|| Refusal::unknown("保函"))?)
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
