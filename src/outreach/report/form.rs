//! The form of a report: from what was typed on a phone to a [`Draft`], and back.

use uuid::Uuid;

use super::report::{Draft, Question};
use super::task;
use crate::clock::new_id;
use crate::web::Form;

/// Most questions of a report.
pub(super) const QUESTIONS: usize = 10;
/// Most follow-ups of a report.
pub(super) const TASKS: usize = 5;

/// The answers to whether it took place.
pub(super) const HELD: [(&str, &str); 2] = [("yes", "実施した"), ("no", "実施しなかった")];

/// Reads the form; nothing while something is wrong. `may_show` says whether the session stands in the calendar.
pub(super) fn read(form: &mut Form, may_show: bool) -> Option<Draft> {
    let took_place = form.choice("held", "実施したかどうか", |key| match key {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    });
    let why_not = form.block("why_not", "実施しなかった理由", 1_000);
    let people = form.number("people", "人数", 1, 5_000);
    let content = form.block("content", "話したこと", 4_000);
    let questions = read_questions(form);
    let materials = form.block("materials", "使った資料", 1_000);
    let note = form.block("note", "職員だけのメモ", 4_000);
    let summary = form.block("summary", "市民に見せるまとめ", 2_000);
    let consent = form.line("consent", "了解を得た日と方法", 200);
    let tasks = read_tasks(form);
    let took_place = took_place?;
    match took_place {
        true if people.is_none() => form.fault("people", "来てくださった人数を書いてください。"),
        false if why_not.is_empty() => form.fault("why_not", "実施しなかった理由を書いてください。"),
        _ => {}
    }
    let is_public = took_place && may_show && form.has("public", "1");
    check_consent(form, is_public, (&summary, &consent));
    form.is_fine().then_some(Draft {
        took_place,
        why_not: if took_place { String::new() } else { why_not },
        people: people.filter(|_| took_place).unwrap_or(0),
        content,
        questions,
        materials,
        note,
        summary,
        is_public,
        consent,
        tasks,
    })
}

/// Nothing is shown to everybody without words, and without knowing how the applicant agreed.
fn check_consent(form: &mut Form, is_public: bool, (summary, consent): (&str, &str)) {
    if is_public && summary.is_empty() {
        form.fault("summary", "公開するまとめを書いてください。公開しないときは、了解の印を外してください。");
    }
    if is_public && consent.is_empty() {
        form.fault("consent", "申込者の了解を、いつ、どのように得たかを書いてください。");
    }
}

fn read_questions(form: &mut Form) -> Vec<Question> {
    let mut questions = Vec::new();
    for at in 0..QUESTIONS {
        let (ask, reply, tick) = (format!("q-{at}"), format!("a-{at}"), format!("p-{at}"));
        let asked = form.block(&ask, "質問", 1_000);
        let answered = form.block(&reply, "答え", 2_000);
        let public = form.has(&tick, "1");
        if asked.is_empty() && !answered.is_empty() {
            form.fault(&ask, "この答えの質問を書いてください。");
        }
        if !asked.is_empty() && public && answered.is_empty() {
            form.fault(&reply, "公開する質問には、答えも書いてください。");
        }
        if !asked.is_empty() {
            questions.push(Question { asked, answered, public });
        }
    }
    questions
}

fn read_tasks(form: &mut Form) -> Vec<task::Draft> {
    let mut tasks: Vec<task::Draft> = Vec::new();
    for at in 0..TASKS {
        let (what, who, until) = (format!("task-{at}"), format!("owner-{at}"), format!("due-{at}"));
        let words = form.line(&what, "宿題", 500);
        let owner = form.line(&who, "宿題の担当", 100);
        let due_on = form.day(&until, "宿題の期限");
        if words.is_empty() && (!owner.is_empty() || due_on.is_some()) {
            form.fault(&what, "何をするのかを書いてください。");
        }
        let sent: Option<Uuid> = form.get(&format!("task-id-{at}")).parse().ok();
        let id = sent.filter(|id| tasks.iter().all(|task| task.id != *id)).unwrap_or_else(new_id);
        if !words.is_empty() {
            tasks.push(task::Draft { id, words, owner, due_on });
        }
    }
    tasks
}

