//! A combination (組み合わせ): several towns, categories, kinds … as one feed under a short address that never changes.

use chrono::{DateTime, Utc};
use data_encoding::Encoding;
use sea_orm::{ConnectionTrait, DbErr};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

use crate::calendar::Filter;
use crate::city::City;
use crate::db::statement;
use crate::text::fold;
use crate::web::Query;
use crate::web::query::link;

/// Letters of a short name: nothing that looks like something else on paper.
static LETTERS: LazyLock<Encoding> = LazyLock::new(|| {
    let mut specification = data_encoding::Specification::new();
    specification.symbols.push_str("23456789abcdefghjkmnpqrstuvwxyz0");
    specification.encoding().expect("32 letters, each once")
});

/// Letters of a short name; the longer ones are for the case that two combinations share the shorter one.
const LENGTHS: [usize; 2] = [10, 24];

/// Whether it has the form of a short name.
pub(super) fn is_short(text: &str) -> bool {
    LENGTHS.contains(&text.len()) && text.bytes().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
}

/// The filter as the parameters of an address, in one order, its days left out.
fn written(filter: &Filter) -> String {
    let pairs = filter.clone().in_order().pairs();
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
    link("", &pairs).trim_start_matches('?').to_owned()
}

/// The form in which two filters that find the same are equal: words in any of their spellings, in any order.
fn canonical(filter: &Filter) -> String {
    let mut words = fold::words(&filter.words);
    words.sort();
    words.dedup();
    written(&Filter { words: words.join(" "), ..filter.clone() })
}

/// The short names that a combination may have, in the order in which they are tried.
fn shorts(filter: &Filter) -> [String; 2] {
    let digest = Sha256::digest(canonical(filter).as_bytes());
    let letters = LETTERS.encode(&digest[..20]);
    LENGTHS.map(|length| letters[..length].to_owned())
}

/// The filter that was written; nothing when a list of it has lost all it named, as what is left would let more through.
fn read(text: &str, city: &City) -> Option<Filter> {
    let filter = Filter::read(&mut Query::parse(text), city);
    (filter.pairs().len() == text.split('&').count() && !filter.is_open()).then_some(filter)
}

/// The filter behind a short name, or nothing when nobody has made it.
pub(super) async fn find(db: &impl ConnectionTrait, city: &City, short: &str) -> Result<Option<Filter>, DbErr> {
    let sql = "SELECT filter FROM feed_combinations WHERE short = ?";
    let row = db.query_one_raw(statement(db.get_database_backend(), sql, vec![short.into()])).await?;
    let text: Option<String> = row.map(|row| row.try_get("", "filter")).transpose()?;
    Ok(text.and_then(|text| read(&text, city)))
}

/// The short name of a combination that somebody has made already.
pub(super) async fn known(db: &impl ConnectionTrait, city: &City, filter: &Filter) -> Result<Option<String>, DbErr> {
    for short in shorts(filter) {
        match find(db, city, &short).await? {
            Some(found) if canonical(&found) == canonical(filter) => return Ok(Some(short)),
            Some(_) => {}
            None => return Ok(None),
        }
    }
    Ok(None)
}

/// Makes a combination, or finds it: the same one has the same short name, whoever makes it, on every replica.
pub(super) async fn put(
    db: &impl ConnectionTrait,
    city: &City,
    filter: &Filter,
    now: DateTime<Utc>,
) -> Result<String, DbErr> {
    let sql = "INSERT INTO feed_combinations (short, filter, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
    for short in shorts(filter) {
        let values = vec![short.as_str().into(), written(filter).into(), now.into()];
        db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
        if find(db, city, &short).await?.is_some_and(|found| canonical(&found) == canonical(filter)) {
            return Ok(short);
        }
    }
    Err(DbErr::RecordNotInserted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(towns: &[&str], words: &str) -> Filter {
        let towns = towns.iter().map(|town| (*town).to_owned()).collect();
        Filter { towns, words: words.to_owned(), ..Filter::default() }
    }

    #[test]
    fn the_same_combination_has_the_same_short_name_in_any_order_and_spelling() {
        let [short, long] = shorts(&filter(&["mine", "izuhara"], "体操　ツシマ"));
        assert_eq!(shorts(&filter(&["izuhara", "mine"], "つしま 体操")), [short.clone(), long.clone()]);
        assert_ne!(shorts(&filter(&["izuhara"], "つしま 体操"))[0], short);
        assert!(is_short(&short) && is_short(&long) && long.starts_with(&short));
        assert!(!is_short("") && !is_short("../../etc/") && !is_short("ABCDEFGHJK"));
    }

    #[test]
    fn a_filter_is_written_in_one_order_and_without_its_days() {
        let days = Filter { from: "2026-11-23".parse().ok(), ..filter(&["mine", "izuhara"], "a&b") };
        assert_eq!(written(&days), "q=a%26b&town=izuhara%2Cmine");
    }
}
