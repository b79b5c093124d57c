use super::*;
use crate::syntax::growth::assert_linear;
use crate::text::FileId;

fn parsed(text: &str, dialect: Dialect) -> Vec<String> {
    let text = MappedText::of_file(FileId(0), text);
    let wanted = |word: &str| {
        matches!(
            word,
            "az" | "new-azkeyvault" | "get-azkeyvault" | "kustokeyvaultproperties"
        )
    };
    let commands = parse(&text, dialect, &wanted);
    let shown = |statement: &Statement| {
        let words: Vec<_> = statement.words.iter().map(|word| word.text.display()).collect();
        let assigned = statement.assigned.as_ref().map(|assigned| {
            let sign = if assigned.certain { "=" } else { "?=" };
            format!("{} {sign} ", assigned.name)
        });
        let inside = if statement.inside.is_some() { "( " } else { "" };
        format!("{inside}{}{}", assigned.unwrap_or_default(), words.join("|"))
    };
    commands.statements.iter().map(shown).collect()
}

fn shell(text: &str) -> Vec<String> {
    parsed(text, Dialect::Shell)
}

fn power(text: &str) -> Vec<String> {
    parsed(text, Dialect::PowerShell)
}

#[test]
fn words_are_cut_and_decoded_as_the_shell_does_it() {
    assert_eq!(
        shell("az keyvault create -n 'kv one' --tags \"a=$X\" \\\n  --x=a\\ b # az no\nls; az b"),
        ["az|keyvault|create|-n|kv one|--tags|a={$X}|--x=a b", "az|b"]
    );
    assert_eq!(
        shell("echo az keyvault; sudo az x && az y | az z"),
        ["az|x", "az|y", "az|z"]
    );
    assert_eq!(shell("if ! az a; then az b; fi"), ["az|a", "az|b"]);
    assert_eq!(shell("az a 2>&1 >/dev/null --b &> log --c"), ["az|a|--b|--c"]);
    assert_eq!(shell("az a \\\r\n --b\r\naz c"), ["az|a|--b", "az|c"]);
    assert_eq!(shell("az a `\n --b"), ["az|a|--b"]);
}

#[test]
fn here_documents_are_no_commands() {
    assert_eq!(shell("cat <<EOF > f\naz a\nEOF\naz b"), ["az|b"]);
    assert_eq!(shell("cat <<'EOF'\naz a"), ["az|a"]);
}

#[test]
fn an_assignment_counts_when_nothing_is_around_it() {
    assert_eq!(shell("A=kv\nexport B='x'$A"), ["A = kv", "B = x{$A}"]);
    assert_eq!(shell("[ -z \"$A\" ] && A=kv"), ["A ?= kv"]);
    assert_eq!(shell("if x; then\nA=kv\nfi\nB=1"), ["A ?= kv", "B = 1"]);
    assert_eq!(shell("f() {\nlocal A=kv\n}\nB=1"), ["A ?= kv", "B = 1"]);
    assert_eq!(
        shell("read -r A\nfor B in a b; do :; done"),
        ["-r ?= ", "A ?= ", "B ?= "]
    );
    assert_eq!(shell("A+=x\nB=(a b)"), ["A ?= ", "B ?= "]);
    assert_eq!(shell("A=1 az b"), ["az|b"]);
}

#[test]
fn commands_in_substitutions_come_before_what_they_are_a_part_of() {
    assert_eq!(
        shell("ID=$(az a --q id)\naz b \"$(az c)\" `az d`"),
        [
            "( az|a|--q|id",
            "ID = {$(az a --q id)}",
            "( az|c",
            "( az|d",
            "az|b|{$(az c)}|{`az d`}"
        ]
    );
    assert_eq!(shell("echo $(echo $(az a))"), ["( az|a"]);
}

