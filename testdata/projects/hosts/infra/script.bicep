// '.alter database No policy managed_identity "[{}]"'
resource script 'Microsoft.Kusto/clusters/databases/scripts@2024-04-13' = {
  properties: {
    scriptContent: '''
.alter database Ferry policy managed_identity ```[{"ObjectId":"system","AllowedUsages":"SandboxArtifacts"}]```
'''
  }
}
var load = '.ingest into table T (h\'https://ferryexample.blob.core.windows.net/c/d.csv;managed_identity=${mi.properties.principalId}\')'
