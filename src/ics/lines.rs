//! From bytes to content lines: unfolded as bytes, capped, and only then decoded (RFC 5545 §3.1).

use super::decode::{as_utf8, decoded};
use super::findings::{Broken, Findings};
use super::limits::Limits;

/// The content lines of a file, each with the line of the file on which it begins.
pub(super) struct Lines {
    text: String,
    spans: Vec<Span>,
}

#[derive(Clone, Copy)]
struct Span {
    from: usize,
    to: usize,
    number: usize,
}

/// One unfolded line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    /// The line of the file on which it begins, counted from 1.
    pub number: usize,
    /// Its text without any line break.
    pub text: &'a str,
}

impl Lines {
    pub fn iter(&self) -> impl Iterator<Item = Line<'_>> {
        let line = |span: &Span| Line { number: span.number, text: &self.text[span.from..span.to] };
        self.spans.iter().map(line)
    }
}

/// Unfolds, caps and decodes a file.
pub(super) fn lines(bytes: &[u8], limits: &Limits, findings: &mut Findings) -> Result<Lines, Broken> {
    if bytes.len() > limits.bytes {
        let most = limits.bytes >> 20;
        return Err(broken(
            None,
            format!("ファイルが大きすぎます（{most}MBまで読めます）。分けて取り込んでください。"),
        ));
    }
    let bytes = as_utf8(bytes);
    let unfolded = unfold(&bytes, limits, findings)?;
    let text = decoded(unfolded.bytes, findings, |at| unfolded.numbers.get(at).copied().unwrap_or(1));
    Ok(numbered(text, &unfolded.numbers))
}

fn broken(line: Option<usize>, message: String) -> Broken {
    Broken { line, column: None, message }
}

struct Unfolded {
    /// The lines, each ended by `\n`.
    bytes: Vec<u8>,
    numbers: Vec<usize>,
}

/// A fold is a line break and one space or tab; blank lines do not end what is folded.
fn unfold(bytes: &[u8], limits: &Limits, findings: &mut Findings) -> Result<Unfolded, Broken> {
    let mut unfolded = Unfolded { bytes: Vec::with_capacity(bytes.len() + 1), numbers: Vec::new() };
    let mut begun = 0;
    let mut too_long = None;
    for (index, line) in physical(bytes).enumerate() {
        let number = index + 1;
        let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
        if line.iter().all(u8::is_ascii_whitespace) && line.len() < 2 {
            continue;
        }
        let folded = matches!(line.first(), Some(b' ' | b'\t')) && !unfolded.numbers.is_empty();
        if !folded {
            if unfolded.numbers.len() >= limits.lines {
                let most = limits.lines;
                return Err(broken(Some(number), format!("行が多すぎます（{most}行まで読めます）。")));
            }
            if !unfolded.numbers.is_empty() {
                unfolded.bytes.push(b'\n');
            }
            begun = unfolded.bytes.len();
            unfolded.numbers.push(number);
        }
        let more = &line[usize::from(folded)..];
        if unfolded.bytes.len() - begun + more.len() > limits.line_bytes {
            if too_long.replace(begun) != Some(begun) {
                let first = unfolded.numbers.last().copied().unwrap_or(number);
                findings.refused(first, "行が長すぎるため、この項目は読みませんでした。");
            }
            unfolded.bytes.truncate(begun);
        } else if too_long != Some(begun) {
            unfolded.bytes.extend_from_slice(more);
        }
    }
    Ok(unfolded)
}

/// The lines of the file as they are: ended by CR LF or LF, or by CR where there is no LF at all.
fn physical(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let end = if bytes.contains(&b'\n') { b'\n' } else { b'\r' };
    bytes.split(move |byte| *byte == end).map(|line| {
        let mut line = line;
        while let Some(shorter) = line.strip_suffix(b"\r") {
            line = shorter;
        }
        line
    })
}

fn numbered(text: String, numbers: &[usize]) -> Lines {
    let mut from = 0;
    let mut spans = Vec::with_capacity(numbers.len());
    for (line, number) in text.split('\n').zip(numbers) {
        spans.push(Span { from, to: from + line.len(), number: *number });
        from += line.len() + 1;
    }
    Lines { text, spans }
}
