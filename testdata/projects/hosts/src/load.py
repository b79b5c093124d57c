# '.alter database No policy managed_identity'
POLICY = """
.alter database Ferry policy managed_identity ```[{"ObjectId":"system","AllowedUsages":"SandboxArtifacts"}]```
"""


def load(client, identity):
    client.run(
        ".ingest into table T "
        f"(h'https://ferryexample.blob.core.windows.net/c/i.csv;managed_identity={identity}')"
    )
    client.run(r".ingest into table T (h'https://ferryexample.blob.core.windows.net/c/j.csv;managed_identity=system')")
