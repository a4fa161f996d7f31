//! Fields of the documents that change nothing here, each with its ruling or its reason.

/// Protocol, interface (or `*`), half, field, reason.
type Row = (&'static str, &'static str, &'static str, &'static str, &'static str);

const UNHEEDED: &[Row] = &[
    (
        "govproc",
        "/api/guarantee/paystate",
        "reply",
        "data",
        "stat and errcode decide; the document shows no content for it",
    ),
    (
        "govproc",
        "/api/guarantee/applynotify",
        "reply",
        "data",
        "stat and errcode decide; the document shows no content for it",
    ),
    (
        "govproc",
        "/api/guarantee/release",
        "reply",
        "data",
        "stat and errcode decide; the document shows no content for it",
    ),
    (
        "govproc",
        "cancelurl",
        "reply",
        "data",
        "there is nothing to say: left out, as the conformance suite's `leaves_out` has it",
    ),
    (
        "govproc",
        "/guarantee/xmstate",
        "reply",
        "data",
        "there is nothing to say: left out, as the conformance suite's `leaves_out` has it",
    ),
    (
        "fuzhou",
        "insurer_get_guarantee_info",
        "reply",
        "gtype",
        "FZ-25: project_type wins where both are there",
    ),
    (
        "fuzhou",
        "insurer_apply_guarantee_result",
        "request",
        "real_pay",
        "FZ-04, FZ-09: empty values are not sent; only a step of payment has it",
    ),
    (
        "fuzhou",
        "insurer_apply_guarantee_result",
        "request",
        "note",
        "FZ-04, FZ-09: empty values are not sent; refusals and due diligence have it",
    ),
    (
        "fuzhou",
        "invoice-apply-push",
        "request",
        "receiver_address",
        "FZ-21: for paper by post; invoices go out as PDF",
    ),
    ("fuzhou", "invoice-apply-push", "request", "remark", "nothing of it is printed on an invoice"),
    (
        "yueyang",
        "financialAccount/restoreApply",
        "request",
        "outTime",
        "the day of issue is known from the guarantee itself",
    ),
    (
        "yueyang",
        "financialAccount/invoiceApply",
        "request",
        "applyTime",
        "YY-17: demanded nowhere; the moment of acceptance counts",
    ),
];

/// Why a field changes nothing, if that is known.
pub(crate) fn reason(kind: &str, interface: &str, half: &str, field: &str) -> Option<&'static str> {
    let ours =
        |row: &&Row| (row.0, row.2, row.3) == (kind, half, field) && (row.1 == "*" || row.1 == interface);
    UNHEEDED.iter().find(ours).map(|row| row.4)
}
