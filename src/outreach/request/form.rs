//! The form of a request: from typed text to a [`Draft`], and back.

use uuid::Uuid;

use super::body::BodyKind;
use super::draft::Draft;
use super::wish::{MOST, Wish};
use crate::accounts::checked_address;
use crate::city::{City, Facility};
use crate::groups::Named;
use crate::outreach::rules::{self, Rules};
use crate::outreach::session::Place;
use crate::outreach::topic::Topic;
use crate::text::{phone, times};
use crate::web::Form;

/// The topic of whoever wishes for something else.
pub const OWN: &str = "own";

/// What the form chooses from.
pub struct Choices<'a> {
    /// The city.
    pub city: &'a City,
    /// The rules.
    pub rules: &'a Rules,
    /// The menu.
    pub topics: &'a [Topic],
    /// Every facility.
    pub facilities: &'a [Facility],
    /// The groups of the directory.
    pub groups: &'a [Named],
    /// Today.
    pub today: chrono::NaiveDate,
    /// Whether staff type it in for somebody, who may have no mail address.
    pub by_staff: bool,
}

/// Reads the form; nothing while something is wrong.
pub fn read(form: &mut Form, choices: &Choices<'_>) -> Option<Draft> {
    let mut draft = Draft::default();
    read_topic(form, choices, &mut draft);
    read_body(form, choices, &mut draft);
    read_contact(form, choices, &mut draft);
    read_place(form, choices, &mut draft);
    draft.people = form.number("people", "人数", 1, 5_000).unwrap_or(0);
    let least = choices.rules.min_people;
    if form.get("people").trim().is_empty() {
        form.fault("people", "集まる人数のめやすを数字で書いてください。");
    } else if draft.people < least && form.fault_of("people").is_none() {
        let sentence =
            "人以上の集まりに伺う決まりです。となりの行政区や団体といっしょに開くことも、考えてみてください。";
        form.fault("people", format!("{least}{sentence}"));
    }
    draft.audience = form.line("audience", "どんな方が集まりますか", 200);
    draft.equipment = form.line("equipment", "会場にある機材", 300);
    draft.parking = form.line("parking", "駐車場", 300);
    draft.access = form.line("access", "参加する方への配慮", 300);
    draft.questions = form.block("questions", "特に聞きたいこと", 2_000);
    draft.public = form.has("public", "1");
    draft.insists = form.has("insists", "1");
    draft.wishes = read_wishes(form, choices, draft.length_minutes);
    form.is_fine().then_some(draft)
}

/// What is enough to look for free times: how long it takes and in which town.
pub fn read_where(form: &mut Form, choices: &Choices<'_>) -> Option<Draft> {
    let mut draft = Draft::default();
    read_topic(form, choices, &mut draft);
    read_place(form, choices, &mut draft);
    form.is_fine().then_some(draft)
}

fn read_topic(form: &mut Form, choices: &Choices<'_>, draft: &mut Draft) {
    let typed = form.get("topic").to_owned();
    if typed == OWN {
        draft.title = form.needed_line("own_title", "聞きたい内容", 100);
        draft.people_needed = 1;
        draft.length_minutes = form
            .number("length", "時間の長さ", 15, choices.rules.most_minutes)
            .unwrap_or(60.min(choices.rules.most_minutes));
        return;
    }
    match choices.topics.iter().find(|topic| topic.id.to_string() == typed) {
        Some(topic) => {
            draft.topic_id = Some(topic.id);
            draft.title.clone_from(&topic.title);
            (draft.length_minutes, draft.people_needed) = (topic.length_minutes, topic.people_needed);
        }
        None => form.fault("topic", "聞きたい内容を一覧から選んでください。"),
    }
}

fn read_body(form: &mut Form, choices: &Choices<'_>, draft: &mut Draft) {
    let Some(kind) = form.choice("body", "申し込む団体の種類", BodyKind::from_key) else { return };
    draft.body = kind;
    match kind {
        BodyKind::District => read_district(form, choices, draft),
        BodyKind::Group => {
            let typed = form.get("group").to_owned();
            match choices.groups.iter().find(|group| group.id.to_string() == typed) {
                Some(group) => (draft.group_id, draft.body_name) = (Some(group.id), group.name.clone()),
                None => form.fault(
                    "group",
                    "団体を一覧から選んでください。一覧にないときは「そのほかの団体」を選んでください。",
                ),
            }
        }
        BodyKind::Circle => {
            draft.body_name = form.needed_line("circle", "団体の名前", 100);
            draft.body_town = town(form, choices, "circle_town");
        }
    }
}

