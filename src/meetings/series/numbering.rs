//! The number in the title of a meeting (第3回, 第３回, 第三回): read, raised, and put before another title.

/// How a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Writing {
    Plain,
    Wide,
    Kanji,
}

/// A title taken apart at its number.
struct Numbered<'a> {
    before: &'a str,
    number: u32,
    writing: Writing,
    after: &'a str,
}

const KANJI: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/// The title of the meeting after this one: 第3回 becomes 第4回; a title without a number stays.
pub fn raised(title: &str) -> String {
    match taken_apart(title) {
        Some(found) => {
            format!("{}第{}回{}", found.before, written(found.number + 1, found.writing), found.after)
        }
        None => title.to_owned(),
    }
}

/// The title without a number at its head.
pub fn bare(title: &str) -> &str {
    match taken_apart(title) {
        Some(found) if found.before.is_empty() => found.after.trim_start(),
        _ => title,
    }
}

/// Another title for a meeting that keeps the number at the head of its own.
pub fn renamed(title: &str, other: &str) -> String {
    match taken_apart(title) {
        Some(found) if found.before.is_empty() && taken_apart(other).is_none() => {
            let number = written(found.number, found.writing);
            format!("第{number}回 {other}")
        }
        _ => other.to_owned(),
    }
}

/// A title with a number at its head.
pub fn numbered(number: i32, title: &str) -> String {
    format!("第{number}回 {title}")
}

fn taken_apart(title: &str) -> Option<Numbered<'_>> {
    title.match_indices('第').find_map(|(at, mark)| {
        let rest = &title[at + mark.len()..];
        let end = rest.find('回')?;
        let (number, writing) = read(rest[..end].trim())?;
        Some(Numbered { before: &title[..at], number, writing, after: &rest[end + '回'.len_utf8()..] })
    })
}

fn read(text: &str) -> Option<(u32, Writing)> {
    if text.is_empty() || text.chars().count() > 6 {
        return None;
    }
    if text.chars().all(|letter| letter.is_ascii_digit()) {
        return Some((text.parse().ok()?, Writing::Plain));
    }
    let digit = |letter: char| u32::from(letter).checked_sub(u32::from('０')).filter(|digit| *digit < 10);
    if text.chars().all(|letter| digit(letter).is_some()) {
        let number = text.chars().filter_map(digit).fold(0, |number, digit| number * 10 + digit);
        return Some((number, Writing::Wide));
    }
    Some((read_kanji(text)?, Writing::Kanji))
}

/// Reads 三, 十二, 二十, 百五 and 一〇二.
fn read_kanji(text: &str) -> Option<u32> {
    let (mut total, mut digits) = (0, None);
    for letter in text.chars() {
        let unit = match letter {
            '十' => 10,
            '百' => 100,
            _ => {
                let digit = KANJI.iter().position(|known| *known == letter)?;
                digits = Some(digits.unwrap_or(0) * 10 + u32::try_from(digit).ok()?);
                continue;
            }
        };
        total += digits.take().unwrap_or(1) * unit;
    }
    let number = total + digits.unwrap_or(0);
    (number > 0).then_some(number)
}

fn written(number: u32, writing: Writing) -> String {
    let plain = number.to_string();
    match writing {
        Writing::Plain => plain,
        Writing::Wide => {
            plain.chars().filter_map(|digit| char::from_u32(u32::from('０') + digit.to_digit(10)?)).collect()
        }
        Writing::Kanji => kanji(number),
    }
}

fn kanji(number: u32) -> String {
    if number >= 1_000 {
        return number.to_string().chars().filter_map(|digit| Some(KANJI[digit.to_digit(10)? as usize])).collect();
    }
    let mut text = String::new();
    for (unit, name) in [(100, "百"), (10, "十")] {
        match number / unit % 10 {
            0 => {}
            1 => text.push_str(name),
            digit => {
                text.push(KANJI[digit as usize]);
                text.push_str(name);
            }
        }
    }
    if !number.is_multiple_of(10) {
        text.push(KANJI[(number % 10) as usize]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_is_raised_as_it_is_written() {
        for (title, next) in [
            ("第3回 連絡調整会議", "第4回 連絡調整会議"),
            ("第９回連絡調整会議", "第１０回連絡調整会議"),
            ("第三回 連絡調整会議", "第四回 連絡調整会議"),
            ("第九回", "第十回"),
            ("第十回", "第十一回"),
            ("第十九回の会", "第二十回の会"),
            ("第九十九回", "第百回"),
            ("第百回", "第百一回"),
            ("第一〇九回", "第百十回"),
            ("令和8年度第3回連絡調整会議", "令和8年度第4回連絡調整会議"),
            ("第2水曜の会 第 7 回", "第2水曜の会 第8回"),
            ("連絡調整会議", "連絡調整会議"),
            ("第〇回", "第〇回"),
            ("第一次の回覧", "第一次の回覧"),
        ] {
            assert_eq!(raised(title), next, "{title}");
        }
    }

    #[test]
    fn another_title_keeps_the_number_of_each_meeting() {
        assert_eq!(renamed("第3回 連絡の会", "調整の会"), "第3回 調整の会");
        assert_eq!(renamed("第三回 連絡の会", "調整の会"), "第三回 調整の会");
        assert_eq!(renamed("連絡の会", "調整の会"), "調整の会");
        assert_eq!(renamed("第3回 連絡の会", "第9回 調整の会"), "第9回 調整の会");
        assert_eq!(bare("第3回 連絡の会"), "連絡の会");
        assert_eq!(bare("令和8年度第3回連絡の会"), "令和8年度第3回連絡の会");
        assert_eq!(numbered(1, "連絡の会"), "第1回 連絡の会");
    }
}
