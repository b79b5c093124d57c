//! Templates in other files of the repository.

use super::{checked, link, parameters, resource, template, undecided_of, values};

/// A template with a parameter `p` whose resource shows it.
fn child(name: &str) -> String {
    template(&format!(
        r#""parameters":{{"p":{{"type":"string"}}}},"resources":[{}],"outputs":{{"out":{{"type":"string","value":"[parameters('p')]"}}}}"#,
        resource(name, "\"[concat(parameters('p'))]\"")
    ))
}

/// A template that deploys a linked one with `p`.
fn parent(to: &str) -> String {
    template(&format!(
        r#""parameters":{{"_artifactsLocation":{{"type":"string","defaultValue":"https://host.example/main/"}},
          "_artifactsLocationSasToken":{{"type":"securestring","defaultValue":""}},"base":{{"type":"string"}}}},
        "variables":{{"uri":"[uri(deployment().properties.templateLink.uri, 'nested/x.json')]"}},
        "resources":[{},{}]"#,
        link("d", to, r#""p":{"value":"given"}"#),
        resource(
            "r",
            "\"[concat(reference(resourceId('Microsoft.Resources/deployments', 'd')).outputs.out.value)]\""
        )
    ))
}

#[test]
fn relative_links_in_all_spellings_are_followed() {
    for to in [
        r#""relativePath":"nested/x.json""#,
        r#""relativePath":"./other/../nested/x.json""#,
        r#""uri":"[uri(deployment().properties.templateLink.uri, 'nested/x.json')]""#,
        r#""uri":"[variables('uri')]""#,
        r#""uri":"[uri(parameters('_artifactsLocation'), concat('nested/x.json', parameters('_artifactsLocationSasToken')))]""#,
        r#""uri":"[concat(parameters('_artifactsLocation'), '/nested/x.json', parameters('_artifactsLocationSasToken'))]""#,
    ] {
        let files = [("a/main.json", parent(to)), ("a/nested/x.json", child("x"))];
        let files: Vec<_> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        // The linked template is no deployment of its own.
        assert_eq!(values(&files), ["x = given", "r = given"], "{to}");
        assert!(
            checked(&files).undecided.is_empty(),
            "{to}: {:?}",
            checked(&files).undecided
        );
    }
}

#[test]
fn a_link_that_may_lead_elsewhere_leaves_the_file_a_deployment_of_its_own() {
    for to in [
        r#""uri":"[concat(parameters('base'), '/nested/x.json')]""#,
        r#""uri":"[concat(parameters('base'), 'nested/x.json?', parameters('_artifactsLocationSasToken'))]""#,
        r#""uri":"[uri(parameters('base'), concat('nested/x.json', parameters('_artifactsLocationSasToken')))]""#,
    ] {
        let files = [("a/main.json", parent(to)), ("a/nested/x.json", child("x"))];
        let files: Vec<_> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        assert_eq!(
            values(&files),
            ["x = given", "r = given", "x = {parameter `p` has no value}"],
            "{to}"
        );
    }
}

#[test]
fn what_follows_an_unknown_part_of_an_address_counts() {
    for to in [
        r#""uri":"[concat(parameters('base'), '/nested/x.json', parameters('base'), '/other.json')]""#,
        r#""uri":"[uri(parameters('base'), concat('nested/x.json', parameters('base'), 'other.json'))]""#,
    ] {
        let files = [("a/main.json", parent(to)), ("a/nested/x.json", child("x"))];
        let files: Vec<_> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        let open = checked(&files).undecided;
        let told = |reason: &str| reason.ends_with("not followed: its path is not known");
        assert!(open.iter().any(|open| told(&open.reason)), "{to}: {open:?}");
    }
}

