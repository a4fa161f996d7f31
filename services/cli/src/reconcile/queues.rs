//! What lies in the queues and nobody takes.

use super::Fault;
use crate::ground::Ground;
use crate::parked::look_at;
use crate::post;
use anyhow::Result;
use broker::topology::{PARKS, queues};
use std::collections::BTreeSet;

/// Parked messages one by one, and queues that nobody consumes although something lies in them.
pub(super) async fn of_queues(ground: &Ground, limit: u32, known: &BTreeSet<String>) -> Result<Vec<Fault>> {
    let operator = post::operator(ground).await?;
    let names: Vec<String> = queues()
        .into_iter()
        .filter(|name| !PARKS.contains(&name.as_str()) && !name.starts_with("wait."))
        .collect();
    let depths = operator.depths(&names).await.map_err(post::trouble);
    operator.leave().await;
    let mut faults = Vec::new();
    for depth in depths?.into_iter().filter(|depth| depth.messages > 0 && depth.consumers == 0) {
        faults.push(Fault {
            what: "queue_unattended",
            partner: String::new(),
            say: format!("{} 条消息，没有消费者", depth.messages),
            since: None,
            mend: format!("启动 {}", owner(&depth.queue)),
            about: depth.queue,
        });
    }
    for parked in look_at(ground, limit).await? {
        let partner = parked.key.rsplit('.').next().unwrap_or_default().to_owned();
        let is_known = known.contains(&partner);
        faults.push(Fault {
            what: "message_parked",
            say: match is_known {
                true => format!("{} 中的消息无人处理（{} {}）", parked.queue, parked.exchange, parked.key),
                false => format!(
                    "{} 中的消息属于没有配置的平台（{} {}）",
                    parked.queue, parked.exchange, parked.key
                ),
            },
            since: parked.at,
            mend: match is_known {
                true => format!("baohan parked replay {}", parked.id),
                false => format!(
                    "补上该平台的配置后 baohan parked replay {}，或 baohan parked discard {}",
                    parked.id, parked.id
                ),
            },
            partner,
            about: parked.id,
        });
    }
    Ok(faults)
}

/// The service that takes from a queue.
fn owner(queue: &str) -> String {
    match queue.split_once('.') {
        Some(("egress", kind)) => format!("egress-{kind}"),
        Some((_, "rejected")) => "worker-callback".to_owned(),
        Some((_, noun)) => format!("worker-{noun}"),
        None => queue.to_owned(),
    }
}
