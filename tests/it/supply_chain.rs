//! What is linked in: the lists of deny.toml, held to Cargo.lock in every run of the tests.

use regex::Regex;

use crate::{project, read};

/// The only place that packages come from.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";
/// The packages of this repository.
const OWN: &[&str] = &["kustolint", "xtask"];

/// The names that deny.toml bans.
fn banned() -> Vec<String> {
    let list = read(&project("deny.toml"));
    let entry = Regex::new(r#"(?m)^  \{ crate = "([\w-]+)" \},$"#).expect("a pattern");
    entry.captures_iter(&list).map(|found| found[1].to_owned()).collect()
}

/// The name of each package of Cargo.lock, and where it comes from.
fn locked() -> Vec<(String, Option<String>)> {
    let lock = read(&project("Cargo.lock"));
    let packages = lock.split("[[package]]\n").skip(1);
    packages
        .map(|package| {
            let of = |key: &str| {
                let start = format!("{key} = \"");
                let value = package.lines().find_map(|line| line.strip_prefix(start.as_str()));
                value.map(|value| value.trim_end_matches('"').to_owned())
            };
            (of("name").expect("a name"), of("source"))
        })
        .collect()
}

/// Whether a package is banned, or belongs to one that is (`hyper-util` to `hyper`).
fn is_banned(name: &str, banned: &[String]) -> bool {
    banned.iter().any(|ban| {
        let rest = name.strip_prefix(ban.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
    })
}

#[test]
fn nothing_that_is_banned_is_linked_in() {
    let banned = banned();
    for name in [
        "reqwest",
        "hyper",
        "ureq",
        "curl",
        "openssl",
        "native-tls",
        "rustls",
        "tokio",
        "socket2",
    ] {
        assert!(banned.iter().any(|ban| ban == name), "deny.toml bans {name}");
    }
    let locked = locked();
    assert!(locked.len() > 40, "{}", locked.len());
    let wrong: Vec<_> = locked.iter().filter(|(name, _)| is_banned(name, &banned)).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn bans_hold_for_what_belongs_to_a_package() {
    let banned = banned();
    assert!(is_banned("tokio", &banned) && is_banned("tokio-rustls", &banned) && is_banned("openssl-sys", &banned));
    assert!(!is_banned("curly", &banned) && !is_banned("serde", &banned));
}

#[test]
fn what_the_library_for_git_brings_is_what_the_documents_say() {
    let manifest = read(&project("Cargo.toml"));
    let entry = Regex::new(r#"(?m)^gix = \{ version = "[\d.]+", default-features = false, features = \[(.*)\] \}$"#);
    let entry = entry.expect("a pattern").captures(&manifest).expect("the entry of gix");
    assert_eq!(
        &entry[1], r#""revision", "sha1", "sha256""#,
        "no feature is a client of the network"
    );
    // Those that speak to others or start programs, if something called them.
    let apt =
        Regex::new("^gix-.*(command|credential|filter|hook|negotiate|prompt|protocol|transport)").expect("a pattern");
    let found: Vec<String> = locked().into_iter().map(|(name, _)| name).collect();
    let found: Vec<&String> = found.iter().filter(|name| apt.is_match(name)).collect();
    assert_eq!(found, ["gix-command", "gix-filter", "gix-protocol", "gix-transport"]);
    let other = Regex::new(r"(?m)^(?:gix|[\w-]*git[\w-]*) = ").expect("a pattern");
    assert_eq!(other.find_iter(&manifest).count(), 1, "nothing else turns features on");
    for document in ["deny.toml", "docs/src/security.md", "ARCHITECTURE.md", "SECURITY.md"] {
        let text = read(&project(document));
        let said = text.contains("for starting programs") && text.contains("without a client");
        assert!(said, "{document} tells what is linked in");
    }
}

#[test]
fn packages_come_from_one_registry() {
    for (name, source) in locked() {
        let own = OWN.contains(&name.as_str());
        assert_eq!(source.as_deref(), (!own).then_some(REGISTRY), "{name}");
    }
    let list = read(&project("deny.toml"));
    let address = REGISTRY.trim_start_matches("registry+");
    assert!(list.contains(&format!("allow-registry = [\"{address}\"]")));
    assert!(list.contains("unknown-registry = \"deny\"") && list.contains("unknown-git = \"deny\""));
}

#[test]
fn a_build_from_the_package_needs_nothing_beside_it() {
    let manifest = read(&project("Cargo.toml"));
    let include = Regex::new(r"(?m)^include = \[(.*)\]$").expect("a pattern");
    let include = include.captures(&manifest).expect("a list of what is packed")[1].to_owned();
    for part in ["/src", "/rules", "/build.rs", "/README.md", "/LICENSE-*"] {
        assert!(include.contains(&format!("\"{part}\"")), "{part} is packed");
    }
    for part in ["tests", "testdata", "xtask", "fuzz", "benches"] {
        assert!(!include.contains(part), "{part} is not packed");
    }
}
