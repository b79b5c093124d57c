//! Parameters, their types, and the files that give them values.

use super::{checked, parameters, resource, template, undecided_of, values, values_of};

/// `v` of a resource that takes parameter `p`, declared as told.
fn of(declaration: &str, expression: &str) -> String {
    let found = values_of(&format!(
        r##""languageVersion":"2.0","definitions":{{
            "secret":{{"type":"SecureString"}},"again":{{"$ref":"#/definitions/secret"}},
            "a/b~c d":{{"type":"string","nullable":true}},
            "circle":{{"$ref":"#/definitions/circle"}},
            "stage":{{"type":"string","allowedValues":["dev","prod"]}},
            "login":{{"type":"object","properties":{{"user":{{"type":"string"}},"word":{{"$ref":"#/definitions/secret"}}}}}},
            "any":{{"type":"object","discriminator":{{"propertyName":"kind","mapping":{{"a":{{"$ref":"#/definitions/login"}}}}}}}},
            "tree":{{"type":"object","properties":{{"next":{{"$ref":"#/definitions/tree"}},"word":{{"type":"securestring"}}}}}}}},
        "parameters":{{"P":{declaration}}},"resources":{{"r":{}}}"##,
        resource("r", &format!("\"[{expression}]\""))
    ));
    let [found] = found.as_slice() else {
        panic!("{found:?}");
    };
    found.strip_prefix("r = ").unwrap().to_owned()
}

