"""Holds the Kubernetes manifests against docker-compose.yml, and every name in them against what exists."""

import json
import re
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
BASE = ROOT / "deploy/kubernetes/base"
# What the institution brings itself, what is only for one machine, and the operator's tool.
NOT_OURS = {"rabbitmq", "redis", "postgres", "prometheus", "alertmanager", "grafana"}
ONE_MACHINE = {"production-guard", "baohan"}
wrong = []


def say(where, what):
    wrong.append(f"{where}: {what}")


def same(where, what, cluster, machine):
    if cluster != machine:
        say(where, f"{what} is {cluster} here and {machine} in docker-compose.yml")


def documents(path):
    return [each for each in yaml.safe_load_all(path.read_text()) if each]


compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
kustomization = documents(BASE / "kustomization.yaml")[0]
production = documents(ROOT / "deploy/kubernetes/production/kustomization.yaml")[0]
page = (ROOT / "deploy/beyond.md").read_text()
# | `gateway-ingress`, `gateway-egress` | `amqp`, `redis`, `link` |
table = {}
for names, keys in re.findall(r"^\| ((?:`gateway-[a-z-]+`(?:, )?)+) \| (.*) \|$", page, re.M):
    for name in re.findall(r"`([a-z-]+)`", names):
        table[name] = set(re.findall(r"`([a-z_]+)`", re.sub(r"\(.*?\)", "", keys)))
table["gateway-operator"] = table["gateway-worker"]
generated = {each["name"] for each in production["configMapGenerator"]}
queues = {each["name"] for each in json.loads((ROOT / "deploy/rabbitmq/definitions.json").read_text())["queues"]}

files = {each.name for each in BASE.glob("*.yaml")} - {"kustomization.yaml"}
if files != set(kustomization["resources"]):
    say("base/kustomization.yaml", f"names other files than there are: {files ^ set(kustomization['resources'])}")
things = [(name, thing) for name in sorted(files) for thing in documents(BASE / name)]
of = lambda kind: {thing["metadata"]["name"]: (name, thing) for name, thing in things if thing["kind"] == kind}
deployments, jobs = of("Deployment"), of("Job")
claims, balancers, budgets = of("PersistentVolumeClaim"), of("Service"), of("PodDisruptionBudget")

# The same services on both sides, one image each, all of them named for an installation.
ours = {name for name in compose if name not in NOT_OURS | ONE_MACHINE and not name.startswith("sandbox-")}
pods = {name: (where, each["spec"]["template"]) for name, (where, each) in (deployments | jobs).items()}
there = set(pods) | {init["name"] for _, pod in pods.values() for init in pod["spec"].get("initContainers", [])}
if ours != there:
    say("services", f"only in docker-compose.yml: {sorted(ours - there)}; only here: {sorted(there - ours)}")
images = {each["name"] for each in production["images"]}
used = {c["image"] for _, pod in pods.values() for c in pod["spec"]["containers"] + pod["spec"].get("initContainers", [])}
if images != used:
    say("production/kustomization.yaml", f"images named and used differ: {sorted(images ^ used)}")


def image(service):
    return service["image"].replace("${IMAGES:-baohan}", "baohan").replace(":${TAG:-local}", "")


def mounts(service):
    """Where in the container, and whether it may write."""
    split = [re.sub(r"\$\{[^}]*\}", "X", each).split(":") for each in service.get("volumes", [])]
    return {parts[1]: parts[2:] != ["ro"] for parts in split}


def volumes(where, pod):
    """Every source of every volume: config maps, secrets and claims that are used must exist."""
    found = {}
    for volume in pod["spec"]["volumes"]:
        sources = volume.get("projected", {}).get("sources", [volume])
        maps = {each["configMap"]["name"] for each in sources if "configMap" in each}
        secrets = {each["secret"].get("name") or each["secret"]["secretName"] for each in sources if "secret" in each}
        for name in maps - generated:
            say(where, f"config map {name} is made by nobody (production/kustomization.yaml)")
        for name in secrets - set(table):
            say(where, f"secret {name} is not described (deploy/beyond.md)")
        if "persistentVolumeClaim" in volume and volume["persistentVolumeClaim"]["claimName"] not in claims:
            say(where, f"claim {volume['persistentVolumeClaim']['claimName']} does not exist")
        found[volume["name"]] = maps | secrets
    return found


