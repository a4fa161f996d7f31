//! A miniature institution for pubres.

use super::{PATIENCE, REVEALED, SEALED, code, document, number, path, told, verdict, wrong};
use bytes::Bytes;
use http::{Request, Response};
use sandbox::pubres::story::{LARGE_BOND, Story};
use sandbox::pubres::{Partner, Reader, Safe, Settings, Speaker};
use sandbox::{Act, Operator, Platform, Receiver, Verdict, now};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use time::OffsetDateTime;

/// How an institution can fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    TakesAnyKey,
    RevealsTheSealed,
    RefundsNothing,
    ForgetsToGiveUp,
}

struct Institution {
    speaker: Speaker,
    partner: Partner,
    /// applyno → section, as only this test may know it.
    orders: Mutex<HashMap<String, String>>,
    platform: String,
    here: Mutex<String>,
    fault: Fault,
}

#[derive(Clone)]
struct Desk(Arc<Institution>);

fn settings(gateway: &str) -> Settings {
    let text = format!(
        "gateway = {gateway:?}\nappkey = 'demo'\nappsecret = 's'\nplatformcode = 'P1'\nsealing = {{ seed = 'x' }}"
    );
    toml::from_str(&text).unwrap()
}

impl Desk {
    fn tell(&self, callback: &'static str, fields: Value) {
        let this = Arc::clone(&self.0);
        tokio::spawn(async move {
            let url = format!("{}/rest/{callback}", this.platform);
            let letter = this.speaker.write_back(&url, &fields, now()).unwrap();
            assert!(this.partner.post(&letter).await.unwrap().success());
        });
    }

    fn link(&self, which: &str) -> String {
        format!("{}/d/{which}", self.0.here.lock().unwrap())
    }

    fn issued(&self, applyno: &str) {
        self.tell(
            "baohannotice",
            json!({
                "applyno": applyno, "baohanno": format!("G{applyno}"), "baohanurl": self.link("sealed"),
                "baohanfile": SEALED, "payername": "示例公司", "payeraccount": "6200", "instname": "示范担保",
                "generatetime": "2026-11-22 08:00:00", "rate": "0.005", "cost": "600.00", "applystatus": "1",
            }),
        );
    }

    fn restored(&self, applyno: &str, asked: &Value) -> Result<Value, &'static str> {
        // The section is sealed; the safe that sealed it is at hand here, and nowhere else.
        let safe = Safe::new(settings("-").sealing).unwrap();
        let section = self.0.orders.lock().unwrap()[applyno].clone();
        let opens = number(asked, "key") == safe.handed_over(&section);
        if !opens && self.0.fault != Fault::TakesAnyKey {
            return Err("密钥无法解密");
        }
        let (file, which) =
            if self.0.fault == Fault::RevealsTheSealed { (SEALED, "sealed") } else { (REVEALED, "revealed") };
        let url = self.link(which);
        let fields = json!({ "applyno": applyno, "baohanno": format!("G{applyno}"), "baohanurl": url, "baohanfile": file });
        self.tell("restorenotice", fields);
        Ok(code(true, "已受理"))
    }

    fn asked(&self, method: &str, asked: &Value) -> Result<Value, &'static str> {
        let (applyno, baohanno) = (number(asked, "applyno"), number(asked, "baohanno"));
        match method {
            "baohanapply" => {
                let section = applyno.replace("BH", "SC");
                self.0.orders.lock().unwrap().insert(applyno.clone(), section);
                if asked["bzjamount"] != LARGE_BOND {
                    self.issued(&applyno);
                }
            }
            "baohanrestore" => return self.restored(&applyno, asked),
            "invoiceapply" => self.tell("invoicenotice", json!({ "baohanno": baohanno, "applystatus": "1" })),
            "quitapply" if self.0.fault != Fault::RefundsNothing => {
                let at = "2026-11-22 08:00:00";
                let fields =
                    json!({ "applyno": applyno, "baohanno": baohanno, "applystatus": "1", "tuibaotime": at });
                self.tell("quitnotice", fields);
            }
            _ => {}
        }
        Ok(code(true, "已受理"))
    }
}

impl Platform for Desk {
    fn hear(&self, request: &Request<Bytes>, now: OffsetDateTime) -> Verdict {
        let path = path(request);
        if path.starts_with("/d/") {
            return verdict(&path, Value::Null, Ok(Value::Null));
        }
        let method = path.trim_start_matches("/p/").to_owned();
        match self.0.speaker.read(request, now) {
            Err(_) => verdict(&method, Value::Null, Err("签名错误")),
            Ok(fields) => {
                let asked = Value::Object(fields);
                let answer = self.asked(&method, &asked);
                verdict(&method, asked, answer)
            }
        }
    }

    fn agree(&self, heard: &Verdict) -> Response<Bytes> {
        if heard.method.starts_with("/d/") { document(&heard.method) } else { told(&heard.data["answer"]) }
    }

    fn refuse(&self, _heard: &Verdict, why: &str) -> Response<Bytes> {
        told(&code(false, why))
    }
}

impl Operator for Desk {
    async fn act(&self, act: Act) -> Result<(), String> {
        let Act::Withdraw { no, .. } = act else { return Err(format!("{act} is not this document's")) };
        if self.0.fault != Fault::ForgetsToGiveUp {
            self.tell("giveupapply", json!({ "applyno": no }));
        }
        Ok(())
    }
}

async fn play(fault: Fault) -> Vec<String> {
    let receiver = Receiver::start("127.0.0.1:0", Reader::new(settings("-")).unwrap(), None).await.unwrap();
    let desk = Desk(Arc::new(Institution {
        speaker: Speaker::new(settings("-")),
        partner: Partner::new(settings("-")).unwrap(),
        orders: Mutex::default(),
        platform: receiver.at(""),
        here: Mutex::default(),
        fault,
    }));
    let institution = Receiver::start("127.0.0.1:0", desk.clone(), None).await.unwrap();
    *desk.0.here.lock().unwrap() = institution.at("");
    let partner = Partner::new(settings(&institution.at("/p"))).unwrap();
    let rows = Story::new(&partner, &receiver, &desk, PATIENCE, |_| ()).unwrap().play(3).await;
    assert_eq!(rows.len(), 12);
    wrong(&rows)
}

#[tokio::test]
async fn all_twelve_go_well() {
    assert_eq!(play(Fault::None).await, [""; 0]);
}

#[tokio::test]
async fn what_goes_wrong_shows() {
    for (fault, named) in [
        (Fault::TakesAnyKey, "接受了错误的密钥"),
        (Fault::RevealsTheSealed, "同一文件"),
        (Fault::RefundsNothing, "quitnotice: 未收到回调"),
        (Fault::ForgetsToGiveUp, "giveupapply: 未收到回调"),
    ] {
        let wrong = play(fault).await;
        assert!(wrong.iter().any(|row| row.contains(named)), "{fault:?}: {wrong:?}");
    }
}
