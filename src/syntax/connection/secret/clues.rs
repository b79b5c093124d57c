//! What stands on the line around a value and tells what the value opens. Each line is searched once, however many values
//! stand on it.

use std::ops::Range;

use memchr::{memchr2, memmem, memrchr2};

use super::certain::{AFTER, BEFORE};
use super::{rest, starts_with_folded};

/// Bytes of the name of a server that are looked at.
const SERVER: usize = 256;

/// What a line may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clue {
    /// A connection string of Kusto.
    Kusto,
    /// A request for a token of Microsoft Entra ID.
    TokenRequest,
    /// The user of a connection string.
    User,
    /// A database server that is not the machine itself.
    Server,
}

impl Clue {
    /// The words that tell of it, in lower case.
    fn words(self) -> &'static [&'static str] {
        match self {
            Self::Kusto => &[
                "data source=",
                "kusto",
                "dataexplorer",
                "appclientid",
                "application client id",
                "applicationclientid",
                "fed=true",
                "aad federated security",
                "authority id=",
            ],
            Self::TokenRequest => &["client_id", "grant_type", "curl", "oauth2"],
            Self::User => &["user id=", "userid=", "uid=", "user=", "username=", "user name="],
            Self::Server => &[
                "server=",
                "data source=",
                "host=",
                "datasource=",
                "address=",
                "addr=",
                "jdbc:sqlserver://",
                "jdbc:mysql://",
                "jdbc:postgresql://",
            ],
        }
    }
}

/// The clues of the line that was looked at last.
#[derive(Debug)]
pub(super) struct Clues<'t> {
    text: &'t str,
    line: Range<usize>,
    /// The line in lower case.
    folded: String,
    /// Where words of each clue stand in the line, in order; `None` before it was searched.
    found: [Option<Vec<Range<usize>>>; 4],
}

impl<'t> Clues<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            line: 0..0,
            folded: String::new(),
            found: [None, None, None, None],
        }
    }

    /// Whether the line around a value holds a clue near to it.
    pub(super) fn near(&mut self, clue: Clue, value: Range<usize>) -> bool {
        if value.start < self.line.start || value.end > self.line.end || self.line.is_empty() {
            self.read_line(value.clone());
        }
        let window = value.start.saturating_sub(BEFORE).max(self.line.start) - self.line.start
            ..value.end.saturating_add(AFTER).min(self.line.end) - self.line.start;
        let folded = &self.folded;
        let Some(found) = self.found.get_mut(clue as usize) else {
            return false;
        };
        let found = found.get_or_insert_with(|| places(folded, clue));
        let first = found.partition_point(|place| place.start < window.start);
        let mut within = found.iter().skip(first).take_while(|place| place.start < window.end);
        within.any(|place| place.end <= window.end)
    }

    fn read_line(&mut self, value: Range<usize>) {
        let bytes = self.text.as_bytes();
        let before = bytes.get(..value.start).unwrap_or_default();
        let start = memrchr2(b'\n', b'\r', before).map_or(0, |end| end + 1);
        let after = bytes.get(value.end..).unwrap_or_default();
        let end = value.end + memchr2(b'\n', b'\r', after).unwrap_or(after.len());
        self.line = start..end;
        self.folded = self.text.get(start..end).unwrap_or_default().to_ascii_lowercase();
        self.found = [None, None, None, None];
    }
}

/// Where the words of a clue stand in a line.
fn places(line: &str, clue: Clue) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for word in clue.words() {
        let places = memmem::find_iter(line.as_bytes(), word).map(|at| at..at + word.len());
        found.extend(places.filter(|place| clue != Clue::Server || !is_here(rest(line, place.end))));
    }
    found.sort_by_key(|place| place.start);
    found
}

/// Whether a server is on the machine itself, or a container beside it: a host without a domain.
fn is_here(server: &str) -> bool {
    let server = server.get(..server.floor_char_boundary(SERVER)).unwrap_or(server);
    let server = server.trim_start_matches(['\'', '"', '\\']);
    let protocols = ["tcp:", "https://", "http://"];
    let server = protocols
        .iter()
        .find_map(|protocol| server.strip_prefix(protocol))
        .unwrap_or(server);
    let end = server
        .find([';', ',', '"', '\'', ' ', ':', '\\', '/'])
        .unwrap_or(server.len());
    let host = server.get(..end).unwrap_or_default();
    let filled_in =
        server.starts_with(['$', '{', '<', '#', '%', '[', '\'', '"']) || host.is_empty() || !host.is_ascii();
    let local = ["localhost", "127.", "host.docker.", "0.0.0.0"];
    !filled_in && (!host.contains('.') || local.iter().any(|local| starts_with_folded(host, local)) || host == ".")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names_server(line: &str) -> bool {
        let mut clues = Clues::new(line);
        let end = line.len()..line.len();
        clues.near(Clue::User, end.clone()) && clues.near(Clue::Server, end)
    }

    #[test]
    fn servers_are_known_by_their_domain() {
        assert!(names_server("Server=tcp:sql-a.database.windows.net,1433;User Id=u;"));
        assert!(names_server(
            "data source=https://c.kusto.windows.net;fed=true;user id=u@x.com;"
        ));
        assert!(names_server("concat('server=tcp:', variables('host'), ';user id=u;"));
        assert!(names_server("jdbc:sqlserver://s.database.windows.net:1433;user=u;"));
        for line in [
            "jdbc:sqlserver://localhost:1433;user=u;",
            "jdbc:mysql://db/d?user=u&",
            "server=localhost;user id=u;",
            "server=.;uid=u",
            "data source=http://localhost:8080;user id=u;",
            "server=db,1433;user=sa",
            "server=a.b.net;",
        ] {
            assert!(!names_server(line), "{line}");
        }
    }

    #[test]
    fn clues_are_of_the_same_line_and_near() {
        let text = format!("kusto\nx y{}curl z\r\nw", " ".repeat(AFTER));
        let mut clues = Clues::new(&text);
        let at = |letter: char| text.find(letter).map_or(0..0, |at| at..at + 1);
        assert!(clues.near(Clue::Kusto, at('k')));
        assert!(!clues.near(Clue::Kusto, at('x')));
        assert!(!clues.near(Clue::TokenRequest, at('x')));
        assert!(clues.near(Clue::TokenRequest, at('z')));
        assert!(!clues.near(Clue::TokenRequest, at('w')));
        assert!(clues.near(Clue::Kusto, at('k')));
    }

    #[test]
    fn a_line_with_many_values_is_searched_once() {
        let text = "x kusto AppKey=a;AppKey=b";
        let mut clues = Clues::new(text);
        let mut searched = |value: Range<usize>| {
            assert!(clues.near(Clue::Kusto, value));
            let found = clues.found.iter().flatten().next().map(Vec::as_ptr);
            (clues.folded.as_ptr(), found)
        };
        assert_eq!(searched(15..16), searched(24..25));
    }
}
