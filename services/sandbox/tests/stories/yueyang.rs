//! A miniature bank for yueyang.

use super::{PATIENCE, REVEALED, SEALED, number, path, told, verdict, wrong};
use bytes::Bytes;
use crypto::text;
use http::{Request, Response};
use sandbox::dummy_keys::{YUEYANG_PLATFORM, YUEYANG_PROJECTS};
use sandbox::rsa_blocks::KeyPair;
use sandbox::yueyang::story::Story;
use sandbox::yueyang::{Partner, Reader, Settings};
use sandbox::{Act, Matter, Operator, Platform, Receiver, Verdict, now};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use time::OffsetDateTime;

/// How a bank can fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    TakesAnyKey,
    RevealsTheSealed,
    TakesClaimsBackAlone,
    PaysTooLittle,
    ClosesNothing,
}

struct Bank {
    partner: Partner,
    platform: String,
    fault: Fault,
    /// What was asked, by orderNo, guaranteeNo or businessNo.
    asked: Mutex<HashMap<String, Value>>,
    confirmed: Mutex<bool>,
}

#[derive(Clone)]
struct Desk(Arc<Bank>);

const WHEN: &str = "2026-11-22 08:00:00";

fn settings(gateway: &str) -> Settings {
    let text = format!("gateway = {gateway:?}\nuser = 'demo'\ncode = 's'");
    let mut settings: Settings = toml::from_str(&text).unwrap();
    settings.project_keys = YUEYANG_PROJECTS.map(str::to_owned).to_vec();
    settings.platform_key = Some(YUEYANG_PLATFORM.to_owned());
    settings
}

fn ok(data: &str) -> Value {
    json!({ "code": 200, "msg": "操作成功", "data": data })
}

impl Desk {
    fn tell(&self, notice: &'static str, fields: Value) {
        let this = Arc::clone(&self.0);
        tokio::spawn(async move {
            let letter = Request::post(format!("{}/front/guarantee/{notice}", this.platform))
                .header("authorization", format!("Basic {}", text::to_base64(b"demo:s")))
                .header("content-type", "application/json")
                .body(json!({ "data": fields }).to_string().into())
                .unwrap();
            let answer = this.partner.post(&letter).await.unwrap();
            assert!(answer.success(), "{notice}: {}", answer.text("msg"));
        });
    }

    fn memory(&self) -> MutexGuard<'_, HashMap<String, Value>> {
        self.0.asked.lock().unwrap()
    }

    /// The application whose guarantee this is.
    fn application(&self, guarantee_no: &str) -> Value {
        self.memory()[guarantee_no.trim_start_matches('G')].clone()
    }

    fn restored(&self, asked: &Value) -> Value {
        let no = number(asked, "guaranteeNo");
        let sealed = text::from_base64(&number(&self.application(&no), "tenderee")).unwrap();
        let key = text::from_base64(&number(asked, "secretKey")).unwrap();
        let publics = YUEYANG_PROJECTS.map(|pem| KeyPair::from_pem(pem).unwrap().public());
        let public = publics.into_iter().find(|public| public.to_spki() == key);
        let opens = public.is_some_and(|public| public.open_private(&sealed).is_ok());
        if !opens && self.0.fault != Fault::TakesAnyKey {
            return json!({ "code": 500, "msg": "秘钥无法解密" });
        }
        let file = if self.0.fault == Fault::RevealsTheSealed { SEALED } else { REVEALED };
        let fields =
            json!({ "businessNo": no, "guaranteeNo": no, "guaranteeFile": file, "restoreTime": WHEN });
        self.tell("restoreNotice", fields);
        ok("")
    }

    fn asked(&self, method: &str, asked: &Value) -> Value {
        for name in ["orderNo", "guaranteeNo", "businessNo"] {
            if method == "doOrderApply" || name != "orderNo" {
                self.memory().insert(number(asked, name), asked.clone());
            }
        }
        match method {
            "restoreApply" => self.restored(asked),
            "orderCancelApply" => {
                let result = if self.0.fault == Fault::ClosesNothing { "1" } else { "0" };
                let fields = json!({ "applyNo": asked["applyNo"], "applyTime": WHEN, "remark": "", "cancelResult": result });
                self.tell("orderCancelNotice", fields);
                ok("")
            }
            "compensateRevocation" => {
                let confirmed = *self.0.confirmed.lock().unwrap();
                let alone = self.0.fault == Fault::TakesClaimsBackAlone;
                ok(if confirmed || alone { "0" } else { "1" })
            }
            "creditRevocation" | "refundRevocation" | "cancelRevocation" => ok("0"),
            "queryCredit" => json!({ "code": 1, "msg": "已授信" }),
            _ => ok(""),
        }
    }

    fn decided(&self, matter: Matter, no: &str) {
        let of_case = |notice: &'static str, more: Value| {
            let business_no = self.memory()[no]["businessNo"].clone();
            let mut fields = json!({ "businessNo": business_no, "applyTime": WHEN, "guaranteeNo": no });
            fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            self.tell(notice, fields);
        };
        match matter {
            Matter::Order => {
                let application = self.memory()[no].clone();
                self.tell(
                    "orderApplyNotice",
                    json!({
                        "businessNo": application["businessNo"], "orderNo": no, "applyTime": WHEN,
                        "guaranteeNo": format!("G{no}"), "guaranteeFile": SEALED, "payerName": "示例公司",
                        "payerAccount": "6200", "instName": "示范银行", "generateTime": WHEN, "rate": "0.25%",
                        "cost": "500.00", "validBeginTime": WHEN, "validEndTime": WHEN, "applyResult": "0",
                    }),
                );
            }
            Matter::Credit => {
                let asked = self.memory()[no].clone();
                self.tell(
                    "creditApplyNotice",
                    json!({
                        "businessNo": no, "applyTime": WHEN, "creditResult": "0", "applyUser": asked["applyUser"],
                        "applyCode": asked["applyCode"], "validBeginTime": WHEN, "validEndTime": WHEN,
                    }),
                );
            }
            Matter::Refund => of_case("refundNotice", json!({ "operateResult": "0" })),
            Matter::Release => of_case("cancelNotice", json!({ "operateResult": "0" })),
            Matter::Invoice => {
                let url = "http://127.0.0.1/fp/1";
                let more = json!({ "invoiceResult": "0", "invoiceUrl": url, "invoiceCode": "", "invoiceNo": "1", "type": "0" });
                of_case("invoiceNotice", more);
            }
            Matter::Claim => {
                let bond = self.application(no)["emAmount"].clone();
                let amount = if self.0.fault == Fault::PaysTooLittle { json!("1.00") } else { bond };
                let more = json!({
                    "payerAmount": amount, "applyUserName": "张三", "applyUserPhone": "19900000000",
                    "operateResult": "0", "compensateResult": "0", "compensateResultDesc": "已赔付",
                });
                of_case("compensateNotice", more);
            }
            Matter::ClaimRevocation => *self.0.confirmed.lock().unwrap() = true,
        }
    }
}