/// A form that holds a report, or an empty one; every place for a follow-up has its identifier.
pub(super) fn filled(draft: Option<&Draft>, version: i32) -> Form {
    let mut form = Form::filled([("version", version.to_string())]);
    if let Some(draft) = draft {
        fill(&mut form, draft);
    }
    for at in 0..TASKS {
        let name = format!("task-id-{at}");
        if !form.sent(&name) {
            form.set(&name, new_id().to_string());
        }
    }
    form
}

fn fill(form: &mut Form, draft: &Draft) {
    form.set("held", HELD[usize::from(!draft.took_place)].0);
    form.set("people", if draft.took_place { draft.people.to_string() } else { String::new() });
    for (name, text) in [
        ("why_not", &draft.why_not),
        ("content", &draft.content),
        ("materials", &draft.materials),
        ("note", &draft.note),
        ("summary", &draft.summary),
        ("consent", &draft.consent),
    ] {
        form.set(name, text.as_str());
    }
    if draft.is_public {
        form.set("public", "1");
    }
    for (at, one) in draft.questions.iter().enumerate() {
        form.set(&format!("q-{at}"), one.asked.as_str());
        form.set(&format!("a-{at}"), one.answered.as_str());
        if one.public {
            form.set(&format!("p-{at}"), "1");
        }
    }
    for (at, task) in draft.tasks.iter().enumerate() {
        form.set(&format!("task-id-{at}"), task.id.to_string());
        form.set(&format!("task-{at}"), task.words.as_str());
        form.set(&format!("owner-{at}"), task.owner.as_str());
        form.set(&format!("due-{at}"), task.due_on.map(|due| due.to_string()).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(fields: &[(&'static str, &str)]) -> Form {
        Form::filled(fields.iter().map(|(name, text)| (*name, (*text).to_owned())))
    }

    #[test]
    fn a_session_that_took_place_needs_people_and_one_that_did_not_needs_a_reason() {
        let mut form = typed(&[("held", "yes")]);
        assert!(read(&mut form, true).is_none() && form.fault_of("people").is_some());
        let mut form = typed(&[("held", "no"), ("people", "12"), ("why_not", "")]);
        assert!(read(&mut form, true).is_none() && form.fault_of("why_not").is_some());
        let mut form = typed(&[("held", "no"), ("people", "12"), ("why_not", "大雪のため。"), ("public", "1")]);
        let draft = read(&mut form, true).unwrap();
        assert_eq!((draft.people, draft.is_public, draft.why_not.as_str()), (0, false, "大雪のため。"));
    }

    #[test]
    fn nothing_is_public_without_consent_and_never_where_the_session_is_not() {
        let fields = [("held", "yes"), ("people", "５人"), ("public", "1"), ("summary", "話しました。")];
        let mut form = typed(&fields);
        assert!(read(&mut form, true).is_none() && form.fault_of("consent").is_some());
        let mut form = typed(&fields);
        let draft = read(&mut form, false).unwrap();
        assert_eq!((draft.people, draft.is_public), (5, false));
    }

    #[test]
    fn a_report_comes_back_from_its_own_form_unchanged() {
        let fields = [
            ("held", "yes"),
            ("people", "12"),
            ("q-1", "市民協働とは"),
            ("a-1", "いっしょに働くことです。"),
            ("p-1", "1"),
            ("task-2", "資料を送る"),
            ("due-2", "令和8年12月1日"),
        ];
        let draft = read(&mut typed(&fields), true).unwrap();
        assert_eq!((draft.questions.len(), draft.tasks.len()), (1, 1));
        assert_eq!(read(&mut filled(Some(&draft), 3), true), Some(draft));
    }

    #[test]
    fn an_answer_without_a_question_and_a_day_without_a_task_are_told() {
        let mut form = typed(&[("held", "yes"), ("people", "1"), ("a-0", "はい"), ("due-4", "2026-12-01")]);
        assert!(read(&mut form, true).is_none());
        assert!(form.fault_of("q-0").is_some() && form.fault_of("task-4").is_some());
    }
}
