//! `kustolint map`: the access map of files.

use super::args::{MapArgs, MapFormat};
use super::terminal::{complain, print};
use super::{Failure, Status, configuration, or_here, working_directory};
use crate::discover::{DiscoverOptions, inputs};
use crate::engine;
use crate::redact::Redacted;
use crate::report::map;

/// Prints the map.
pub(super) fn run(args: &MapArgs) -> Result<Status, Failure> {
    let options = DiscoverOptions {
        isolated: true,
        stdin_filename: None,
    };
    let cwd = working_directory()?;
    // No setting changes the map; a mistake in the configuration is told here as it is everywhere.
    configuration::read(None, false, &cwd)?;
    let mapped = engine::access_map(inputs(&or_here(&args.paths), &options, &cwd)?);
    print(|out| match args.output_format {
        MapFormat::Human => map::table(&mapped, out),
        MapFormat::Json => map::json(&mapped, out),
        MapFormat::Mermaid => map::mermaid(&mapped, out),
        MapFormat::Dot => map::dot(&mapped, out),
        MapFormat::Svg => map::svg(&mapped, out),
    })?;
    if mapped.incomplete {
        complain(&Redacted::ours(
            "not every file could be read, so the map is not complete",
        ));
        return Ok(Status::NotDone);
    }
    Ok(Status::Clean)
}
