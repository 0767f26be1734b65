//! What a person typed into a form: kept as it was, with the faults beside the fields.

use axum::RequestExt;
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use chrono::NaiveDate;

use crate::error::Error;
use crate::text::{clean, dates};

/// Most bytes of a form without files.
pub const LARGEST: usize = 512 * 1024;
/// Most fields of a form.
const MOST: usize = 600;

/// A file as it was sent.
#[derive(Clone, Debug)]
pub struct Upload {
    /// Name of the field.
    pub field: String,
    /// Name of the file on the sender's machine; for reading only.
    pub name: String,
    /// Its bytes.
    pub bytes: Bytes,
}

/// The state of one form: every text as typed, the files, and a sentence for each fault.
#[derive(Clone, Debug, Default)]
pub struct Form {
    values: Vec<(String, String)>,
    files: Vec<Upload>,
    faults: Vec<(String, String)>,
}

impl Form {
    /// An empty form.
    pub fn new() -> Self {
        Self::default()
    }

    /// A form with these texts in its fields.
    pub fn filled<'a>(values: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        let values = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self { values, ..Self::default() }
    }

    /// Reads the body of a form (`application/x-www-form-urlencoded`).
    pub fn parse(body: &[u8]) -> Self {
        let values = url::form_urlencoded::parse(body).take(MOST);
        Self {
            values: values.map(|(name, value)| (name.into_owned(), value.into_owned())).collect(),
            ..Self::default()
        }
    }

    /// The text of a field as typed; empty where the form has no such field.
    pub fn get(&self, name: &str) -> &str {
        self.values.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    /// Every text sent under a name, as ticked boxes are.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.values.iter().filter(|(field, _)| field == name).map(|(_, value)| value.as_str()).collect()
    }

    /// Whether a box with this value is ticked, or this choice made.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.values.iter().any(|(field, sent)| field == name && sent == value)
    }

    /// Whether the field was sent at all.
    pub fn sent(&self, name: &str) -> bool {
        self.values.iter().any(|(field, _)| field == name)
    }

    /// Puts a text into a field in place of what was there.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.values.retain(|(field, _)| field != name);
        self.values.push((name.to_owned(), value.into()));
    }

    /// Adds a further value under a name.
    pub fn add(&mut self, name: &str, value: impl Into<String>) {
        self.values.push((name.to_owned(), value.into()));
    }

    /// Every field and its text, in the order in which they were sent.
    pub fn values(&self) -> &[(String, String)] {
        &self.values
    }

    /// The file of a field, unless none was chosen.
    pub fn file(&self, name: &str) -> Option<&Upload> {
        self.files.iter().find(|file| file.field == name && !file.bytes.is_empty())
    }

    /// Says what is wrong with a field and what to do; the first sentence about a field stays.
    pub fn fault(&mut self, name: &str, sentence: impl Into<String>) {
        if self.fault_of(name).is_none() {
            self.faults.push((name.to_owned(), sentence.into()));
        }
    }

    /// What is wrong with a field.
    pub fn fault_of(&self, name: &str) -> Option<&str> {
        self.faults.iter().find(|(field, _)| field == name).map(|(_, sentence)| sentence.as_str())
    }

    /// All faults with their fields, in the order in which they were found.
    pub fn faults(&self) -> &[(String, String)] {
        &self.faults
    }

    /// Whether nothing is wrong.
    pub fn is_fine(&self) -> bool {
        self.faults.is_empty()
    }

    /// A text of one line; too long is a fault.
    pub fn line(&mut self, name: &str, label: &str, most: usize) -> String {
        let read = clean::line(self.get(name), most);
        read.unwrap_or_else(|_| {
            self.fault(name, format!("{label}は{most}文字以内で書いてください。"));
            String::new()
        })
    }

    /// A text of one line that must not be empty.
    pub fn needed_line(&mut self, name: &str, label: &str, most: usize) -> String {
        let text = self.line(name, label, most);
        if text.is_empty() {
            self.fault(name, format!("{label}を書いてください。"));
        }
        text
    }

    /// A text of several lines; too long is a fault.
    pub fn block(&mut self, name: &str, label: &str, most: usize) -> String {
        let read = clean::block(self.get(name), most);
        read.unwrap_or_else(|_| {
            self.fault(name, format!("{label}は{most}文字以内で書いてください。"));
            String::new()
        })
    }

    /// A text of several lines that must not be empty.
    pub fn needed_block(&mut self, name: &str, label: &str, most: usize) -> String {
        let text = self.block(name, label, most);
        if text.is_empty() {
            self.fault(name, format!("{label}を書いてください。"));
        }
        text
    }

    /// A whole number between two bounds, typed in any width; nothing typed is no number.
    pub fn number(&mut self, name: &str, label: &str, least: i32, most: i32) -> Option<i32> {
        let typed = crate::text::fold::fold(self.get(name)).replace([',', ' '], "");
        let typed = typed.trim_end_matches(['人', '名', '円', '分']);
        if typed.is_empty() {
            return None;
        }
        let number = typed.parse().ok().filter(|number| (least..=most).contains(number));
        if number.is_none() {
            self.fault(name, format!("{label}は{least}から{most}までの数字で書いてください。"));
        }
        number
    }

    /// A day, typed or picked: 2026-11-26, 令和8年11月26日, R8.11.26; nothing typed is no day.
    pub fn day(&mut self, name: &str, label: &str) -> Option<NaiveDate> {
        let typed = self.get(name).trim().to_owned();
        if typed.is_empty() {
            return None;
        }
        match dates::parse(&typed) {
            Ok(dates::PartialDate::Day(day)) => Some(day),
            _ => {
                self.fault(name, format!("{label}は「2026-11-26」や「令和8年11月26日」のように書いてください。"));
                None
            }
        }
    }

    /// A choice that must be made from a list; `find` turns the sent key into what it means.
    pub fn choice<T>(&mut self, name: &str, label: &str, find: impl Fn(&str) -> Option<T>) -> Option<T> {
        let found = find(self.get(name));
        if found.is_none() {
            self.fault(name, format!("{label}を選んでください。"));
        }
        found
    }

    async fn read(request: Request) -> Result<Self, Error> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let kind = kind.unwrap_or_default().to_ascii_lowercase();
        if kind.starts_with("multipart/form-data") {
            let parts = Multipart::from_request(request, &()).await.map_err(|_| Error::UnknownForm)?;
            return Self::read_parts(parts).await;
        }
        let fine = kind.is_empty() || kind.starts_with("application/x-www-form-urlencoded");
        if !fine {
            return Err(Error::UnknownForm);
        }
        let body = axum::body::to_bytes(request.with_limited_body().into_body(), LARGEST).await;
        Ok(Self::parse(&body.map_err(|_| Error::TooLarge)?))
    }

    async fn read_parts(mut parts: Multipart) -> Result<Self, Error> {
        let mut form = Self::default();
        while let Some(part) = parts.next_field().await.map_err(|fault| broken(&fault))? {
            let field = part.name().unwrap_or_default().to_owned();
            let file = part.file_name().map(str::to_owned);
            let bytes = part.bytes().await.map_err(|fault| broken(&fault))?;
            match file {
                Some(name) => form.files.push(Upload { field, name, bytes }),
                None => form.values.push((field, String::from_utf8_lossy(&bytes).into_owned())),
            }
            if form.values.len() + form.files.len() > MOST {
                return Err(Error::TooLarge);
            }
        }
        Ok(form)
    }
}

