//! One row of a table as a draft.

use std::collections::BTreeMap;

use super::super::draft::{BLOCK, Draft, LINE, TITLE};
use super::super::entry::{Kind, Status};
use super::super::store::Desk;
use super::candidate::Candidate;
use super::known_words::KnownWords;
use super::layout::{self, Field};
use super::{city_code, times};
use crate::table::{Row, Table, quoted};

/// Which columns say what.
pub(super) struct Columns {
    columns: Vec<(Field, usize)>,
    /// Columns without a field, with their headings.
    others: Vec<(String, usize)>,
}

impl Columns {
    pub(super) fn of(table: &Table) -> Self {
        let mut columns = Self { columns: Vec::new(), others: Vec::new() };
        for (at, heading) in table.headings.iter().enumerate() {
            match layout::field(&heading.key) {
                Some(field) => columns.columns.push((field, at)),
                None => columns.others.push((heading.typed.clone(), at)),
            }
        }
        columns
    }

    fn all<'a>(&'a self, row: &'a Row, field: Field) -> impl Iterator<Item = &'a str> {
        let columns = self.columns.iter().filter(move |(name, _)| *name == field);
        columns.map(|(_, at)| row.get(Some(*at)).trim()).filter(|text| !text.is_empty())
    }

    /// The first cell that says something about a field.
    pub(super) fn first<'a>(&'a self, row: &'a Row, field: Field) -> &'a str {
        self.all(row, field).next().unwrap_or_default()
    }

