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
    let cwd = working_directory()?;
    let config = configuration::read(None, false, &cwd)?;
    let options = DiscoverOptions {
        isolated: true,
        config: config.clone(),
        ..DiscoverOptions::default()
    };
    let mapped = engine::access_map_with(inputs(&or_here(&args.paths), &options, &cwd)?, config);
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
