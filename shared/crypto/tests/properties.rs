//! What must hold for any key, any text and any set of fields, not only for the golden ones.
#![allow(clippy::unwrap_used, reason = "a test says what is wrong by panicking, wherever it stands")]

use crypto::aes::Aes;
use crypto::canonical::{
    Digest, HexCase, NullAs, Number, Placement, Profile, Skip, Sort, Token, first_match,
};
use crypto::secret::Secret;
use crypto::sm4::Sm4;
use crypto::text::{self, Encoding};
use crypto::{Undecipherable, digest};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn any_aes() -> impl Strategy<Value = Aes> {
    let key = prop_oneof![Just(16), Just(24), Just(32)]
        .prop_flat_map(|length: usize| prop::collection::vec(any::<u8>(), length));
    (key, prop::option::of(any::<[u8; 16]>())).prop_map(|(key, iv)| match iv {
        Some(iv) => Aes::cbc(&key, &iv).unwrap(),
        None => Aes::ecb(&key).unwrap(),
    })
}

fn any_profile() -> impl Strategy<Value = Profile> {
    let place = prop_oneof![
        "[&a-z=]{0,6}".prop_map(Placement::Suffix),
        "[&a-z=]{0,6}".prop_map(Placement::Prefix),
        Just(Placement::Wrap),
    ];
    let skip = prop::sample::select(vec![Skip::None, Skip::Null, Skip::Empty, Skip::Blank, Skip::PhpFalsy]);
    let (sort, digest) = (
        prop::sample::select(vec![Sort::Ascii, Sort::AsciiCi]),
        prop::sample::select(vec![Digest::Md5, Digest::Sm3]),
    );
    (place, skip, sort, digest, any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |(secret, skip, sort, digest, trim, upper, word)| Profile {
            secret,
            skip,
            sort,
            digest,
            trim,
            hex: if upper { HexCase::Upper } else { HexCase::Lower },
            null_as: if word { NullAs::Word } else { NullAs::Empty },
            ..Profile::default()
        },
    )
}

fn any_fields() -> impl Strategy<Value = Vec<(String, Option<String>)>> {
    let fields = prop::collection::btree_map("[A-Za-z_]{1,8}", prop::option::of("[ \t0a-z保函]{0,6}"), 1..12);
    fields.prop_map(|fields: BTreeMap<_, _>| fields.into_iter().collect::<Vec<_>>()).prop_shuffle()
}

fn borrowed(fields: &[(String, Option<String>)]) -> Vec<(&str, Option<&str>)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_deref())).collect()
}

/// PKCS#7 as its definition reads, without care for timing.
fn plainly_unpadded(padded: &[u8]) -> Option<&[u8]> {
    let count = usize::from(*padded.last()?);
    let (rest, padding) = padded.split_at_checked(padded.len().checked_sub(count)?)?;
    ((1..=16).contains(&count) && padding.iter().all(|byte| usize::from(*byte) == count)).then_some(rest)
}