fn read_district(form: &mut Form, choices: &Choices<'_>, draft: &mut Draft) {
    let typed = form.get("district").to_owned();
    let listed = choices.city.districts.iter().find(|one| district_key(&one.town_key, &one.name) == typed);
    if let Some(one) = listed {
        draft.body_town.clone_from(&one.town_key);
        draft.district.clone_from(&one.name);
    } else if typed.is_empty() || typed == OWN {
        draft.district = form.needed_line("district_name", "行政区・自治会の名前", 60);
        draft.body_town = town(form, choices, "district_town");
    } else {
        form.fault("district", "行政区を一覧から選んでください。");
    }
    let name = format!("{} {}", choices.city.town_name(&draft.body_town), draft.district);
    draft.body_name = name.trim().to_owned();
}

/// The key of a district in the form: its town and its name.
pub fn district_key(town: &str, name: &str) -> String {
    format!("{town}/{name}")
}

fn town(form: &mut Form, choices: &Choices<'_>, field: &str) -> String {
    let typed = form.get(field).to_owned();
    if choices.city.town(&typed).is_none() {
        form.fault(field, "町を選んでください。");
        return String::new();
    }
    typed
}

fn read_contact(form: &mut Form, choices: &Choices<'_>, draft: &mut Draft) {
    draft.representative = form.line("representative", "代表者の名前", 60);
    draft.contact_name = form.needed_line("contact_name", "連絡する方の名前", 60);
    draft.address = form.line("address", "住所", 200);
    draft.phone = number(form, "phone");
    draft.fax = number(form, "fax");
    let typed = form.get("mail").trim().to_owned();
    match checked_address(&typed) {
        Some(mail) => draft.mail = mail,
        None if typed.is_empty() && choices.by_staff => {}
        None => form.fault("mail", "メールアドレスを、「mihon@example.jp」のように書いてください。"),
    }
    if draft.phone.is_empty() && form.fault_of("phone").is_none() {
        form.fault("phone", "当日に連絡のつく電話番号を書いてください。");
    }
}

fn number(form: &mut Form, field: &str) -> String {
    let typed = form.get(field).trim().to_owned();
    if typed.is_empty() {
        return String::new();
    }
    match phone::phone(&typed) {
        Ok(phone) => phone.to_string(),
        Err(fault) => {
            form.fault(field, fault.to_string());
            String::new()
        }
    }
}

fn read_place(form: &mut Form, choices: &Choices<'_>, draft: &mut Draft) {
    let typed = form.get("facility").to_owned();
    let place = form.line("place", "会場", 200);
    let address = form.line("place_address", "会場の所在地", 200);
    if let Some(hall) = choices.facilities.iter().find(|one| one.key == typed) {
        let address = hall.address.clone();
        draft.place = Place { town_key: hall.town_key.clone(), facility_id: Some(hall.id), place, address };
        return;
    }
    if !typed.is_empty() {
        form.fault("facility", "会場の施設を一覧から選んでください。");
    }
    if place.is_empty() {
        form.fault("place", "会場を一覧から選ぶか、会場の名前を書いてください。会場は申し込む方にご用意いただきます。");
    }
    draft.place = Place { town_key: town(form, choices, "town"), facility_id: None, place, address };
}

fn read_wishes(form: &mut Form, choices: &Choices<'_>, length_minutes: i32) -> Vec<Wish> {
    let mut wishes: Vec<Wish> = Vec::new();
    for rank in 1..=MOST {
        let Some(wish) = read_wish(form, rank) else { continue };
        let name = format!("day{rank}");
        if wishes.contains(&wish) {
            form.fault(&name, "同じ日時が二度あります。別の日時にするか、空けておいてください。");
        } else if length_minutes > 0
            && let Err(refusal) = choices.rules.judge(wish, length_minutes, choices.today)
        {
            form.fault(&name, refusal.to_string());
        }
        wishes.push(wish);
    }
    if wishes.is_empty() && form.fault_of("day1").is_none() && form.fault_of("starts1").is_none() {
        form.fault("day1", "第1希望の日と時刻を書いてください。");
    }
    wishes
}

