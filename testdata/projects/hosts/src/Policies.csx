Run(".alter database Ferry policy managed_identity \"[{'ObjectId':'system','AllowedUsages':'SandboxArtifacts'}]\"");
