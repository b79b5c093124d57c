resource "azurerm_kusto_script" "policies" {
  script_content = <<-KQL
    .alter database Ferry policy managed_identity '[{"ObjectId":"system","AllowedUsages":"SandboxArtifacts"}]'
    .alter-merge cluster policy managed_identity '[{"ObjectId":"${var.identity}","AllowedUsages":"ExternalTable"}]'
  KQL
}
locals {
  load = ".ingest into table T (h'https://ferryexample.blob.core.windows.net/c/f.csv;managed_identity=${var.identity}')"
}
