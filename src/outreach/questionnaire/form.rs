//! The form of the questionnaire, the same on a phone and for keying in from paper.

use uuid::Uuid;

use super::answer::{Draft, Marks};
use super::question::{AGES, Scale};
use crate::clock::new_id;
use crate::web::Form;

/// Most characters of what is written.
const WORDS: usize = 500;

/// An empty form with an identifier of its own, so that sending it twice counts once.
pub(super) fn empty() -> Form {
    Form::filled([("id", new_id().to_string())])
}

/// Reads the form; nothing while something is wrong.
pub(super) fn read(form: &mut Form, session_id: Uuid) -> Option<(Uuid, Draft)> {
    let mut mark = |scale: Scale| {
        let typed = form.get(scale.key()).trim().to_owned();
        let mark = scale.from_typed(&typed);
        if mark.is_none() && !typed.is_empty() {
            form.fault(scale.key(), "この中から選んでください。");
        }
        mark
    };
    let [clear, useful, known, joining] = Scale::ALL.map(&mut mark);
    let age = form.get("age").to_owned();
    if !age.is_empty() && AGES.iter().all(|(key, _)| *key != age) {
        form.fault("age", "この中から選んでください。");
    }
    let words = form.block("words", "ひとこと", WORDS);
    let draft = Draft { marks: Marks { session_id, clear, useful, known, joining, age }, words };
    if form.is_fine() && draft.is_empty() {
        form.fault(Scale::Clear.key(), "どれか1つは、答えてください。");
    }
    let id = form.get("id").parse().unwrap_or_else(|_| new_id());
    form.is_fine().then_some((id, draft))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_answer_is_enough_and_none_is_told() {
        let mut form = Form::filled([("words", "　".to_owned())]);
        assert!(read(&mut form, Uuid::nil()).is_none() && form.fault_of("clear").is_some());
        let mut form = Form::filled([("joining", "2".to_owned())]);
        assert_eq!(read(&mut form, Uuid::nil()).unwrap().1.marks.joining, Some(2));
    }

    #[test]
    fn what_no_answer_has_is_refused() {
        for (name, text) in [("clear", "5"), ("known", "4"), ("useful", "0"), ("joining", "x"), ("age", "forever")] {
            let mut form = Form::filled([(name, text.to_owned())]);
            assert!(read(&mut form, Uuid::nil()).is_none() && form.fault_of(name).is_some(), "{name}");
        }
    }
}
