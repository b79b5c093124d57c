#!/bin/sh
set -e
# run '.alter database No policy managed_identity "[{}]"'
run "$(cat <<'KQL'
.ingest into table Tide (
    h'https://ferryexample.blob.core.windows.net/t/a.csv;managed_identity=11111111-2222-4333-8444-555555555502')
KQL
)"
run ".ingest into table Tide (h'https://ferryexample.blob.core.windows.net/t/b.csv;managed_identity="$MI"')"
cat <<EOF2 | run
.alter-merge cluster policy managed_identity '[{"ObjectId":"11111111-2222-4333-8444-555555555502","AllowedUsages":"AzureAI"}]'
EOF2
