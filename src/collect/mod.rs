//! Collectors: one per language, each makes facts of a tree. What a rule needs to know is found out here,
//! once, and nowhere else.

mod binding;
mod cluster;
mod command_line;
mod connection_string;
mod data_connection;
mod deployment_script;
mod destination;
mod embedded;
mod encryption;
mod grant;
mod host;
mod key_address;
mod kql;
mod object;
mod payload;
mod pipeline;
mod possible;
mod possible_use;
mod principal;
mod program;
mod query;
mod script;
mod script_order;
mod secret;
mod setting;
mod slot;
mod suppression;
mod template;
mod text;
mod unit;
mod vault;
mod vault_access;

pub use host::{collect_host, collect_pipeline};
pub use kql::{Script, collect_script};
pub use secret::{hide_secrets, secrets_of_file};
pub use suppression::{collect_json_comments, collect_metadata, collect_text_comments};
pub use template::{collect_template, is_wanted};
pub use text::{collect_json, collect_parameters, collect_text};
pub use unit::collect_units;

use crate::arm::evaluate::Budget;
use crate::facts::{Case, Facts, Purpose, ScriptId, Wording};
use crate::syntax::SyntaxError;
use crate::syntax::json;
use crate::text::{FileSpan, MappedText, Sources};

/// What is wrong with texts of another language, and where.
type Errors = Vec<(FileSpan, SyntaxError)>;

/// What the collectors of one file share.
pub struct Collector<'t> {
    /// The text of the file.
    source: &'t MappedText,
    /// The tree of the file, if it is a template.
    tree: Option<&'t json::Node>,
    /// All files, to show expressions as they were written.
    sources: &'t Sources,
    /// Which evaluation the facts belong to.
    case: Case,
    /// The facts so far.
    facts: Facts,
    /// Scripts so far.
    scripts: u32,
    /// Whether the scripts of the file are run.
    purpose: Purpose,
    /// How what is read at the moment is written.
    wording: Wording,
    /// Where the activities of pipelines connect to.
    linked_services: destination::LinkedServices,
    /// What the evaluation of the file's pipelines and workflows may still spend.
    budget: Budget,
}

impl<'t> Collector<'t> {
    /// A collector for a file.
    #[must_use]
    pub fn new(source: &'t MappedText, case: Case, sources: &'t Sources) -> Self {
        Self {
            source,
            tree: None,
            sources,
            case,
            facts: Facts::default(),
            scripts: 0,
            purpose: Purpose::Run,
            wording: Wording::default(),
            linked_services: destination::LinkedServices::default(),
            budget: Budget::default(),
        }
    }

    /// A collector for a template, whose text fixes can add members to.
    #[must_use]
    pub fn of_template(self, tree: &'t json::Node) -> Self {
        Self {
            tree: Some(tree),
            ..self
        }
    }

    /// The facts.
    #[must_use]
    pub fn finish(self) -> Facts {
        self.facts
    }

    fn next_script(&mut self) -> ScriptId {
        self.scripts += 1;
        ScriptId {
            case: self.case,
            index: self.scripts - 1,
            purpose: self.purpose,
        }
    }

    /// The characters at `site` as they were written, without the brackets of an expression, cut to the
    /// length of a few words.
    fn written(&self, site: FileSpan) -> String {
        let text = self.sources.text(site).trim_matches('"');
        let text = text
            .strip_prefix('[')
            .and_then(|text| text.strip_suffix(']'))
            .unwrap_or(text);
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        match words.char_indices().nth(90) {
            Some((at, _)) => format!("{}…", words.get(..at).unwrap_or_default()),
            None => words,
        }
    }
}
