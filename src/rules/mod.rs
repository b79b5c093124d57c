//! The rules. Each is one function in one file, with a page in `rules/<family>/<name>.md` that is the
//! source of everything that is said about it.

pub mod book;
pub mod connection_strings;
pub mod customer_managed_keys;
pub mod flows;
pub mod identity_flows;
pub mod identity_policy;
pub mod input;
pub mod kql_scripts;
pub mod meta;
mod missing_usage;
pub mod role_grants;
pub mod security;
pub mod suppressions;
pub mod table;
pub mod templates;

use crate::diagnostic::Findings;
use crate::link::Workspace;

/// One rule.
pub struct Rule {
    /// Its name, which is also the stem of its page.
    pub name: &'static str,
    /// The folder of its page under `rules/`.
    pub family: &'static str,
    /// The text of its page.
    pub page: &'static str,
    /// What it reports of a workspace; `None` for what the stages before the rules report.
    pub check: Option<fn(&Workspace, &mut Findings)>,
}

impl Rule {
    /// Whether it runs unless the configuration says otherwise.
    #[must_use]
    pub fn is_on_by_default(&self) -> bool {
        !meta::is_off_by_default(self.page)
    }
}

/// A rule with the page `rules/<family>/<name>.md`; without the page it does not compile.
macro_rules! rule {
    ($family:literal, $name:literal, $check:expr) => {
        $crate::rules::Rule {
            name: $name,
            family: $family,
            page: include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/rules/",
                $family,
                "/",
                $name,
                ".md"
            )),
            check: $check,
        }
    };
}
pub(crate) use rule;

/// All rules, sorted by name.
pub static ALL: &[&Rule] = &[
    &identity_policy::all_identity_usages_granted::RULE,
    &identity_flows::automation_identity_not_viewer::RULE,
    &connection_strings::client_id_in_connection_string::RULE,
    &identity_policy::client_id_in_identity_policy::RULE,
    &role_grants::client_id_in_role_assignment::RULE,
    &templates::cluster_command_in_database_script::RULE,
    &customer_managed_keys::cmk_api_version_too_old::RULE,
    &customer_managed_keys::cmk_follower_chain::RULE,
    &customer_managed_keys::cmk_pinned_key_version::RULE,
    &customer_managed_keys::cmk_region_mismatch::RULE,
    &customer_managed_keys::cmk_user_identity_not_assigned::RULE,
    &customer_managed_keys::cmk_without_identity::RULE,
    &connection_strings::conflicting_credentials::RULE,
    &templates::conflicting_script_sources::RULE,
    &identity_flows::continuous_export_without_identity::RULE,
    &role_grants::control_plane_only_grant::RULE,
    &role_grants::cosmos_connection_grants_incomplete::RULE,
    &identity_flows::data_connection_without_identity::RULE,
    &identity_policy::database_level_sandbox_artifacts::RULE,
    &identity_flows::direct_ingestion_identity::RULE,
    &identity_policy::duplicate_identity_policy_entry::RULE,
    &connection_strings::embedded_secret::RULE,
    &role_grants::event_grid_grants_incomplete::RULE,
    &suppressions::EXPIRED,
    &kql_scripts::external_table_admin_needed::RULE,
    &identity_flows::identity_mismatch::RULE,
    &identity_policy::identity_not_assigned_to_cluster::RULE,
    &kql_scripts::identity_policy_after_use::RULE,
    &identity_policy::identity_policy_deleted_in_use::RULE,
    &identity_flows::identity_policy_on_other_database::RULE,
    &templates::identity_type_mismatch::RULE,
    &identity_policy::identity_usage_letter_case::RULE,
    &connection_strings::incomplete_application_authentication::RULE,
    &customer_managed_keys::ineffective_key_vault_grant::RULE,
    &connection_strings::insecure_scheme::RULE,
    &connection_strings::invalid_connection_string::RULE,
    &customer_managed_keys::key_not_rsa_2048::RULE,
    &input::LIMIT_REACHED,
    &identity_flows::malformed_data_connection_identity::RULE,
    &identity_policy::malformed_identity_policy::RULE,
    &customer_managed_keys::malformed_key_vault_uri::RULE,
    &suppressions::MALFORMED,
    &identity_flows::missing_callout_policy::RULE,
    &customer_managed_keys::missing_cmk_key_grant::RULE,
    &identity_flows::missing_follower_identity::RULE,
    &identity_flows::missing_identity_usage::RULE,
    &customer_managed_keys::missing_key_operations::RULE,
    &identity_policy::missing_native_ingestion::RULE,
    &customer_managed_keys::missing_purge_protection::RULE,
    &customer_managed_keys::missing_soft_delete::RULE,
    &role_grants::missing_storage_grant::RULE,
    &kql_scripts::non_idempotent_command::RULE,
    &identity_policy::overwritten_identity_policy::RULE,
    &templates::parallel_database_scripts::RULE,
    &identity_flows::query_acceleration_without_identity::RULE,
    &role_grants::read_only_grant_for_write_flow::RULE,
    &identity_flows::rls_export_target::RULE,
    &connection_strings::shared_key_on_keyless_account::RULE,
    &kql_scripts::swallowed_script_errors::RULE,
    &input::SYNTAX_ERROR,
    &suppressions::UNEXPLAINED,
    &connection_strings::unknown_connection_keyword::RULE,
    &identity_policy::unknown_identity_usage::RULE,
    &connection_strings::unobfuscated_secret::RULE,
    &input::UNREADABLE_FILE,
    &identity_flows::unsupported_identity_flow::RULE,
    &templates::unsupported_script_command::RULE,
    &connection_strings::untrusted_kusto_host::RULE,
    &identity_policy::unused_identity_usage::RULE,
    &suppressions::UNUSED,
    &identity_flows::update_policy_without_identity::RULE,
];

/// The rule of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.name == name)
}
