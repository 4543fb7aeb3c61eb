"""Whether manifests of Kubernetes keep to its schema and to the pod security standard "restricted", and whether the program
reads the configuration in them: manifests_valid.py PROGRAM FILE."""

import pathlib
import subprocess
import sys
import tempfile

import kubernetes_validate
import yaml

program, path = sys.argv[1:]
documents = list(yaml.safe_load_all(open(path)))
by_kind = {document["kind"]: document for document in documents}
faults = []
for document in documents:
    try:
        kubernetes_validate.validate(document, "1.30", strict=True)
    except kubernetes_validate.ValidationError as error:
        faults.append(f"{document['kind']}: {error.message}")

deployment = by_kind["Deployment"]["spec"]
pod = deployment["template"]["spec"]


def expect(holds, what):
    if not holds:
        faults.append(what)


# SQLite has one writer: two pods must never run at one time.
expect(deployment["replicas"] == 1 and deployment["strategy"]["type"] == "Recreate", "one replica, Recreate")
expect(pod["securityContext"]["runAsNonRoot"] is True, "not as root")
expect(pod["securityContext"]["seccompProfile"]["type"] == "RuntimeDefault", "a seccomp profile")
expect(pod["automountServiceAccountToken"] is False, "no token of the cluster")
for container in pod["containers"]:
    context = container["securityContext"]
    expect(context["readOnlyRootFilesystem"] is True, f"{container['name']}: a read-only root")
    expect(context["allowPrivilegeEscalation"] is False, f"{container['name']}: no more privileges")
    expect(context["capabilities"]["drop"] == ["ALL"], f"{container['name']}: no capabilities")
    expect("memory" in container["resources"]["limits"], f"{container['name']}: a bound of memory")
host = pod["containers"][0]
for probe, asked in [("startupProbe", "live"), ("livenessProbe", "live"), ("readinessProbe", "ready")]:
    expect(host[probe]["httpGet"]["path"] == f"/health/{asked}", f"{probe} asks /health/{asked}")
expect(pod["terminationGracePeriodSeconds"] > 40, "time for what runs to end")

with tempfile.TemporaryDirectory() as folder:
    text = by_kind["ConfigMap"]["data"]["config.yaml"]
    strategies = pathlib.Path(__file__).resolve().parents[2] / "strategies"
    file = pathlib.Path(folder) / "config.yaml"
    file.write_text(text.replace("/usr/share/finstage/strategies", str(strategies)))
    answer = subprocess.run([program, "validate", "--config", str(file)], capture_output=True, text=True)
    expect(answer.returncode == 0, f"the configuration: {answer.stdout}{answer.stderr}")

if faults:
    sys.exit("\n".join(f"{path}: {fault}" for fault in faults))
print(f"{path}: {len(documents)} manifests of Kubernetes 1.30, restricted; its configuration is sound")