    fn joined(&self, row: &Row, fields: &[Field], between: &str) -> String {
        let mut texts: Vec<&str> = Vec::new();
        for text in fields.iter().flat_map(|field| self.all(row, *field)) {
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        texts.join(between)
    }

    /// The row as a draft, or refused with the reasons.
    pub(super) fn candidate(
        &self,
        row: &Row,
        source: &str,
        name: &str,
        desk: &Desk<'_>,
        words: &KnownWords,
    ) -> Candidate {
        let title = self.first(row, Field::Title);
        let mut candidate = Candidate::new(row.line, title);
        if title.is_empty() {
            candidate.refuse("イベント名がないため、取り込めません。".to_owned());
        }
        let zone = desk.city.profile.zone;
        let typed = times::Typed {
            start_day: self.first(row, Field::StartDay),
            end_day: self.first(row, Field::EndDay),
            start_time: self.first(row, Field::StartTime),
            end_time: self.first(row, Field::EndTime),
        };
        let Some((span, left_over)) = times::span(&typed, zone, &mut candidate) else { return candidate };
        let title = candidate.line("イベント名", title, TITLE);
        let mut draft = Draft::new(source, name, &title, span, zone);
        let note = self.joined(row, &[Field::TimeNote], "。");
        let note =
            if left_over.is_empty() || note.is_empty() { note + &left_over } else { format!("{note}。{left_over}") };
        draft.time_note = candidate.line("日時の備考", &note, LINE);
        self.tell(row, &mut draft, &mut candidate);
        self.place(row, &mut draft, &mut candidate);
        self.sort(row, &mut draft, &mut candidate, words);
        self.keep(row, &mut draft, &mut candidate);
        words.locate(&mut draft, desk.city);
        candidate.with(draft)
    }

    /// What it is about and what people need to know.
    fn tell(&self, row: &Row, draft: &mut Draft, candidate: &mut Candidate) {
        draft.kana = candidate.line("読み", self.first(row, Field::Kana), LINE);
        let about = [Field::Subtitle, Field::Summary, Field::Description, Field::Remark];
        draft.description = candidate.block("説明", &self.joined(row, &about, "\n"), BLOCK);
        draft.organiser = candidate.line("主催", &self.joined(row, &[Field::Organiser], "、"), LINE);
        draft.audience = candidate.block("対象者", &self.joined(row, &[Field::Audience], "\n"), BLOCK);
        draft.capacity = candidate.line("定員", &self.joined(row, &[Field::Capacity], "、"), LINE);
        let fee = match self.first(row, Field::Fee) {
            "0" => "無料".to_owned(),
            amount if !amount.is_empty() && amount.bytes().all(|byte| byte.is_ascii_digit()) => format!("{amount}円"),
            _ => self.joined(row, &[Field::Fee], "、"),
        };
        let notes = self.joined(row, &[Field::FeeNote], "\n");
        draft.fee = candidate.block("料金", [fee, notes].join("\n").trim(), BLOCK);
        let deadline = self.joined(row, &[Field::ApplyDay, Field::ApplyTime], " ");
        let deadline = if deadline.is_empty() { deadline } else { format!("申込期限: {deadline}") };
        let apply = [self.joined(row, &[Field::Apply], "\n"), deadline].join("\n");
        draft.apply = candidate.block("申込方法", apply.trim(), BLOCK);
        let extension = self.first(row, Field::ContactExtension);
        let extension = if extension.is_empty() { String::new() } else { format!("内線{extension}") };
        let contact = [
            &self.joined(row, &[Field::ContactName, Field::ContactPhone], " "),
            &extension,
            self.first(row, Field::ContactMail),
        ]
        .map(str::to_owned);
        draft.contact = candidate.line("連絡先", &contact.join(" "), 1000);
        draft.url = candidate.url(self.first(row, Field::Url));
    }

    fn place(&self, row: &Row, draft: &mut Draft, candidate: &mut Candidate) {
        let place = self.joined(row, &[Field::Place], " ");
        let place = if place.is_empty() { self.first(row, Field::MeetingPlace).to_owned() } else { place };
        draft.place = candidate.line("場所", &place, LINE);
        let whole = self.first(row, Field::Address);
        let parts: String = self.all(row, Field::AddressPart).collect();
        let address = if whole.is_empty() { parts } else { whole.to_owned() };
        let building = self.first(row, Field::Building);
        draft.address = candidate.line("住所", format!("{address} {building}").trim(), LINE);
        (draft.lat, draft.lon) = self.position(row, candidate);
    }

    fn position(&self, row: &Row, candidate: &mut Candidate) -> (Option<f64>, Option<f64>) {
        let (lat, lon) = (self.first(row, Field::Lat), self.first(row, Field::Lon));
        let read = |text: &str, most: f64| text.parse::<f64>().ok().filter(|degrees| degrees.abs() <= most);
        match (read(lat, 90.0), read(lon, 180.0)) {
            (Some(lat), Some(lon)) => (Some(lat), Some(lon)),
            _ if lat.is_empty() && lon.is_empty() => (None, None),
            _ => {
                candidate.note(format!("緯度・経度: {}は位置として使えません。", quoted(&format!("{lat},{lon}"))));
                (None, None)
            }
        }
    }

    /// Status, kind, categories and items.
    fn sort(&self, row: &Row, draft: &mut Draft, candidate: &mut Candidate, words: &KnownWords) {
        let status = self.first(row, Field::Status);
        if status.contains("中止") || status.contains("取消") || status.contains("取りやめ") {
            draft.status = Status::Cancelled;
        } else if status.contains("未定") || status.contains("調整") || status.contains('仮') {
            draft.status = Status::Tentative;
        } else if status.contains("延期") {
            draft.status = Status::Tentative;
            candidate.note(format!("状態: {}は「予定（未確定）」としました。", quoted(status)));
        }
        let kind = self.first(row, Field::Kind);
        let known = Kind::ALL.into_iter().find(|known| known.label() == kind || known.key() == kind);
        if known.is_none() && !kind.is_empty() {
            candidate.note(format!("予定の種類: {}は使えないため、行事としました。", quoted(kind)));
        }
        draft.kind = known.unwrap_or(Kind::Event);
        let (categories, unknown) = words.categories(&self.joined(row, &[Field::Category], ";"));
        draft.categories = categories;
        if !unknown.is_empty() {
            candidate.note(format!(
                "イベント種類: {}は市の分類にないため、そのまま残しました。",
                quoted(&unknown.join("、"))
            ));
            draft.extra.insert("イベント種類".to_owned(), candidate.line("イベント種類", &unknown.join("、"), BLOCK));
        }
        draft.items = words.items(&self.joined(row, &[Field::Items], ";"), candidate);
    }

    /// Columns without a field stay as they are.
    fn keep(&self, row: &Row, draft: &mut Draft, candidate: &mut Candidate) {
        let mut extra: BTreeMap<String, String> = std::mem::take(&mut draft.extra);
        for (heading, at) in &self.others {
            let text = candidate.block(heading, row.get(Some(*at)), BLOCK);
            if !text.is_empty() {
                extra.insert(heading.clone(), text);
            }
        }
        let meeting = self.first(row, Field::MeetingPlace);
        if !meeting.is_empty() && meeting != draft.place {
            extra.insert("集合場所".to_owned(), candidate.line("集合場所", meeting, LINE));
        }
        let code = self.first(row, Field::Code);
        match city_code::mended(code) {
            Some((code, is_mended)) => {
                if is_mended {
                    candidate
                        .note(format!("団体コード: {}を{code}に直しました。", quoted(self.first(row, Field::Code))));
                }
                extra.insert("団体コード".to_owned(), code);
            }
            None if code.is_empty() => {}
            None => {
                candidate.note(format!("団体コード: {}は正しいコードではありません。", quoted(code)));
                extra.insert("団体コード".to_owned(), candidate.line("団体コード", code, LINE));
            }
        }
        draft.extra = extra;
    }
}
