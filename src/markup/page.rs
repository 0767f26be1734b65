//! Reading the events that a web page marks up with schema.org (JSON-LD).

use std::collections::{HashMap, HashSet};

use chrono_tz::Tz;

use super::blocks::{Page, blocks, name_of, text_of_page, unescaped};
use super::event::{Reader, digest};
use super::graph::{Found, events};
use super::json::{Document, Fault, by_id, document};
use crate::ics::{Broken, Calendar, Event, Findings, Limits};

/// The most values of all blocks together.
const VALUES: usize = 300_000;

/// Reads the events of a page, broken or not, as far as they can be read.
///
/// `content_type` is the header it came with, `page_url` its address, which relative addresses start from. Times
/// without an offset are those of `zone`. Findings name the block, counted from 1, and the line of the page.
///
/// # Errors
///
/// [`Broken`] when the page has no event in JSON-LD at all, with what to do instead, or is beyond a limit.
pub fn page(
    bytes: &[u8],
    content_type: Option<&str>,
    page_url: &str,
    zone: Tz,
    limits: &Limits,
) -> Result<Calendar, Broken> {
    if bytes.len() > limits.bytes {
        let most = limits.bytes >> 20;
        return Err(broken(&format!("ページが大きすぎます（{most}MBまで読めます）。")));
    }
    let mut findings = Findings::at_most(limits.findings);
    let text = text_of_page(bytes, content_type, &mut findings);
    let page = blocks(&text);
    let documents = documents(&page, &mut findings);
    let roots = || documents.iter().flat_map(|(_, document)| &document.roots);
    let mut found = Vec::new();
    for (block, document) in &documents {
        document.roots.iter().for_each(|root| events(root, *block, limits.components, &mut found));
    }
    if found.is_empty() {
        return Err(without_events(&text, &page, &documents));
    }
    if found.len() >= limits.components {
        findings.refused(1, format!("イベントが多すぎるため、{}件だけ読みました。", limits.components));
    }
    let reader = Reader { page_url, zone, known: by_id(roots()), findings: &mut findings };
    let events = all(reader, found, limits);
    let name = page.title.as_deref().and_then(name_of);
    Ok(Calendar { name, events, findings: findings.in_order(), ..Calendar::default() })
}

/// The blocks read, each with its number and as far as it goes.
fn documents(page: &Page, findings: &mut Findings) -> Vec<(usize, Document)> {
    let mut room = VALUES;
    let mut documents = Vec::new();
    for (number, block) in page.blocks.iter().enumerate().map(|(at, block)| (at + 1, block)) {
        let document = document(&unescaped(block.text.clone()), block.line, &mut room);
        if let Some((line, fault)) = document.fault {
            let why = match fault {
                Fault::Syntax => "書き方の誤りのため、ここから後を読めませんでした",
                Fault::End => "途中で終わっています",
                Fault::Depth => "入れ子が深すぎるため、ここから後を読めませんでした",
                Fault::Count => "内容が多すぎるため、ここから後を読めませんでした",
            };
            findings.refused(line, format!("JSON-LD（{number}番目、{}行目から）：{why}。", block.line));
        }
        documents.push((number, document));
    }
    if page.further > 0 {
        let read = page.blocks.len();
        findings.refused(1, format!("JSON-LDが多すぎるため、{read}個だけ読みました。"));
    }
    documents
}

fn all<'a>(mut reader: Reader<'a, '_>, found: Vec<Found<'a>>, limits: &Limits) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::with_capacity(found.len());
    for found in found {
        events.extend(reader.events(found));
        if events.len() >= limits.components {
            events.truncate(limits.components);
            break;
        }
    }
    told_apart(events)
}

/// One event for each that is said twice, and a name of its own for each that shares its address with others.
fn told_apart(events: Vec<Event>) -> Vec<Event> {
    let mut seen = HashSet::new();
    let key = |event: &Event| (event.uid.clone(), event.start.wall(), event.summary.clone());
    let mut events: Vec<Event> = events.into_iter().filter(|event| seen.insert(key(event))).collect();
    let mut uses: HashMap<String, usize> = HashMap::new();
    for uid in events.iter().filter_map(|event| event.uid.as_ref()) {
        *uses.entry(uid.clone()).or_default() += 1;
    }
    let mut taken = HashSet::new();
    for event in &mut events {
        let Some(uid) = event.uid.clone() else { continue };
        if uses.get(&uid).is_none_or(|uses| *uses < 2) {
            continue;
        }
        let dated = format!("{uid}#{}", event.start.wall().format("%Y%m%dT%H%M"));
        let own = if taken.insert(dated.clone()) { dated } else { digest(&format!("{dated}|{:?}", event.summary)) };
        event.uid = Some(own);
    }
    events
}

/// Why a page without events is no source, and what to do.
fn without_events(text: &str, page: &Page, documents: &[(usize, Document)]) -> Broken {
    let instead = "ページを作っている方に、予定をJSON-LDの形（schema.orgのEvent）でも載せてもらうか、カレンダー（.ics）のアドレスをお使いください。";
    let is_readable = |(_, document): &(usize, Document)| document.fault.is_none();
    let message = if text.trim().is_empty() {
        "ページが空です。アドレスをお確かめください。".to_owned()
    } else if text.trim_start().get(..6).is_some_and(|begin| begin.eq_ignore_ascii_case("BEGIN:")) {
        "これはページではなく、カレンダー（.ics）のファイルです。種類を「カレンダー」にしてください。".to_owned()
    } else if page.has_other_markup && page.blocks.is_empty() {
        format!("このページの予定は、microdataやh-eventの形で書かれています。読めるのはJSON-LDの形だけです。{instead}")
    } else if page.blocks.is_empty() {
        format!("このページには、コンピューターが予定として読める情報（JSON-LD）がありません。{instead}")
    } else if documents.iter().any(is_readable) {
        let blocks = page.blocks.len();
        format!("このページのJSON-LD（{blocks}個）の中に、予定（schema.orgのEvent）がありません。{instead}")
    } else {
        let line = page.blocks.first().map(|block| block.line);
        let message = format!("このページのJSON-LDは書き方に誤りがあり、読めません。{instead}");
        return Broken { line, column: None, message };
    };
    broken(&message)
}

fn broken(message: &str) -> Broken {
    Broken { line: None, column: None, message: message.to_owned() }
}
