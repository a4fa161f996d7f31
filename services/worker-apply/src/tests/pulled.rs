//! Orders that are announced and pulled: asked for, filled, decided; late or repeated answers change nothing.

use super::*;
use domain::{
    AnnounceOrder, Attachment, Company, DocumentRef, Fact, Learn, LearntApplication, LearntCompanies, Tell,
};

fn announce(business_no: &str) -> Envelope<Command> {
    let announced = AnnounceOrder { business_no: business_no.to_owned() };
    envelope("announce", business_no, Command::AnnounceOrder(announced))
}

fn learn(about: &Envelope<Command>, id: &str, fact: Fact) -> Envelope<Command> {
    own(id, Command::Learn(Learn { about: about.no.clone(), fact }))
}

fn learnt() -> LearntApplication {
    let Command::PlaceOrder(application) = place("ignored").body else { panic!("an application") };
    let file =
        Attachment { name: "执照".into(), kind: "other:sign".to_owned(), url: "https://p.cn/f".into() };
    LearntApplication {
        application,
        files: vec![("77".to_owned(), file)],
        status: "WAIT_TUNE_UP".to_owned(),
        particulars: Vec::new(),
    }
}

#[tokio::test]
async fn an_announced_order_is_pulled_and_then_judged() {
    let mut policy = policy(Mode::Auto, Payment::Simulated);
    policy.also_tell = vec![Tell::Confirmed, Tell::Surveyed, Tell::Quoted, Tell::Paid];
    let house = with(policy).await;
    let message = announce("O-1");
    house.ask(&message).await;
    assert_eq!(order(&house, &message).await.state, OrderState::Announced);
    let asked = "select id from callbacks order by id";
    let ids = house.texts(asked).await;
    assert!(ids[0].ends_with(":1:application") && ids[1].ends_with(":1:companies"), "{ids:?}");

    let application = learn(&message, "l1", Fact::Application(Box::new(learnt())));
    house.ask(&application).await;
    let filled = order(&house, &message).await;
    assert_eq!((filled.state, filled.application.business_no.as_str()), (OrderState::AwaitingPayment, "O-1"));
    let told = house.texts("select event from callbacks where event like 'order_%' order by event").await;
    assert_eq!(told, ["order_confirmed", "order_quoted", "order_surveyed"]);
    assert_eq!(house.count("select count(*) from callbacks where id like '%:file:77'").await, 1);
    // The same fact by another delivery: noted, nothing else.
    house.ask(&learn(&message, "l2", Fact::Application(Box::new(learnt())))).await;
    assert_eq!(order(&house, &message).await.version, filled.version);
}

#[tokio::test]
async fn what_the_companies_say_fills_blanks_whichever_answer_comes_first() {
    let house = with(policy(Mode::Manual, Payment::Later)).await;
    let message = announce("O-1");
    house.ask(&message).await;
    let mut companies = LearntCompanies::default();
    companies.applicant.legal_name = "王五".into();
    companies.applicant.company = Company { name: "别的名字".into(), ..Company::default() };
    house.ask(&learn(&message, "l1", Fact::Companies(Box::new(companies)))).await;
    let mut application = learnt();
    application.application.applicant.legal_name = "".into();
    house.ask(&learn(&message, "l2", Fact::Application(Box::new(application)))).await;
    let applicant = order(&house, &message).await.application.applicant;
    assert_eq!(applicant.legal_name.expose(), "王五");
    assert_eq!(applicant.company.name.expose(), "测试建设有限公司", "the application itself comes first");
}

#[tokio::test]
async fn a_file_whose_address_expired_is_asked_for_again_and_kept_once() {
    let house = with(policy(Mode::Manual, Payment::Later)).await;
    let message = announce("O-1");
    house.ask(&message).await;
    let (file_id, attachment) = learnt().files.remove(0);
    let gone = Fact::FileGone { file_id: file_id.clone(), attachment: attachment.clone() };
    house.ask(&learn(&message, "l1", gone)).await;
    assert_eq!(house.count("select count(*) from callbacks where id like '%:file_address:77'").await, 1);
    let found = Fact::FileAddress { file_id: file_id.clone(), url: "https://p.cn/new".into() };
    house.ask(&learn(&message, "l2", found)).await;
    let asked =
        "select payload #>> '{body,with,topic,attachment,url}' from callbacks where id like '%:file:77'";
    assert_eq!(house.texts(asked).await, ["https://p.cn/new"]);
    let document = DocumentRef { sha256: "f".repeat(64), name: "执照".to_owned() };
    for id in ["l3", "l4"] {
        let (file_id, attachment, document) = (file_id.clone(), attachment.clone(), document.clone());
        house.ask(&learn(&message, id, Fact::FileKept { file_id, attachment, document })).await;
    }
    let order = order(&house, &message).await;
    assert_eq!((order.files.len(), order.wanted.len()), (1, 0));
    assert_eq!(order.files[0].kind, "other:sign");
}
