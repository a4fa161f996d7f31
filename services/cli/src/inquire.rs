//! `baohan inquire`: asks a partner something and shows what it answered.

use crate::arguments::{Ask, Inquiry};
use crate::decide::{content, send};
use crate::ground::Ground;
use crate::orders::numbered;
use crate::page::{Grid, Page, Word};
use crate::{moment, post, words};
use anyhow::{Result, anyhow, bail};
use domain::{AcceptanceNo, Command, Inquire, Origin, Private, Reply, Topic};
use messages::Envelope;
use serde_json::json;
use std::time::{Duration, Instant};
use store::{EventRow, Store};

/// Lines that an answer leaves in a timeline.
const ANSWERS: [&str; 4] = ["learnt", "application_pulled", "companies_pulled", "claim_detail_learnt"];

/// Asks, and waits for the answer in the timeline.
///
/// # Errors
/// If nothing was asked, or no answer came in time: it will still appear in the timeline.
pub(crate) async fn inquire(ground: &Ground, wanted: Inquiry) -> Result<Page> {
    match wanted.ask {
        Ask::Insurers { partner, name } => {
            let kind = kind_of(ground, &partner)?;
            let origin = Origin { kind, partner, callback: None };
            let key = moment::now().unix_seconds().to_string();
            let no = AcceptanceNo::of(&origin.partner, "operator/inquire", &key);
            let inquire = Inquire { topic: Topic::Insurers { name }, about: None, by: wanted.by.by };
            let envelope = Envelope {
                id: format!("inquire:{no}"),
                no: no.clone(),
                origin,
                interface: "operator".to_owned(),
                content_hash: content(&inquire)?,
                at: moment::now(),
                body: Command::Inquire(inquire),
            };
            let within = Duration::from_secs(wanted.patience.wait);
            match post::ask(ground, &envelope, within).await? {
                Reply::Accepted { .. } => answer(ground, &no, 0, within).await,
                other => bail!("the worker answered {other:?}"),
            }
        }
        Ask::Application { no } => {
            about_order(ground, no, Topic::Application, wanted.by.by, &wanted.patience).await
        }
        Ask::Companies { no } => {
            about_order(ground, no, Topic::Companies, wanted.by.by, &wanted.patience).await
        }
        Ask::ClaimDetail { no } => {
            let store = ground.store().await?;
            let claim = numbered(ground, &store, &no).await?;
            let story = store.story(&claim.order).await.map_err(|error| ground.database_trouble(&error))?;
            let story = story.ok_or_else(|| anyhow!("the order {} was deleted a moment ago", claim.order))?;
            let claims = || story.cases.iter().filter(|case| case.kind == "claim");
            let case = claims().find(|case| case.no == claim.no.as_str()).or(claims().next_back());
            let case = case.ok_or_else(|| anyhow!("{} has no claim", claim.order))?;
            let application = story.order.known_application();
            let topic = Topic::ClaimDetail {
                claim_no: case.business_no.clone(),
                // What the claim quotes: since then the guarantee may have been made out anew.
                guarantee_no: case.guarantee_no.clone(),
                principal: Private::from(application.applicant.company.name.expose()),
                creditor: Private::from(application.tender.tenderee.name.expose()),
            };
            let order = claim.order.to_string();
            about_order(ground, order, topic, wanted.by.by, &wanted.patience).await
        }
    }
}

async fn about_order(
    ground: &Ground,
    number: String,
    topic: Topic,
    by: String,
    patience: &crate::arguments::Patience,
) -> Result<Page> {
    let store = ground.store().await?;
    let known = numbered(ground, &store, &number).await?;
    let hash = content(&(topic.key(), &known.no, known.version))?;
    let id = format!("inquire:{}:{}:{}", known.no, known.version, topic.word());
    let inquire = Inquire { topic, about: Some(known.order.clone()), by };
    let order = known.order.clone();
    let before = lines(ground, &store, &order).await?.len();
    let page = send(ground, id, hash, known, Command::Inquire(inquire), patience).await?;
    if !page.good {
        return Ok(page);
    }
    answer(ground, &order, before, Duration::from_secs(patience.wait)).await
}

async fn lines(ground: &Ground, store: &Store, no: &AcceptanceNo) -> Result<Vec<EventRow>> {
    store.events(no).await.map_err(|error| ground.database_trouble(&error))
}

fn kind_of(ground: &Ground, partner: &domain::PartnerId) -> Result<String> {
    let every = boot::every_partner(&ground.gateway.partners.folder)?;
    let found = every.into_iter().find(|one| one.id == *partner);
    found.map(|one| one.protocol).ok_or_else(|| anyhow!("no partner {partner}: `baohan check` lists them"))
}

/// Waits for the line that an answer leaves in the timeline, beyond those that stood there before.
async fn answer(ground: &Ground, no: &AcceptanceNo, before: usize, within: Duration) -> Result<Page> {
    let store = ground.store().await?;
    let until = Instant::now() + within;
    loop {
        let lines = lines(ground, &store, no).await?;
        if let Some(line) = lines.iter().skip(before).find(|line| ANSWERS.contains(&line.what.as_str())) {
            return Ok(shown(line, no));
        }
        if Instant::now() >= until {
            bail!(
                "no answer within {} s; it appears in the timeline of {no} once the partner answers, and \
                 `baohan callbacks list --order {no}` shows how the question fares",
                within.as_secs()
            );
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

fn shown(line: &EventRow, no: &AcceptanceNo) -> Page {
    let page = Page::of(json!({ "what": line.what, "answer": line.detail }));
    if let Some(rows) = line.detail["insurers"].as_array() {
        let mut grid = Grid::new(vec!["编号", "名称"]);
        for row in rows {
            let text = |at: usize| row[at].as_str().unwrap_or_default().to_owned();
            grid.row(vec![text(0).into(), text(1).into()]);
        }
        return page.grid(grid).line(format!("{} rows", rows.len()));
    }
    let mut grid = Grid::new(vec!["平台答复", "内容"]);
    grid.row(vec![Word::faint("事项"), words::both(&line.what)]);
    for (name, value) in line.detail.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null()) {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        grid.row(vec![Word::faint(name.as_str()), text.into()]);
    }
    page.grid(grid).line(format!("`baohan orders show {no} --reveal` shows what is known now"))
}
