//! The nesting of a file: BEGIN and END made whole, so that every reader behind it sees proper components.

use super::findings::{Broken, Findings};
use super::limits::Limits;
use super::lines::{Line, Lines};

/// One component with its own lines and the components inside it.
#[derive(Debug, Default)]
pub(super) struct Component<'a> {
    /// The name in capitals; empty for the file itself.
    pub kind: String,
    /// The line of its BEGIN.
    pub line: usize,
    /// Its property lines.
    pub lines: Vec<Line<'a>>,
    /// What stands inside it.
    pub children: Vec<Component<'a>>,
}

/// The components of a file; the outermost stands for the file itself.
pub(super) fn components<'a>(
    lines: &'a Lines,
    limits: &Limits,
    findings: &mut Findings,
) -> Result<Component<'a>, Broken> {
    let mut nest = Nest { open: vec![Component::default()], count: 0, limits, findings };
    for line in lines.iter() {
        nest.take(line)?;
    }
    Ok(nest.whole())
}

struct Nest<'a, 'b> {
    open: Vec<Component<'a>>,
    count: usize,
    limits: &'b Limits,
    findings: &'b mut Findings,
}

impl<'a> Nest<'a, '_> {
    fn take(&mut self, line: Line<'a>) -> Result<(), Broken> {
        match edge(line.text) {
            Some((true, kind)) => self.begin(line.number, kind),
            Some((false, kind)) => {
                self.end(line.number, &kind);
                Ok(())
            }
            None => {
                if let Some(inner) = self.open.last_mut() {
                    inner.lines.push(line);
                }
                Ok(())
            }
        }
    }

    fn begin(&mut self, line: usize, kind: String) -> Result<(), Broken> {
        // These never stand inside each other: whatever is still open lacks its END.
        let stands_in = match kind.as_str() {
            "VCALENDAR" => 1,
            "VEVENT" | "VTIMEZONE" | "VTODO" | "VJOURNAL" | "VFREEBUSY" => {
                1 + usize::from(self.open.get(1).is_some_and(|outer| outer.kind == "VCALENDAR"))
            }
            _ => self.open.len(),
        };
        while self.open.len() > stands_in {
            self.close_unended(line);
        }
        self.count += 1;
        let refused = |message: String| Err(Broken { line: Some(line), column: None, message });
        if self.count > self.limits.components {
            return refused(format!("予定などの数が多すぎます（{}件まで読めます）。", self.limits.components));
        }
        if self.open.len() > self.limits.depth {
            return refused(format!("BEGINの入れ子が深すぎます（{}段まで読めます）。", self.limits.depth));
        }
        self.open.push(Component { kind, line, ..Component::default() });
        Ok(())
    }

    fn end(&mut self, line: usize, kind: &str) {
        let Some(opened) = self.open.iter().skip(1).rposition(|inner| inner.kind == kind) else {
            let message = format!("対応するBEGINのない「END:{kind}」を読みとばしました。");
            self.findings.mended(line, message);
            return;
        };
        while self.open.len() > opened + 2 {
            self.close_unended(line);
        }
        self.close();
    }

    fn close_unended(&mut self, line: usize) {
        let Some(inner) = self.open.last() else { return };
        let message = format!(
            "{}行目の「BEGIN:{}」に対応するENDがないため、ここで終わるものとして読みました。",
            inner.line, inner.kind
        );
        self.findings.mended(line, message);
        self.close();
    }

    fn close(&mut self) {
        let Some(inner) = self.open.pop() else { return };
        if let Some(outer) = self.open.last_mut() {
            outer.children.push(inner);
        }
    }

    fn whole(mut self) -> Component<'a> {
        while self.open.len() > 1 {
            let Some(inner) = self.open.last() else { break };
            let message = format!("「BEGIN:{}」に対応するENDがないままファイルが終わっています。", inner.kind);
            self.findings.mended(inner.line, message);
            self.close();
        }
        self.open.pop().unwrap_or_default()
    }
}

/// Whether a line begins (`true`) or ends a component, and which.
fn edge(text: &str) -> Option<(bool, String)> {
    let (name, kind) = text.split_once(':')?;
    let name = name.trim();
    let begins = name.eq_ignore_ascii_case("BEGIN");
    if !begins && !name.eq_ignore_ascii_case("END") {
        return None;
    }
    let kind: String = kind.trim().chars().take(40).collect();
    Some((begins, kind.to_ascii_uppercase()))
}
