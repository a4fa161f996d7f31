//! A miniature institution for govproc.

use super::{PATIENCE, SEALED, document, number, page, path, verdict, wrong};
use bytes::Bytes;
use http::{Request, Response};
use sandbox::govproc::story::Story;
use sandbox::govproc::{Partner, Reader, Settings, Speaker, Way};
use sandbox::{Act, Operator, Platform, Receiver, Verdict};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use time::OffsetDateTime;

const AT: i64 = 1_763_769_600_000;

/// How an institution can fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    ChargesMore,
    ShowsNoPage,
    KeepsTheMoney,
    CannotSay,
}

struct Institution {
    speaker: Speaker,
    partner: Partner,
    platform: String,
    here: Mutex<String>,
    fault: Fault,
}

#[derive(Clone)]
struct Desk(Arc<Institution>);

fn settings(gateway: &str) -> Settings {
    let text = format!("gateway = {gateway:?}\napp_key = 'demo'\napp_secret = '0123456789abcdef'");
    toml::from_str(&text).unwrap()
}

impl Desk {
    /// Tells one after the other.
    fn tell(&self, told: Vec<(&'static str, Value)>) {
        let this = Arc::clone(&self.0);
        tokio::spawn(async move {
            for (callback, fields) in told {
                let url = format!("{}{callback}", this.platform);
                let request = sandbox::Request::new(callback, fields);
                let answer = this.partner.follow(&url, Way::Post, &request).await.unwrap();
                assert!(answer.success(), "{answer:?}");
            }
        });
    }

    fn paid(&self, orderno: &str) {
        let more = if self.0.fault == Fault::ChargesMore { "601.00" } else { "600.00" };
        let paid = json!({
            "orderno": orderno, "paymoney": more, "paytime": AT, "type": "1", "paybankname": "示例公司",
            "paybankno": "6200",
        });
        let issued = json!({
            "orderno": orderno, "bhno": format!("G{orderno}"), "staus": "1", "bhrate": "0.005", "bhcost": more,
            "sellername": "示范担保", "selleraddress": "示例市", "sellerphone": "0990-0000000", "bhcretime": AT,
            "bhfile": SEALED,
        });
        self.tell(vec![("/api/guarantee/paystate", paid), ("/api/guarantee/applynotify", issued)]);
    }

    fn ended(&self, bhno: &str, state: &str) -> (&'static str, Value) {
        ("/api/guarantee/release", json!({ "bhno": bhno, "state": state }))
    }

    fn asked(&self, path: &str, asked: &Value) -> Option<Value> {
        let here = self.0.here.lock().unwrap().clone();
        match path {
            "/p/guarantee/cost" => Some(json!({ "money": "600.00", "describe": "千分之五" })),
            "/p/guarantee/apply" => Some(json!({
                "continueurl": format!("{here}/continue/{}", number(asked, "orderno")),
                "queryurl": format!("{here}/query?partner=p"), "pullurl": format!("{here}/pull"),
                "cancelurl": format!("{here}/cancel"),
            })),
            "/query" if self.0.fault == Fault::CannotSay => Some(json!({ "status": "1", "describe": "" })),
            "/query" => Some(json!({ "status": 1, "describe": "办理成功" })),
            "/pull" => Some(json!({ "file": SEALED })),
            "/cancel" => {
                self.tell(vec![self.ended(&number(asked, "baohanno"), "1")]);
                None
            }
            _ => None,
        }
    }
}

impl Platform for Desk {
    fn hear(&self, request: &Request<Bytes>, _now: OffsetDateTime) -> Verdict {
        let path = path(request);
        if let Some(orderno) = path.strip_prefix("/pay/") {
            self.paid(orderno);
        }
        let page = ["/pay/", "/continue/", "/d/"].iter().any(|begin| path.starts_with(begin));
        if page {
            return verdict(&path, Value::Null, Ok(Value::Null));
        }
        // A GET has in its address what a POST has in its body.
        let query = url::form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes());
        let in_address =
            query.into_owned().find(|(name, _)| name == "data").map(|(_, data)| json!({ "data": data }));
        let body = in_address.map_or_else(|| request.body().clone(), |data| Bytes::from(data.to_string()));
        let sealed = Response::new(body);
        match self.open(sealed.body()) {
            Some(asked) => {
                let answer = self.asked(&path, &asked).unwrap_or_default();
                verdict(&path, asked, Ok(answer))
            }
            None => verdict(&path, Value::Null, Err("无法解密")),
        }
    }

