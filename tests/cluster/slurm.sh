#!/usr/bin/env bash
# Shares of a verification as an array job on a real Slurm: two nodes on this machine, one of which is killed with the
# share that it is measuring. The share is measured again on the other node, and all of them together are the run.
#
#     tests/cluster/slurm.sh PROGRAM
#
# Needs root, and Debian's slurm-wlm and munge, which it installs where they are missing.
set -euo pipefail
program=$(realpath "$1")
root=$(realpath "$(dirname "$0")/../..")
case=(--only A1,A3,B1,B7,C1,D4,D9 --cases 24 --seed 7)
shares=6

command -v slurmctld >/dev/null && command -v munged >/dev/null ||
  { apt-get update -qq; apt-get install -y -qq slurm-wlm munge >/dev/null; }

work=$(mktemp -d)
host=$(hostname -s)
export SLURM_CONF=$work/slurm.conf
stop() {
  pkill -f "slurmctld -f $SLURM_CONF" || true
  pkill -f "slurmd -f $SLURM_CONF" || true
  [ -z "${munge:-}" ] || kill "$munge" || true
  sleep 1
  rm -rf "$work"
}
trap stop EXIT

if ! munge -n >/dev/null 2>&1; then
  install -d -o munge /run/munge /var/log/munge /var/lib/munge
  runuser -u munge -- munged --foreground >/dev/null 2>&1 &
  munge=$!
  sleep 1
fi
cat >"$SLURM_CONF" <<END
ClusterName=loopback
SlurmctldHost=$host(127.0.0.1)
AuthType=auth/munge
SlurmUser=root
SlurmdUser=root
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool-%n
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/%n.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=0
SlurmdTimeout=10
MailProg=/bin/true
NodeName=first NodeHostname=$host NodeAddr=127.0.0.1 Port=17101 CPUs=1 State=UNKNOWN
NodeName=second NodeHostname=$host NodeAddr=127.0.0.1 Port=17102 CPUs=1 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END
mkdir -p "$work"/{state,spool-first,spool-second,run,bin}
ln -s "$program" "$work/bin/isotropic"
export PATH=$work/bin:$PATH
slurmctld -f "$SLURM_CONF"
for node in first second; do slurmd -f "$SLURM_CONF" -N "$node"; done
until [ "$(sinfo -h -t idle -o %D)" = 2 ]; do sleep 1; done

cd "$work/run"
job=$(sbatch --parsable --array="1-$shares" "$root/docs/cluster/slurm.sh" "${case[@]}")
echo "job $job: $shares shares on two nodes"

# The node dies with what runs on it, as soon as it has a share to lose.
until lost=$(squeue -h -t running -w second -o %K) && [ -n "$lost" ] && pgrep -f "shard $lost/$shares" >/dev/null; do sleep 0.1; done
kill -9 "$(cat "$work/second.pid")"
pkill -9 -f "slurmstepd: \[${job}_$lost" || pkill -9 -f "slurmstepd.*$job" || true
pkill -9 -f "shard $lost/$shares" || true
[ ! -e "shards/$lost-of-$shares.json" ] || { echo "share $lost was complete before its node died"; exit 1; }
echo "killed the node of share $lost"

while [ -n "$(squeue -h -j "$job" 2>/dev/null)" ]; do sleep 1; done
restarts=$(scontrol show job "${job}_$lost" 2>/dev/null | sed -n 's/.*Restarts=\([0-9]*\).*/\1/p' | head -1)
if [ ! -e "shards/$lost-of-$shares.json" ]; then
  # Slurm calls a batch step that was killed before its node a failure, and does not start it again: by hand, then.
  isotropic merge shards/*.json && { echo "a lost share went unnoticed"; exit 1; } || [ $? = 2 ]
  again=$(SHARES=$shares sbatch --parsable --array="$lost" "$root/docs/cluster/slurm.sh" "${case[@]}")
  while [ -n "$(squeue -h -j "$again" 2>/dev/null)" ]; do sleep 1; done
  echo "share $lost measured again by hand"
else
  echo "share $lost measured again by Slurm (restarts: ${restarts:-?})"
fi

isotropic merge "shards/"*.json --json joined.json >joined.txt
isotropic verify "${case[@]}" --json whole.json --report whole.html >whole.txt
python3 - <<'END'
import json
joined, whole = (json.load(open(name)) for name in ("joined.json", "whole.json"))
joined.pop("seconds"), whole.pop("seconds")
assert joined == whole, "the shares are not the run"
END
diff <(grep -v ' refuted, ' joined.txt) <(grep -v ' refuted, ' whole.txt)
echo "$shares shares, one measured twice: the same outcome as one run"
