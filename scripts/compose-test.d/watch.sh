# What Prometheus sees: targets, dashboards' queries, alerts that fire and rest.
# shellcheck shell=bash

# prometheus PATH [QUERY]: its API, asked from the host.
prometheus() { inside curl -sS -G --max-time 10 "http://127.0.0.1:9095/api/v1/$1" ${2:+--data-urlencode "query=$2"}; }

# sees QUERY: whether it has a result now.
sees() { prometheus query "$1" | grep -q '"value":'; }

targets_up() {
    prometheus 'targets?state=active' | python3 -c '
import json, sys
targets = json.load(sys.stdin)["data"]["activeTargets"]
down = [t["labels"] for t in targets if t["health"] != "up"]
services = {t["labels"].get("service") for t in targets} - {None}
print(f"{len(targets)} targets, {len(services)} services", down or "")
sys.exit(bool(down) or len(services) < 19)'
}

targets() {
    until_true 120 targets_up || { targets_up >&2; return 1; }
    note "$(targets_up)"
}

queries() {
    until_true 120 dashboards_full || { dashboards_full >&2; return 1; }
    note "$(dashboards_full)"
}

# Every query of every dashboard, with the partner that plays, and short ranges as the test is short.
dashboards_full() {
    inside python3 - deploy/grafana/dashboards/*.json <<'PY'
import json, sys, urllib.parse, urllib.request
empty, asked = [], 0
for path in sys.argv[1:]:
    for panel in json.load(open(path))["panels"]:
        for target in panel["targets"]:
            query = target["expr"].replace("$partner", "finserv-demo")
            url = "http://127.0.0.1:9095/api/v1/query?" + urllib.parse.urlencode({"query": query})
            answer = json.load(urllib.request.urlopen(url, timeout=10))
            asked += 1
            if answer["status"] != "success" or not answer["data"]["result"]:
                empty.append(f"{path}: {panel['title']}: {query}")
print(f"{asked} queries of {len(sys.argv) - 1} dashboards, {len(empty)} without data")
print("\n".join(empty), file=sys.stderr)
sys.exit(bool(empty))
PY
}

# firing [NAME [LABEL=VALUE]]: the names of the alerts that fire. Not asked as a series, which outlives a restart of Prometheus.
firing() {
    prometheus alerts | python3 -c '
import json, sys
name, _, label = (sys.argv[1] if len(sys.argv) > 1 else "").partition(",")
for alert in json.load(sys.stdin)["data"]["alerts"]:
    labels = alert["labels"]
    if alert["state"] != "firing" or name and labels["alertname"] != name:
        continue
    if not label or labels.get(label.split("=")[0]) == label.split("=")[1]:
        print(" ".join([labels["alertname"]] + [f"{k}={v}" for k, v in labels.items() if k in ("service", "partner", "queue", "what")]))
' "$@"
}
# fires NAME[,LABEL=VALUE]
fires() { [[ $(firing "$1") ]]; }
rests() { prometheus alerts | grep -q '"status":"success"' && ! fires "$1"; }
# An answer without an alert, not the lack of an answer.
quiet() { prometheus alerts | grep -q '"status":"success"' && [[ -z $(firing) ]]; }
# Alertmanager has heard of it.
told() { inside curl -sS --max-time 10 http://127.0.0.1:9096/api/v2/alerts | grep -q "\"alertname\":\"${1%%,*}\""; }

# fault WHAT ALERT…: before it is made, none of these fires.
fault() {
    local alert
    FAULT=$1
    shift
    say "fault: $FAULT"
    for alert in "$@"; do
        until_true 180 rests "$alert" || { say "$alert fires before its fault is made"; return 1; }
    done
    FAULT_AT=$SECONDS
}

# expect SECONDS ALERT…: each fires within this time, and Alertmanager is told.
expect() {
    local patience=$1 alert
    shift
    for alert in "$@"; do
        until_true "$patience" fires "$alert" || { say "$alert did not fire"; return 1; }
        until_true 60 told "$alert" || { say "Alertmanager was not told of $alert"; return 1; }
        printf '| %s | %s | %s s |\n' "${alert%%,*}" "$FAULT" $((SECONDS - FAULT_AT)) >>"$WORK/alerts"
        say "$alert fires, $((SECONDS - FAULT_AT)) s"
    done
}
