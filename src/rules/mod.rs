//! The rules. Each is one function in one file, with a page in `rules/<family>/<name>.md` that is the
//! source of everything that is said about it.

pub mod customer_managed_keys;
pub mod identity_flows;
pub mod identity_policy;
pub mod input;
pub mod meta;
pub mod role_grants;
pub mod table;

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
    &role_grants::control_plane_only_grant::RULE,
    &identity_policy::database_level_sandbox_artifacts::RULE,
    &customer_managed_keys::key_not_rsa_2048::RULE,
    &input::LIMIT_REACHED,
    &identity_policy::missing_native_ingestion::RULE,
    &customer_managed_keys::missing_purge_protection::RULE,
    &customer_managed_keys::missing_soft_delete::RULE,
    &input::SYNTAX_ERROR,
    &input::UNREADABLE_FILE,
    &identity_flows::unsupported_identity_flow::RULE,
];

/// The rule of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.name == name)
}
