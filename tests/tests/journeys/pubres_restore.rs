//! A pubres platform and the whole gateway: sealed before the opening, revealed after it.

use crate::pubres::{Held, Journey, SEALED};
use crate::world::{BY_ITSELF, BY_OPERATOR, World};
use domain::{GuaranteeKind, GuaranteeState};
use gateway_tests::pubres::{Platform, sixteen_bytes};
use sandbox::Entry;
use sandbox::pubres::{Bidder, Cipher, Digest, IvMember, KeyForm, Request, TextForm};

impl Journey<'_> {
    fn restore(&self, held: &Held) -> Request {
        held.bidder.restore(self.partner.safe(), &held.baohanno, sandbox::now())
    }

    async fn revealed(&self, bidder: &Bidder) -> Entry {
        self.heard("restorenotice", &[("applyno", &bidder.applyno())]).await
    }

    /// The plain text of all four fields is known to the gateway, and the ciphertext kept as it was sent.
    async fn is_open(&self, bidder: &Bidder) {
        let order = self.order(bidder).await;
        let known = order.known_application();
        for (field, (name, plain)) in SEALED.into_iter().zip(bidder.tender()) {
            assert_eq!(known.field(field), plain, "{name}");
            assert_ne!(order.application.field(field), plain, "{name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sealed_stays_sealed_until_the_key_comes() {
    let platform = Platform::open("pubres-sealed").await.expect("a receiver");
    let world = World::start("pubres-sealed", &[platform.file(BY_ITSELF, "")]);
    let journey = Journey::new(&world, &platform);
    let bidder = Bidder::new(9, 1, sandbox::now());
    let application = journey.applied(&bidder).await;
    let held = journey.hold(bidder).await;

    let order = journey.order(&held.bidder).await;
    assert_eq!(order.application.sealed, SEALED);
    for (field, (name, _)) in SEALED.into_iter().zip(held.bidder.tender()) {
        assert_eq!(order.application.field(field), application.text(name), "exactly as received");
    }
    let sealed = order.guarantee.expect("a guarantee");
    assert_eq!((sealed.kind, sealed.no.as_str()), (GuaranteeKind::Sealed, held.baohanno.as_str()));
    assert_eq!(sealed.document.sha256, held.notice.text("baohanfile_sha256"));

    // A wrong key changes nothing, and the right one may still come.
    let (now, safe) = (sandbox::now(), journey.partner.safe());
    let wrong = held.bidder.restore_wrongly(safe, &held.baohanno, now);
    for _ in 0..2 {
        journey.refused(&wrong).await;
    }
    assert!(journey.refused(&wrong.clone().with("key", "no key at all")).await.contains("加密的key"));
    let untouched = journey.order(&held.bidder).await;
    assert!(untouched.revealed.is_none() && untouched.version == order.version);

    let right = journey.restore(&held);
    journey.agreed(&right).await;
    let notice = journey.revealed(&held.bidder).await;
    journey.is_open(&held.bidder).await;
    let order = journey.order(&held.bidder).await;
    let open = order.guarantee.as_ref().expect("a guarantee");
    assert_eq!((open.kind, &open.no), (GuaranteeKind::Revealed, &sealed.no));
    assert_eq!(open.document.sha256, notice.text("baohanfile_sha256"));
    assert_eq!(open.earlier.last().map(|edition| &edition.document), Some(&sealed.document), "both are kept");
    assert_ne!(open.document, sealed.document);
    assert_eq!(order.opening().map(|at| at.unix_seconds()), Some(now.unix_timestamp()));

    // The same key again is the same answer; another one, now, a conflict; and nothing is told twice.
    journey.agreed(&right).await;
    journey.refused(&wrong).await;
    let told = platform.receiver.ledger().select(|entry| entry.method == "restorenotice");
    assert_eq!(told.len(), 1);

    // PR-21: on the other side of the opening.
    assert!(journey.refused(&held.bidder.quit(&held.baohanno)).await.contains("已过开标时间"));
    journey.agreed(&held.bidder.cancel(&held.baohanno)).await;
    let order = journey.order(&held.bidder).await;
    assert_eq!(order.guarantee.expect("a guarantee").state, GuaranteeState::Released);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_before_the_guarantee_waits_for_it() {
    let platform = Platform::open("pubres-early").await.expect("a receiver");
    let world = World::start("pubres-early", &[platform.file(BY_OPERATOR, "")]);
    let journey = Journey::new(&world, &platform);
    let bidder = Bidder::new(9, 2, sandbox::now());
    journey.applied(&bidder).await;
    let early = bidder.restore(journey.partner.safe(), "", sandbox::now());
    journey.refused(&bidder.restore_wrongly(journey.partner.safe(), "", sandbox::now())).await;
    journey.agreed(&early).await;
    journey.is_open(&bidder).await;
    assert!(journey.order(&bidder).await.guarantee.is_none());

    let no = bidder.applyno();
    world.baohan(&["decide", "order", &no, "--approve"]);
    let premium = journey.order(&bidder).await.premium.expect("a quote").to_string();
    world.baohan(&["pay", &no, "--amount", &premium]);
    journey.hold(bidder.clone()).await;
    journey.revealed(&bidder).await;
    let order = journey.order(&bidder).await;
    assert_eq!(order.guarantee.expect("a guarantee").kind, GuaranteeKind::Revealed);
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_come_in_every_form_and_messages_in_every_hand() {
    let iv = sixteen_bytes();
    let hexadecimal = Platform::open_with("pubres-hex", |settings| {
        settings.sealing.key = KeyForm::Hex;
        settings.sealing.text = TextForm::HexUpper;
        settings.variants.digest = Digest::Hmac;
    });
    let raw = Platform::open_with("pubres-raw", |settings| {
        settings.sealing.key = KeyForm::Raw;
        settings.variants.digest = Digest::Prefix;
        settings.variants.upper = true;
    });
    let wrapped = Platform::open_with("pubres-wrapped", |settings| {
        settings.sealing.key = KeyForm::Wrapped;
        settings.sealing.kek = Some(iv.clone());
        settings.variants.digest = Digest::Key;
        settings.variants.iv = IvMember::Empty;
    });
    let chained = Platform::open_with("pubres-cbc", |settings| {
        settings.sealing.cipher = Cipher::Cbc;
        settings.sealing.iv = Some(iv.clone());
        settings.variants.iv = IvMember::Sent;
    });
    let agreed = Platform::open_with("pubres-agreed", |settings| {
        settings.sealing.cipher = Cipher::Cbc;
        settings.sealing.iv = Some(iv.clone());
        settings.sealing.fixed_key = Some(iv.clone());
        settings.variants.code_number = true;
        settings.variants.msg = true;
    });
    let lines = [
        "sign = { digest = \"hmac_sm3\" }",
        "sign = { secret = { prefix = \"&\" }, hex = \"upper\" }\ncode = \"int\"",
        "key_wrap = \"file:pubres-wrapped.iv\"\nsign = { secret = { suffix = \"&key=\" } }",
        "sealed = \"detect\"",
        "seal_iv = \"file:pubres-agreed.iv\"\nfixed_key = \"file:pubres-agreed.iv\"",
    ];
    let platforms = [hexadecimal.await, raw.await, wrapped.await, chained.await, agreed.await];
    let platforms = platforms.map(|platform| platform.expect("a receiver"));
    let files: Vec<_> =
        platforms.iter().zip(lines).map(|(platform, lines)| platform.file(BY_ITSELF, lines)).collect();
    let world = World::start("pubres-keys", &files);
    for (n, platform) in (3..).zip(&platforms) {
        let journey = Journey::new(&world, platform);
        let held = journey.held(n).await;
        journey.agreed(&journey.restore(&held)).await;
        journey.revealed(&held.bidder).await;
        journey.is_open(&held.bidder).await;
        let odd = platform.receiver.ledger().select(|entry| !entry.good());
        assert!(odd.is_empty(), "{}: {odd:#?}", platform.id);
    }
}
