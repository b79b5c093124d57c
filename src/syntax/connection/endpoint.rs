//! Which service a host belongs to.

/// Kinds of stores that hold files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Store {
    /// Azure Blob Storage.
    Blob,
    /// Azure Data Lake Storage Gen2.
    DataLakeGen2,
    /// Azure Data Lake Storage Gen1 (`adl://`).
    DataLakeGen1,
    /// OneLake in Microsoft Fabric.
    OneLake,
    /// Amazon S3.
    S3,
    /// Azure OpenAI, which takes the same credentials.
    OpenAi,
    /// Any other web server.
    Http,
    /// Not known, because the host is filled in elsewhere.
    Unknown,
}

impl Store {
    /// The store of a URL. `symbolic` tells that the host is not wholly known.
    pub(super) fn of(scheme: &str, host: &str, symbolic: bool) -> Self {
        let (scheme, host) = (scheme.to_ascii_lowercase(), host.to_ascii_lowercase());
        let label = |name: &str| host.split('.').skip(1).any(|part| part == name);
        if scheme == "adl" || label("azuredatalakestore") {
            Self::DataLakeGen1
        } else if host.ends_with("fabric.microsoft.com") && host.contains("onelake") {
            Self::OneLake
        } else if label("dfs") || matches!(scheme.as_str(), "abfss" | "abfs") {
            Self::DataLakeGen2
        } else if label("blob") || matches!(scheme.as_str(), "wasbs" | "wasb") {
            Self::Blob
        } else if is_s3(&host) || matches!(scheme.as_str(), "s3" | "s3a") {
            Self::S3
        } else if label("openai") || label("cognitiveservices") {
            Self::OpenAi
        } else if symbolic {
            Self::Unknown
        } else {
            Self::Http
        }
    }

    /// The store in words.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Blob => "Azure Blob Storage",
            Self::DataLakeGen2 => "Azure Data Lake Storage Gen2",
            Self::DataLakeGen1 => "Azure Data Lake Storage Gen1",
            Self::OneLake => "OneLake",
            Self::S3 => "Amazon S3",
            Self::OpenAi => "Azure OpenAI",
            Self::Http => "a web server",
            Self::Unknown => "a store",
        }
    }

    /// Whether the first part of the host names an account of the store.
    pub(super) fn has_account(self) -> bool {
        matches!(
            self,
            Self::Blob | Self::DataLakeGen2 | Self::DataLakeGen1 | Self::OpenAi
        )
    }

    /// Whether the first step of the path is a container.
    pub(super) fn has_container(self) -> bool {
        matches!(self, Self::Blob | Self::DataLakeGen2 | Self::OneLake)
    }
}

/// `bucket.s3.region.amazonaws.com`, `s3.amazonaws.com`, `bucket.s3-region.amazonaws.com`.
fn is_s3(host: &str) -> bool {
    (host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn"))
        && host.split('.').any(|part| part == "s3" || part.starts_with("s3-"))
}

/// Ends of the host names of the service, in all clouds.
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
pub fn is_kusto_host(host: &str) -> bool {
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

/// Whether a host is the machine itself: an emulator.
#[must_use]
pub fn is_local_host(host: &str) -> bool {
    let host = host.trim().to_ascii_lowercase();
    host == "localhost" || host.starts_with("127.") || host == "[::1]" || host == "host.docker.internal"
}
