//! Every deviation of a request, and who is called at all.

use crate::{PLATFORM, pair, partner, sent, settings};
use crypto::text;
use sandbox::yueyang::{Auth, Bidder, Body, OrderName, Partner, ReasonName, Settings};
use sandbox::{Request, now};
use serde_json::{Value, json};

#[test]
fn it_deviates_as_told() {
    let bidder = Bidder::new(3, 1, now());
    let application = bidder.application();
    let flat = sent(&partner(|_| {}), &application);
    assert_eq!(sent(&partner(|v| v.body = Body::Wrapped), &application), json!({ "data": flat }));

    let sealed = sent(&partner(|v| v.body = Body::Sealed), &application);
    let sealed = text::from_base64(sealed["data"].as_str().unwrap()).unwrap();
    let opened = pair(PLATFORM).public().open_private(&sealed).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&opened).unwrap(), flat);

    let sample = sent(&partner(|v| v.order_name = OrderName::ApplyNo), &application);
    assert_eq!(sample["applyNo"], flat["orderNo"]);
    assert!(sample.get("orderNo").is_none() && sample.get("businessNo").is_none());

    let mixed = partner(|v| v.plain_fields = vec!["tenderee".to_owned(), "bidderName".to_owned()]);
    let mixed = sent(&mixed, &application);
    assert_eq!(mixed["tenderee"], application.data["tenderee"]);
    assert_ne!(mixed["projectName"], application.data["projectName"]);

    let numbers = sent(&partner(|v| v.numbers = true), &application.clone().with("emAmount", "20000.50"));
    assert_eq!(numbers["emAmount"], json!(20000.5));

    let cancel = sent(&partner(|v| v.reason_name = ReasonName::Reason), &bidder.cancel("BH1", 1));
    assert!(cancel.get("reson").is_none() && cancel["reason"] != "");

    let batch = [bidder.withdraw(), Bidder::new(3, 2, now()).withdraw()];
    let batch = sent(&partner(|_| {}), &Request::batch("financialAccount/orderCancelApply", batch));
    assert_eq!(batch.as_array().unwrap().len(), 2);
}

#[test]
fn it_introduces_itself() {
    let written = |auth| partner(|v| v.auth = auth).write(&Bidder::new(1, 1, now()).withdraw()).unwrap();
    let pair = text::to_base64("demo:授权码 1".as_bytes());
    let basic = written(Auth::Basic);
    assert_eq!(basic.headers()["authorization"], format!("Basic {pair}"));
    assert_eq!(basic.uri(), "http://127.0.0.1:1/front/financialAccount/orderCancelApply");
    assert_eq!(written(Auth::Bare).headers()["authorization"], pair);
    assert!(written(Auth::Nothing).headers().get("authorization").is_none());
}

#[tokio::test]
async fn it_calls_nobody_but_this_machine() {
    for gateway in ["http://172.31.140.57:6900/front/", "http://platform.example.com/"] {
        let partner = Partner::new(Settings { gateway: gateway.to_owned(), ..settings(|_| {}) }).unwrap();
        let unsent = partner.send(&Bidder::new(1, 1, now()).withdraw()).await.unwrap_err();
        assert!(unsent.to_string().contains("on this machine"), "{unsent}");
    }
    assert!(partner(|_| {}).fetch("http://192.0.2.1/x").await.is_err());
}
