//! Files of the partner's: fetched at once, because their addresses live two hours (4.1 renews them).

use crate::{announce, companies};
use domain::{Attachment, DocumentRef, KeptFile, Order, Private, Topic, WantedFile};
use serde_json::json;
use store::Event;
use worker::{Desk, Failure};

/// How often a fresh address is asked for before people must see to it.
const RENEWALS: u32 = 3;

/// Asks for every file that is neither here nor on its way.
pub(crate) fn fetch(
    desk: &mut Desk,
    order: &mut Order,
    wanted: &[(String, Attachment)],
) -> Result<(), Failure> {
    let mut topics = Vec::new();
    for (file_id, attachment) in wanted {
        if is_known(order, file_id, attachment) {
            continue;
        }
        let (file_id, attachment) = (file_id.clone(), attachment.clone());
        order.wanted.push(WantedFile {
            file_id: file_id.clone(),
            attachment: attachment.clone(),
            renewals: 0,
        });
        topics.push(Topic::File { file_id, attachment });
    }
    ask(desk, order, topics)
}

/// A fresh address: the file is asked for there.
pub(crate) fn found(desk: &mut Desk, order: &mut Order, file_id: &str, url: &Private) -> Result<(), Failure> {
    desk.work.note(order, Event { what: "file_address_renewed", detail: json!({ "file_id": file_id }) });
    let wanted = order.wanted.iter_mut().find(|wanted| wanted.file_id == file_id && !file_id.is_empty());
    let Some(wanted) = wanted else { return Ok(()) };
    wanted.attachment.url = url.clone();
    let attachment = wanted.attachment.clone();
    ask(desk, order, vec![Topic::File { file_id: file_id.to_owned(), attachment }])
}

/// The file is in our store.
pub(crate) fn kept(
    desk: &mut Desk,
    order: &mut Order,
    file_id: &str,
    attachment: &Attachment,
    document: &DocumentRef,
) {
    order.wanted.retain(|wanted| !is_same(wanted, file_id, attachment));
    let known = |kept: &KeptFile| kept.kind == attachment.kind && kept.document.sha256 == document.sha256;
    if order.files.iter().any(known) {
        return;
    }
    let detail = json!({ "kind": attachment.kind, "document": document.sha256 });
    desk.work.note(order, Event { what: "file_kept", detail });
    order.files.push(KeptFile {
        file_id: file_id.to_owned(),
        kind: attachment.kind.clone(),
        name: attachment.name.clone(),
        document: document.clone(),
    });
}

/// The address has expired: a fresh one is asked for, a few times; then people must see to it.
pub(crate) fn gone(
    desk: &mut Desk,
    order: &mut Order,
    file_id: &str,
    attachment: &Attachment,
) -> Result<(), Failure> {
    let detail = json!({ "kind": attachment.kind, "file_id": file_id });
    desk.work.note(order, Event { what: "file_address_expired", detail });
    let may_renew = !file_id.is_empty() && !companies::ended(order);
    if may_renew && !is_known(order, file_id, attachment) {
        let (file_id, attachment) = (file_id.to_owned(), attachment.clone());
        order.wanted.push(WantedFile { file_id, attachment, renewals: 0 });
    }
    let wanted = order.wanted.iter_mut().find(|wanted| is_same(wanted, file_id, attachment));
    if let Some(wanted) = wanted.filter(|wanted| may_renew && wanted.renewals < RENEWALS) {
        wanted.renewals += 1;
        return ask(desk, order, vec![Topic::FileAddress { file_id: file_id.to_owned() }]);
    }
    order.wanted.retain(|wanted| !is_same(wanted, file_id, attachment));
    let had = order.files.iter().any(|kept| !file_id.is_empty() && kept.file_id == file_id);
    if !had && !companies::ended(order) {
        let say = format!("平台文件无法下载（{}），请联系平台补充", attachment.kind);
        desk.work.raise(order, "file_gone", &say);
    }
    Ok(())
}

/// Every round of questions has a version of its own, so that the same can be asked again later.
fn ask(desk: &mut Desk, order: &mut Order, topics: Vec<Topic>) -> Result<(), Failure> {
    if topics.is_empty() || companies::ended(order) {
        return Ok(());
    }
    order.version += 1;
    topics.into_iter().try_for_each(|topic| announce::ask(desk, order, topic))
}

/// On its way, or here.
fn is_known(order: &Order, file_id: &str, attachment: &Attachment) -> bool {
    let here = |kept: &KeptFile| match file_id {
        "" => kept.kind == attachment.kind && kept.name == attachment.name,
        id => kept.file_id == id,
    };
    order.wanted.iter().any(|wanted| is_same(wanted, file_id, attachment)) || order.files.iter().any(here)
}

fn is_same(wanted: &WantedFile, file_id: &str, attachment: &Attachment) -> bool {
    match file_id {
        "" => wanted.file_id.is_empty() && wanted.attachment.url == attachment.url,
        id => wanted.file_id == id,
    }
}