#[test]
fn no_other_link_is_followed() {
    let long = format!(r#""relativePath":"{}x.json""#, "a/".repeat(5000));
    for (to, why) in [
        (
            r#""relativePath":"../../../../etc/passwd""#,
            "it leaves the folders that were read",
        ),
        (r#""relativePath":"/etc/passwd""#, "its path is not relative"),
        (r#""relativePath":"~/x.json""#, "its path is not relative"),
        (r#""relativePath":"C:\\x.json""#, "its path has backslashes"),
        (
            r#""relativePath":"c:/x.json""#,
            "its address is not relative to the template",
        ),
        (
            r#""relativePath":"\\\\host\\share\\x.json""#,
            "its path has backslashes",
        ),
        (
            r#""relativePath":"file:///nested/x.json""#,
            "its address is not relative to the template",
        ),
        (
            r#""relativePath":"%2e%2e/x.json""#,
            "no such file is among those that were read",
        ),
        (
            r#""relativePath":"nested/x.json\u0000""#,
            "its path has control characters",
        ),
        (r#""relativePath":"[parameters('base')]""#, "its path is not known"),
        (
            r#""relativePath":"none.json""#,
            "no such file is among those that were read",
        ),
        (r#""relativePath":"notes.json""#, "the file is no template"),
        (
            r#""uri":"http://169.254.169.254/nested/x.json""#,
            "it is on the network",
        ),
        (
            r#""uri":"[uri('https://host.example/', 'nested/x.json')]""#,
            "it is on the network",
        ),
        (r#""uri":"[parameters('base')]""#, "its address is not known"),
        (
            r#""id":"[resourceId('Microsoft.Resources/templateSpecs/versions', 's', '1')]""#,
            "it is a template spec",
        ),
        (long.as_str(), "its path is too long"),
    ] {
        let files = [
            ("main.json", parent(to)),
            ("nested/x.json", child("x")),
            ("notes.json", "{}".to_owned()),
        ];
        let files: Vec<_> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        let reasons: Vec<_> = checked(&files)
            .undecided
            .into_iter()
            .map(|question| question.reason)
            .collect();
        let expected = format!("the template of this deployment was not followed: {why}");
        assert_eq!(reasons, [expected], "{to}");
        assert!(values(&files)[0].starts_with("r = {"), "{to}");
    }
}

#[test]
fn a_finding_stands_in_the_linked_file_and_names_the_case() {
    let main = template(&format!(
        r#""parameters":{{"purge":{{"type":"bool"}}}},"resources":[{}]"#,
        link(
            "d",
            r#""relativePath":"nested/vault.json""#,
            r#""purge":{"value":"[parameters('purge')]"}"#
        )
    ));
    let vault = template(
        r#""parameters":{"purge":{"type":"bool"}},"resources":[{"type":"Microsoft.KeyVault/vaults","apiVersion":"1","name":"v",
        "properties":{"enableSoftDelete":true,"enablePurgeProtection":"[parameters('purge')]"}}]"#,
    );
    let (on, off) = (
        parameters(r#""purge":{"value":true}"#),
        parameters(r#""purge":{"value":false}"#),
    );
    let outcome = checked(&[
        ("main.json", &main),
        ("main.parameters.dev.json", &off),
        ("main.parameters.prod.json", &on),
        ("nested/vault.json", &vault),
    ]);
    let [finding] = outcome.findings.as_slice() else {
        panic!("{:?}", outcome.findings);
    };
    assert_eq!(outcome.sources.path(finding.primary.at.file), "nested/vault.json");
    assert!(
        finding.message.ends_with("(only with `main.parameters.dev.json`)"),
        "{}",
        finding.message
    );
    assert!(outcome.undecided.is_empty());
}

#[test]
fn a_linked_template_with_parameters_of_its_own_is_deployed_by_itself_too() {
    let given = parameters(r#""p":{"value":"own"}"#);
    let found = values(&[
        ("main.json", &parent(r#""relativePath":"x.json""#)),
        ("x.json", &child("x")),
        ("x.parameters.json", &given),
    ]);
    assert_eq!(found, ["x = given", "r = given", "x = own with x.parameters.json"]);
}

#[test]
fn a_parameter_file_may_be_linked() {
    let main = |link: &str| {
        template(&format!(
            r#""resources":[{{"type":"Microsoft.Resources/deployments","apiVersion":"1","name":"d","properties":{{
            "templateLink":{{"relativePath":"x.json"}},"parametersLink":{{{link}}}}}}}]"#
        ))
    };
    let given = parameters(r#""p":{"value":"linked"}"#);
    let with = |link: &str| {
        values(&[
            ("main.json", &main(link)),
            ("x.json", &child("x")),
            ("p/given.json", &given),
        ])
    };
    assert_eq!(with(r#""relativePath":"p/given.json""#), ["x = linked"]);
    assert!(with(r#""relativePath":"p/none.json""#)[0].contains("not followed: no such file"));
}

#[test]
fn links_start_from_the_file_that_they_stand_in() {
    let middle = template(&format!(
        r#""parameters":{{"p":{{"type":"string"}},"_artifactsLocation":{{"type":"string","defaultValue":""}}}},
        "outputs":{{"out":{{"type":"string","value":"m"}}}},"resources":[{},{}]"#,
        link("own", r#""relativePath":"leaf.json""#, r#""p":{"value":"own"}"#),
        link(
            "root",
            r#""uri":"[uri(parameters('_artifactsLocation'), 'leaf.json')]""#,
            r#""p":{"value":"root"}"#
        )
    ));
    let found = values(&[
        ("main.json", &parent(r#""relativePath":"nested/middle.json""#)),
        ("leaf.json", &child("upper")),
        ("nested/leaf.json", &child("lower")),
        ("nested/middle.json", &middle),
    ]);
    assert_eq!(found, ["lower = own", "upper = root", "r = m"]);
}

#[test]
fn circles_and_long_chains_end() {
    let to = |path: &str| {
        template(&format!(
            r#""resources":[{}]"#,
            link("d", &format!(r#""relativePath":"{path}""#), "")
        ))
    };
    let itself = to("main.json");
    let reason = "the template of this deployment was not followed: the template would be deployed inside itself";
    let outcome = checked(&[("main.json", &itself)]);
    assert_eq!(outcome.undecided.len(), 1);
    assert_eq!(outcome.undecided[0].reason, reason);
    let outcome = checked(&[("a.json", &to("b.json")), ("b.json", &to("./a.json"))]);
    assert_eq!(outcome.undecided.len(), 1, "{:?}", outcome.undecided);
    let chain: Vec<_> = (0..10_000)
        .map(|at| (format!("f{at}.json"), to(&format!("f{}.json", at + 1))))
        .collect();
    let files: Vec<_> = chain
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    let outcome = checked(&files);
    assert!(outcome.findings.iter().all(|finding| finding.rule == "limit-reached"));
    assert!(!outcome.findings.is_empty());
}

#[test]
fn a_deployment_without_a_template_says_nothing() {
    let deployment =
        r#""resources":[{"type":"Microsoft.Resources/deployments","apiVersion":"1","name":"d","properties":{}}]"#;
    assert!(undecided_of(deployment).is_empty());
}
