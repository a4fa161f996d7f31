//! The topology as the definitions file a broker boots with: policies, permissions and all.

use serde_json::{Value, json};

use crate::topology::{
    ASK, CMD, DUE, KINDS, NOTICE, NOUNS, PARK, PARKS, REJECTED, RUNGS, UNROUTED, VHOST, WAIT, ask_queue,
    command_queue, egress_queue, queues, wait_queue,
};

/// A crash loop of a service parks its messages only after this many deliveries of each.
const PATIENCE: u32 = 50;
/// Looking at a parked message counts as a delivery (up to 4.2), and `-1` is refused by 3.10.
const UNLIMITED: u32 = 1_000_000;

/// A rejected request that no worker took for so long is forgotten.
const DAY_MS: u64 = 86_400_000;

/// The contents of `deploy/rabbitmq/definitions.json`: one object a line.
///
/// Passwords are placeholders such as `@PASSWORD_HASH_INGRESS@`, which `deploy/rabbitmq/render` fills in.
#[must_use]
pub fn definitions() -> String {
    let sections = [
        ("users", users()),
        ("vhosts", vec![json!({ "name": VHOST })]),
        ("permissions", permissions()),
        ("topic_permissions", topic_permissions()),
        ("policies", policies()),
        ("exchanges", exchanges()),
        ("queues", queues().iter().map(|name| queue(name)).collect()),
        ("bindings", bindings()),
    ];
    let sections = sections.map(|(name, items)| {
        let items: Vec<String> = items.iter().map(|item| format!("    {item}")).collect();
        format!("  \"{name}\": [\n{}\n  ]", items.join(",\n"))
    });
    format!("{{\n{}\n}}\n", sections.join(",\n"))
}

fn users() -> Vec<Value> {
    let user = |name: &str, tags: &str| {
        json!({
            "name": name, "tags": tags, "limits": {},
            "hashing_algorithm": "rabbit_password_hashing_sha256",
            "password_hash": format!("@PASSWORD_HASH_{}@", name.to_uppercase()),
        })
    };
    // Operators watch; the button that purges a queue stays with the break-glass administrator.
    vec![
        user("ingress", ""),
        user("worker", ""),
        user("egress", ""),
        user("files", ""),
        user("operator", "monitoring"),
        user("admin", "administrator"),
    ]
}

/// Nobody but the administrator may configure: the topology comes from this file alone.
fn permissions() -> Vec<Value> {
    let nouns = NOUNS.join("|");
    let kinds = KINDS.join("|");
    let permission = |user: &str, configure: &str, write: &str, read: &str| json!({ "user": user, "vhost": VHOST, "configure": configure, "write": write, "read": read });
    vec![
        // Replies come over amq.rabbitmq.reply-to, which asks for no permission of the one who waits.
        permission("ingress", "^$", "^(cmd|ask)$", "^$"),
        // A reply is published to the default exchange.
        permission(
            "worker",
            "^$",
            r"^(cmd|notice|amq\.default)$",
            &format!(r"^(cmd|ask)\.({nouns}|{REJECTED})$"),
        ),
        // Tells of reads and asks whether guarantees are genuine; it serves no partner.
        permission("files", "^$", "^(cmd|ask)$", "^$"),
        permission("egress", "^$", "^(wait|cmd)$", &format!(r"^egress\.({kinds})$")),
        // Queue names beside exchanges: from 4.3.1 a queue's depth is shown only to those with some right on it.
        permission(
            "operator",
            "^$",
            r"^(cmd|ask|notice|wait|egress)(\.[a-z0-9]+)?$",
            r"^(park\.(cmd|egress)|unrouted)$",
        ),
        permission("admin", ".*", ".*", ".*"),
    ]
}

fn topic_permissions() -> Vec<Value> {
    let inbound = NOUNS.into_iter().filter(|noun| *noun != "callback").collect::<Vec<_>>().join("|");
    let topic = |user: &str, exchange: &str, write: &str| json!({ "user": user, "vhost": VHOST, "exchange": exchange, "write": write, "read": "^$" });
    vec![
        topic("ingress", CMD, &format!(r"^({inbound}|{REJECTED})\.")),
        topic("ingress", ASK, &format!(r"^({inbound})\.")),
        topic("files", CMD, r"^apply\.files$"),
        topic("files", ASK, r"^apply\.files$"),
        // What partners answer to our questions goes to the workers that asked.
        topic("egress", CMD, r"^(callback|apply|claim)\."),
    ]
}

