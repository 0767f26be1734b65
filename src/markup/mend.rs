//! Taking the HTML out of the texts of a calendar that was read.

use super::plain_text::plain_text;
use super::recognise::looks_like_html;
use crate::ics::{Calendar, Event, Finding, Level, Limits};

/// Makes plain text of HTML in the texts of all events, and says so; text that is none stays as it is.
///
/// Programs write HTML into DESCRIPTION although it is text (RFC 5545 §3.8.1.5), or leave it out and put HTML into
/// X-ALT-DESC.
pub fn mend(calendar: &mut Calendar, limits: &Limits) {
    let before = calendar.findings.len();
    let Calendar { events, findings, .. } = calendar;
    for event in events {
        for what in mended(event) {
            if findings.len() < limits.findings {
                findings.push(Finding::at(event.line, Level::Mended, what));
            }
        }
    }
    if calendar.findings.len() > before {
        // What concerns the whole file stands first and what was left out last, both without a line.
        calendar.findings[..].sort_by_key(|finding| finding.line);
    }
}

fn mended(event: &mut Event) -> Vec<&'static str> {
    let mut told = Vec::new();
    let mut mend = |text: &mut Option<String>, one_line: bool, what: &'static str| {
        let Some(html) = text.as_deref().filter(|text| looks_like_html(text)) else { return };
        let plain = plain_text(html);
        let plain = if one_line { plain.split_whitespace().collect::<Vec<_>>().join(" ") } else { plain };
        *text = (!plain.is_empty()).then_some(plain);
        told.push(what);
    };
    mend(&mut event.summary, true, "件名（SUMMARY）にHTMLがあったため、文字だけを読みました。");
    mend(&mut event.location, true, "場所（LOCATION）にHTMLがあったため、文字だけを読みました。");
    mend(&mut event.contact, true, "連絡先（CONTACT）にHTMLがあったため、文字だけを読みました。");
    mend(&mut event.description, false, "説明（DESCRIPTION）にHTMLがあったため、文字だけを読みました。");
    if event.description.as_deref().is_none_or(|text| text.trim().is_empty()) {
        let html = event.alternative.take();
        event.description = html.map(|html| plain_text(&html)).filter(|text| !text.is_empty());
        if event.description.is_some() {
            told.push("説明（DESCRIPTION）がないため、HTMLの説明（X-ALT-DESC）から文字だけを読みました。");
        }
    }
    told
}
