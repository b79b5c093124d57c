//! The names in strings of pairs, with all their spellings.

/// What a string of pairs is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dialect {
    /// A Kusto cluster.
    Kusto,
    /// SQL Server and Azure SQL.
    SqlServer,
    /// Azure Database for `MySQL`.
    MySql,
    /// Azure Database for `PostgreSQL`.
    PostgreSql,
    /// Azure Cosmos DB.
    CosmosDb,
    /// Event Hubs, Service Bus, or the service side of an IoT hub.
    EventHub,
    /// An Azure storage account.
    StorageAccount,
    /// Not known.
    Unknown,
}

/// What a name in a string of pairs means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Keyword {
    /// The cluster, server or host.
    DataSource,
    /// The database.
    InitialCatalog,
    /// Whether Microsoft Entra ID is used.
    FederatedSecurity,
    /// The tenant.
    AuthorityId,
    /// The user; for a managed identity in SQL strings its object id.
    UserId,
    /// The password.
    Password,
    /// A bearer token of a user.
    UserToken,
    /// A bearer token of an application.
    ApplicationToken,
    /// The application.
    ApplicationClientId,
    /// The secret of the application.
    ApplicationKey,
    /// The thumbprint of the application's certificate.
    CertificateThumbprint,
    /// The certificate of the application.
    CertificateBlob,
    /// The subject of the application's certificate.
    CertificateSubject,
    /// The issuer of the application's certificate.
    CertificateIssuer,
    /// Whether the certificate is sent along.
    SendX5c,
    /// The Azure region.
    Region,
    /// A managed identity, which only code can set.
    ManagedServiceIdentity,
    /// Known, without any meaning for a rule: tracing, streaming, consistency.
    Setting,
    /// A keyword of some client libraries only (`MSI Authentication`, `AZ CLI`).
    Unportable,
    /// How SQL strings prove who asks.
    Authentication,
    /// Whether the line is encrypted.
    Encrypt,
    /// Whether the certificate of the server is not checked.
    TrustServerCertificate,
    /// The port.
    Port,
    /// The endpoint of an account or a namespace.
    Endpoint,
    /// The container in Cosmos DB.
    Collection,
    /// The name of an account.
    AccountName,
    /// The key of an account.
    AccountKey,
    /// The name of a policy of a namespace.
    SharedAccessKeyName,
    /// The key of a policy of a namespace.
    SharedAccessKey,
    /// A shared access signature.
    SharedAccessSignature,
    /// The scheme of all endpoints of an account.
    Protocol,
    /// The event hub or queue.
    EntityPath,
}

impl Keyword {
    /// The meaning of a name; letter case and blanks do not count.
    #[must_use]
    pub fn of(name: &str, dialect: Dialect) -> Option<Self> {
        let name = folded(name);
        let tables: &[&[(&str, Self)]] = match dialect {
            Dialect::Kusto => &[KUSTO],
            Dialect::SqlServer | Dialect::MySql | Dialect::PostgreSql => &[SQL],
            Dialect::CosmosDb | Dialect::EventHub | Dialect::StorageAccount => &[ACCOUNT],
            Dialect::Unknown => &[KUSTO, SQL, ACCOUNT],
        };
        tables
            .iter()
            .flat_map(|table| table.iter())
            .find(|(spelling, _)| *spelling == name)
            .map(|(_, keyword)| *keyword)
    }
}

/// The names of strings for Kusto as the documents write them. Names that were meant are looked for among these.
pub const KUSTO_NAMES: &[&str] = &[
    "Data Source",
    "Server",
    "Address",
    "Network Address",
    "Initial Catalog",
    "Database",
    "Fed",
    "AAD Federated Security",
    "Federated Security",
    "Authority Id",
    "TenantId",
    "User ID",
    "UID",
    "User Token",
    "UserToken",
    "Application Token",
    "AppToken",
    "Application Client Id",
    "AppClientId",
    "Application Key",
    "AppKey",
    "Password",
    "Application Certificate Thumbprint",
    "AppCert",
    "Application Certificate Blob",
    "Application Certificate Subject",
    "Application Certificate Issuer",
    "SendX5c",
    "Azure Region",
    "Query Consistency",
    "Application Name for Tracing",
    "User Name for Tracing",
    "Client Version for Tracing",
    "Streaming",
    "Uncompressed",
];

