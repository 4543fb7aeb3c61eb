"""What the program is made of, as a CycloneDX 1.5 document: sbom.py PROGRAM OUT.

Swift packages come from Package.resolved with the licence that stands in their checkout; one counts as required where a
module of it was built into the program, else it was resolved for another's sake and is excluded. Debian's packages are
those whose libraries the program is linked with, or loads by itself.
"""

import hashlib
import json
import pathlib
import re
import subprocess
import sys
import uuid

ROOT = pathlib.Path(__file__).resolve().parent.parent
# Loaded when they are first needed: docs/decisions/0015, 0024.
LOADED = ["libcurl.so.4", "libcrypto.so.3"]
LICENSES = [
    ("Apache-2.0", r"Apache License\s+Version 2\.0"),
    ("MIT", r"Permission is hereby granted, free of charge, to any person obtaining a copy"),
    ("BSD-3-Clause", r"Neither the name of .{0,200}may be used to endorse"),
]


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def license_of(folder):
    for file in sorted(folder.glob("LICEN[SC]E*")):
        text = file.read_text(errors="replace")
        for name, pattern in LICENSES:
            if re.search(pattern, text, re.S):
                return [{"license": {"id": name}}]
    return []


def is_linked(folder, modules):
    """Whether one of its targets was built: targets are folders below Sources, or are named in its manifest."""
    manifest = (folder / "Package.swift").read_text()
    names = {path.name for path in folder.glob("Sources/*") if path.is_dir()}
    names |= set(re.findall(r'[tT]arget\(\s*name:\s*"([^"]+)"', manifest))
    return bool(names & modules)


def swift_packages(build):
    # A folder alone says that a module was thought of; an object that it was built.
    modules = {path.parent.name.removesuffix(".build") for path in build.glob("*.build/*.o")}
    modules |= {path.parent.parent.name.removesuffix(".build") for path in build.glob("*.build/*/*.o")}
    modules -= {path.name for path in (ROOT / "Sources").iterdir()}
    for pin in json.loads((ROOT / "Package.resolved").read_text())["pins"]:
        state, location = pin["state"], pin["location"].removesuffix(".git")
        name = location.rsplit("/", 1)[-1]
        folder = ROOT / ".build" / "checkouts" / name
        version = state.get("version") or state["revision"]
        purl = f"pkg:swift/{location.split('://')[-1]}@{version}"
        yield {
            "type": "library",
            "bom-ref": purl,
            "name": name,
            "version": version,
            "scope": "required" if is_linked(folder, modules) else "excluded",
            "licenses": license_of(folder),
            "purl": purl,
            "externalReferences": [{"type": "vcs", "url": location, "comment": state["revision"]}],
        }


def debian_packages(program):
    found = {}
    for line in run("ldd", program).splitlines():
        path = re.search(r"(/\S+)", line)
        if path:
            found[str(pathlib.Path(path[1]).resolve())] = "linked"
    cache = run("/sbin/ldconfig", "-p")
    for name in LOADED:
        path = re.search(rf"{re.escape(name)} .*=> (\S+)", cache)
        if path:
            found[str(pathlib.Path(path[1]).resolve())] = "loaded when it is needed"
    packages = {}
    for path, how in sorted(found.items()):
        owner = subprocess.run(["dpkg", "-S", path], capture_output=True, text=True)
        if owner.returncode:  # /lib is a link to /usr/lib, and dpkg knows the name by which the file was installed
            owner = subprocess.run(["dpkg", "-S", path.removeprefix("/usr")], capture_output=True, text=True)
        if owner.returncode == 0:
            packages.setdefault(owner.stdout.splitlines()[0].rsplit(": ", 1)[0].split(",")[0], how)
    for name, how in sorted(packages.items()):
        form = "${binary:Package}\t${Version}\t${Architecture}"
        package, version, architecture = run("dpkg-query", "-W", f"-f={form}", name).split("\t")
        package = package.split(":")[0]
        purl = f"pkg:deb/debian/{package}@{version.replace('+', '%2B').replace(':', '%3A')}?arch={architecture}"
        yield {
            "type": "library",
            "bom-ref": purl,
            "name": package,
            "version": version,
            "scope": "required" if how == "linked" else "optional",
            "purl": purl,
            "properties": [{"name": "finstage:use", "value": how}],
        }


def main(program, out):
    program = pathlib.Path(program).resolve()
    version = run(str(program), "--version").strip()
    commit = run("git", "-C", str(ROOT), "log", "-1", "--format=%H %cI").split()
    digest = hashlib.sha256(program.read_bytes()).hexdigest()
    parts = sorted(swift_packages(program.parent), key=lambda part: part["bom-ref"].lower())
    parts += debian_packages(str(program))
    own = f"pkg:generic/finstage@{version}"
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        # The same program gives the same document.
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, own + digest)}",
        "version": 1,
        "metadata": {
            "timestamp": commit[1],
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": "finstage",
                "version": version,
                "licenses": license_of(ROOT),
                "purl": own,
                "hashes": [{"alg": "SHA-256", "content": digest}],
                "properties": [{"name": "finstage:commit", "value": commit[0]}],
            },
        },
        "components": parts,
        "dependencies": [
            {"ref": own, "dependsOn": [part["bom-ref"] for part in parts if part["scope"] != "excluded"]}
        ],
    }
    pathlib.Path(out).write_text(json.dumps(document, indent=2) + "\n")
    used = [part for part in parts if part["scope"] != "excluded"]
    swift = [part for part in used if part["purl"].startswith("pkg:swift")]
    bare = [part["name"] for part in swift if not part["licenses"]]
    print(f"{out}: {len(swift)} Swift packages and {len(used) - len(swift)} of Debian, {len(parts) - len(used)} resolved and not used")
    if bare:
        sys.exit(f"no licence is known of {', '.join(bare)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
