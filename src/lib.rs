//! kustolint finds mistakes about managed identities, customer-managed keys and role grants in the
//! files from which Azure Data Explorer (Kusto) is run: KQL scripts, ARM templates, settings.
//!
//! The modules stand in the order of the stages; each may use those above it (see `ARCHITECTURE.md`).

pub mod text;

pub mod syntax;

pub mod redact;

pub mod diagnostic;

pub mod config;

pub mod service;

pub mod arm;

pub mod facts;

pub mod collect;

pub mod link;

pub mod map;

pub mod rules;

pub mod suppress;

pub mod engine;

pub mod inspect;

pub mod report;

pub mod baseline;

pub mod discover;

pub mod apply;

pub mod cli;
