//! Numbers in titles: which time it is (第3回), which year (令和8年度), and what is left of the name without them.

/// The numbers of a folded title.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Numbers {
    /// 第3回, 3回目, 第2部, vol 4, その5: the number with what it counts.
    pub counted: Option<(char, u32)>,
    /// 令和8年度 or 2026年.
    pub year: Option<u32>,
}

impl Numbers {
    /// These, and where one is missing, the other.
    pub(super) fn or(self, other: Self) -> Self {
        Self { counted: self.counted.or(other.counted), year: self.year.or(other.year) }
    }
}

const COUNTERS: [char; 9] = ['回', '弾', '期', '部', '話', '章', '次', '幕', '日'];

/// Takes the numbers out of a folded title without spaces, and returns what is left.
pub(super) fn taken(text: &str) -> (Numbers, String) {
    let letters: Vec<char> = text.chars().collect();
    let mut numbers = Numbers::default();
    let mut left = String::with_capacity(text.len());
    let mut at = 0;
    while at < letters.len() {
        if let Some((year, end)) = year(&letters, at) {
            numbers.year = numbers.year.or(Some(year));
            at = end;
        } else if let Some((counted, end)) = counted(&letters, at) {
            numbers.counted = numbers.counted.or(counted);
            at = end;
        } else {
            left.push(letters[at]);
            at += 1;
        }
    }
    (numbers, left)
}

/// 令和8年度, 平成30年, r8年度, 2026年度, 2026.
fn year(letters: &[char], at: usize) -> Option<(u32, usize)> {
    let era = [("令和", 2018), ("平成", 1988), ("r", 2018)].into_iter().find_map(|(name, before)| {
        let name: Vec<char> = name.chars().collect();
        letters[at..].starts_with(&name).then_some((before, at + name.len()))
    });
    let (year, mut end) = match era {
        Some((before, start)) => {
            let (number, end) = number(letters, start)?;
            if letters[at] == 'r' && letters.get(end) != Some(&'年') {
                return None;
            }
            (before + number, end)
        }
        None => {
            let (number, end) = number(letters, at)?;
            let alone = (at == 0 || !letters[at - 1].is_ascii_digit()) && end - at == 4;
            if !alone || !(2000..2100).contains(&number) || !letters[at].is_ascii_digit() {
                return None;
            }
            (number, end)
        }
    };
    for word in ['年', '度'] {
        if letters.get(end) == Some(&word) {
            end += 1;
        }
    }
    Some((year, end))
}

/// 第3回, 第三回, 3回目, 2部, その1, vol3, no3, 11月23日 (which counts nothing), and a number at the very end.
fn counted(letters: &[char], at: usize) -> Option<(Option<(char, u32)>, usize)> {
    for (word, kind) in [("vol", '回'), ("no", '回'), ("part", '部'), ("パート", '部'), ("ソノ", '部')] {
        let word: Vec<char> = word.chars().collect();
        if letters[at..].starts_with(&word) {
            let (number, end) = number(letters, at + word.len())?;
            return Some((Some((kind, number)), end));
        }
    }
    let ordinal = letters[at] == '第';
    let start = if ordinal { at + 1 } else { at };
    if start > 0 && !ordinal && letters[start - 1].is_ascii_digit() {
        return None;
    }
    let (number, end) = number(letters, start)?;
    let is_digit = letters[start].is_ascii_digit();
    let counter = letters.get(end).copied().filter(|letter| COUNTERS.contains(letter));
    let behind = letters.get(end + 1).copied();
    match counter {
        Some(counter) if ordinal || behind == Some('目') => {
            let end = end + 1 + usize::from(behind == Some('目'));
            Some((Some((counter, number)), end))
        }
        Some('部') if is_digit => Some((Some(('部', number)), end + 1)),
        None if is_digit && letters.get(end) == Some(&'月') => Some((None, day_behind(letters, end + 1))),
        None if is_digit && end == letters.len() && start > 0 && end - start <= 2 => Some((Some(('回', number)), end)),
        _ => None,
    }
}

/// Behind a month: the day that follows, if one does.
fn day_behind(letters: &[char], at: usize) -> usize {
    match number(letters, at) {
        Some((_, end)) if letters.get(end) == Some(&'日') => end + 1,
        _ => at,
    }
}

/// A number in digits or kanji and where it ends.
fn number(letters: &[char], at: usize) -> Option<(u32, usize)> {
    let digits = letters[at.min(letters.len())..].iter().take_while(|letter| letter.is_ascii_digit()).count();
    if digits > 0 {
        let text: String = letters[at..at + digits].iter().collect();
        return text.parse().ok().map(|number| (number, at + digits));
    }
    let (mut sum, mut last, mut end) = (0, 0, at);
    while let Some(letter) = letters.get(end) {
        match ("元一二三四五六七八九".chars().position(|one| one == *letter), letter) {
            (Some(0), _) => last = 1,
            (Some(digit), _) => last = u32::try_from(digit).ok()?,
            (None, '十') => (sum, last) = (sum + last.max(1) * 10, 0),
            (None, '百') => (sum, last) = (sum + last.max(1) * 100, 0),
            _ => break,
        }
        end += 1;
        if end - at > 6 {
            return None;
        }
    }
    (end > at).then_some((sum + last, end))
}
