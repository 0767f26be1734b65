//! Whether a changed wording can be sent: every place is known, every secret of the shipped text is still there.

use std::collections::BTreeSet;

use crate::city::Settings;
use crate::mail::Wording;

/// Longest subject, in characters.
pub(super) const SUBJECT: usize = 100;
/// Longest text, in characters.
pub(super) const BODY: usize = 6_000;
/// The place that every letter may have: the lines of the office.
const SIGNATURE: &str = "署名";

/// Subject and text of a wording, apart.
pub(super) fn parts(text: &str) -> (String, String) {
    let (subject, body) = text.split_once('\n').unwrap_or((text, ""));
    let subject = subject.strip_prefix("件名:").unwrap_or(subject).trim();
    (subject.to_owned(), body.trim().to_owned())
}

/// A wording from its parts, in the shape in which wordings are kept.
pub(super) fn whole(subject: &str, body: &str) -> String {
    format!("件名: {subject}\n\n{}\n", body.trim())
}

/// The names between double braces, or the rest of a text whose braces are not closed.
fn places(text: &str) -> Result<BTreeSet<String>, String> {
    let mut found = BTreeSet::new();
    let mut rest = text;
    while let Some((_, behind)) = rest.split_once("{{") {
        let Some((place, after)) = behind.split_once("}}") else {
            return Err(behind.chars().take(20).collect());
        };
        found.insert(place.trim().to_owned());
        rest = after;
    }
    Ok(found)
}

/// What keeps a text from being used, sentence by sentence.
pub(super) fn faults(wording: &Wording, subject: &str, body: &str) -> Vec<(&'static str, String)> {
    let mut faults = Vec::new();
    let needed = places(wording.text).unwrap_or_default();
    for (field, text) in [("subject", subject), ("body", body)] {
        match places(text) {
            Err(rest) => {
                faults.push((field, format!("「{{{{{rest}」の「{{{{」が、「}}}}」で閉じられていません。")));
            }
            Ok(found) => {
                for place in found.iter().filter(|place| !is_known(wording, &needed, place)) {
                    let sentence = format!(
                        "「{{{{{place}}}}}」は、この手紙では使えません。下の「使える言葉」から選んでください。"
                    );
                    faults.push((field, sentence));
                }
                if field == "subject" && found.iter().any(|place| place.starts_with("secret:")) {
                    faults.push((
                        field,
                        "件名には、本人だけのリンクや番号を入れられません。本文に入れてください。".to_owned(),
                    ));
                }
            }
        }
    }
    let there = places(body).unwrap_or_default();
    for secret in needed.iter().filter(|place| place.starts_with("secret:") && !there.contains(*place)) {
        let sentence = format!(
            "「{{{{{secret}}}}}」がなくなっています。これがないと、受け取った人が手続きできません。元の場所に戻してください。"
        );
        faults.push(("body", sentence));
    }
    faults
}

fn is_known(wording: &Wording, shipped: &BTreeSet<String>, place: &str) -> bool {
    place == SIGNATURE || wording.places.iter().any(|known| known.name == place) || shipped.contains(place)
}

/// The letter as somebody would get it, filled with examples.
pub(super) fn preview(wording: &Wording, settings: &Settings, text: &str) -> Option<(String, String)> {
    let examples: Vec<(&str, &str)> = wording.places.iter().map(|place| (place.name, place.example)).collect();
    let (subject, mut body) = wording.fill_text(text, settings, &examples).ok()?;
    for secret in places(&body).ok()?.iter().filter_map(|place| place.strip_prefix("secret:")) {
        body =
            body.replace(&format!("{{{{secret:{secret}}}}}"), &format!("(ここに、受け取る人だけの{secret}が入ります)"));
    }
    Some((subject, body))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::Place;

    const WORDING: Wording = Wording {
        key: "test.letter",
        title: "試し",
        text: "件名: {{団体名}}の登録\n\n{{団体名}} 様\n\n{{secret:リンク}}\n\n{{署名}}\n",
        places: &[Place { name: "団体名", example: "見本 海の会" }],
    };

    #[test]
    fn the_shipped_text_is_fine_and_comes_back_whole() {
        let (subject, body) = parts(WORDING.text);
        assert_eq!(faults(&WORDING, &subject, &body), []);
        assert_eq!(whole(&subject, &body), WORDING.text);
    }

    #[test]
    fn unknown_places_open_braces_and_lost_secrets_are_told() {
        let told = faults(&WORDING, "{{団体}}の登録", "{{団体名}} 様 {{署名");
        let fields: Vec<&str> = told.iter().map(|(field, _)| *field).collect();
        assert_eq!(fields, ["subject", "body", "body"]);
        assert!(told[0].1.contains("{{団体}}") && told[2].1.contains("{{secret:リンク}}"), "{told:?}");
        assert_eq!(faults(&WORDING, "{{secret:リンク}}", "{{secret:リンク}}").len(), 1);
    }

    #[test]
    fn a_preview_is_filled_with_examples_and_keeps_secrets_secret() {
        let (subject, body) = preview(&WORDING, &Settings::default(), WORDING.text).unwrap();
        assert_eq!(subject, "見本 海の会の登録");
        assert!(body.contains("受け取る人だけのリンク") && !body.contains("{{"), "{body}");
    }
}
