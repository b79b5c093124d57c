//! The pages of the rules: each is complete, registered, and true.

use std::collections::BTreeSet;

use kustolint::config::Config;
use kustolint::engine::{self, CheckOptions};
use kustolint::rules::{ALL, meta};
use kustolint::text::Date;

use crate::runner::{Page, failures};
use crate::{files_under, project, read, shown};

#[test]
fn every_block_of_every_page_is_true() {
    let mut wrong = Vec::new();
    for rule in ALL {
        let path = format!("rules/{}/{}.md", rule.family, rule.name);
        let page = Page {
            path: &path,
            rule: rule.name,
            text: rule.page,
        };
        wrong.extend(failures(&page, |inputs| {
            let text = if rule.is_on_by_default() {
                String::new()
            } else {
                format!("[rules]\n{} = \"on\"\n", rule.name)
            };
            let config = Config::parse(&text, &[rule.name]).expect("a rule that is turned on");
            // Pages speak of days that have passed: the day must not move.
            let options = CheckOptions {
                today: Date::new(2026, 12, 1),
                ..CheckOptions::from(config)
            };
            engine::check_with(inputs, options)
        }));
    }
    assert!(wrong.is_empty(), "{} failures\n\n{}", wrong.len(), wrong.join("\n\n"));
}

#[test]
fn every_page_is_complete() {
    let mut wrong = Vec::new();
    for rule in ALL {
        match meta::meta(rule.page) {
            Err(error) => wrong.push(format!("rules/{}/{}.md: {error}", rule.family, rule.name)),
            Ok(_) if meta::title(rule.page) != Some(rule.name) => {
                wrong.push(format!(
                    "rules/{}/{}.md: the title is not the name",
                    rule.family, rule.name
                ));
            }
            Ok(_) => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn pages_and_rules_are_the_same_set() {
    let pages: BTreeSet<String> = files_under(&project("rules"), "md")
        .iter()
        .map(|path| shown(path))
        .filter(|path| path.split('/').count() > 2)
        .collect();
    let rules: BTreeSet<String> = ALL
        .iter()
        .map(|rule| format!("rules/{}/{}.md", rule.family, rule.name))
        .collect();
    let strays: Vec<_> = pages.symmetric_difference(&rules).collect();
    assert!(
        strays.is_empty(),
        "pages without a rule, or rules without a page: {strays:?}"
    );
    for rule in ALL {
        let path = format!("rules/{}/{}.md", rule.family, rule.name);
        assert_eq!(rule.page, read(&project(&path)), "{path} is not the page of its rule");
    }
}

#[test]
fn rules_are_sorted_and_names_are_kebab_case() {
    assert!(
        ALL.is_sorted_by(|a, b| a.name < b.name),
        "the rules are not sorted by name"
    );
    for rule in ALL {
        let kebab = |name: &str| {
            name.split('-').all(|word| {
                !word.is_empty()
                    && word
                        .bytes()
                        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
            })
        };
        assert!(
            kebab(rule.name) && kebab(rule.family),
            "{} in {}",
            rule.name,
            rule.family
        );
    }
}

#[test]
fn families_are_the_same_folders_in_both_trees() {
    let pages = family_folders("rules");
    let sources: BTreeSet<String> = family_folders("src/rules")
        .iter()
        .map(|name| name.replace('_', "-"))
        .collect();
    assert_eq!(pages, sources, "folders of rules/ (left) and of src/rules/ (right)");
    for rule in ALL {
        let source = format!(
            "src/rules/{}/{}.rs",
            rule.family.replace('-', "_"),
            rule.name.replace('-', "_")
        );
        assert!(project(&source).is_file(), "{source} does not exist");
    }
}

/// Names of the folders right inside a folder.
fn family_folders(folder: &str) -> BTreeSet<String> {
    let Ok(entries) = std::fs::read_dir(project(folder)) else {
        return BTreeSet::new();
    };
    entries
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}