/// Policies carry everything but the queue type, so that a limit is changed without deleting a queue.
///
/// Exact patterns with `apply-to: queues`, because 3.10 does not know `quorum_queues`.
fn policies() -> Vec<Value> {
    let nouns = NOUNS.join("|");
    let kinds = KINDS.join("|");
    let mut policies = vec![
        policy(
            "unrouted",
            "exchanges",
            "^(cmd|ask|notice|wait|due)$",
            json!({ "alternate-exchange": UNROUTED }),
        ),
        policy("commands", "queues", &format!(r"^cmd\.({nouns})$"), working("cmd")),
        policy("egress", "queues", &format!(r"^egress\.({kinds})$"), working("egress")),
        policy(
            "asks",
            "queues",
            &format!(r"^ask\.({nouns})$"),
            json!({ "message-ttl": 5000, "delivery-limit": 3, "max-length": 10_000, "overflow": "reject-publish" }),
        ),
        // Kept for a doctor, never at the cost of anything else: the oldest make room, and nothing waits for a place.
        policy(
            "rejected",
            "queues",
            &format!(r"^cmd\.{REJECTED}$"),
            json!({
                "delivery-limit": PATIENCE, "message-ttl": DAY_MS, "max-length": 2_000,
                "max-length-bytes": 67_108_864, "overflow": "drop-head",
            }),
        ),
        policy(
            "parks",
            "queues",
            r"^(park\.(cmd|egress)|unrouted)$",
            json!({ "delivery-limit": UNLIMITED, "max-length": 5_000_000, "overflow": "reject-publish" }),
        ),
    ];
    policies.extend(RUNGS.into_iter().map(|rung| {
        let name = wait_queue(rung);
        let definition = json!({
            "message-ttl": u64::try_from(rung.delay.as_millis()).unwrap_or(u64::MAX),
            "dead-letter-exchange": DUE,
            // With the default, at-most-once, a killed broker loses what falls due while it is away.
            "dead-letter-strategy": "at-least-once",
            "overflow": "reject-publish",
            "max-length": 1_000_000,
        });
        policy(&name, "queues", &format!("^{}$", name.replace('.', r"\.")), definition)
    }));
    policies
}

fn working(park_key: &str) -> Value {
    json!({
        "delivery-limit": PATIENCE,
        "dead-letter-exchange": PARK,
        "dead-letter-routing-key": park_key,
        "dead-letter-strategy": "at-least-once",
        "overflow": "reject-publish",
        "max-length": 1_000_000,
    })
}

fn policy(name: &str, apply_to: &str, pattern: &str, definition: Value) -> Value {
    json!({
        "vhost": VHOST, "name": name, "apply-to": apply_to, "pattern": pattern, "priority": 1,
        "definition": definition,
    })
}

fn exchanges() -> Vec<Value> {
    let exchange = |name: &str, kind: &str| {
        json!({
            "name": name, "vhost": VHOST, "type": kind,
            "durable": true, "auto_delete": false, "internal": false, "arguments": {},
        })
    };
    let topics = [CMD, ASK, NOTICE, WAIT, DUE].map(|name| exchange(name, "topic"));
    topics.into_iter().chain([exchange(PARK, "direct"), exchange(UNROUTED, "fanout")]).collect()
}

fn queue(name: &str) -> Value {
    json!({
        "name": name, "vhost": VHOST, "durable": true, "auto_delete": false,
        "arguments": { "x-queue-type": "quorum" },
    })
}

fn bindings() -> Vec<Value> {
    let bind = |source: &str, key: &str, queue: &str| {
        json!({
            "source": source, "vhost": VHOST, "destination": queue,
            "destination_type": "queue", "routing_key": key, "arguments": {},
        })
    };
    let mut bindings = Vec::new();
    for noun in NOUNS {
        bindings.push(bind(CMD, &format!("{noun}.#"), &command_queue(noun)));
        bindings.push(bind(ASK, &format!("{noun}.#"), &ask_queue(noun)));
    }
    bindings.push(bind(CMD, &format!("{REJECTED}.#"), &command_queue(REJECTED)));
    for kind in KINDS {
        bindings.push(bind(NOTICE, &format!("{kind}.#"), &egress_queue(kind)));
        bindings.push(bind(DUE, &format!("*.{kind}.#"), &egress_queue(kind)));
    }
    bindings.extend(RUNGS.map(|rung| bind(WAIT, &format!("{}.#", rung.name), &wait_queue(rung))));
    bindings.extend(
        [(PARK, "cmd", PARKS[0]), (PARK, "egress", PARKS[1]), (UNROUTED, "", PARKS[2])]
            .map(|(source, key, queue)| bind(source, key, queue)),
    );
    bindings
}