    fn agree(&self, heard: &Verdict) -> Response<Bytes> {
        if heard.method.starts_with("/d/") {
            return document(&heard.method);
        }
        if let Some(orderno) = heard.method.strip_prefix("/continue/") {
            if self.0.fault == Fault::ShowsNoPage {
                return Response::new(Bytes::from_static(b"{}"));
            }
            return page(format!(
                r#"<html><form method="post" action="/pay/{orderno}"><button name="go" value="1">支付</button></form></html>"#
            ));
        }
        if heard.method.starts_with("/pay/") {
            return page("<html>已支付</html>".to_owned());
        }
        let data = Some(&heard.data["answer"]).filter(|answer| !answer.is_null());
        Response::new(self.0.speaker.answer(1, "000070", "操作成功", data))
    }

    fn refuse(&self, _heard: &Verdict, why: &str) -> Response<Bytes> {
        Response::new(self.0.speaker.answer(0, "000001", why, None))
    }
}

impl Desk {
    /// The parameters of a request in the default shape, opened without the sandbox.
    fn open(&self, body: &[u8]) -> Option<Value> {
        let sealed: Value = serde_json::from_slice(body).ok()?;
        let aes = crypto::aes::Aes::ecb(b"0123456789abcdef").ok()?;
        let plain = aes.decrypt(crypto::text::from_base64(sealed["data"].as_str()?).ok()?).ok()?;
        serde_json::from_slice(&plain).ok()
    }
}

impl Operator for Desk {
    async fn act(&self, act: Act) -> Result<(), String> {
        match act {
            Act::Refund { no } => {
                let back = json!({ "orderno": no.trim_start_matches('G'), "paymoney": "600.00", "paytime": AT, "type": "2" });
                let mut told = vec![("/api/guarantee/paystate", back), self.ended(&no, "0")];
                if self.0.fault == Fault::KeepsTheMoney {
                    told.remove(0);
                }
                self.tell(told);
                Ok(())
            }
            Act::Release { no } => {
                self.tell(vec![self.ended(&no, "1")]);
                Ok(())
            }
            other => Err(format!("{other} is not this document's")),
        }
    }
}

async fn play(fault: Fault) -> Vec<String> {
    let receiver = Receiver::start("127.0.0.1:0", Reader::new(settings("-")).unwrap(), None).await.unwrap();
    let desk = Desk(Arc::new(Institution {
        speaker: Speaker::new(settings("-")).unwrap(),
        partner: Partner::new(settings("-")).unwrap(),
        platform: receiver.at(""),
        here: Mutex::default(),
        fault,
    }));
    let institution = Receiver::start("127.0.0.1:0", desk.clone(), None).await.unwrap();
    *desk.0.here.lock().unwrap() = institution.at("");
    let partner = Partner::new(settings(&institution.at("/p"))).unwrap();
    let rows = Story::new(&partner, &receiver, &desk, PATIENCE, |_| ()).play(3).await;
    assert_eq!(rows.len(), 9);
    wrong(&rows)
}

#[tokio::test]
async fn all_nine_go_well() {
    assert_eq!(play(Fault::None).await, [""; 0]);
}

#[tokio::test]
async fn what_goes_wrong_shows() {
    for (fault, named) in [
        (Fault::ChargesMore, "费用"),
        (Fault::ShowsNoPage, "继续办理页面无法打开"),
        (Fault::KeepsTheMoney, "paystate: 未收到回调"),
        (Fault::CannotSay, "queryurl: status"),
    ] {
        let wrong = play(fault).await;
        assert!(wrong.iter().any(|row| row.contains(named)), "{fault:?}: {wrong:?}");
    }
}