#[test]
fn power_shell_has_its_own_lines_lists_and_groups() {
    assert_eq!(
        power("New-AzKeyVault -VaultName 'kv ''1''' `\n -Tag @{a = 1} -Enable:$true # x\nGet-Date"),
        ["New-AzKeyVault|-VaultName|kv '1'|-Tag|{{a = 1}}|-Enable:{$true}"]
    );
    assert_eq!(
        power("$kv = New-AzKeyVault -Keys get,wrap, 'un' -X @('a', 'b') -Y"),
        ["kv = New-AzKeyVault|-Keys|get|wrap|un|-X|a|b|-Y"]
    );
    assert_eq!(
        power("$u = (Get-AzKeyVault -VaultName kv).VaultUri"),
        [
            "( Get-AzKeyVault|-VaultName|kv",
            "u = {(Get-AzKeyVault -VaultName kv).VaultUri}"
        ]
    );
    assert_eq!(
        power("if ($a) {\n  New-AzKeyVault -Name $kv.Name @more\n}"),
        ["New-AzKeyVault|-Name|{$kv.Name}|@more"]
    );
    assert_eq!(
        power("<# New-AzKeyVault #> @'\nNew-AzKeyVault\n'@\nNew-AzKeyVault"),
        ["New-AzKeyVault"]
    );
}

#[test]
fn power_shell_takes_only_texts_for_certain() {
    assert_eq!(power("$A = 'x'\n[string]$b = \"y$a\""), ["a = x", "b = y{$a}"]);
    assert_eq!(power("$a = 'x' + $b\n$c = if ($d) { 1 }"), ["a ?= x|+|{$b}", "c ?= if"]);
    assert_eq!(power("function f {\n$a = 'x'\n}\n$b += 'y'"), ["a ?= x", "b ?= y"]);
    assert_eq!(power("param($a = 'x')"), ["a ?= x"]);
}

#[test]
fn members_of_an_initializer_are_options() {
    assert_eq!(
        parsed(
            "const string k = \"adx\"; // new KustoKeyVaultProperties { KeyName = 1 }\n\
             var p = new KustoKeyVaultProperties() { KeyName = k, KeyVaultUri = new Uri(\"https://kv/\"),\n\
             KeyVersion = Get(1, 2), UserIdentity = null };",
            Dialect::CSharp
        ),
        [
            "p ?= ",
            "k = adx",
            "KustoKeyVaultProperties|KeyName|{k}|KeyVaultUri|https://kv/|KeyVersion|{Get(1, 2)}|UserIdentity"
        ]
    );
}

#[test]
fn words_keep_their_places() {
    let source = "az keyvault create --name \"kv-$X\"";
    let text = MappedText::of_file(FileId(0), source);
    let commands = parse(&text, Dialect::Shell, &|word| word == "az");
    let word = commands.statements[0].words.last().unwrap();
    assert_eq!(word.text.whole_source().unwrap().span.of_text(source), "kv-$X");
    assert_eq!(word.span.of_text(source), "\"kv-$X\"");
}

#[test]
fn hostile_scripts_are_read_to_the_end() {
    for piece in [
        "$(",
        "\"",
        "'",
        "`",
        "az x \"$(",
        "(",
        "{",
        "<<A\n",
        "\\",
        "$",
        "@(",
        "@'\n",
        "az --o v ",
        "A=$A\n",
        "é",
        "$a = ",
    ] {
        let text = piece.repeat(20_000);
        for dialect in [Dialect::Shell, Dialect::PowerShell, Dialect::CSharp] {
            parsed(&text, dialect);
        }
    }
    let many = "az keyvault create\n".repeat(MAX_STATEMENTS + 1);
    let text = MappedText::of_file(FileId(0), &many);
    let commands = parse(&text, Dialect::Shell, &|word| word == "az");
    assert_eq!(commands.statements.len(), MAX_STATEMENTS);
    assert!(commands.limit.unwrap().message.contains("the rest was not read"));
}

#[test]
fn time_grows_with_the_text() {
    let pieces = [
        ["", "az keyvault create --name $X \\\n --b \"$Y\"\n", ""],
        ["az x ", "--option value ", ""],
        ["az x ", "$(", ""],
        ["az x ", "\"$(az y ", ""],
        ["", "cat <<A\n", ""],
        ["", "A=$(az b)\n", ""],
        ["", "az a `b", ""],
        ["New-AzKeyVault ", "(", ""],
        ["New-AzKeyVault ", "-A (b) ", ""],
        ["", "$a = (New-AzKeyVault -B $c.D)\n", ""],
        ["", "new KustoKeyVaultProperties { A = b(", ""],
        ["", "a = \"b\"; ", ""],
    ];
    for parts in pieces {
        for (name, dialect) in [
            ("shell", Dialect::Shell),
            ("power shell", Dialect::PowerShell),
            ("c sharp", Dialect::CSharp),
        ] {
            assert_linear(name, parts, |text| parsed(text, dialect).len());
        }
    }
}
