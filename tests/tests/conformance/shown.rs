//! Where what is easily forgotten is shown: each line names a test that is there.

/// What, in which file, by which test.
pub(crate) const SHOWN: &[(&str, &str, &str)] = &[
    (
        "fuzhou: the token expires in the middle of a push, 1006",
        "tests/tests/journeys/fuzhou.rs",
        "a_token_dies_while_there_is_something_to_tell",
    ),
    (
        "fuzhou: 1006 takes no attempt",
        "shared/egress/tests/learning.rs",
        "a_token_that_is_over_is_renewed_within_the_attempt",
    ),
    (
        "fuzhou: one token for all, asked for once",
        "shared/egress/tests/learning.rs",
        "one_token_serves_all_and_what_a_reply_says_reaches_the_worker",
    ),
    (
        "fuzhou: return_url of a foreign host",
        "tests/tests/journeys/fuzhou.rs",
        "strangers_and_every_way_of_writing",
    ),
    (
        "fuzhou: paddings, percent-encoding, empty values",
        "shared/protocol-fuzhou/tests/fixtures.rs",
        "every_way_of_writing_a_push_is_read",
    ),
    (
        "fuzhou: multipart in both directions",
        "shared/protocol-fuzhou/tests/fixtures.rs",
        "what_we_tell_says_and_signs_what_an_independent_program_does",
    ),
    (
        "fuzhou: a push repeated by the platform's schedule",
        "services/sandbox/tests/fuzhou/pushes.rs",
        "a_push_is_repeated_until_it_is_acknowledged_in_any_spelling",
    ),
    (
        "fuzhou: repeats change nothing, a late cancellation",
        "tests/tests/journeys/fuzhou.rs",
        "repeats_change_nothing_and_a_late_cancellation_is_acknowledged",
    ),
    (
        "Chinese characters on chunk borders",
        "shared/crypto/tests/rsa.rs",
        "a_character_may_straddle_two_chunks",
    ),
    (
        "yueyang: wrong key, repeated key, revocations, claim and release only after opening",
        "tests/tests/journeys/yueyang.rs",
        "what_cannot_be_is_refused_and_what_is_repeated_happens_once",
    ),
    (
        "yueyang: no application after bzjEndTime (YY-30)",
        "shared/protocol-yueyang/src/calls/place_order/tests.rs",
        "after_the_deadline_no_guarantee_is_sold",
    ),
    (
        "yueyang: a claim's revocation waits for an operator (YY-25)",
        "tests/tests/journeys/yueyang.rs",
        "all_twenty_three_interfaces_have_their_turn",
    ),
    (
        "yueyang: all other manners of speaking",
        "tests/tests/journeys/yueyang.rs",
        "a_platform_with_other_habits_is_understood",
    ),
    (
        "yueyang: whole bodies under RSA",
        "tests/tests/journeys/yueyang.rs",
        "a_platform_that_encrypts_everything_is_understood",
    ),
];
