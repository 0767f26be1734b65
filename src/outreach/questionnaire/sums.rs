//! What many sheets say together: how often each answer was given, its share, and an average where one means something.

use super::answer::Marks;
use super::question::{AGES, Scale};

/// The sum of some sheets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// How many sheets.
    pub sheets: i64,
    /// By question, in the order of [`Scale::ALL`], and by number of the answer.
    counts: [[i64; 5]; 4],
    /// By age, in the order of [`AGES`].
    ages: [i64; 8],
}

/// One answer to a question with how often it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// The answer.
    pub words: &'static str,
    /// How often.
    pub count: i64,
    /// In percent of those who answered this question.
    pub percent: i64,
}

impl Sum {
    /// The sum of these sheets.
    pub fn of<'a>(sheets: impl IntoIterator<Item = &'a Marks>) -> Self {
        let mut sum = Self::default();
        for marks in sheets {
            sum.add(marks);
        }
        sum
    }

    /// Adds one sheet.
    pub fn add(&mut self, marks: &Marks) {
        self.sheets += 1;
        for (counts, scale) in self.counts.iter_mut().zip(Scale::ALL) {
            let count = marks.of(scale).and_then(|mark| counts.get_mut(usize::try_from(mark).ok()?));
            if let Some(count) = count {
                *count += 1;
            }
        }
        if let Some(at) = AGES.iter().position(|(key, _)| *key == marks.age) {
            self.ages[at] += 1;
        }
    }

    /// Adds another sum.
    pub fn join(&mut self, other: &Self) {
        self.sheets += other.sheets;
        for (counts, others) in self.counts.iter_mut().zip(&other.counts) {
            for (count, other) in counts.iter_mut().zip(others) {
                *count += other;
            }
        }
        for (count, other) in self.ages.iter_mut().zip(&other.ages) {
            *count += other;
        }
    }

    fn counts(&self, scale: Scale) -> &[i64; 5] {
        &self.counts[scale as usize]
    }

    /// How many answered a question.
    pub fn answered(&self, scale: Scale) -> i64 {
        self.counts(scale).iter().sum()
    }

    /// How often an answer was given.
    pub fn count(&self, scale: Scale, number: i32) -> i64 {
        usize::try_from(number).ok().and_then(|at| self.counts(scale).get(at)).copied().unwrap_or_default()
    }

    /// Every answer to a question with how often it was given.
    pub fn shares(&self, scale: Scale) -> Vec<Share> {
        let all = self.answered(scale);
        let share = |(number, words): &(i32, &'static str)| {
            let count = self.count(scale, *number);
            Share { words, count, percent: percent(count, all) }
        };
        scale.options().iter().map(share).collect()
    }

    /// Every age with how often it was ticked.
    pub fn ages(&self) -> Vec<Share> {
        let all = self.ages.iter().sum();
        let share = |((_, words), count): (&(&str, &'static str), &i64)| Share {
            words,
            count: *count,
            percent: percent(*count, all),
        };
        AGES.iter().zip(&self.ages).map(share).collect()
    }

    /// The average in tenths, rounded; nothing where nobody answered.
    pub fn tenths(&self, scale: Scale) -> Option<i64> {
        let all = self.answered(scale);
        let total: i64 = (0_i64..).zip(self.counts(scale)).map(|(number, count)| number * count).sum();
        (all > 0).then(|| (total * 10 + all / 2) / all)
    }

    /// The average in words, such as 3.4; − where nobody answered.
    pub fn average(&self, scale: Scale) -> String {
        self.tenths(scale).map_or_else(|| "−".to_owned(), |tenths| format!("{}.{}", tenths / 10, tenths % 10))
    }

    /// The share of those who gave the two best answers, in words with the numbers behind it.
    pub fn good(&self, scale: Scale) -> String {
        let all = self.answered(scale);
        let good = scale.options().iter().take(2).map(|(number, _)| self.count(scale, *number)).sum();
        if all == 0 { "−".to_owned() } else { format!("{}%({good}/{all}人)", percent(good, all)) }
    }
}

fn percent(part: i64, all: i64) -> i64 {
    if all == 0 { 0 } else { (part * 100 + all / 2) / all }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(clear: Option<i32>, known: Option<i32>, age: &str) -> Marks {
        Marks { clear, known, age: age.to_owned(), ..Marks::default() }
    }

    #[test]
    fn each_question_is_counted_among_those_who_answered_it() {
        let sheets = [
            sheet(Some(4), Some(1), "70s"),
            sheet(Some(3), None, "70s"),
            sheet(Some(3), Some(3), ""),
            sheet(None, None, "20s"),
        ];
        let sum = Sum::of(&sheets);
        assert_eq!((sum.sheets, sum.answered(Scale::Clear), sum.answered(Scale::Known)), (4, 3, 2));
        assert_eq!((sum.average(Scale::Clear).as_str(), sum.good(Scale::Clear).as_str()), ("3.3", "100%(3/3人)"));
        let shares: Vec<_> = sum.shares(Scale::Clear).iter().map(|one| (one.count, one.percent)).collect();
        assert_eq!(shares, [(1, 33), (2, 67), (0, 0), (0, 0)]);
        assert_eq!((sum.ages()[6].count, sum.ages()[6].percent, sum.ages()[1].percent), (2, 67, 33));
    }

    #[test]
    fn no_sheets_have_no_average_and_no_share() {
        let sum = Sum::default();
        assert_eq!((sum.average(Scale::Useful).as_str(), sum.good(Scale::Useful).as_str()), ("−", "−"));
        assert!(sum.shares(Scale::Joining).iter().all(|one| one.percent == 0));
    }

    #[test]
    fn two_sums_together_are_the_sum_of_both() {
        let (one, other) = (sheet(Some(4), None, "40s"), sheet(Some(1), Some(2), "80s"));
        let mut joined = Sum::of([&one]);
        joined.join(&Sum::of([&other]));
        assert_eq!(joined, Sum::of([&one, &other]));
    }

    #[test]
    fn a_mark_that_no_answer_has_is_not_counted() {
        let sum = Sum::of([&sheet(Some(9), Some(-1), "x")]);
        assert_eq!((sum.sheets, sum.answered(Scale::Clear), sum.answered(Scale::Known)), (1, 0, 0));
    }
}
