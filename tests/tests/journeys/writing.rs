//! Every way in which WIRE.md has seen a platform of this document write: all sixteen interfaces in each of them.

use crate::world::{BY_ITSELF, PATIENCE, World};
use gateway_tests::platform::Platform;
use gateway_tests::settings::LONG_KEY;
use sandbox::finserv::story::Story;
use sandbox::finserv::{AesKeyForm, Clock, Joint, Settings, Times};

/// A platform's habits, and what its file on our side says about them.
struct Habit {
    id: &'static str,
    change: fn(&mut Settings),
    lines: &'static str,
}

const HABITS: &[Habit] = &[
    Habit {
        id: "finserv-bare",
        change: |platform| {
            platform.variants.joint = Joint::Bare;
            platform.variants.upper = true;
            platform.variants.times = Times::Tight;
        },
        lines: "sign = { secret_joiner = \"\" }\nbody = \"form\"",
    },
    Habit {
        id: "finserv-old-java",
        change: |platform| {
            platform.variants.joint = Joint::SecretKey;
            platform.variants.line_breaks = true;
            platform.variants.stray_blanks = true;
            platform.variants.extras = [("version", "5.0.9"), ("platform_id", "1")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into();
        },
        lines: "sign = { secret_joiner = \"&secret_key=\" }",
    },
    Habit {
        id: "finserv-long-key",
        change: |platform| {
            platform.aes_key = Some(LONG_KEY.to_owned());
            platform.aes_key_form = AesKeyForm::Base64;
            platform.variants.numbers = true;
            platform.variants.times = Times::Seconds;
            platform.variants.content_type = Some("text/plain".to_owned());
        },
        lines: "aes_key = \"file:finserv-long-key.aes\"\nkey_form = \"base64\"",
    },
    Habit {
        id: "finserv-twelve",
        change: |platform| {
            platform.variants.clock = Clock::H12;
            platform.variants.skip_empty = true;
            platform.variants.trim = false;
        },
        lines: "created = \"12h\"\nsign = { empties = \"skip\", trim = false }",
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn every_way_of_writing_is_understood() {
    let mut platforms = Vec::new();
    for habit in HABITS {
        platforms.push(Platform::open_with(habit.id, habit.change).await.expect("a receiver"));
    }
    let files: Vec<_> = platforms
        .iter()
        .zip(HABITS)
        .map(|(platform, habit)| platform.file_with(BY_ITSELF, habit.lines))
        .collect();
    let world = World::start("writing", &files);
    for platform in &platforms {
        let partner = platform.partner(&world.gateway).expect("keys");
        let rows = Story::new(&partner, &platform.receiver, PATIENCE, |_| {}).expect("keys").play(1).await;
        let wrong: Vec<_> = rows.iter().filter(|row| !row.good).collect();
        assert!(wrong.is_empty(), "{}: {wrong:#?}", platform.id);
    }
}
