//! What differs between two texts, line by line.

/// A line of two texts laid side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// In both.
    Same(String),
    /// In the first only.
    Gone(String),
    /// In the second only.
    New(String),
}

/// The lines of both texts, those they share once.
pub(super) fn lines(old: &str, new: &str) -> Vec<Line> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.trim().lines().collect(), new.trim().lines().collect());
    // Length of the longest common run of lines from each place on.
    let mut common = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
    for (i, before) in old.iter().enumerate().rev() {
        for (j, after) in new.iter().enumerate().rev() {
            common[i][j] =
                if before == after { common[i + 1][j + 1] + 1 } else { common[i + 1][j].max(common[i][j + 1]) };
        }
    }
    let (mut i, mut j, mut lines) = (0, 0, Vec::new());
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            lines.push(Line::Same(old[i].to_owned()));
            (i, j) = (i + 1, j + 1);
        } else if j >= new.len() || i < old.len() && common[i + 1][j] >= common[i][j + 1] {
            lines.push(Line::Gone(old[i].to_owned()));
            i += 1;
        } else {
            lines.push(Line::New(new[j].to_owned()));
            j += 1;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_line_is_gone_and_new_and_the_others_stay() {
        let told = lines("件名: あ\n\n一\n二\n", "件名: あ\n\n一つ\n二\n三\n");
        let same = |text: &str| Line::Same(text.to_owned());
        let gone = Line::Gone("一".to_owned());
        let new = |text: &str| Line::New(text.to_owned());
        assert_eq!(told, [same("件名: あ"), same(""), gone, new("一つ"), same("二"), new("三")]);
    }
}