/// Whether a name is one that strings for SQL databases have and strings for Kusto have not. Clusters take such strings
/// as well, from clients of SQL Server.
pub(super) fn is_sql_only(name: &str) -> bool {
    const NAMES: [&str; 12] = [
        "authentication",
        "connectiontimeout",
        "driver",
        "encrypt",
        "integratedsecurity",
        "language",
        "multipleactiveresultsets",
        "persistsecurityinfo",
        "port",
        "provider",
        "trusted_connection",
        "trustservercertificate",
    ];
    NAMES.contains(&folded(name).as_str())
}

/// A name in lower case without its blanks.
pub(super) fn folded(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// Names that only strings for Kusto use.
pub(super) fn is_kusto_only(name: &str) -> bool {
    let name = folded(name);
    let shared = [
        "server",
        "addr",
        "address",
        "networkaddress",
        "datasource",
        "initialcatalog",
        "database",
    ];
    let common = [
        "userid",
        "uid",
        "user",
        "password",
        "pwd",
        "authority",
        "tenant",
        "namespace",
        "ns",
        "region",
        "accept",
        "msi",
    ];
    !shared.contains(&name.as_str()) && !common.contains(&name.as_str()) && Keyword::of(&name, Dialect::Kusto).is_some()
}

/// The spellings in strings for Kusto.
const KUSTO: &[(&str, Keyword)] = &[
    ("datasource", Keyword::DataSource),
    ("addr", Keyword::DataSource),
    ("address", Keyword::DataSource),
    ("networkaddress", Keyword::DataSource),
    ("server", Keyword::DataSource),
    ("datasourceuri", Keyword::DataSource),
    ("serveruri", Keyword::DataSource),
    ("clusteruri", Keyword::DataSource),
    ("initialcatalog", Keyword::InitialCatalog),
    ("database", Keyword::InitialCatalog),
    ("aadfederatedsecurity", Keyword::FederatedSecurity),
    ("microsoftentraidfederatedsecurity", Keyword::FederatedSecurity),
    ("federatedsecurity", Keyword::FederatedSecurity),
    ("federated", Keyword::FederatedSecurity),
    ("fed", Keyword::FederatedSecurity),
    ("aadfed", Keyword::FederatedSecurity),
    ("authorityid", Keyword::AuthorityId),
    ("tenantid", Keyword::AuthorityId),
    ("tid", Keyword::AuthorityId),
    ("tenant", Keyword::AuthorityId),
    ("authority", Keyword::AuthorityId),
    ("domainhint", Keyword::AuthorityId),
    ("userid", Keyword::UserId),
    ("uid", Keyword::UserId),
    ("user", Keyword::UserId),
    ("loginhint", Keyword::UserId),
    ("aaduserid", Keyword::UserId),
    ("usertoken", Keyword::UserToken),
    ("usrtoken", Keyword::UserToken),
    ("applicationtoken", Keyword::ApplicationToken),
    ("apptoken", Keyword::ApplicationToken),
    ("applicationclientid", Keyword::ApplicationClientId),
    ("appclientid", Keyword::ApplicationClientId),
    ("applicationkey", Keyword::ApplicationKey),
    ("appkey", Keyword::ApplicationKey),
    ("password", Keyword::Password),
    ("pwd", Keyword::Password),
    ("applicationcertificatethumbprint", Keyword::CertificateThumbprint),
    ("appcert", Keyword::CertificateThumbprint),
    ("applicationcertificateblob", Keyword::CertificateBlob),
    (
        "applicationcertificatesubjectdistinguishedname",
        Keyword::CertificateSubject,
    ),
    ("applicationcertificatesubject", Keyword::CertificateSubject),
    (
        "applicationcertificateissuerdistinguishedname",
        Keyword::CertificateIssuer,
    ),
    ("applicationcertificateissuer", Keyword::CertificateIssuer),
    ("applicationcertificatesendx5c", Keyword::SendX5c),
    ("applicationcertificatesendpubliccertificate", Keyword::SendX5c),
    ("applicationcertificatex5c", Keyword::SendX5c),
    ("sendcertificatechain", Keyword::SendX5c),
    ("sendx5c", Keyword::SendX5c),
    ("azureregion", Keyword::Region),
    ("region", Keyword::Region),
    ("managedserviceidentity", Keyword::ManagedServiceIdentity),
    ("embeddedmanagedidentity", Keyword::ManagedServiceIdentity),
    ("queryconsistency", Keyword::Setting),
    ("clientversionfortracing", Keyword::Setting),
    ("usernamefortracing", Keyword::Setting),
    ("traceusername", Keyword::Setting),
    ("applicationnamefortracing", Keyword::Setting),
    ("traceappname", Keyword::Setting),
    ("accept", Keyword::Setting),
    ("streaming", Keyword::Setting),
    ("uncompressed", Keyword::Setting),
    ("dstsfederatedsecurity", Keyword::Setting),
    ("dstsfed", Keyword::Setting),
    ("dststokentype", Keyword::Setting),
    ("enforcemfa", Keyword::Setting),
    ("namespace", Keyword::Setting),
    ("ns", Keyword::Setting),
    ("msiauthentication", Keyword::Unportable),
    ("msi", Keyword::Unportable),
    ("msiparams", Keyword::Unportable),
    ("azcli", Keyword::Unportable),
];

/// The spellings in strings for SQL databases.
const SQL: &[(&str, Keyword)] = &[
    ("server", Keyword::DataSource),
    ("host", Keyword::DataSource),
    ("datasource", Keyword::DataSource),
    ("addr", Keyword::DataSource),
    ("address", Keyword::DataSource),
    ("networkaddress", Keyword::DataSource),
    ("initialcatalog", Keyword::InitialCatalog),
    ("database", Keyword::InitialCatalog),
    ("userid", Keyword::UserId),
    ("uid", Keyword::UserId),
    ("user", Keyword::UserId),
    ("username", Keyword::UserId),
    ("password", Keyword::Password),
    ("pwd", Keyword::Password),
    ("authentication", Keyword::Authentication),
    ("encrypt", Keyword::Encrypt),
    ("trustservercertificate", Keyword::TrustServerCertificate),
    ("port", Keyword::Port),
];

/// The spellings in strings for accounts and namespaces.
const ACCOUNT: &[(&str, Keyword)] = &[
    ("accountendpoint", Keyword::Endpoint),
    ("endpoint", Keyword::Endpoint),
    ("hostname", Keyword::Endpoint),
    ("database", Keyword::InitialCatalog),
    ("collection", Keyword::Collection),
    ("authentication", Keyword::Authentication),
    ("userid", Keyword::UserId),
    ("uid", Keyword::UserId),
    ("accountname", Keyword::AccountName),
    ("accountkey", Keyword::AccountKey),
    ("sharedaccesskeyname", Keyword::SharedAccessKeyName),
    ("sharedaccesskey", Keyword::SharedAccessKey),
    ("sharedaccesssignature", Keyword::SharedAccessSignature),
    ("defaultendpointsprotocol", Keyword::Protocol),
    ("entitypath", Keyword::EntityPath),
    ("endpointsuffix", Keyword::Setting),
    ("blobendpoint", Keyword::Setting),
    ("queueendpoint", Keyword::Setting),
    ("tableendpoint", Keyword::Setting),
    ("fileendpoint", Keyword::Setting),
    ("usedevelopmentstorage", Keyword::Setting),
];
