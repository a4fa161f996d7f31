//! 2.1 保函申请订单（同步跳转）: the bidder's browser brings the number of an order, and gets a page (FZ-20).

use super::answer::Ending;
use super::{Push, Served, inbound};
use crate::codes::ORDER_NO;
use crate::settings::{Manner, Welcome};
use bytes::Bytes;
use domain::{AnnounceOrder, Command, Refusal, RefusalKind};
use http::header::{self, HeaderValue};
use http::{Response, StatusCode};
use protocol::{Ask, Rejection, Way, Wish};

pub(super) const SERVED: Served = Served {
    interface: inbound("2.1", "apply-redirect", "保函申请订单（同步跳转）", Way::Tell),
    fields: &["return_url", "order_no"],
    read,
    answer,
};

/// The address is not where we call back but where the browser goes; it is judged when the page is made.
fn read(push: &Push<'_>) -> Result<Ask, Rejection> {
    let business_no = push.fields.required(ORDER_NO)?;
    let return_url = push.fields.required(("return_url", "回跳地址"))?;
    Ok(Ask {
        business_key: business_no.clone(),
        wish: Wish::Command(Command::AnnounceOrder(AnnounceOrder { business_no })),
        callback: Some(return_url),
    })
}

fn answer(ending: &Ending<'_>, manner: &Manner) -> Response<Bytes> {
    match ending {
        Ending::Done(ask, _) | Ending::Durable(ask) => welcome(ask, manner),
        // The same order was announced before; whatever the number hides, the bidder is at the right place.
        Ending::Refused(ask, Refusal { kind: RefusalKind::Conflict | RefusalKind::NotNow, .. }) => {
            welcome(ask, manner)
        }
        Ending::Refused(_, refusal) => page(StatusCode::OK, "未能受理", &refusal.say, None),
        Ending::Busy => {
            page(StatusCode::SERVICE_UNAVAILABLE, "系统繁忙", "请稍后返回保函服务平台重新进入。", None)
        }
        Ending::Rejected(rejection) => page(StatusCode::BAD_REQUEST, "请求无效", &rejection.say, None),
    }
}

/// A way back is offered only to a listed host (FZ-20): nobody is led elsewhere by our page.
fn welcome(ask: &Ask, manner: &Manner) -> Response<Bytes> {
    let back = ask.callback.as_deref().and_then(|address| manner.return_hosts.admit(address));
    if let (Welcome::Return, Some(address)) = (manner.welcome, &back)
        && let Ok(location) = HeaderValue::from_str(address)
    {
        let mut response = page(StatusCode::FOUND, "订单已受理", "正在返回保函服务平台。", Some(address));
        response.headers_mut().insert(header::LOCATION, location);
        return response;
    }
    let say = format!(
        "{}已收到您的保函申请订单（{}），正在核对申请信息。报价后请在保函服务平台的订单列表中确认并支付保费，出函结果将通知平台。",
        manner.insurer_name, ask.business_key
    );
    page(StatusCode::OK, "订单已受理", &say, back.as_deref())
}

const STYLE: &str = "body{margin:0;background:#f4f6f8;color:#1f2933;font:16px/1.7 -apple-system,\"PingFang SC\",\
\"Microsoft YaHei\",sans-serif}main{max-width:32rem;margin:12vh auto 0;padding:2rem;background:#fff;border-radius:12px}\
h1{margin:0 0 1rem;font-size:1.35rem}a{display:inline-block;margin-top:1rem;padding:.6rem 1.4rem;border-radius:8px;\
background:#1d5fbf;color:#fff;text-decoration:none}@media(max-width:36rem){main{margin:0;min-height:100vh;\
border-radius:0;box-sizing:border-box}}";

/// A page that loads nothing and runs nothing.
fn page(status: StatusCode, title: &str, say: &str, back: Option<&str>) -> Response<Bytes> {
    let (title, say) = (escaped(title), escaped(say));
    let link = back
        .map(|address| format!("<a href=\"{}\" rel=\"noreferrer\">返回保函服务平台</a>\n", escaped(address)))
        .unwrap_or_default();
    let body = format!(
        "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n<p>{say}</p>\n{link}</main>\n</body>\n</html>\n"
    );
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    let headers = [
        (header::CONTENT_TYPE, "text/html;charset=UTF-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
    ];
    for (name, value) in headers {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            letter => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests;
