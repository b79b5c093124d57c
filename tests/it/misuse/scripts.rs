//! Scripts that a deployment runs (M51): their commands, their order and where their texts come from.

use super::found;

/// A resource of the type of scripts.
fn script(name: &str, members: &str, properties: &str) -> String {
    let members = if members.is_empty() {
        String::new()
    } else {
        format!("{members},")
    };
    format!(
        r#"{{"type":"Microsoft.Kusto/clusters/databases/scripts","apiVersion":"2024-04-13","name":"{name}",{members}"properties":{{{properties}}}}}"#
    )
}

fn text(content: &str) -> String {
    format!(r#""scriptContent":"{content}""#)
}

const SCHEMA: &str = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";

fn in_template(more: &str, resources: &[String]) -> Vec<String> {
    let template = format!(
        r#"{{"$schema":"{SCHEMA}","contentVersion":"1.0.0.0",{more}"resources":[{}]}}"#,
        resources.join(",")
    );
    found(&[("main.json", &template)])
}

const NOTHING: [&str; 0] = [];

#[test]
fn m51_a_policy_of_the_cluster_in_a_script_of_a_database() {
    let rule = "cluster-command-in-database-script";
    let policy = r#".alter-merge cluster policy managed_identity '[{\"ObjectId\":\"system\",\"AllowedUsages\":\"NativeIngestion\"}]'"#;
    let with = |level: &str| {
        in_template(
            "",
            &[script("adx-pier/Cargo/s", "", &format!("{level}{}", text(policy)))],
        )
    };
    let expected = [format!("error {rule}: .alter-merge")];
    assert_eq!(with(""), expected);
    assert_eq!(with(r#""scriptLevel":"database","#), expected);
    assert_eq!(with(r#""scriptLevel":null,"#), expected);
    assert_eq!(with(r#""scriptLevel":"Cluster","#), NOTHING);
    assert_eq!(with(r#""scriptLevel":"[parameters('l')]","#), NOTHING);
}

#[test]
fn commands_that_scripts_do_not_run_are_found_wherever_they_stand() {
    let rule = "unsupported-script-command";
    let of = |content: &str| in_template("", &[script("adx-pier/Cargo/s", "", &text(content))]);
    for verb in [
        "show",
        "drop",
        "set-or-append",
        "ingest",
        "execute",
        "rename",
        "clear",
        "Delete",
    ] {
        assert_eq!(
            of(&format!(".create-merge table T (a:int)\\n.{verb} x")),
            [format!("error {rule}: .{verb}")],
            "{verb}"
        );
    }
    for verb in ["add", "alter", "alter-merge", "create-merge", "create-or-alter"] {
        assert_eq!(of(&format!(".{verb} table T (a:int)")), NOTHING, "{verb}");
    }
    // What `.execute` runs is not looked at; it is itself no command of scripts.
    assert_eq!(
        of(".execute database script <|\\n.show tables"),
        [format!("error {rule}: .execute")]
    );
    // A command that is filled in is not known.
    assert_eq!(
        in_template(
            r#""parameters":{"c":{"type":"string"}},"#,
            &[script("adx-pier/Cargo/s", "", &text("[parameters('c')]"))]
        ),
        NOTHING
    );
}

/// Two scripts, the second with these members.
fn two(members: &str) -> [String; 2] {
    let [one, two] = ["A", "B"].map(|table| text(&format!(".create-merge table {table} (a:int)")));
    [
        script("adx-pier/Cargo/one", "", &one),
        script("adx-pier/Cargo/two", members, &two),
    ]
}

#[test]
fn scripts_wait_by_any_name_that_the_resource_manager_knows() {
    let expected = ["warning parallel-database-scripts: \"adx-pier/Cargo/two\""];
    assert_eq!(in_template("", &two("")), expected);
    assert_eq!(in_template("", &two(r#""dependsOn":["other"]"#)), expected);
    for waits in [
        "[resourceId('Microsoft.Kusto/clusters/databases/scripts', 'adx-pier', 'Cargo', 'one')]",
        "[resourceId('Microsoft.Kusto/Clusters/Databases/Scripts', 'ADX-pier', 'cargo', 'ONE')]",
        "Microsoft.Kusto/clusters/adx-pier/databases/Cargo/scripts/one",
        "adx-pier/Cargo/one",
        "one",
        "[concat('adx-pier', '/Cargo/one')]",
        // Not known: nothing is said.
        "[parameters('p')]",
    ] {
        let members = format!(r#""dependsOn":["{waits}"]"#);
        assert_eq!(
            in_template(r#""parameters":{"p":{"type":"string"}},"#, &two(&members)),
            NOTHING,
            "{waits}"
        );
    }
    assert_eq!(in_template("", &two(r#""dependsOn":"[parameters('p')]""#)), NOTHING);
}

#[test]
fn scripts_wait_by_way_of_others() {
    let [one, two] = two(r#""dependsOn":["between"]"#);
    let between = r#"{"type":"Microsoft.Resources/deployments","apiVersion":"2022-09-01","name":"between","dependsOn":["one"],"properties":{"mode":"Incremental","templateLink":{"uri":"https://templates.pier.example/b.json"}}}"#;
    assert_eq!(
        in_template("", &[one.clone(), between.to_owned(), two.clone()]),
        NOTHING
    );
    let free = between.replace(r#""dependsOn":["one"],"#, "");
    assert_eq!(
        in_template("", &[one.clone(), free, two.clone()]),
        ["warning parallel-database-scripts: \"adx-pier/Cargo/two\""]
    );
    // The first may wait for the second as well.
    let [early, late] = [&one, &two].map(|script| script.replace("between", "none"));
    let early = early.replace(r#""properties""#, r#""dependsOn":["two"],"properties""#);
    assert_eq!(in_template("", &[early, late]), NOTHING);
}

#[test]
fn scripts_that_never_meet_need_not_wait() {
    let [one, two] = two(r#""condition":"[not(parameters('p'))]""#);
    let first = one.replace(r#""properties""#, r#""condition":"[parameters('p')]","properties""#);
    let parameter = r#""parameters":{"p":{"type":"bool"}},"#;
    assert_eq!(in_template(parameter, &[first, two.clone()]), NOTHING);
    assert_eq!(
        in_template(parameter, &[one.clone(), two.clone()]),
        ["warning parallel-database-scripts: \"adx-pier/Cargo/two\""]
    );
    let elsewhere = two.replace("adx-pier/", "adx-quay/");
    assert_eq!(in_template("", &[one.clone(), elsewhere]), NOTHING);
    let existing = one.replace(r#""properties""#, r#""existing":true,"properties""#);
    assert_eq!(in_template("", &[existing, two]), NOTHING);
}

#[test]
fn symbolic_names_order_scripts() {
    let of = |waits: &str| {
        let [one, two] = two(waits);
        let template = format!(
            r#"{{"$schema":"{SCHEMA}","languageVersion":"2.0","contentVersion":"1.0.0.0","resources":{{"first":{one},"second":{two}}}}}"#
        );
        found(&[("main.json", &template)])
    };
    assert_eq!(of(r#""dependsOn":["First"]"#), NOTHING);
    assert_eq!(of(""), ["warning parallel-database-scripts: \"adx-pier/Cargo/two\""]);
}

#[test]
fn loops_deploy_their_rounds_together_unless_they_are_told_not_to() {
    let name = "[concat('adx-pier/Cargo/s', copyIndex())]";
    let with = |copy: &str| {
        let members = format!(r#""copy":{copy}"#);
        let content = text("[concat('.create-merge table T', copyIndex(), ' (a:int)')]");
        in_template(
            r#""parameters":{"n":{"type":"int"}},"#,
            &[script(name, &members, &content)],
        )
    };
    let expected = [format!("warning parallel-database-scripts: \"{name}\"")];
    assert_eq!(with(r#"{"name":"l","count":3}"#), expected);
    assert_eq!(with(r#"{"name":"l","count":3,"mode":"Parallel"}"#), expected);
    assert_eq!(
        with(r#"{"name":"l","count":3,"mode":"serial","batchSize":2}"#),
        expected
    );
    assert_eq!(with(r#"{"name":"l","count":3,"mode":"serial","batchSize":1}"#), NOTHING);
    assert_eq!(with(r#"{"name":"l","count":1}"#), NOTHING);
    // Who waits for the last of rounds in order waits for all of them.
    let looped = |copy: &str| {
        let members = format!(r#""copy":{copy}"#);
        let content = text("[concat('.create-merge table T', copyIndex(), ' (a:int)')]");
        let last = script(
            "adx-pier/Cargo/last",
            r#""dependsOn":["adx-pier/Cargo/s2"]"#,
            &text(".create-merge table U (a:int)"),
        );
        in_template("", &[script(name, &members, &content), last])
    };
    assert_eq!(
        looped(r#"{"name":"l","count":3,"mode":"serial","batchSize":1}"#),
        NOTHING
    );
    assert_eq!(with(r#"{"name":"l","count":"[parameters('n')]"}"#), NOTHING);
}

/// Rounds of a deployment are deployments of their own: whether they wait for one another does not show in what they
/// hold.
#[test]
fn scripts_in_rounds_of_a_deployment_are_not_compared() {
    let inner = script(
        "[concat('adx-pier/Cargo/s', parameters('n'))]",
        "",
        &text(".create-merge table T (a:int)"),
    );
    for copy in [r#""mode":"serial","batchSize":1,"#, ""] {
        let module = format!(
            r#"{{"type":"Microsoft.Resources/deployments","apiVersion":"2022-09-01","name":"[concat('m', copyIndex())]","copy":{{"name":"l",{copy}"count":3}},"properties":{{"mode":"Incremental","expressionEvaluationOptions":{{"scope":"inner"}},"parameters":{{"n":{{"value":"[copyIndex()]"}}}},"template":{{"$schema":"{SCHEMA}","contentVersion":"1.0.0.0","parameters":{{"n":{{"type":"int"}}}},"resources":[{inner}]}}}}}}"#
        );
        assert_eq!(in_template("", &[module]), NOTHING, "{copy}");
    }
}

#[test]
fn the_script_after_the_fiftieth_is_one_too_many() {
    let many = |count: usize| {
        let all = (0..count).map(|index| {
            let waits = match index.checked_sub(1) {
                Some(before) => format!(r#""dependsOn":["s{before}"]"#),
                None => String::new(),
            };
            script(
                &format!("adx-pier/Cargo/s{index}"),
                &waits,
                &text(".create-merge table T (a:int)"),
            )
        });
        in_template("", &all.collect::<Vec<_>>())
    };
    assert_eq!(many(50), NOTHING);
    assert_eq!(many(51), ["warning parallel-database-scripts: \"adx-pier/Cargo/s50\""]);
}

#[test]
fn sources_of_scripts_are_one_and_can_be_opened() {
    let rule = "conflicting-script-sources";
    let parameters = r#""parameters":{"secret":{"type":"secureString"},"open":{"type":"string"},"none":{"type":"string","defaultValue":""},"which":{"type":"bool"}},"#;
    let with = |properties: &str| in_template(parameters, &[script("adx-pier/Cargo/s", "", properties)]);
    let url = r#""scriptUrl":"https://stpier.blob.core.windows.net/k/s.kql""#;
    let address = "\"https://stpier.blob.core.windows.net/k/s.kql\"";
    let token = |value: &str| format!(r#"{url},"scriptUrlSasToken":"{value}""#);
    let content = text(".create-merge table T (a:int)");

    assert_eq!(with(url), [format!("error {rule}: {address}")]);
    assert_eq!(with(&format!("{content},{url}")), [format!("error {rule}: {address}")]);
    let secret = "[parameters('secret')]";
    assert_eq!(
        with(&format!(r#"{content},"scriptUrlSasToken":"{secret}""#)),
        [format!("error {rule}: \"{secret}\"")]
    );
    assert_eq!(with(&token(secret)), NOTHING);
    assert_eq!(
        with(&token("[parameters('open')]")),
        [format!("error {rule}: \"[parameters('open')]\"")]
    );
    assert_eq!(
        with(&token("[parameters('none')]")),
        [format!("error {rule}: {address}")]
    );
    assert_eq!(
        with(&token(
            "[listAccountSas('stpier', '2023-01-01', createObject()).accountSasToken]"
        )),
        NOTHING
    );
    assert_eq!(with(&format!(r#"{url},"managedIdentityResourceId":"x""#)), NOTHING);
    // The address may hold a token itself.
    for own in [
        "https://stpier.blob.core.windows.net/k/s.kql?sv=1&sig=x",
        "[concat('https://stpier.blob.core.windows.net/k/s.kql', parameters('secret'))]",
    ] {
        assert_eq!(with(&format!(r#""scriptUrl":"{own}""#)), NOTHING, "{own}");
    }
    // What a condition decides is not known, and an empty text is none.
    assert_eq!(
        with(&format!(
            r#"{content},"scriptUrl":"[if(parameters('which'), 'https://stpier.blob.core.windows.net/k/s.kql', null())]""#
        )),
        NOTHING
    );
    assert_eq!(
        with(&format!(r#"{content},"scriptUrl":"[parameters('none')]""#)),
        NOTHING
    );
}

#[test]
fn a_deployment_that_goes_on_after_errors_hides_a_lost_grant() {
    let policy = r#".alter-merge database Cargo policy managed_identity '[{\"ObjectId\":\"system\",\"AllowedUsages\":\"NativeIngestion\"}]'"#;
    let with = |more: &str, content: &str| {
        in_template(
            "",
            &[script("adx-pier/Cargo/s", "", &format!("{more}{}", text(content)))],
        )
    };
    let goes_on = r#""continueOnErrors":true,"#;
    assert_eq!(with(goes_on, policy), ["warning swallowed-script-errors: true"]);
    assert_eq!(with(goes_on, ".create-merge table T (a:int)"), NOTHING);
    assert_eq!(with(r#""continueOnErrors":false,"#, policy), NOTHING);
    assert_eq!(with("", policy), NOTHING);
}
