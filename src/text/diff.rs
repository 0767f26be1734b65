//! Two versions of a text side by side: which letters went and which came, for eyes and for ears.

/// A piece of a text, and whether the other version lacks it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The letters.
    pub text: String,
    /// Whether they went (in the old version) or came (in the new one).
    pub changed: bool,
}

/// Most comparisons of letters with letters; longer texts are compared by sentences.
const MOST: usize = 1_000_000;
/// Equal letters between two changes that are too few to be worth reading apart.
const CRUMB: usize = 1;

/// Compares two texts letter by letter, long ones sentence by sentence: the pieces of the old and those of the new one.
pub fn diff(old: &str, new: &str) -> (Vec<Piece>, Vec<Piece>) {
    let letters = |text: &str| text.chars().map(String::from).collect::<Vec<_>>();
    let (one, other) = (letters(old), letters(new));
    let (start, end) = same_ends(&one, &other);
    let (left, right) = (&one[start..one.len() - end], &other[start..other.len() - end]);
    let (mut kept_left, mut kept_right) = match left.len().saturating_mul(right.len()) {
        0..=MOST => kept(left, right),
        _ => kept_sentences(left, right),
    };
    drop_crumbs(&mut kept_left, &mut kept_right);
    (pieces(&one, &kept_left, start), pieces(&other, &kept_right, start))
}

/// How many items two lists have in common at their beginnings and, beyond these, at their ends.
fn same_ends(one: &[String], other: &[String]) -> (usize, usize) {
    let start = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let (one, other) = (&one[start..], &other[start..]);
    (start, one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count())
}

/// Which items of each list belong to a longest common subsequence.
fn kept(one: &[String], other: &[String]) -> (Vec<bool>, Vec<bool>) {
    let width = other.len() + 1;
    // The length of the longest common subsequence of what lies behind each pair of places.
    let mut length = vec![0_u16; (one.len() + 1) * width];
    for i in (0..one.len()).rev() {
        for j in (0..other.len()).rev() {
            length[i * width + j] = if one[i] == other[j] {
                length[(i + 1) * width + j + 1] + 1
            } else {
                length[(i + 1) * width + j].max(length[i * width + j + 1])
            };
        }
    }
    let (mut left, mut right) = (vec![false; one.len()], vec![false; other.len()]);
    let (mut i, mut j) = (0, 0);
    while i < one.len() && j < other.len() {
        if one[i] == other[j] {
            (left[i], right[j]) = (true, true);
            (i, j) = (i + 1, j + 1);
        } else if length[(i + 1) * width + j] >= length[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    (left, right)
}

/// The same by whole sentences; where even those are too many, everything counts as changed.
fn kept_sentences(one: &[String], other: &[String]) -> (Vec<bool>, Vec<bool>) {
    let (left, right) = (sentences(one), sentences(other));
    if left.len().saturating_mul(right.len()) > MOST {
        return (vec![false; one.len()], vec![false; other.len()]);
    }
    let (kept_left, kept_right) = kept(&left, &right);
    let spread = |sentences: &[String], kept: &[bool]| {
        let letters = sentences.iter().zip(kept).map(|(text, kept)| vec![*kept; text.chars().count()]);
        letters.flatten().collect()
    };
    (spread(&left, &kept_left), spread(&right, &kept_right))
}

fn sentences(letters: &[String]) -> Vec<String> {
    letters
        .split_inclusive(|letter| matches!(letter.as_str(), "。" | "\n" | "、" | "." | " "))
        .map(<[_]>::concat)
        .collect()
}

/// Takes single equal letters between changes for changed, on both sides: nobody reads such crumbs.
fn drop_crumbs(left: &mut [bool], right: &mut [bool]) {
    let places =
        |kept: &[bool]| kept.iter().enumerate().filter(|(_, kept)| **kept).map(|(at, _)| at).collect::<Vec<_>>();
    let pairs: Vec<(usize, usize)> = places(left).into_iter().zip(places(right)).collect();
    let runs = pairs.chunk_by(|a, b| b.0 == a.0 + 1 && b.1 == a.1 + 1);
    let (rows, columns) = (left.len(), right.len());
    for run in runs {
        let [(i, j), ..] = *run else { continue };
        let inside = i > 0 || j > 0;
        let last = run.len() + i < rows || run.len() + j < columns;
        if run.len() <= CRUMB && inside && last {
            run.iter().for_each(|(i, j)| (left[*i], right[*j]) = (false, false));
        }
    }
}

/// The letters with equal ends on both sides, joined into pieces.
fn pieces(letters: &[String], kept: &[bool], start: usize) -> Vec<Piece> {
    let is_changed = |at: usize| at.checked_sub(start).and_then(|at| kept.get(at)).is_some_and(|kept| !kept);
    let mut pieces: Vec<Piece> = Vec::new();
    for (at, letter) in letters.iter().enumerate() {
        let changed = is_changed(at);
        match pieces.last_mut() {
            Some(piece) if piece.changed == changed => piece.text.push_str(letter),
            _ => pieces.push(Piece { text: letter.clone(), changed }),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Changed pieces in brackets.
    fn marked(pieces: &[Piece]) -> String {
        let mark = |piece: &Piece| if piece.changed { format!("[{}]", piece.text) } else { piece.text.clone() };
        pieces.iter().map(mark).collect()
    }

    fn both(old: &str, new: &str) -> (String, String) {
        let (old, new) = diff(old, new);
        (marked(&old), marked(&new))
    }

    #[test]
    fn the_changed_letters_stand_out_on_both_sides() {
        let told = |old: &str, new: &str| (old.to_owned(), new.to_owned());
        assert_eq!(both("見本 海の会", "見本 山の会"), told("見本 [海]の会", "見本 [山]の会"));
        assert_eq!(both("", "海"), told("", "[海]"));
        assert_eq!(both("海の清掃", "海の清掃と調査"), told("海の清掃", "海の清掃[と調査]"));
        assert_eq!(both("同じ", "同じ"), told("同じ", "同じ"));
    }

    #[test]
    fn crumbs_are_not_told_apart() {
        assert_eq!(both("毎月の例会", "年一回の総会です").0, "[毎月の例会]");
    }

    #[test]
    fn long_texts_are_compared_by_sentences_and_never_for_long() {
        let old = format!("{}初めの文です。{}", "あ。".repeat(10), "い".repeat(3_000));
        let new = format!("{}次の文です。{}。", "う。".repeat(10), "え".repeat(3_000));
        let (left, right) = diff(&old, &new);
        assert_eq!(left.iter().map(|piece| piece.text.as_str()).collect::<String>(), old);
        assert_eq!(right.iter().map(|piece| piece.text.as_str()).collect::<String>(), new);
    }

    proptest! {
        #[test]
        fn the_pieces_are_the_texts_and_what_is_kept_is_the_same_on_both_sides(old in "[あいう。\n]{0,40}", new in "[あいう。\n]{0,40}") {
            let (left, right) = diff(&old, &new);
            let whole = |pieces: &[Piece]| pieces.iter().map(|piece| piece.text.as_str()).collect::<String>();
            let kept = |pieces: &[Piece]| pieces.iter().filter(|piece| !piece.changed).map(|piece| piece.text.as_str()).collect::<String>();
            prop_assert_eq!(whole(&left), old);
            prop_assert_eq!(whole(&right), new);
            prop_assert_eq!(kept(&left), kept(&right));
        }
    }
}
