//! Orders that are announced and pulled: asked for, filled, decided; late or repeated answers change nothing.

use super::*;
use domain::{
    AnnounceOrder, Attachment, Company, DocumentRef, Fact, Inquire, Learn, LearntApplication,
    LearntCompanies, Private, Tell, Topic,
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

fn licence(url: &str) -> Attachment {
    Attachment { name: "执照.pdf".into(), kind: "business_licence".to_owned(), url: url.into() }
}

fn companies() -> Fact {
    let mut learnt = LearntCompanies { organisation: "QY".to_owned(), ..LearntCompanies::default() };
    learnt.applicant.company.address = "福州市".into();
    learnt.creditor.code = "12350100000000000X".into();
    learnt.guarantor_operator.phone = "13800000000".into();
    learnt.files = vec![licence("https://a/2"), licence("https://a/3")];
    Fact::Companies(Box::new(learnt))
}

async fn topics(house: &House<Apply>) -> Vec<String> {
    let sql = "select payload #>> '{body,with,topic,topic}' from callbacks where event = 'inquiry' \
               order by created_at, id";
    house.texts(sql).await
}

#[tokio::test]
async fn nothing_that_was_said_is_lost_and_a_file_named_twice_is_fetched_once() {
    for companies_first in [true, false] {
        let house = with(policy(Mode::Manual, Payment::Operator)).await;
        let message = announce("1");
        house.ask(&message).await;
        let mut learnt = learnt();
        learnt.files.push(learnt.files[0].clone());
        learnt.particulars = vec![("合同估算价".to_owned(), "100".into())];
        let mut facts =
            [learn(&message, "a", Fact::Application(Box::new(learnt))), learn(&message, "c", companies())];
        if companies_first {
            facts.reverse();
        }
        for fact in &facts {
            assert!(matches!(house.ask(fact).await, Reply::Accepted { .. }));
        }
        let order = order(&house, &message).await;
        assert_eq!(order.application.applicant.company.address.expose(), "福州市");
        assert_eq!(order.application.tender.tenderee.code.expose(), "12350100000000000X");
        for (title, text) in
            [("合同估算价", "100"), ("投标人企业类型", "QY"), ("保证人经办人电话", "13800000000")]
        {
            assert!(order.particulars.contains(&(title.to_owned(), Private::from(text))), "{title}");
        }
        let files = topics(&house).await.iter().filter(|topic| *topic == "file").count();
        assert_eq!((files, order.wanted.len()), (3, 3), "two of one kind differ by their address");
    }
}

#[tokio::test]
async fn facts_about_an_order_that_has_moved_on_change_nothing() {
    let house = with(policy(Mode::Auto, Payment::Later)).await;
    let message = announce("1");
    house.ask(&message).await;
    house.ask(&learn(&message, "a", Fact::Application(Box::new(learnt())))).await;
    assert_eq!(order(&house, &message).await.state, OrderState::Issued);
    house.ask(&learn(&message, "c1", companies())).await;
    let before = order(&house, &message).await;
    for (id, fact) in [("c2", companies()), ("a2", Fact::Application(Box::new(learnt())))] {
        assert!(matches!(house.ask(&learn(&message, id, fact)).await, Reply::Accepted { .. }));
    }
    assert_eq!(order(&house, &message).await, before, "the files are on their way");

    let withdrawn = announce("2");
    house.ask(&withdrawn).await;
    let wish = domain::WithdrawOrder {
        business_no: "2".to_owned(),
        no: None,
        reason: String::new(),
        side: domain::Side::Partner,
        by: String::new(),
        described: None,
    };
    house.ask(&envelope("cancel", "2", Command::WithdrawOrder(wish))).await;
    let before = order(&house, &withdrawn).await;
    assert_eq!(before.state, OrderState::Withdrawn);
    let late = Fact::Application(Box::new(learnt()));
    for (id, fact) in [("w1", late), ("w2", companies()), ("w3", Fact::SerialNo("1".to_owned()))] {
        assert!(matches!(house.ask(&learn(&withdrawn, id, fact)).await, Reply::Accepted { .. }));
    }
    assert_eq!(order(&house, &withdrawn).await, before);
}

#[tokio::test]
async fn an_expired_address_is_renewed_a_few_times_and_then_people_must_see_to_it() {
    let house = with(policy(Mode::Manual, Payment::Operator)).await;
    let message = announce("1");
    house.ask(&message).await;
    house.ask(&learn(&message, "a", Fact::Application(Box::new(learnt())))).await;
    let gone = || Fact::FileGone { file_id: "77".to_owned(), attachment: licence("https://a/1") };
    for round in 0..3 {
        house.ask(&learn(&message, &format!("gone {round}"), gone())).await;
        let url = format!("https://b/{round}").as_str().into();
        let address = Fact::FileAddress { file_id: "77".to_owned(), url };
        house.ask(&learn(&message, &format!("address {round}"), address)).await;
    }
    let asked = topics(&house).await;
    let count = |topic: &str| asked.iter().filter(|asked| *asked == topic).count();
    assert_eq!((count("file_address"), count("file")), (3, 4));
    assert_eq!(house.count("select count(*) from tasks").await, 0);
    house.ask(&learn(&message, "gone 3", gone())).await;
    assert_eq!(house.texts("select what from tasks").await, ["file_gone"]);
    assert!(order(&house, &message).await.wanted.is_empty());
}

#[tokio::test]
async fn an_operator_may_ask_the_same_again_and_about_nothing_at_all() {
    let house = with(policy(Mode::Manual, Payment::Operator)).await;
    let message = announce("1");
    house.ask(&message).await;
    let ask = |id: &str, topic: Topic, about: Option<&Envelope<Command>>| {
        let about = about.map(|message| message.no.clone());
        let wish = Inquire { topic, about, by: "wang".to_owned() };
        let mut message = own(id, Command::Inquire(wish));
        message.no = domain::AcceptanceNo::of(&origin("demo").partner, "inquire", id);
        message
    };
    for id in ["1", "2"] {
        let question = ask(id, Topic::Companies, Some(&message));
        assert!(matches!(house.ask(&question).await, Reply::Accepted { .. }));
    }
    assert_eq!(topics(&house).await.iter().filter(|topic| *topic == "companies").count(), 3);
    let insurers = ask("3", Topic::Insurers { name: "平安".to_owned() }, None);
    assert_eq!(house.ask(&insurers).await, Reply::Accepted { no: insurers.no.clone() });
    let names = Fact::Insurers(vec![("7".to_owned(), "平安福州".to_owned())]);
    house.ask(&learn(&insurers, "l", names)).await;
    let events = house.store.events(&insurers.no).await.expect("answers");
    assert_eq!(events.last().map(|event| event.what.as_str()), Some("learnt"));
    assert_eq!(events.last().map(|event| event.detail["insurers"][0][1].clone()), Some("平安福州".into()));
    assert_eq!(house.count("select count(*) from audit where action = 'inquire' and who = 'wang'").await, 3);
}

#[tokio::test]
async fn a_serial_number_belongs_to_the_guarantee_and_a_status_to_the_timeline() {
    let house = with(policy(Mode::Auto, Payment::Later)).await;
    let message = announce("1");
    house.ask(&message).await;
    house.ask(&learn(&message, "a", Fact::Application(Box::new(learnt())))).await;
    house.ask(&learn(&message, "s", Fact::SerialNo("123456789012345".to_owned()))).await;
    let guarantee = order(&house, &message).await.guarantee.expect("issued");
    assert_eq!(guarantee.serial_no.as_deref(), Some("123456789012345"));
    let status = domain::NoteStatus {
        business_no: "1".to_owned(),
        from: "WAIT_PAY".to_owned(),
        to: "PAID".to_owned(),
        described: None,
    };
    house.ask(&envelope("order_status_push", "1", Command::NoteStatus(status.clone()))).await;
    // FZ-13: a number that does not belong to what is described has no effect.
    let mixed_up = |section_no: &str, bidder: &str| domain::NoteStatus {
        to: "FINISH".to_owned(),
        described: Some(domain::Described {
            section_no: section_no.to_owned(),
            bidder: bidder.to_owned().into(),
            tenderee: String::new().into(),
        }),
        ..status.clone()
    };
    for (section_no, bidder) in [("another section", ""), ("", "另一家公司")] {
        let push = Command::NoteStatus(mixed_up(section_no, bidder));
        let reply = house.ask(&envelope("order_status_push", &format!("x{section_no}"), push)).await;
        assert!(matches!(&reply, Reply::Refused(why) if why.say.contains("与订单不一致")), "{reply:?}");
    }
    assert_eq!(house.texts("select detail->>'to' from events where what = 'partner_status'").await, ["PAID"]);
}
