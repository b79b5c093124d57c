class Load
{
    // ".alter database No policy managed_identity"
    const string Verbatim = @".alter database Ferry policy managed_identity @'[{""ObjectId"":""system"",""AllowedUsages"":""SandboxArtifacts""}]'";
    const string Raw = """
        .alter database Ferry policy managed_identity '[{"ObjectId":"system","AllowedUsages":"SandboxArtifacts"}]'
        """;
    string Filled(string id) => $".ingest into table T (h'https://ferryexample.blob.core.windows.net/c/g.csv;managed_identity={id}')";
    string Joined(string id) =>
        ".ingest into table T (" +
        "h'https://ferryexample.blob.core.windows.net/c/h.csv;managed_identity=" + id + "')";
}
