//! The program `kustolint`; everything it does is in the library.

fn main() -> std::process::ExitCode {
    kustolint::cli::main()
}
