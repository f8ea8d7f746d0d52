#!/bin/bash
#SBATCH --job-name=isotropic
#SBATCH --array=1-8
#SBATCH --requeue
#SBATCH --output=shard-%a.log

# One share of a verification for each task of an array:
#
#     sbatch docs/cluster/slurm.sh --cases 480
#     isotropic merge shards/*-of-8.json --report verify.html
#
# A share depends on nothing but its number: one that is lost with its node is measured again, on any other, by
#
#     sbatch --array=5 --export=ALL,SHARES=8 docs/cluster/slurm.sh --cases 480
#
# A share is written at once when it is complete, so that a file is a whole share or is not there.
set -euo pipefail
shares=${SHARES:-$SLURM_ARRAY_TASK_COUNT}
mkdir -p shards
exec isotropic verify "$@" --shard "$SLURM_ARRAY_TASK_ID/$shares" --json "shards/$SLURM_ARRAY_TASK_ID-of-$shares.json"