impl Platform for Desk {
    fn hear(&self, request: &Request<Bytes>, _: OffsetDateTime) -> Verdict {
        let method = path(request).trim_start_matches("/p/financialAccount/").to_owned();
        let asked: Value = serde_json::from_slice(request.body()).unwrap();
        let answer = self.asked(&method, &asked);
        verdict(&method, asked, Ok(answer))
    }

    fn agree(&self, heard: &Verdict) -> Response<Bytes> {
        told(&heard.data["answer"])
    }

    fn refuse(&self, _: &Verdict, why: &str) -> Response<Bytes> {
        told(&json!({ "code": 500, "msg": why }))
    }
}

impl Operator for Desk {
    async fn act(&self, act: Act) -> Result<(), String> {
        match act {
            Act::Decide { matter, no, outcome: Ok(()) } => {
                self.decided(matter, &no);
                Ok(())
            }
            other => Err(format!("{other} is not this document's")),
        }
    }
}

async fn play(fault: Fault) -> Vec<String> {
    let receiver = Receiver::start("127.0.0.1:0", Reader::new(settings("-")).unwrap(), None).await.unwrap();
    let desk = Desk(Arc::new(Bank {
        partner: Partner::new(settings("-")).unwrap(),
        platform: receiver.at(""),
        fault,
        asked: Mutex::default(),
        confirmed: Mutex::default(),
    }));
    let bank = Receiver::start("127.0.0.1:0", desk.clone(), None).await.unwrap();
    let partner = Partner::new(settings(&bank.at("/p"))).unwrap();
    let begun = now();
    let rows = Story::new(&partner, &receiver, &desk, PATIENCE, |_| ()).play(3).await;
    assert_eq!(rows.len(), 23);
    assert!(now() - begun > time::Duration::seconds(1), "it waited for the opening");
    wrong(&rows)
}

#[tokio::test]
async fn all_twenty_three_go_well() {
    assert_eq!(play(Fault::None).await, [""; 0]);
}

#[tokio::test]
async fn what_goes_wrong_shows() {
    for (fault, named) in [
        (Fault::TakesAnyKey, "接受了错误的秘钥"),
        (Fault::RevealsTheSealed, "同一文件"),
        (Fault::TakesClaimsBackAlone, "未经人工确认"),
        (Fault::PaysTooLittle, "payerAmount 应为"),
        (Fault::ClosesNothing, "cancelResult 应为 0"),
    ] {
        let wrong = play(fault).await;
        assert!(wrong.iter().any(|row| row.contains(named)), "{fault:?}: {wrong:?}");
    }
}
