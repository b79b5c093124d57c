//! What stands below the options in the help of each command: examples, and what an exit status means.

pub(super) const PROGRAM: &str = "\
Examples:
  kustolint check                       check the folder you are in
  kustolint check kql/ infra/adx.json   check a folder and a file
  kustolint explain RULE                why a rule exists, and what to write instead
  kustolint explain --error TEXT        what an error of the service means, and where its cause is
  kustolint map                         which identity reaches what, and what it lacks

Exit status: 0 nothing found, 1 something found, 2 the job could not be done.";

pub(super) const CHECK: &str = "\
Examples:
  kustolint check
  kustolint check kql/ infra/adx.json
  kustolint check --output-format json . > findings.json
  kustolint check -o json=findings.json shows the findings and writes them to a file as well
  kustolint check --diff                shows what --fix would change
  kustolint check --new-since origin/main   only what the change brings
  kustolint check - --stdin-filename kql/a.kql < a.kql

Exit status: 0 nothing at or above --fail-on, 1 something is, 2 the job could not be done.";

pub(super) const INSPECT: &str = "\
Examples:
  kustolint inspect --view kql kql/*.kql
  kustolint inspect --view resources infra/adx.json
  kustolint inspect --view facts .
  echo '{\"id\": 1, \"expression\": \"[concat(1, 2)]\"}' | kustolint inspect --view expression";

pub(super) const EXPLAIN: &str = "\
Examples:
  kustolint explain missing-native-ingestion
  kustolint explain --error Download_Forbidden
  kustolint explain --error \"Authentication with a Managed Identity is disabled for this flow\" infra/ kql/
  kustolint rules                       the names of all rules

Exit status: 0 explained, 2 there is no such rule, the text holds no error that is known, or a file can't be read.";

pub(super) const MAP: &str = "\
Examples:
  kustolint map
  kustolint map infra/ kql/
  kustolint map --output-format svg > access.svg
  kustolint map --output-format mermaid     for a page of Markdown

Marks: ✓ given and needed, · given and not needed by the files, ✗ missing, ! wrong, ? not known.
Exit status: 0 the map was made, 2 it could not be made wholly. `kustolint check` judges.";

pub(super) const BASELINE: &str = "\
Examples:
  kustolint baseline create             take all that is found now for known
  kustolint check                       shows and counts what is new since then
  kustolint baseline update             drop what has been mended since
  kustolint baseline check              in a pipeline: fail while the list holds what is mended

The list is kustolint-baseline.json: beside the kustolint.toml that counts, or else at the root of the repository.
It knows a problem by its rule, its file, the names of what holds it and what it is about (an account, an identity), so
that moving code does not revive it.";

pub(super) const CREATE: &str = "\
Examples:
  kustolint baseline create
  kustolint baseline create kql/ infra/
  kustolint baseline create --baseline ci/known.json

Exit status: 0 written, 2 not written: there is one already, or a file could not be read.";

pub(super) const UPDATE: &str = "\
Examples:
  kustolint baseline update             only drops and follows: the list gets no longer
  kustolint baseline update --add       takes in what is new as well
  kustolint baseline update kql/        leaves the entries of other files alone

Exit status: 0 up to date, 2 the job could not be done.";

pub(super) const STALE: &str = "\
Examples:
  kustolint baseline check
  kustolint baseline check kql/         says nothing of the entries of other files

Exit status: 0 nothing in the list is gone, 1 something is, 2 the job could not be done.";

pub(super) const RULES: &str = "\
Examples:
  kustolint rules
  kustolint rules --output-format json";

pub(super) const COMPLETIONS: &str = "\
Examples:
  kustolint completions bash > ~/.local/share/bash-completion/completions/kustolint
  kustolint completions zsh > ~/.zfunc/_kustolint              where fpath holds ~/.zfunc
  kustolint completions fish > ~/.config/fish/completions/kustolint.fish
  kustolint completions powershell >> $PROFILE";

pub(super) const MAN: &str = "\
Examples:
  kustolint man > ~/.local/share/man/man1/kustolint.1
  kustolint man | man -l -";

pub(super) const SUPPRESSIONS: &str = "\
Examples:
  kustolint suppressions                what is suppressed in the folder you are in, and in kustolint.toml
  kustolint suppressions infra/ --output-format json
  kustolint suppressions --check        status 1 if one is unused, expired, without a reason or can't be read

States: active, idle (covers nothing, and nothing can be said of it), unused, expired, unexplained, malformed.
How to write one: `kustolint explain unused-suppression`.

Exit status: 0 listed, 1 with --check and something to look after, 2 a file could not be read.";

pub(super) const CONFIG: &str = "\
Examples:
  kustolint config init                 write a kustolint.toml that explains itself and sets nothing
  kustolint config show                 what holds, and where it is set
  kustolint config show kql/a.kql       what holds for a file
  kustolint config schema > kustolint.schema.json

What goes before what: options, the environment (KUSTOLINT_CONFIG, KUSTOLINT_OUTPUT_FORMAT, KUSTOLINT_FAIL_ON), the
nearest kustolint.toml up to the folder of the repository, defaults. Paths in the file are told from its folder.
Exit status: 0 done, 2 the file is wrong, or the job could not be done.";

pub(super) const SHOW: &str = "\
Examples:
  kustolint config show
  kustolint config show samples/a.kql   with what is set by path, and whether the file is left out
  kustolint config show --output-format json";

pub(super) const SCHEMA: &str = "\
Examples:
  kustolint config schema > kustolint.schema.json

Editors find it by a first line in kustolint.toml: #:schema ./kustolint.schema.json";

pub(super) const INIT: &str = "\
Examples:
  kustolint config init
  kustolint config init --stdout        print it, and write nothing

A file that is there is never replaced.";