fn broken(fault: &MultipartError) -> Error {
    match fault.status() {
        axum::http::StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
        _ => Error::UnknownForm,
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Response;

    async fn from_request(request: Request, _: &S) -> Result<Self, Response> {
        Self::read(request).await.map_err(IntoResponse::into_response)
    }
}

#[cfg(test)]
mod tests {
    use super::Form;

    #[test]
    fn everything_typed_stays_and_the_first_fault_of_a_field_counts() {
        let mut form = Form::parse("name=%E6%B5%B7&town=mine&town=izuhara&empty=".as_bytes());
        assert_eq!(form.get("name"), "海");
        assert_eq!(form.all("town"), ["mine", "izuhara"]);
        assert!(form.has("town", "izuhara") && !form.has("town", "kamiagata"));
        assert!(form.sent("empty") && !form.sent("absent"));
        form.fault("name", "一つめ");
        form.fault("name", "二つめ");
        assert_eq!(form.fault_of("name"), Some("一つめ"));
        assert!(!form.is_fine());
    }

    #[test]
    fn what_cannot_be_read_is_a_fault_beside_its_field_and_stays_typed() {
        let mut form = Form::filled([
            ("title", "あ".repeat(11)),
            ("people", "たくさん".to_owned()),
            ("day", "令和8年2月30日".to_owned()),
            ("none", "　".to_owned()),
        ]);
        assert_eq!(form.line("title", "題", 10), "");
        assert_eq!(form.number("people", "人数", 0, 100), None);
        assert_eq!(form.day("day", "日"), None);
        assert_eq!(form.needed_line("none", "名前", 10), "");
        assert_eq!(form.choice("kind", "種類", |_| None::<()>), None);
        assert_eq!(form.faults().len(), 5);
        assert_eq!(form.get("people"), "たくさん");
    }

    #[test]
    fn numbers_and_days_are_read_as_people_type_them() {
        let mut form = Form::filled([("people", "１，２００人".to_owned()), ("day", "Ｒ８．１１．２６".to_owned())]);
        assert_eq!(form.number("people", "人数", 0, 10_000), Some(1200));
        assert_eq!(form.day("day", "日").map(|day| day.to_string()).as_deref(), Some("2026-11-26"));
        assert_eq!(form.number("absent", "人数", 0, 1), None);
        assert!(form.is_fine());
    }
}
