//! A project whose files hold secrets.

use super::Chain;

/// Secrets of several kinds, and what only looks like one.
pub(super) const SECRETS: Chain = Chain {
    project: "secrets",
    mends: &[
        (
            "app/local.settings.json",
            "t7V~gang-Plank.63wd",
            "<key>",
            &["+ error embedded-secret app/local.settings.json"],
        ),
        (
            "infra/main.parameters.json",
            "VGhpcyBvcGVucyBub3RoaW5nOiBhIGtleSBmb3IgYSBwcm9qZWN0IG9mIHRoZSB0ZXN0cywgNjQgYnl0ZXMhISEhIQ==",
            "#{archiveKey}#",
            &["+ error embedded-secret infra/main.parameters.json"],
        ),
        (
            "kql/load.kql",
            "b3BlbnMgbm90aGluZyBhdCBhbGw%3D",
            "...",
            &["+ error embedded-secret kql/load.kql"],
        ),
        (
            "kql/load.kql",
            "VGhpcyBvcGVucyBub3RoaW5nIGF0IGFsbDogYSBrZXkgZm9yIHRoZSBwcm9qZWN0IG9mIGEgdGVzdCwgNjQgYnl0ZQ==",
            "impersonate",
            &[
                "+ error embedded-secret kql/load.kql",
                "+ warning unobfuscated-secret kql/load.kql",
            ],
        ),
    ],
    is_sound: true,
    edits: &[
        (
            "README.md",
            "<token>",
            "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJub3RlIjoib3BlbnMgbm90aGluZyJ9.bm8tc2lnbmF0dXJl",
            &["+ error embedded-secret README.md"],
        ),
        (
            "app/local.settings.json",
            "UseDevelopmentStorage=true",
            "AccountName=stpier;AccountKey=VGhpcyBvcGVucyBub3RoaW5nOiBhIGtleSBmb3IgYSBwcm9qZWN0IG9mIHRoZSB0ZXN0cywgNjQgYnl0ZXMhISEhIQ==",
            &["+ error embedded-secret app/local.settings.json"],
        ),
        (
            "infra/main.json",
            "parameters('hubKey')",
            "'bm90aGluZyBpcyBvcGVuZWQgYnkgdGhpcyAzMmJ5dGU='",
            &["+ error embedded-secret infra/main.json"],
        ),
    ],
};
