//! Readings over place names that most people outside the island cannot read.

/// The place names that get a reading, longest first.
#[derive(Clone, Debug)]
pub struct Ruby {
    names: Vec<(String, String)>,
}

/// A piece of text with or without a reading over it.
#[derive(Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// The text.
    pub text: &'a str,
    /// Its reading, empty where none is needed.
    pub reading: &'a str,
}

impl Ruby {
    /// The readings of `seeds/ruby.csv`.
    pub fn from_seed() -> Self {
        let mut names: Vec<(String, String)> = include_str!("../../seeds/ruby.csv")
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(','))
            .map(|(name, rest)| (name.to_owned(), rest.split(',').next().unwrap_or_default().to_owned()))
            .collect();
        names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        Self { names }
    }

    /// Names and readings.
    pub fn pairs(&self) -> Vec<(String, String)> {
        self.names.clone()
    }

    /// Cuts a text into pieces so that each known name can carry its reading.
    pub fn pieces<'a>(&'a self, text: &'a str) -> Vec<Piece<'a>> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((at, (name, reading))) = self.first_in(rest) {
            if at > 0 {
                pieces.push(Piece { text: &rest[..at], reading: "" });
            }
            pieces.push(Piece { text: &rest[at..at + name.len()], reading });
            rest = &rest[at + name.len()..];
        }
        if !rest.is_empty() {
            pieces.push(Piece { text: rest, reading: "" });
        }
        pieces
    }

    fn first_in(&self, text: &str) -> Option<(usize, &(String, String))> {
        // Names are longest first, so of two that begin at the same place min_by_key keeps the longer.
        self.names.iter().filter_map(|name| Some((text.find(&name.0)?, name))).min_by_key(|(at, _)| *at)
    }
}

#[cfg(test)]
mod tests {
    use super::{Piece, Ruby};

    #[test]
    fn a_hard_name_inside_a_text_gets_its_reading_and_the_rest_stays() {
        let ruby = Ruby {
            names: vec![("上厳原".into(), "かみいづはら".into()), ("厳原".into(), "いづはら".into())]
        };
        let plain = |text| Piece { text, reading: "" };
        assert_eq!(
            ruby.pieces("市の厳原町"),
            [plain("市の"), Piece { text: "厳原", reading: "いづはら" }, plain("町")]
        );
        assert_eq!(ruby.pieces("上厳原"), [Piece { text: "上厳原", reading: "かみいづはら" }]);
        assert_eq!(ruby.pieces(""), []);
    }
}
