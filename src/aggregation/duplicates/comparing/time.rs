//! Times: how the days and hours of two entries stand to one another.

use super::listed::{Day, Listed};

/// How two entries stand in time, the likest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Times {
    SameStart,
    /// The same first and last day, both without hours, or over several days.
    SameDays,
    HalfAnHour,
    /// One of them says no hour.
    OneWithout,
    AnHour,
    /// Several days, half of which are shared.
    Overlap,
    FourHours,
    Far,
    OneOfMany,
}

/// How the two stand on the likest of the days they share; nothing where they share none. For two series most of the days of the
/// shorter one have to be shared.
pub(super) fn times(one: &Listed, other: &Listed) -> Option<Times> {
    let (few, many) = if one.days.len() <= other.days.len() { (one, other) } else { (other, one) };
    if let ([(day, here)], [(other, there)]) = (&*few.days, &*many.days) {
        return (day == other).then(|| on_one_day(here, there));
    }
    let (mut best, mut shared) = (None, 0);
    for (day, here) in &few.days {
        let Ok(at) = many.days.binary_search_by_key(day, |(day, _)| *day) else { continue };
        let there = &many.days[at].1;
        shared += 1;
        let on_day = on_one_day(here, there);
        best = Some(best.map_or(on_day, |best: Times| best.min(on_day)));
    }
    let series = one.is_series && other.is_series;
    if series && shared * 2 < few.days.len() { None } else { best }
}

fn on_one_day(one: &Day, other: &Day) -> Times {
    let (long, other_long) = (one.first < one.last, other.first < other.last);
    match (long, other_long) {
        (true, true) if (one.first, one.last) == (other.first, other.last) => Times::SameDays,
        (true, true) => {
            let shared = (one.last.min(other.last) - one.first.max(other.first)).num_days() + 1;
            let short = (one.last - one.first).num_days().min((other.last - other.first).num_days()) + 1;
            if shared * 2 >= short { Times::Overlap } else { Times::OneOfMany }
        }
        (false, false) => match (one.begins, other.begins) {
            (None, None) => Times::SameDays,
            (Some(one), Some(other)) => match one.abs_diff(other) {
                0 => Times::SameStart,
                1..=30 => Times::HalfAnHour,
                31..=60 => Times::AnHour,
                61..=240 => Times::FourHours,
                _ => Times::Far,
            },
            _ => Times::OneWithout,
        },
        _ => Times::OneOfMany,
    }
}
