#!/usr/bin/env bash
# docs/cluster/kubernetes.yaml against the schema of Kubernetes' own jobs, and a misspelt key, which the schema must refuse.
#
#     tests/cluster/kubernetes.sh FOLDER      a virtual environment is made there
set -euo pipefail
folder=$1
root=$(realpath "$(dirname "$0")/../..")
[ -x "$folder/bin/python" ] || python3 -m venv "$folder"
"$folder/bin/pip" install -q --disable-pip-version-check kubernetes-validate==1.37.0 PyYAML

"$folder/bin/python" - "$root/docs/cluster/kubernetes.yaml" <<'END'
import sys

import kubernetes_validate
import yaml

manifest = yaml.safe_load(open(sys.argv[1]))
version = kubernetes_validate.latest_version()
kubernetes_validate.validate(manifest, version, strict=True)
print(f"{sys.argv[1].rsplit('/', 1)[-1]} fits the schema of batch/v1 in Kubernetes {version}")

manifest["spec"]["completionsMode"] = manifest["spec"].pop("completionMode")
try:
    kubernetes_validate.validate(manifest, version, strict=True)
except kubernetes_validate.ValidationError:
    print("control: a misspelt key is refused")
else:
    sys.exit("a misspelt key was not refused")
END
