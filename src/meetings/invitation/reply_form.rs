//! The form of a reply: from typed text to what is kept, and back.

use super::reply::{Answer, Reply};
use crate::web::Form;

/// A reply as a form gives it.
pub(super) struct Read {
    pub answer: Answer,
    pub people: i32,
    pub delegates: String,
    pub proxy: String,
    pub opinion: String,
    pub names_public: bool,
}

/// Reads the form; nothing while something is wrong.
pub(super) fn read(form: &mut Form) -> Option<Read> {
    let answer = form.choice("answer", "出席か欠席か", Answer::from_key);
    let people = form.number("people", "人数", 1, 200);
    let delegates = form.block("delegates", "出席する方のお名前", 1_000);
    let proxy = form.line("proxy", "代理の方", 200);
    let opinion = form.block("opinion", "会議に伝えたいこと", 2_000);
    if answer == Some(Answer::Proxy) && proxy.is_empty() {
        form.fault("proxy", "代理の方のお名前を書いてください。");
    }
    let answer = answer.filter(|_| form.is_fine())?;
    let comes = answer != Answer::Absent;
    let names = delegates.lines().filter(|line| !line.trim().is_empty()).count();
    let counted = people.unwrap_or_else(|| i32::try_from(names.max(1)).unwrap_or(1));
    Some(Read {
        answer,
        people: if comes { counted } else { 0 },
        delegates: if comes { delegates } else { String::new() },
        proxy: if answer == Answer::Proxy { proxy } else { String::new() },
        opinion,
        names_public: comes && form.has("names_public", "1"),
    })
}

/// A form that holds a reply.
pub(super) fn filled(reply: Option<&Reply>) -> Form {
    let mut form = Form::new();
    let Some(reply) = reply else { return form };
    form.set("answer", reply.answer().key());
    if reply.people > 0 {
        form.set("people", reply.people.to_string());
    }
    form.set("delegates", reply.delegates.clone());
    form.set("proxy", reply.proxy.clone());
    form.set("opinion", reply.opinion.clone());
    if reply.names_public {
        form.set("names_public", "1");
    }
    form
}