proptest! {
    #[test]
    fn aes_opens_what_it_sealed(aes in any_aes(), plain in prop::collection::vec(any::<u8>(), 0..200)) {
        let sealed = aes.encrypt(&plain);
        prop_assert_eq!(sealed.len(), (plain.len() / 16 + 1) * 16);
        prop_assert_eq!(aes.decrypt(sealed), Ok(plain));
    }

    #[test]
    fn sm4_opens_what_it_sealed(key: [u8; 16], iv: [u8; 16], plain in prop::collection::vec(any::<u8>(), 0..200)) {
        for sm4 in [Sm4::ecb(&key).unwrap(), Sm4::cbc(&key, &iv).unwrap()] {
            prop_assert_eq!(sm4.decrypt(sm4.encrypt(&plain)), Ok(plain.clone()));
        }
    }

    #[test]
    fn padding_is_judged_as_its_definition_says(
        aes in any_aes(),
        head in any::<[u8; 16]>(),
        count in 0_u8..20,
        damage in prop::option::of((0_usize..16, any::<u8>())),
    ) {
        let mut padded = [head, [7; 16]].concat();
        let from = 32 - usize::from(count.min(16));
        padded[from..].fill(count);
        padded[31] = count;
        if let Some((index, byte)) = damage {
            padded[16 + index] = byte;
        }
        // A whole number of blocks, sealed and cut before the padding block, is the raw encryption.
        let sealed = aes.encrypt(&padded)[..32].to_vec();
        prop_assert_eq!(aes.decrypt(sealed).ok(), plainly_unpadded(&padded).map(<[u8]>::to_vec));
    }

    #[test]
    fn lengths_that_are_no_blocks_do_not_open(aes in any_aes(), sealed in prop::collection::vec(any::<u8>(), 0..80)) {
        prop_assume!(sealed.is_empty() || sealed.len() % 16 != 0);
        prop_assert_eq!(aes.decrypt(sealed), Err(Undecipherable));
    }

    #[test]
    fn base64_survives_line_breaks_and_form_decoding(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        width in 1_usize..80,
        line_end in prop::sample::select(vec!["\r\n", "\n", "\t\r\n"]),
    ) {
        let exact = text::to_base64(&bytes);
        let lines: Vec<_> = exact.as_bytes().chunks(width).map(|line| std::str::from_utf8(line).unwrap()).collect();
        let broken = lines.join(line_end) + line_end;
        for form in [exact.clone(), exact.replace('+', " "), broken.clone(), broken.replace('+', " ")] {
            prop_assert_eq!(text::from_base64_tolerant(&form), Ok(bytes.clone()));
            prop_assert_eq!(text::repaired_base64(&form), (form != exact).then(|| exact.clone()));
            prop_assert_eq!(text::from_base64(&form).is_ok(), form == exact);
        }
    }

    #[test]
    fn blanks_that_cannot_be_plus_signs_are_white_space(bytes in prop::collection::vec(any::<u8>(), 1..60)) {
        let padded = format!("  {} ", text::to_base64(&bytes));
        prop_assert_eq!(text::from_base64_tolerant(&padded), Ok(bytes));
    }

    #[test]
    fn hexadecimal_is_recognised_and_answered_in_kind(bytes in prop::collection::vec(any::<u8>(), 1..40)) {
        for form in [Encoding::HexLower, Encoding::HexUpper] {
            let written = form.encode(&bytes);
            let found = Encoding::detect(&written);
            prop_assert_eq!(found.decode(&written), Ok(bytes.clone()));
            let has_letters = written.bytes().any(|byte| byte.is_ascii_alphabetic());
            prop_assert!(found == form || !has_letters);
        }
    }

    #[test]
    fn the_order_of_the_fields_does_not_matter(
        profile in any_profile(),
        (fields, shuffled) in any_fields().prop_flat_map(|fields| (Just(fields.clone()), Just(fields).prop_shuffle())),
    ) {
        let secret = Secret::new("s3cr3t");
        let string = profile.string(&borrowed(&fields), &secret);
        let again = profile.string(&borrowed(&shuffled), &secret);
        prop_assert_eq!(string.expose(), again.expose());
        prop_assert_eq!(profile.sign(&borrowed(&fields), &secret), profile.sign(&borrowed(&shuffled), &secret));
    }

    #[test]
    fn the_signature_is_the_digest_of_the_string(profile in any_profile(), fields in any_fields()) {
        let (fields, secret) = (borrowed(&fields), Secret::new("s3cr3t"));
        let string = profile.string(&fields, &secret);
        let expected = match profile.digest {
            Digest::Md5 => text::to_hex(&digest::md5(string.expose_bytes())),
            Digest::Sm3 => text::to_hex(&digest::sm3(string.expose_bytes())),
            Digest::HmacSm3 => unreachable!("not drawn here: its witness is OpenSSL, in canonical.rs"),
        };
        let sign = profile.sign(&fields, &secret);
        prop_assert_eq!(sign.to_ascii_lowercase(), expected);
        prop_assert!(profile.verify(&fields, &secret, &sign.to_ascii_uppercase()));
        prop_assert!(profile.verify(&fields, &secret, &sign.to_ascii_lowercase()));
        prop_assert!(!profile.verify(&fields, &Secret::new("s3cr3T"), &sign));
    }

    #[test]
    fn a_changed_value_changes_the_signature(fields in any_fields(), which: prop::sample::Index) {
        let (profile, secret) = (Profile::default(), Secret::new("s3cr3t"));
        let sign = profile.sign(&borrowed(&fields), &secret);
        let mut changed = fields;
        let which = which.index(changed.len());
        changed[which].1 = Some(changed[which].1.take().unwrap_or_default() + "x");
        prop_assert!(!profile.verify(&borrowed(&changed), &secret, &sign));
    }

    #[test]
    fn what_is_shown_differs_from_what_is_hashed_only_in_the_secret(profile in any_profile(), fields in any_fields()) {
        let fields = borrowed(&fields);
        let shown = profile.masked(&fields);
        let string = profile.string(&fields, &Secret::new("S3CR3T!"));
        prop_assert!(!shown.contains("S3CR3T!"));
        prop_assert_eq!(shown.replace("***", "S3CR3T!"), string.expose());
    }

    #[test]
    fn the_first_profile_that_fits_is_named(fields in any_fields()) {
        let (fields, secret) = (borrowed(&fields), Secret::new("s3cr3t"));
        let with = |before: &str| Profile { secret: Placement::Suffix(before.into()), ..Profile::default() };
        let accepted = [with("&"), with(""), with("&key=")];
        for (index, profile) in accepted.iter().enumerate() {
            let sign = profile.sign(&fields, &secret);
            prop_assert_eq!(first_match(&accepted, &fields, &secret, &sign), Some(index));
        }
        prop_assert_eq!(first_match(&accepted, &fields, &secret, &with("&secret=").sign(&fields, &secret)), None);
    }

    #[test]
    fn an_amount_keeps_its_value_in_every_spelling(fen in -10_000_000_000_i64..10_000_000_000) {
        let sign = if fen < 0 { "-" } else { "" };
        let exact = format!("{sign}{}.{:02}", fen.abs() / 100, fen.abs() % 100);
        let secret = Secret::new("");
        let spelled = |number, token: &str| {
            let profile = Profile { number, secret: Placement::Suffix(String::new()), ..Profile::default() };
            profile.string(&[("a", Token::Number(token))], &secret).expose()[2..].to_owned()
        };
        prop_assert_eq!(spelled(Number::RawToken, &exact), exact.clone());
        prop_assert_eq!(spelled(Number::Fixed2, &exact), exact.clone());
        prop_assert_eq!(spelled(Number::Fixed2, &format!("{fen}e-2")), exact.clone());
        let double = spelled(Number::JavaDouble, &exact);
        prop_assert_eq!(double.parse::<f64>(), exact.parse::<f64>());
        prop_assert!(double.contains('.'));
    }

    #[test]
    fn no_number_token_is_too_odd(token in "-?[0-9.]{0,5}([eE][-+]?[0-9]{1,19})?") {
        for number in [Number::RawToken, Number::JavaDouble, Number::Fixed2] {
            let profile = Profile { number, ..Profile::default() };
            prop_assert!(profile.masked(&[("a", Token::Number(&token))]).len() < 600);
        }
    }
}
