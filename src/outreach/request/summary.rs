//! What a request says, line by line, as the applicant and the office read it.

use sea_orm::{ConnectionTrait, DbErr};

use super::request::Request;
use super::wish;
use crate::city::City;
use crate::outreach::telling;

/// A line: what it is, and what stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it is.
    pub label: &'static str,
    /// What stands there.
    pub text: String,
}

/// Every line that is not empty.
pub async fn of(db: &impl ConnectionTrait, city: &City, request: &Request) -> Result<Vec<Line>, DbErr> {
    let wishes = wish::of_request(db, request.id).await?;
    let contact =
        [("電話", &request.phone), ("FAX", &request.fax), ("メール", &request.mail), ("住所", &request.address)];
    let contact: Vec<String> =
        contact.iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| format!("{name} {text}")).collect();
    let mut lines = vec![
        ("聞きたい内容", format!("{}({}分)", request.own_title, request.length_minutes)),
        ("特に聞きたいこと", request.questions.clone()),
        ("団体", format!("{}({})", request.body_name, request.body().label())),
        ("代表者", request.representative.clone()),
        ("連絡する方", request.contact_name.clone()),
        ("連絡先", contact.join("、")),
        ("会場", telling::place(db, city, &request.venue()).await?),
        ("人数", format!("およそ{}人 {}", request.people, request.audience)),
        ("機材", request.equipment.clone()),
        ("駐車場", request.parking.clone()),
        ("参加する方への配慮", request.access.clone()),
    ];
    let names = ["第1希望", "第2希望", "第3希望"];
    lines.extend(names.into_iter().zip(&wishes).map(|(name, wish)| (name, wish.words())));
    let public = if request.public { "載せてよい" } else { "載せない(回数だけを数えます)" };
    lines.push(("市のカレンダー", public.to_owned()));
    Ok(lines
        .into_iter()
        .map(|(label, text)| Line { label, text: text.trim().to_owned() })
        .filter(|line| !line.text.is_empty())
        .collect())
}
