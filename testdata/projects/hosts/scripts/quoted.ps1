$grant = ".alter database Ferry policy managed_identity '[{`"ObjectId`":`"system`",`"AllowedUsages`":`"SandboxArtifacts`"}]'"
$show = '.show database Ferry policy managed_identity'
$joined = '.alter database ' + $name + ' policy managed_identity ''[{"ObjectId":"system","AllowedUsages":"SandboxArtifacts"}]'''