def container(where, name, each, sources, service):
    same(where, f"{name}: image", each["image"], image(service))
    same(where, f"{name}: command", each.get("args"), service.get("command"))
    env = {entry["name"]: entry["value"] for entry in each["env"]}
    same(where, f"{name}: GATEWAY_CONFIG", env.get("GATEWAY_CONFIG"), service["environment"]["GATEWAY_CONFIG"])
    for unknown in set(env) - set(service["environment"]):
        say(where, f"{name}: {unknown} is not set in docker-compose.yml")
    if not {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True}.items() <= each["securityContext"].items():
        say(where, f"{name} is not hardened")
    same(where, f"{name}: capabilities", each["securityContext"]["capabilities"]["drop"], service["cap_drop"])
    mounted = {mount["name"]: mount for mount in each["volumeMounts"]}
    for missing in set(mounted) - set(sources):
        say(where, f"{name} mounts {missing}, which is no volume of it")
    at = mounts(service)
    # One folder here, single files there: who has the database's settings, certificates, documents.
    settings = sources["settings"]
    same(where, f"{name}: settings of the database", "gateway-postgres" in settings, "/etc/baohan/postgres.toml" in at)
    same(where, f"{name}: certificates", "gateway-signing" in settings, "/etc/baohan/signing" in at)
    for needed in {"gateway-settings", "gateway-partner-keys"} - settings:
        say(where, f"{name} lacks {needed}")
    if name not in {"check", "migrate"}:
        folder = "/var/lib/baohan/documents"
        here = {mount["mountPath"]: not mount.get("readOnly", False) for mount in each["volumeMounts"]}
        same(where, f"{name}: documents (may write)", here.get(folder), at.get(folder))
    # The same secrets under the same names, RabbitMQ's user among them.
    (secret,) = sources["secrets"]
    targets = {entry["target"]: entry["source"] for entry in service["secrets"]}
    same(where, f"{name}: keys of {secret}", sorted(table.get(secret, [])), sorted(targets))
    role = secret.removeprefix("gateway-")
    same(where, f"{name}: RabbitMQ's user", f"amqp_{role}", targets["amqp"])


def serving(where, name, each, service):
    """Ports, probes, and enough time to end."""
    ports = {port["name"]: port["containerPort"] for port in each["ports"]}
    published = [int(port.rsplit(":", 1)[1]) for port in service.get("ports", [])]
    same(where, f"{name}: ports", [port for key, port in ports.items() if key != "admin"], published)
    same(where, f"{name}: a Service", name in balancers, bool(published))
    for probe, path in {"startupProbe": "/livez", "readinessProbe": "/readyz", "livenessProbe": "/livez"}.items():
        asked = each.get(probe, {}).get("httpGet")
        if asked != {"path": path, "port": "admin"} or ports.get("admin") != 9090:
            say(where, f"{name}: {probe} asks {asked}")
    if name not in budgets:
        say(where, f"{name} has no PodDisruptionBudget")


for name, (where, pod) in pods.items():
    sources = volumes(where, pod)
    spec = pod["spec"]
    if not spec["securityContext"].get("runAsNonRoot") or spec["securityContext"].get("runAsUser") != 10001:
        say(where, f"{name} may run as root")
    for each in spec.get("initContainers", []) + spec["containers"]:
        known = each["name"] if each["name"] != "service" else name
        if known in compose:
            container(where, known, each, sources, compose[known])
    if name in deployments and name in compose:
        serving(where, name, spec["containers"][0], compose[name])
        grace = int(compose[name]["stop_grace_period"].rstrip("s"))
        if spec.get("terminationGracePeriodSeconds", 30) < grace:
            say(where, f"{name} has less than {grace} s to end")

# Whoever selects must find somebody.
labels = {name: pod["metadata"]["labels"] for name, (_, pod) in pods.items()}
for where, thing in things:
    name, spec = thing["metadata"]["name"], thing.get("spec", {})
    if thing["kind"] == "ScaledObject":
        if spec["scaleTargetRef"]["name"] not in deployments:
            say(where, f"scales {spec['scaleTargetRef']['name']}, which does not exist")
        for trigger in spec["triggers"]:
            if trigger["metadata"]["queueName"] not in queues:
                say(where, f"{trigger['metadata']['queueName']} is no queue")
            if trigger["authenticationRef"]["name"] not in of("TriggerAuthentication"):
                say(where, f"{trigger['authenticationRef']['name']} does not exist")
    if thing["kind"] == "TriggerAuthentication":
        for entry in spec["secretTargetRef"]:
            if entry["key"] not in table.get(entry["name"], []):
                say(where, f"{entry['name']} has no key {entry['key']}")
    selector = spec.get("selector") if thing["kind"] in {"Service", "PodDisruptionBudget", "Deployment"} else None
    wanted = (selector or {}).get("matchLabels", selector)
    if wanted and labels.get(name, {}).get("app") != wanted.get("app"):
        say(where, f"{thing['kind']} {name} selects {wanted}, which no pod has")

scraped = set(re.findall(r"^          - ([a-z-]+)$", (ROOT / "deploy/prometheus/prometheus.yml").read_text(), re.M))
if scraped != set(deployments):
    say("deploy/prometheus/prometheus.yml", f"scrapes other services than there are: {sorted(scraped ^ set(deployments))}")

for each in wrong:
    print(f"deploy-check: kubernetes: {each}", file=sys.stderr)
if not wrong:
    print(f"deploy-check: {len(deployments)} deployments and {len(jobs)} job are as in docker-compose.yml")
sys.exit(bool(wrong))
