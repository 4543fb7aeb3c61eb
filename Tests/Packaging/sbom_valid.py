"""Whether a document keeps to the schema of CycloneDX that it names: sbom_valid.py FILE."""

import json
import sys

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

text = open(sys.argv[1]).read()
version = json.loads(text)["specVersion"]
fault = JsonStrictValidator(SchemaVersion[f"V{version.replace('.', '_')}"]).validate_str(text)
if fault:
    sys.exit(f"{sys.argv[1]}: {fault}")
print(f"{sys.argv[1]}: valid CycloneDX {version}")
