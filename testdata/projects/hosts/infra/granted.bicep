var policy = '.alter-merge cluster policy managed_identity "[{\\"ObjectId\\":\\"${id}\\",\\"AllowedUsages\\":\\"ExternalTable\\"}]"'
var load = '.ingest into table T (h\'https://ferryexample.blob.core.windows.net/c/e.csv;managed_identity=${id}\')'
