//! Words of a vocabulary as people type them, each looked up once.

use std::collections::HashMap;

use crate::city::Term;
use crate::text::fold::fold;

/// Looks typed words up in a list of terms and remembers what it found.
pub(super) struct Words<'a> {
    terms: &'a [Term],
    found: HashMap<String, Option<&'a Term>>,
}

impl<'a> Words<'a> {
    /// Looks words up among these terms.
    pub fn of(terms: &'a [Term]) -> Self {
        Self { terms, found: HashMap::new() }
    }

    /// All terms.
    pub fn all(&self) -> &'a [Term] {
        self.terms
    }

    /// The term that a word means.
    pub fn find(&mut self, typed: &str) -> Option<&'a Term> {
        if let Some(found) = self.found.get(typed) {
            return *found;
        }
        let found = self.terms.iter().find(|term| term.is_meant_by(typed));
        self.found.insert(typed.to_owned(), found);
        found
    }

    /// The only term in whose name a word stands, such as 環境保全 for 環境.
    pub fn holding(&self, typed: &str) -> Option<&'a Term> {
        let word = fold(typed);
        let holds = |term: &&Term| fold(&term.name).contains(&word) || fold(&term.short).contains(&word);
        let mut found = self.terms.iter().filter(holds);
        let only = found.next().filter(|_| word.chars().count() > 1)?;
        found.next().is_none().then_some(only)
    }

    /// The terms that a list means, and the words in it that mean none.
    ///
    /// The list is divided at `;` and line breaks; what is then no word is divided at 、 ・ / and spaces as well, because names
    /// such as 「学術、文化、芸術又はスポーツの振興」 hold those themselves.
    pub fn list<'t>(&mut self, typed: &'t str) -> (Vec<&'a Term>, Vec<&'t str>) {
        let (mut terms, mut unknown) = (Vec::new(), Vec::new());
        for part in typed.split([';', '；', '\n', '\t']).map(str::trim).filter(|part| !part.is_empty()) {
            if let Some(term) = self.find(part) {
                terms.push(term);
                continue;
            }
            let words = part.split(['、', '，', ',', '・', '/', '／', ' ', '　']).filter(|word| !word.is_empty());
            for word in words {
                match self.find(word) {
                    Some(term) => terms.push(term),
                    None => unknown.push(word),
                }
            }
        }
        (terms, unknown)
    }
}
