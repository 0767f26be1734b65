//! The wording of a letter: a text with named places that the office may change, and that never leaves half filled.

use crate::city::Settings;

/// A named place in a wording, such as `{{団体名}}`.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The name between the braces.
    pub name: &'static str,
    /// What would stand there, for the preview.
    pub example: &'static str,
}

/// A letter's wording as it ships; the first line is `件名: …`.
#[derive(Clone, Copy, Debug)]
pub struct Wording {
    /// Key, such as `groups.approved`.
    pub key: &'static str,
    /// What the office calls it, such as 登録承認のお知らせ.
    pub title: &'static str,
    /// Subject and text as they ship.
    pub text: &'static str,
    /// The places that it may hold.
    pub places: &'static [Place],
}

/// A wording that cannot be filled: it names a place that has no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("「{{{{{place}}}}}」に入る内容がありません（文面 {key}）。")]
pub struct Unfilled {
    /// Key of the wording.
    pub key: String,
    /// Name of the place.
    pub place: String,
}

impl From<Unfilled> for crate::error::Error {
    fn from(fault: Unfilled) -> Self {
        Self::Template(fault.to_string())
    }
}

impl Wording {
    /// Key of the setting under which the office keeps its own version.
    pub fn setting(&self) -> String {
        format!("letter.{}", self.key)
    }

    /// Subject and text with every place filled. `{{secret:NAME}}` stays for the moment of sending.
    pub fn fill(&self, settings: &Settings, values: &[(&str, &str)]) -> Result<(String, String), Unfilled> {
        let own = settings.own(&self.setting());
        self.fill_text(own.unwrap_or(self.text), settings, values)
    }

    /// The same for any version of the text.
    pub fn fill_text(
        &self,
        text: &str,
        settings: &Settings,
        values: &[(&str, &str)],
    ) -> Result<(String, String), Unfilled> {
        let filled = self.filled(text, settings, values)?;
        let (subject, body) = filled.split_once('\n').unwrap_or((&filled, ""));
        let subject = subject.strip_prefix("件名:").unwrap_or(subject).trim();
        Ok((subject.to_owned(), format!("{}\n", body.trim())))
    }

    fn filled(&self, text: &str, settings: &Settings, values: &[(&str, &str)]) -> Result<String, Unfilled> {
        let mut filled = String::with_capacity(text.len() + 200);
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once("{{") {
            filled.push_str(before);
            let Some((place, after)) = behind.split_once("}}") else {
                filled.push_str("{{");
                rest = behind;
                continue;
            };
            rest = after;
            let place = place.trim();
            if place.starts_with("secret:") {
                filled.push_str(&format!("{{{{{place}}}}}"));
            } else if let Some((_, value)) = values.iter().find(|(name, _)| *name == place) {
                // A value is never read as a place again.
                filled.push_str(&value.replace("{{", "{ {"));
            } else if place == "署名" {
                filled.push_str(&settings.signature());
            } else {
                return Err(Unfilled { key: self.key.to_owned(), place: place.to_owned() });
            }
        }
        filled.push_str(rest);
        Ok(filled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDING: Wording = Wording {
        key: "test.letter",
        title: "試し",
        text: "件名: {{団体名}}の登録\n\n{{団体名}} 様\n\n{{secret:link}}\n",
        places: &[Place { name: "団体名", example: "見本 海の会" }],
    };

    #[test]
    fn every_place_is_filled_and_secrets_wait() {
        let (subject, body) = WORDING.fill(&Settings::default(), &[("団体名", "見本 {{secret:link}}")]).unwrap();
        assert_eq!(subject, "見本 { {secret:link}}の登録");
        assert_eq!(body, "見本 { {secret:link}} 様\n\n{{secret:link}}\n");
    }

    #[test]
    fn a_letter_with_a_missing_value_refuses_to_leave() {
        let fault = WORDING.fill(&Settings::default(), &[]).unwrap_err();
        assert_eq!(fault.place, "団体名");
    }
}
