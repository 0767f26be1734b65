//! The form of a source: from typed text to a draft, and from a source back to the form.

use uuid::Uuid;

use super::draft::Draft;
use super::kinds::{Shows, Trust, Vanished, Way};
use super::source::Source;
use crate::accounts::checked_address;
use crate::city::City;
use crate::fetching::checked_url;
use crate::plan::Item;
use crate::web::Form;

/// Most characters of a list of words.
const WORDS: usize = 2_000;
/// Intervals that can be chosen, in minutes.
pub(super) const INTERVALS: [(i32, &str); 6] =
    [(0, "ふつう"), (15, "15分に1回"), (60, "1時間に1回"), (180, "3時間に1回"), (720, "半日に1回"), (1440, "1日に1回")];

/// What the form is read with.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub city: &'a City,
    pub items: &'a [Item],
    pub is_staff: bool,
    /// The source that is changed; nothing for a new one.
    pub known: Option<&'a Source>,
}

impl Reader<'_> {
    /// Reads the form for a group, or for whom staff chose; nothing while something is wrong.
    pub(super) fn read(&self, form: &mut Form, group: Option<Uuid>) -> Option<Draft> {
        let url = self.url(form);
        let mut draft = Draft {
            name: form.needed_line("name", "名前", 100),
            way: self.way(form),
            url,
            home_url: page(form),
            group_id: group,
            institution: String::new(),
            contact_mail: String::new(),
            town_key: self.term(form, "town"),
            categories: Some(self.term(form, "category")).filter(|key| !key.is_empty()).into_iter().collect(),
            items: self.known.map(Source::items).unwrap_or_default(),
            shows: self.known.map_or(Shows::Review, Source::shows),
            takes: words(form, "takes", "取り込むことば"),
            leaves: words(form, "leaves", "除くことば"),
            trust: self.known.map_or(Trust::Usual, Source::trust),
            vanished: Vanished::from_key(form.get("vanished")),
            every_minutes: self.known.map_or(0, |known| known.every_minutes),
        };
        if self.is_staff {
            self.office(form, &mut draft);
        }
        form.is_fine().then_some(draft)
    }

    /// What only staff decide.
    fn office(&self, form: &mut Form, draft: &mut Draft) {
        if draft.group_id.is_none() {
            draft.institution = form.needed_line("institution", "施設・機関の名前", 100);
            let typed = form.line("contact_mail", "連絡先のメールアドレス", 254);
            draft.contact_mail = checked_address(&typed).unwrap_or_default();
            if draft.contact_mail.is_empty() && !typed.is_empty() {
                form.fault("contact_mail", "メールアドレスの形が正しくありません。例: kouhou@example.jp");
            }
        }
        draft.shows = Shows::from_key(form.get("shows"));
        draft.trust = Trust::from_level(form.get("trust").parse().unwrap_or(2));
        let minutes = form.get("every").parse().unwrap_or(0);
        draft.every_minutes = INTERVALS.iter().map(|(known, _)| *known).find(|known| *known == minutes).unwrap_or(0);
        let is_current = |id: &Uuid| self.items.iter().any(|item| item.id == *id);
        draft.items.retain(|id| !is_current(id));
        let chosen = form.all("items").into_iter().map(str::to_owned).collect::<Vec<_>>();
        for code in chosen {
            match self.items.iter().find(|item| item.code == code) {
                Some(item) => draft.items.push(item.id),
                None => form.fault("items", "計画の項目を一覧から選んでください。"),
            }
        }
    }

    fn way(&self, form: &Form) -> Way {
        match self.known {
            Some(known) => known.way(),
            None => Way::from_key(form.get("way")),
        }
    }

    fn url(&self, form: &mut Form) -> String {
        if self.way(form) == Way::Upload {
            return String::new();
        }
        let typed = form.get("url").trim().to_owned();
        if typed.is_empty() {
            form.fault("url", "カレンダーのアドレスを書いてください。");
            return typed;
        }
        match checked_url(&typed) {
            Ok(url) => url.to_string(),
            Err(refused) => {
                form.fault("url", refused.to_string());
                typed
            }
        }
    }

    fn term(&self, form: &mut Form, name: &str) -> String {
        let key = form.get(name).to_owned();
        let known = match name {
            "town" => self.city.town(&key).is_some(),
            _ => self.city.category(&key).is_some(),
        };
        if !key.is_empty() && !known {
            form.fault(name, "一覧から選んでください。");
        }
        key
    }
}

/// A page of those who keep the calendar; it becomes a link for everybody.
fn page(form: &mut Form) -> String {
    let typed = form.line("home_url", "案内のページ", 2_000);
    let is_page = |url: &url::Url| matches!(url.scheme(), "http" | "https") && url.has_host();
    if !typed.is_empty() && !url::Url::parse(&typed).is_ok_and(|url| is_page(&url)) {
        form.fault("home_url", "「https://」か「http://」で始まるアドレスを書いてください。");
    }
    typed
}

fn words(form: &mut Form, name: &str, label: &str) -> String {
    let typed = form.block(name, label, WORDS);
    let lines = typed.lines().flat_map(|line| line.split(['、', ','])).map(str::trim).filter(|word| !word.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

/// The form of a source as it stands.
pub(super) fn filled(source: &Source, items: &[Item]) -> Form {
    let mut form = Form::filled([
        ("name", source.name.clone()),
        ("url", source.url.clone()),
        ("home_url", source.home_url.clone()),
        ("institution", source.institution.clone()),
        ("contact_mail", source.contact_mail.clone()),
        ("town", source.town_key.clone()),
        ("category", source.categories().into_iter().next().unwrap_or_default()),
        ("shows", source.shows().key().to_owned()),
        ("trust", source.trust().level().to_string()),
        ("takes", source.takes.clone()),
        ("leaves", source.leaves.clone()),
        ("vanished", source.vanished().key().to_owned()),
        ("every", source.every_minutes.to_string()),
        ("version", source.version.to_string()),
    ]);
    let own = source.items();
    for item in items.iter().filter(|item| own.contains(&item.id)) {
        form.add("items", item.code.clone());
    }
    form
}
