//! The hosts that the service issues: its clients send tokens to them without being told to.

/// Ends of the host names of the service, in all clouds.
///
/// Source: wellKnownKustoEndpoints.json of the client library for Python, which all libraries share; kusto.md of the
/// product documentation, 11/25/2025, tells that clients refuse other hosts.
const KUSTO_SUFFIXES: &[&str] = &[
    ".kusto.windows.net",
    ".kustomfa.windows.net",
    ".kustodev.windows.net",
    ".kusto.azuresynapse.net",
    ".kustodev.azuresynapse-dogfood.net",
    ".kusto.data.microsoft.com",
    ".kusto.fabric.microsoft.com",
    ".playfab.com",
    ".playfabapi.com",
    ".azureplayfab.com",
    ".dxp.aad.azure.com",
    ".dxp-dev.aad.azure.com",
    ".api.securityplatform.microsoft.com",
    ".securitycenter.windows.com",
    ".arg.core.windows.net",
    ".arg-int.core.windows.net",
    ".arg-df.core.windows.net",
    ".kusto.usgovcloudapi.net",
    ".kustomfa.usgovcloudapi.net",
    ".arg.core.usgovcloudapi.net",
    ".kusto.chinacloudapi.cn",
    ".kustomfa.chinacloudapi.cn",
    ".kusto.azuresynapse.azure.cn",
    ".playfab.cn",
    ".arg.core.chinacloudapi.cn",
    ".kusto.core.eaglex.ic.gov",
    ".kustomfa.core.eaglex.ic.gov",
    ".kusto.core.microsoft.scloud",
    ".kustomfa.core.microsoft.scloud",
    ".kusto.sovcloud-api.fr",
    ".kustomfa.sovcloud-api.fr",
];

/// Whole host names of the service; those of Azure Monitor start with `adx.` or `ade.`.
const KUSTO_HOSTS: &[&str] = &[
    "kusto.aria.microsoft.com",
    "eu.kusto.aria.microsoft.com",
    "api.securityplatform.microsoft.com",
];

/// Whether a host is one that the service issues, so that its clients trust it without being told.
#[must_use]
pub fn is_trusted_host(host: &str) -> bool {
    let host = host.trim().trim_end_matches('.').to_ascii_lowercase();
    KUSTO_SUFFIXES.iter().any(|suffix| host.ends_with(suffix))
        || KUSTO_HOSTS.contains(&host.as_str())
        || is_monitor(&host)
}

/// `adx.monitor.azure.com`, `ade.loganalytics.io` and their kin in other clouds.
fn is_monitor(host: &str) -> bool {
    let mut labels = host.split('.');
    let first = labels.next().unwrap_or_default();
    let second = labels.next().unwrap_or_default();
    let service = ["monitor", "loganalytics", "applicationinsights"];
    let rest: Vec<&str> = labels.collect();
    let azure = rest.first() == Some(&"azure") && rest.len() == 2 || rest == ["io"];
    (first == "adx" || first == "ade" || first.starts_with("adx-") || first.starts_with("ade-"))
        && service
            .iter()
            .any(|name| second == *name || second.strip_prefix(name).is_some_and(|end| end.starts_with('-')))
        && azure
}
