//! Sharing the sessions out evenly, once it is known how many requests can be served and how well.
//!
//! Other wishes may serve as many people as well, so the sets of the days are open again as far as they reach the same; what is
//! looked for is the least sum of the squares of what each person has. A branch is left where even the most even rest is no better.

use std::time::Instant;

use super::crews::squares;
use super::search::Dice;
use super::steps::{Ahead, Step, Steps, Way};

/// The search for the most even plan among the best ones.
pub struct Balance<'a> {
    steps: &'a Steps<'a>,
    until: Instant,
    /// The step of each day.
    pub best: Vec<usize>,
    /// The sum of the squares.
    pub squares: usize,
}

impl<'a> Balance<'a> {
    /// A search that begins with a step for each day.
    pub fn of(steps: &'a Steps<'a>, best: Vec<usize>, until: Instant) -> Self {
        let squares = squares(&steps.way(&best, &[]).sum);
        Self { steps, until, best, squares }
    }

    /// Looks as long as changing a few days helps; says whether no plan can be more even.
    pub fn run(&mut self) -> bool {
        let all: Vec<usize> = (0..self.steps.days.len()).filter(|day| self.steps.days[*day].len() > 1).collect();
        let whole = self.steps.ahead(all.clone());
        if self.is_least(&whole) {
            return !self.steps.is_cut;
        }
        let mut dice = Dice(5);
        let (mut idle, mut width) = (0, 2);
        while idle < 300 && all.len() > 2 && Instant::now() < self.until {
            let mut days: Vec<usize> = (0..width.min(all.len())).map(|_| all[dice.below(all.len())]).collect();
            days.sort_unstable();
            days.dedup();
            let before = self.squares;
            self.look(days, 3_000);
            idle = if self.squares < before { 0 } else { idle + 1 };
            width = 2 + idle / 75;
        }
        self.is_least(&whole) && !self.steps.is_cut
    }

    /// Whether no plan can be more even than the best one is.
    fn is_least(&self, ahead: &Ahead) -> bool {
        self.steps.least(&self.steps.way(&self.best, &ahead.days).sum, &ahead.most[0]) >= self.squares
    }

    /// Looks at all plans that differ on these days alone, at most so many branches; says whether it came to the end.
    fn look(&mut self, days: Vec<usize>, mut most: usize) -> bool {
        let mut way = self.steps.way(&self.best, &days);
        let ahead = self.steps.ahead(days);
        self.descend(&mut way, (&ahead, &mut most), 0)
    }

    fn descend(&mut self, way: &mut Way, (ahead, left): (&Ahead, &mut usize), depth: usize) -> bool {
        if *left == 0 || left.is_multiple_of(256) && Instant::now() >= self.until {
            return false;
        }
        *left -= 1;
        let steps = self.steps;
        if way.value + ahead.value[depth] < steps.wanted || steps.least(&way.sum, &ahead.most[depth]) >= self.squares {
            return true;
        }
        let Some(day) = ahead.days.get(depth).copied() else {
            self.best.clone_from(&way.steps);
            self.squares = squares(&way.sum);
            return true;
        };
        let own = &steps.days[day];
        let fits = (0..own.len()).filter(|at| steps.fits(way, day, &own[*at]));
        let mut open: Vec<(usize, usize)> = fits.map(|at| (squares_with(way, &own[at]), at)).collect();
        open.sort_by_key(|(squares, at)| (std::cmp::Reverse(own[*at].value), *squares));
        for (_, at) in open {
            steps.take(way, day, at, true);
            let goes_on = self.descend(way, (ahead, left), depth + 1);
            steps.take(way, day, at, false);
            if !goes_on {
                return false;
            }
        }
        true
    }
}

fn squares_with(way: &Way, step: &Step) -> usize {
    way.sum.iter().zip(&step.load).map(|(known, more)| (known + usize::from(*more)).pow(2)).sum()
}
