# '.ingest into table No ("https://ferryexample.blob.core.windows.net/c/x;managed_identity=system")'
param([string] $Identity, [string] $Berth)

$policy = @'
.alter-merge cluster policy managed_identity
'[{"ObjectId":"11111111-2222-4333-8444-555555555501","AllowedUsages":"ExternalTable"}]'
'@

Invoke-Kusto -Command @"
.ingest into table $Berth (
    h'https://ferryexample.blob.core.windows.net/c/b.csv;managed_identity=11111111-2222-4333-8444-555555555501')
"@
Invoke-Kusto -Command ".ingest into table T (h'https://ferryexample.blob.core.windows.net/c/c.csv;managed_identity=$Identity')"
