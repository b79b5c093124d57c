//! Text and positions: spans, files, decoded bytes, and text that remembers where it came from.

mod base;
mod date;
mod decode;
mod editable;
mod mapped;
mod nearest;
mod root;
mod source;
mod span;
mod symbol;

pub use base::Base;
pub use date::Date;
pub use decode::{Decoded, Encoding, NotText, Replaced, decode};
pub use editable::{Editable, Escape};
pub use mapped::{HOLE, Hole, MappedText};
pub use nearest::{is_one_slip, nearest};
pub use root::Root;
pub use source::{Place, Position, SourceFile, Sources};
pub use span::{FileId, FileSpan, Span, offset};
pub use symbol::Symbol;