#[test]
fn defaults_allowed_values_and_letter_case() {
    assert_eq!(of(r#"{"type":"string","defaultValue":"x"}"#, "PARAMETERS('p')"), "x");
    assert_eq!(
        of(r#"{"type":"string"}"#, "parameters('p')"),
        "{parameter `P` has no value}"
    );
    let stage = "dev when `P` is 'dev' or prod when `P` is 'prod'";
    assert_eq!(
        of(r#"{"type":"string","allowedValues":["dev","prod"]}"#, "parameters('p')"),
        stage
    );
    assert_eq!(of(r##"{"$ref":"#/definitions/stage"}"##, "parameters('p')"), stage);
    // Any of the allowed values may be in a list.
    assert_eq!(
        of(r#"{"type":"array","allowedValues":["dev","prod"]}"#, "parameters('p')"),
        "{parameter `P` has no value}"
    );
}

#[test]
fn what_may_be_left_out_is_null() {
    assert_eq!(of(r#"{"type":"string","nullable":true}"#, "parameters('p')"), "null");
    assert_eq!(
        of(r##"{"$ref":"#/definitions/a~1b~0c%20d"}"##, "parameters('p')"),
        "null"
    );
    assert_eq!(
        of(r##"{"$ref":"#/definitions/stage","nullable":true}"##, "parameters('p')"),
        "null"
    );
}

#[test]
fn secrets_stay_where_they_are() {
    let hidden = "{parameter `P` is secure: its value is not looked at}";
    for declaration in [
        r#"{"type":"SECURESTRING","defaultValue":"x"}"#,
        r#"{"type":"secureObject","defaultValue":{"a":"x"}}"#,
        r##"{"$ref":"#/definitions/again","defaultValue":"x"}"##,
        r##"{"$ref":"#/definitions/circle","defaultValue":"x"}"##,
        r##"{"$ref":"#/definitions/nowhere","defaultValue":"x"}"##,
        r#"{"$ref":"other.json","defaultValue":"x"}"#,
    ] {
        assert_eq!(of(declaration, "parameters('p')"), hidden, "{declaration}");
    }
    let login = r##"{"$ref":"#/definitions/login","defaultValue":{"USER":"me","WORD":"x"}}"##;
    let secret = "{it is secure by its type: its value is not looked at}";
    assert_eq!(of(login, "parameters('p').user"), "me");
    assert_eq!(of(login, "parameters('p').word"), secret);
    let any = r##"{"$ref":"#/definitions/any","defaultValue":{"kind":"a","word":"x"}}"##;
    assert_eq!(of(any, "parameters('p').word"), secret);
    let list = r##"{"type":"array","items":{"$ref":"#/definitions/login"},"defaultValue":[{"word":"x"}]}"##;
    assert_eq!(of(list, "parameters('p')[0].word"), secret);
    let fixed = r##"{"type":"array","prefixItems":[{"type":"string"},{"$ref":"#/definitions/secret"}],"defaultValue":["a","x"]}"##;
    assert_eq!(of(fixed, "parameters('p')[0]"), "a");
    assert_eq!(of(fixed, "parameters('p')[1]"), secret);
    let others = r#"{"type":"object","additionalProperties":{"type":"securestring"},"defaultValue":{"a":"x"}}"#;
    assert_eq!(of(others, "parameters('p').a"), secret);
    let tree = r##"{"$ref":"#/definitions/tree","defaultValue":{"next":{"next":{"word":"x"}}}}"##;
    assert_eq!(of(tree, "parameters('p').next.next.word"), secret);
}

/// A template with a required and an optional parameter.
fn wants(name: &str, required: &str) -> String {
    template(&format!(
        r#""parameters":{{"{required}":{{"type":"string"}},"more":{{"type":"string","defaultValue":"d"}}}},"resources":[{}]"#,
        resource(
            name,
            &format!("\"[concat(parameters('{required}'), parameters('more'))]\"")
        )
    ))
}

#[test]
fn a_parameter_file_belongs_to_the_one_template_that_it_fits() {
    let (a, b) = (wants("a", "one"), wants("b", "two"));
    let one = parameters(r#""ONE":{"value":"1"}"#);
    let two = parameters(r#""two":{"value":"2"},"more":{"value":"m"}"#);
    let stranger = parameters(r#""one":{"value":"1"},"none":{"value":"1"}"#);
    let short = parameters(r#""more":{"value":"1"}"#);
    let found = values(&[
        ("infra/a.json", &a),
        ("infra/b.json", &b),
        ("infra/azuredeploy.parameters.prod.json", &one),
        ("infra/environments/test.json", &two),
        ("infra/other/test.json", &two),
        ("infra/stranger.json", &stranger),
        ("infra/short.parameters.json", &short),
    ]);
    assert_eq!(
        found,
        [
            "a = 1d with infra/azuredeploy.parameters.prod.json",
            "b = 2m with infra/environments/test.json"
        ]
    );
}

#[test]
fn a_parameter_file_that_fits_several_templates_belongs_to_none() {
    let files = [
        ("a.json", wants("a", "one")),
        ("b.json", wants("b", "one")),
        ("prod.json", parameters(r#""one":{"value":"1"}"#)),
    ];
    let files: Vec<_> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    assert_eq!(
        values(&files),
        [
            "a = {parameter `one` has no value}d",
            "b = {parameter `one` has no value}d"
        ]
    );
    let outcome = checked(&files);
    let places: Vec<_> = outcome
        .undecided
        .iter()
        .map(|question| outcome.sources.path(question.at.file))
        .collect();
    assert_eq!(places, ["prod.json"]);
    assert!(outcome.undecided[0].reason.contains("fit 2 templates"));
}

#[test]
fn a_template_whose_parameter_files_only_fit_may_be_deployed_with_its_defaults() {
    let optional = wants("a", "one").replace(
        r#""one":{"type":"string"}"#,
        r#""one":{"type":"string","defaultValue":"0"}"#,
    );
    let one = parameters(r#""one":{"value":"1"}"#);
    assert_eq!(
        values(&[("a.json", &optional), ("settings.json", &one)]),
        ["a = 0d", "a = 1d with settings.json"]
    );
    assert_eq!(
        values(&[("a.json", &optional), ("a.parameters.json", &one)]),
        ["a = 1d with a.parameters.json"]
    );
}

#[test]
fn what_a_parameter_file_does_not_tell_is_not_known() {
    let template = wants("a", "one");
    let with = |entry: &str| {
        let given = parameters(&format!(r#""one":{entry}"#));
        values(&[("a.json", &template), ("a.parameters.json", &given)]).join("")
    };
    assert_eq!(with(r#"{"value":"1"}"#), "a = 1d with a.parameters.json");
    assert_eq!(
        with(r#"{"reference":{"keyVault":{"id":"x"},"secretName":"s"}}"#),
        "a = {parameter `one` has no value}d with a.parameters.json"
    );
    assert_eq!(
        with(r#"{"expression":"[externalInput('sys.cli', 'x')]"}"#),
        "a = {parameter `one` has no value}d with a.parameters.json"
    );
    // A given expression is text.
    assert_eq!(with(r#"{"value":"[x]"}"#), "a = [x]d with a.parameters.json");
}

#[test]
fn values_of_the_wrong_type_have_no_value() {
    let vault = r#"{"type":"Microsoft.KeyVault/vaults","apiVersion":"1","name":"[parameters('p')]","properties":{"enablePurgeProtection":true}}"#;
    let members = |kind: &str| format!(r#""parameters":{{"p":{{"type":"{kind}"}}}},"resources":[{vault}]"#);
    let reasons = |kind: &str| {
        let text = template(&members(kind));
        let given = parameters(r#""p":{"value":5},"unknown":{"value":1}"#);
        let outcome = checked(&[("a.json", &text), ("a.parameters.json", &given)]);
        assert!(outcome.findings.is_empty(), "{:?}", outcome.findings);
        let reasons = outcome.undecided.into_iter().map(|question| question.reason);
        reasons.filter(|reason| reason.contains("declared")).collect::<Vec<_>>()
    };
    assert_eq!(
        reasons("string"),
        ["parameter `p` is declared as `string` and is given a value of type Integer"]
    );
    assert!(reasons("int").is_empty());
    assert!(undecided_of(&members("string")).is_empty());
}

#[test]
fn null_for_what_must_have_a_value_is_not_known() {
    let text = template(&format!(
        r#""parameters":{{"p":{{"type":"bool","defaultValue":true}},"q":{{"type":"bool","nullable":true}}}},"resources":[{}]"#,
        resource("r", r#"["[parameters('p')]","[parameters('q')]"]"#)
    ));
    let given = parameters(r#""p":{"value":null},"q":{"value":null}"#);
    assert_eq!(
        values(&[("a.json", &text), ("a.parameters.json", &given)]),
        [r#"r = [{"$unknown":"parameter `p` is given `null`"},null] with a.parameters.json"#]
    );
}

/// The output of `bicep build-params --stdout`.
fn built(template: &str, given: &str) -> String {
    serde_json::json!({ "parametersJson": given, "templateJson": template, "templateSpecId": null }).to_string()
}

#[test]
fn the_output_of_build_params_is_a_template_with_its_parameters() {
    let text = built(&wants("a", "one"), &parameters(r#""one":{"value":"1"}"#));
    assert_eq!(values(&[("prod.json", &text)]), ["a = 1d with prod.json"]);
    let alone = r#"{"parametersJson":"{\"parameters\":{}}","templateJson":null}"#;
    assert!(values(&[("prod.json", alone)]).is_empty());
    let vault = template(
        r#""resources":[{"type":"Microsoft.KeyVault/vaults","apiVersion":"1","name":"v","properties":{"enablePurgeProtection":false}}]"#,
    );
    let text = built(&vault, &parameters(""));
    let outcome = checked(&[("prod.json", &text)]);
    let finding = outcome
        .findings
        .iter()
        .find(|finding| finding.rule == "missing-purge-protection")
        .unwrap();
    assert_eq!(outcome.sources.text(finding.primary.at), "false");
    let broken = built("{\"resources\": [}", &parameters(""));
    let outcome = checked(&[("prod.json", &broken)]);
    assert_eq!(outcome.sources.text(outcome.findings[0].primary.at), "[");
}

/// A vault whose purge protection a parameter decides.
fn vault() -> String {
    template(
        r#""parameters":{"purge":{"type":"bool"},"name":{"type":"string","defaultValue":"v"}},"resources":[
        {"type":"Microsoft.KeyVault/vaults","apiVersion":"1","name":"[parameters('name')]",
         "properties":{"enableSoftDelete":true,"enablePurgeProtection":"[parameters('purge')]"}}]"#,
    )
}

fn titles(files: &[(&str, &str)]) -> Vec<String> {
    checked(files)
        .findings
        .into_iter()
        .map(|finding| finding.message)
        .collect()
}

#[test]
fn a_finding_in_some_cases_only_names_their_parameter_files() {
    let vault = vault();
    let given = |purge: bool| parameters(&format!(r#""purge":{{"value":{purge}}}"#));
    let (on, off) = (given(true), given(false));
    let title = "vault `v` has no purge protection: its keys can't encrypt a cluster";
    let three = |first, second, third| {
        titles(&[
            ("v.json", &vault),
            ("v.parameters.dev.json", first),
            ("v.parameters.json", second),
            ("prod.parameters.json", third),
        ])
    };
    assert_eq!(
        three(&on, &on, &off),
        [format!("{title} (only with `prod.parameters.json`)")]
    );
    assert_eq!(
        three(&off, &on, &off),
        [format!(
            "{title} (only with `prod.parameters.json` or `v.parameters.dev.json`)"
        )]
    );
    assert_eq!(three(&off, &off, &off), [title]);
    assert!(three(&on, &on, &on).is_empty());
    let same = titles(&[
        ("v.json", &vault),
        ("env/v.parameters.json", &off),
        ("params/v.parameters.json", &off),
        ("v.parameters.json", &on),
    ]);
    assert_eq!(
        same,
        [format!(
            "{title} (only with `env/v.parameters.json` or `params/v.parameters.json`)"
        )]
    );
}
