#!/usr/bin/env python3
"""Compares the verdicts of the JSON Schemas (check-jsonschema, PyPI) and of `finstage validate`.

    same_verdict.py FINSTAGE

Every file under `good` must pass both, every file under `bad` must fail both, and what both say of the strategies that
are shipped must be the same. Files in a folder `configurations` are configurations, all others strategies. Exits with 1
where one differs. A case is added by adding a file.
"""
import json, pathlib, subprocess, sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CHECKER = pathlib.Path(sys.executable).parent / "check-jsonschema"


def asked(*command):
    answer = subprocess.run([str(part) for part in command], cwd=HERE, capture_output=True, text=True)
    if answer.returncode not in (0, 1):
        sys.exit(f"same_verdict: {command[0]} ended with {answer.returncode}: {answer.stdout}{answer.stderr}")
    return answer.stdout


def by_schema(schema, files):
    """What the schema says of each file, by path; a file that it passes is not there."""
    report = json.loads(asked(CHECKER, "--schemafile", schema, "--output-format", "json", *files))
    faults = {}
    for fault in report.get("errors", []) + report.get("parse_errors", []):
        if isinstance(fault, str):
            sys.exit(f"same_verdict: {fault}")
        faults.setdefault(fault["filename"], []).append(f"{fault.get('path')}: {fault.get('message')}")
    return faults


def by_host(host, files, config):
    """What the program says of each file, by path; warnings are no fault. A configuration is read by being named."""
    faults = {}
    runs = [["--config", file, file] for file in files] if config else [["--config", HERE / "host.yaml", *files]]
    for run in runs:
        for fault in json.loads(asked(host, "validate", "--format", "json", *run))["diagnostics"]:
            if fault["severity"] == "error":
                faults.setdefault(fault["file"], []).append(f"{fault['line']}: {fault['message']}")
    return faults


def main():
    host = pathlib.Path(sys.argv[1]).resolve()
    strategies = ROOT / "strategies/strategy.schema.json"
    failed = compared = 0
    for schema, folders, config in [
        (strategies, [HERE / "good", HERE / "bad", ROOT / "strategies"], False),
        (ROOT / "config.schema.json", [HERE / "good/configurations", HERE / "bad/configurations"], True),
    ]:
        for folder in folders:
            files = sorted(str(file) for file in folder.rglob("*.yaml") if config or file.parent.name != "configurations")
            schema_says, host_says = by_schema(schema, files), by_host(host, files, config)
            for file in files:
                compared += 1
                (one, other), wanted = (file in schema_says, file in host_says), folder.name == "bad" or "/bad/" in file
                if one == other == wanted:
                    continue
                failed += 1
                print(f"{file}: should be {'bad' if wanted else 'good'}")
                print(f"  schema: {'; '.join(schema_says.get(file, ['good']))}")
                print(f"  host:   {'; '.join(host_says.get(file, ['good']))}")
    print(f"{compared} files, {failed} of another verdict")
    sys.exit(1 if failed or not compared else 0)


main()
