//! What the office finds a group by beyond what everybody may read: its number and every contact, published or not.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Value};
use uuid::Uuid;

use super::contact::ContactKind;
use super::draft::Draft;
use super::record;
use super::store::{self, AT_ONCE};
use crate::db::{placeholders, statement};
use crate::text::fold::{fold, fold_name, grams, marks};

/// The search key of everything by which the office may know a group. Telephone numbers stand in it as bare digits as well.
fn text(draft: &Draft) -> String {
    let mut parts = vec![fold_name(&draft.name), fold_name(&draft.kana)];
    parts.push(fold(draft.number.as_deref().unwrap_or_default()));
    parts.push(draft.corporate_number.clone().unwrap_or_default());
    for contact in &draft.contacts {
        parts.push(match contact.kind {
            ContactKind::Representative | ContactKind::Person => fold_name(&contact.value),
            ContactKind::Phone | ContactKind::Fax => format!("{} {}", fold(&contact.value), digits(&contact.value)),
            ContactKind::Mail | ContactKind::Postal | ContactKind::Address => fold(&contact.value),
        });
    }
    parts.push(fold(&draft.remark));
    parts.retain(|part| !part.is_empty());
    parts.join(" ")
}

/// The digits of a typed telephone number in any form, the country's 81 read as 0; nothing for other words.
pub fn search_key(typed: &str) -> Option<String> {
    if let Ok(phone) = crate::text::phone::phone(typed) {
        return Some(digits(&phone.number));
    }
    let folded = fold(typed);
    let only = folded.chars().all(|letter| letter.is_ascii_digit() || letter == ' ');
    Some(digits(&folded)).filter(|digits| only && digits.len() >= 4)
}

fn digits(text: &str) -> String {
    fold(text).chars().filter(char::is_ascii_digit).collect()
}

/// Keeps what these groups are found by in place of what was kept before.
pub(super) async fn put(db: &impl ConnectionTrait, records: Vec<(i64, &Draft)>) -> Result<(), DbErr> {
    let backend = db.get_database_backend();
    for records in records.chunks(AT_ONCE) {
        let texts: Vec<(i64, String)> = records.iter().map(|(seq, draft)| (*seq, text(draft))).collect();
        let many = placeholders(texts.len());
        let numbers: Vec<Value> = texts.iter().map(|(seq, _)| (*seq).into()).collect();
        let forget = |table: &str, key: &str| {
            statement(backend, &format!("DELETE FROM {table} WHERE {key} IN ({many})"), numbers.clone())
        };
        db.execute_raw(forget("group_traces", "seq")).await?;
        if backend == DbBackend::Postgres {
            let line = "(?, ?, string_to_array(?, ' '))";
            let lines = vec![line; texts.len()].join(", ");
            let sql = format!("INSERT INTO group_traces (seq, text, marks) VALUES {lines}");
            let values = texts.into_iter().flat_map(|(seq, text)| {
                let marks = marks(&text).join(" ");
                [seq.into(), text.into(), marks.into()]
            });
            db.execute_raw(statement(backend, &sql, values.collect())).await?;
            continue;
        }
        db.execute_raw(forget("group_trace_search", "rowid")).await?;
        let grams = texts.iter().map(|(seq, text)| vec![(*seq).into(), grams(text).join(" ").into()]);
        store::insert(db, "group_trace_search (rowid, grams)", grams.collect()).await?;
        let lines = texts.into_iter().map(|(seq, text)| vec![seq.into(), text.into()]);
        store::insert(db, "group_traces (seq, text)", lines.collect()).await?;
    }
    Ok(())
}

/// Makes what is missing for groups that were stored before the office could search, some hundred behind the number
/// `after`; tells how far it came, or nothing when all is made.
pub async fn complete(db: &impl ConnectionTrait, after: i64) -> Result<Option<i64>, DbErr> {
    let sql = "SELECT g.id, g.seq FROM groups g LEFT JOIN group_traces t ON t.seq = g.seq
        WHERE t.seq IS NULL AND g.seq > ? ORDER BY g.seq LIMIT ?";
    let values = vec![after.into(), Value::from(AT_ONCE as i64)];
    let rows = db.query_all_raw(statement(db.get_database_backend(), sql, values)).await?;
    let numbers: Vec<(Uuid, i64)> =
        rows.iter().map(|row| Ok((row.try_get("", "id")?, row.try_get("", "seq")?))).collect::<Result<_, DbErr>>()?;
    let ids: Vec<Uuid> = numbers.iter().map(|(id, _)| *id).collect();
    let drafts = record::load(db, &ids).await?;
    let known = numbers.iter().filter_map(|(id, seq)| Some((*seq, drafts.get(id)?)));
    put(db, known.collect()).await?;
    Ok(numbers.last().map(|(_, seq)| *seq))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_telephone_number_is_looked_for_by_its_digits_in_any_form() {
        for typed in ["０９２０（５３）６１１１", "+81 920 53 6111", "0920-53-6111"] {
            assert_eq!(search_key(typed).as_deref(), Some("0920536111"), "{typed}");
        }
        assert_eq!(search_key("53-6111").as_deref(), Some("536111"));
        assert_eq!(search_key("海の会"), None);
        assert_eq!(search_key("12"), None);
    }

    #[test]
    fn every_contact_is_found_whether_or_not_it_is_published() {
        let contact = |kind, value: &str| super::super::contact::Contact {
            kind,
            value: value.to_owned(),
            published: false,
            consented_on: None,
            method: String::new(),
            by: String::new(),
        };
        let contacts = vec![contact(ContactKind::Person, "見本 花子"), contact(ContactKind::Phone, "0920-00-0001")];
        let draft = Draft { name: "見本 海の会".to_owned(), contacts, ..Draft::default() };
        let text = text(&draft);
        assert!(text.contains("見本花子") && text.contains("0920000001"), "{text}");
    }
}
