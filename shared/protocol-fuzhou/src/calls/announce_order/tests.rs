//! The page: where it leads, where it never leads, and what is written into it.

use super::*;
use crate::sample::{asked, made, manner, refused, rejected};
use serde_json::json;

fn shown(return_url: &str, lines: &str) -> Response<Bytes> {
    let ask = asked("apply-redirect", |data| data["return_url"] = json!(return_url));
    answer(&Ending::Durable(&ask), &manner(lines))
}

fn text(response: &Response<Bytes>) -> &str {
    std::str::from_utf8(response.body()).unwrap()
}

#[test]
fn the_order_is_announced_under_its_number_whatever_the_way_back() {
    let keys = ["https://platform.example/1", "https://evil.example/2"].map(|url| {
        let ask = asked("apply-redirect", |data| data["return_url"] = json!(url));
        assert_eq!(ask.callback.as_deref(), Some(url));
        (ask.business_key, format!("{:?}", ask.wish))
    });
    assert_eq!(keys[0], keys[1]);
}

#[test]
fn a_listed_place_is_offered_and_a_foreign_one_is_not() {
    let page = shown("https://platform.example/orders?a=1&b=\"2\"", "");
    assert_eq!(page.status(), StatusCode::OK);
    assert!(
        text(&page).contains("<a href=\"https://platform.example/orders?a=1&amp;b=%222%22\""),
        "{}",
        text(&page)
    );
    for foreign in [
        "https://evil.example/",
        "https://platform.example@evil.example/",
        "https://platform.example.evil.example/",
        "javascript:alert(1)",
        "//evil.example/",
        "data:text/html,x",
    ] {
        for lines in ["", "welcome = \"return\""] {
            let page = shown(foreign, lines);
            assert_eq!((page.status(), page.headers().get("location")), (StatusCode::OK, None), "{foreign}");
            assert!(!text(&page).contains("evil") && !text(&page).contains("<a "), "{foreign}");
        }
    }
}

#[test]
fn the_settings_may_send_the_browser_back_at_once() {
    let page = shown("https://platform.example/orders", "welcome = \"return\"");
    assert_eq!(page.status(), StatusCode::FOUND);
    assert_eq!(page.headers()["location"], "https://platform.example/orders");
    let nowhere = shown("https://platform.example/orders", "welcome = \"return\"\nreturn_hosts = []");
    assert_eq!(nowhere.status(), StatusCode::OK);
}

#[test]
fn nothing_of_a_message_becomes_markup() {
    let ask = asked("apply-redirect", |data| data["order_no"] = json!("<script>\"'&"));
    let page = answer(&Ending::Durable(&ask), &manner(""));
    assert!(text(&page).contains("（&lt;script&gt;&quot;&#39;&amp;）") && !text(&page).contains("<script"));
}

#[test]
fn every_ending_is_a_page_in_chinese_that_loads_nothing() {
    let ask = asked("apply-redirect", |_| ());
    let late = rejected("apply-redirect", |data| data["order_no"] = json!(""));
    for (ending, status, words) in [
        (Ending::Busy, 503, "系统繁忙"),
        (refused(&ask, &Refusal::unknown("订单")), 200, "订单不存在"),
        (refused(&ask, &Refusal::conflict()), 200, "订单已受理"),
        (Ending::Rejected(&late), 400, "订单编号(order_no)不能为空"),
        (Ending::Rejected(&Rejection::forged("x")), 400, "身份验证失败"),
    ] {
        let page = answer(&ending, &manner(""));
        assert_eq!(page.status(), status);
        assert!(text(&page).contains(words), "{}", text(&page));
        assert_eq!(page.headers()["content-type"], "text/html;charset=UTF-8");
        assert!(
            page.headers()["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'")
        );
        assert!(text(&page).contains("width=device-width") && !text(&page).contains("src="));
    }
}

#[test]
fn a_stranger_at_this_address_sees_a_page_too() {
    use protocol::Inbound;
    let fuzhou = made("").unwrap();
    let request = http::Request::post("/apply-redirect").body(Bytes::from("param=AAAA")).unwrap();
    let rejection = fuzhou.open(&request, crate::sample::now()).unwrap_err();
    assert!(text(&fuzhou.answer(Err(&rejection))).contains("身份验证失败"));
}
