curl -d '{"db": "Ferry", "csl": ".alter database Ferry policy managed_identity \"[{\\\"ObjectId\\\":\\\"system\\\",\\\"AllowedUsages\\\":\\\"SandboxArtifacts\\\"}]\""}' "$URL"
