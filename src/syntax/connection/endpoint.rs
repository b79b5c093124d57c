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

/// Whether a host is the machine itself: an emulator.
#[must_use]
pub fn is_local_host(host: &str) -> bool {
    let host = host.trim().to_ascii_lowercase();
    host == "localhost" || host.starts_with("127.") || host == "[::1]" || host == "host.docker.internal"
}