/// The wish of a rank; nothing where its fields are empty or cannot be read.
fn read_wish(form: &mut Form, rank: usize) -> Option<Wish> {
    let [day, starts, until] = ["day", "starts", "until"].map(|name| format!("{name}{rank}"));
    let label = format!("第{rank}希望");
    let is_empty = [&day, &starts, &until].iter().all(|name| form.get(name).trim().is_empty());
    if is_empty {
        return None;
    }
    let on = form.day(&day, &format!("{label}の日"));
    if on.is_none() {
        form.fault(&day, format!("{label}の日を書いてください。"));
    }
    let from = time(form, &starts, &format!("{label}の始める時刻"), true);
    let to = time(form, &until, &format!("{label}の終わりの時刻"), false);
    if let (Some(from), Some(to)) = (from, to)
        && to <= from
    {
        form.fault(&until, "終わりの時刻は、始める時刻よりあとにしてください。");
        return None;
    }
    Some(Wish { day: on?, starts: from?, until: to })
}

fn time(form: &mut Form, name: &str, label: &str, needed: bool) -> Option<chrono::NaiveTime> {
    let typed = form.get(name).trim().to_owned();
    if typed.is_empty() {
        if needed {
            form.fault(name, format!("{label}を書いてください。例: 13:30"));
        }
        return None;
    }
    times::parse_time(&typed).map_err(|fault| form.fault(name, fault.to_string())).ok()
}

/// A form that holds a request.
pub fn filled(draft: &Draft, facilities: &[Facility], city: &City) -> Form {
    let text = |text: &str| text.to_owned();
    let hall = draft.place.facility_id.and_then(|id| facilities.iter().find(|one| one.id == id));
    let is_listed = city.districts.iter().any(|one| one.town_key == draft.body_town && one.name == draft.district);
    let district = if is_listed { district_key(&draft.body_town, &draft.district) } else { OWN.to_owned() };
    let mut form = Form::filled([
        ("topic", draft.topic_id.map_or_else(|| OWN.to_owned(), |id| id.to_string())),
        ("own_title", if draft.topic_id.is_none() { text(&draft.title) } else { String::new() }),
        ("length", draft.length_minutes.to_string()),
        ("body", text(draft.body.key())),
        ("group", draft.group_id.map(|id: Uuid| id.to_string()).unwrap_or_default()),
        ("circle", text(&draft.body_name)),
        ("circle_town", text(&draft.body_town)),
        ("district", district),
        ("district_name", if is_listed { String::new() } else { text(&draft.district) }),
        ("district_town", text(&draft.body_town)),
        ("representative", text(&draft.representative)),
        ("contact_name", text(&draft.contact_name)),
        ("mail", text(&draft.mail)),
        ("phone", text(&draft.phone)),
        ("fax", text(&draft.fax)),
        ("address", text(&draft.address)),
        ("facility", hall.map(|hall| hall.key.clone()).unwrap_or_default()),
        ("place", text(&draft.place.place)),
        ("place_address", text(&draft.place.address)),
        ("town", text(&draft.place.town_key)),
        ("people", draft.people.to_string()),
        ("audience", text(&draft.audience)),
        ("equipment", text(&draft.equipment)),
        ("parking", text(&draft.parking)),
        ("access", text(&draft.access)),
        ("questions", text(&draft.questions)),
    ]);
    for (name, is_so) in [("public", draft.public), ("insists", draft.insists)] {
        if is_so {
            form.set(name, "1");
        }
    }
    for (rank, wish) in (1..).zip(&draft.wishes) {
        let written = |time: chrono::NaiveTime| rules::of_minutes(rules::minutes(time));
        form.set(&format!("day{rank}"), wish.day.to_string());
        form.set(&format!("starts{rank}"), format!("{:0>5}", written(wish.starts)));
        form.set(
            &format!("until{rank}"),
            wish.until.map(|until| format!("{:0>5}", written(until))).unwrap_or_default(),
        );
    }
    form
}
