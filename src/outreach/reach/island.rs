//! The island as a schematic: its towns from north to south as bands of one slanted shape. It is no map; it says with a
//! pattern and in words which towns were reached.

use super::reached::{Reach, TownReach};

/// Width of the drawing.
const WIDTH: i32 = 320;
/// Height of one band.
const BAND: i32 = 84;
/// Room above and below the island.
const EDGE: i32 = 12;
/// How far the north end lies east of the south end.
const SLANT: i32 = 36;
/// Width of the island where it is widest.
const BROAD: i32 = 256;
/// How much narrower it is at its ends.
const TAPER: i32 = 14;

/// One town of the drawing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Band {
    /// The corners, as SVG wants them.
    pub points: String,
    /// Middle of the band.
    pub x: i32,
    /// Middle of the band.
    pub y: i32,
    /// Left edge of the board on which the words stand.
    pub board_x: i32,
    /// Name of the town.
    pub name: String,
    /// Whether and how it was reached, in words.
    pub state: &'static str,
    /// How it is filled: with nothing, with stripes, or whole.
    pub fill: &'static str,
    /// Sessions and people; empty where there were none.
    pub counts: String,
    /// Districts reached of those known.
    pub districts: String,
}

/// The drawing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Island {
    /// Width.
    pub width: i32,
    /// Height.
    pub height: i32,
    /// Width of the boards on which the words stand.
    pub board: i32,
    /// The towns, the northernmost first.
    pub bands: Vec<Band>,
    /// All of it in one sentence.
    pub told: String,
}

/// Width of the board on which the words stand.
const BOARD: i32 = 184;

impl Island {
    /// The drawing of a reach.
    pub fn of(reach: &Reach) -> Self {
        let towns = reach.north_first();
        let count = i32::try_from(towns.len()).unwrap_or_default();
        let bands = (0..).zip(&towns).map(|(at, town)| band(at, count, town)).collect::<Vec<_>>();
        let told = bands.iter().map(|band| {
            let counts = if band.counts.is_empty() { String::new() } else { format!("、{}", band.counts) };
            format!("{}は{}{counts}、行政区{}", band.name, band.state, band.districts)
        });
        let told = format!("北から順に、{}。", told.collect::<Vec<_>>().join("。"));
        Self { width: WIDTH, height: count * BAND + 2 * EDGE, board: BOARD, bands, told }
    }
}

fn band(at: i32, count: i32, town: &TownReach) -> Band {
    let (top, bottom) = (coast(at, count), coast(at + 1, count));
    let (y_top, y_bottom) = (EDGE + at * BAND, EDGE + (at + 1) * BAND);
    let (state, fill) = match town {
        town if town.sessions == 0 => ("まだ", "none"),
        town if town.is_whole() => ("すべての行政区を訪れた", "whole"),
        _ => ("訪れた", "some"),
    };
    let x = (top.0 + top.1 + bottom.0 + bottom.1) / 4;
    Band {
        points: format!("{},{y_top} {},{y_top} {},{y_bottom} {},{y_bottom}", top.0, top.1, bottom.1, bottom.0),
        x,
        y: (y_top + y_bottom) / 2,
        board_x: x - BOARD / 2,
        name: town.name.clone(),
        state,
        fill,
        counts: if town.sessions == 0 { String::new() } else { format!("{}回・{}人", town.sessions, town.people) },
        districts: town.share(),
    }
}

/// The west and the east coast at the line above the `at`-th of `count` bands.
fn coast(at: i32, count: i32) -> (i32, i32) {
    let whole = count.max(1);
    let middle = WIDTH / 2 + SLANT / 2 - SLANT * at / whole;
    let is_end = at == 0 || at == count;
    // Every second line juts out a little, so that the shape reads as a coast.
    let jut = if at % 2 == 0 { 0 } else { 8 };
    let half = BROAD / 2 - if is_end { TAPER } else { 0 };
    (middle - half + jut, middle + half - (8 - jut))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outreach::reach::DistrictReach;

    fn town(name: &str, sessions: i64, districts: &[i64], is_listed_whole: bool) -> TownReach {
        let district = |sessions: &i64| DistrictReach { name: format!("区{sessions}"), sessions: *sessions };
        TownReach {
            name: name.to_owned(),
            sessions,
            people: sessions * 10,
            districts: districts.iter().map(district).collect(),
            is_listed_whole,
            unlisted: 0,
        }
    }

    fn reach() -> Reach {
        let towns =
            vec![town("南の町", 0, &[0, 0], true), town("中の町", 2, &[1, 0], true), town("北の町", 3, &[1, 2], true)];
        Reach { fiscal_year: 2026, towns, elsewhere: 0, elsewhere_people: 0 }
    }

    #[test]
    fn towns_lie_from_north_to_south_and_say_in_words_whether_they_were_reached() {
        let island = reach().island();
        let told: Vec<_> = island.bands.iter().map(|band| (band.name.as_str(), band.state, band.fill)).collect();
        assert_eq!(
            told,
            [("北の町", "すべての行政区を訪れた", "whole"), ("中の町", "訪れた", "some"), ("南の町", "まだ", "none")]
        );
        assert_eq!(
            island.told,
            "北から順に、北の町はすべての行政区を訪れた、3回・30人、行政区2/2区。中の町は訪れた、2回・20人、行政区1/2区。南の町はまだ、行政区0/2区。"
        );
    }

    #[test]
    fn a_town_whose_list_is_partial_is_never_called_whole() {
        let partial = town("北の町", 1, &[1], false);
        assert_eq!((partial.is_whole(), partial.share().as_str()), (false, "1/1区(一覧は一部)"));
    }

    #[test]
    fn everything_is_drawn_within_the_picture_and_the_bands_meet() {
        let island = reach().island();
        let corners = |band: &Band| -> Vec<(i32, i32)> {
            let pair = |pair: &str| {
                let (x, y) = pair.split_once(',').unwrap();
                (x.parse().unwrap(), y.parse().unwrap())
            };
            band.points.split(' ').map(pair).collect()
        };
        for band in &island.bands {
            assert!(corners(band).iter().all(|(x, y)| (0..=WIDTH).contains(x) && (0..=island.height).contains(y)));
            // The words stay on the island: no corner of it lies within the width of their board.
            let (west, east) = (band.board_x, band.board_x + BOARD);
            assert!(corners(band).iter().all(|(x, _)| *x <= west || *x >= east), "{}", band.points);
        }
        for pair in island.bands.windows(2) {
            let (upper, lower) = (corners(&pair[0]), corners(&pair[1]));
            assert_eq!((upper[3], upper[2]), (lower[0], lower[1]));
        }
        assert_eq!(Reach::default().island().bands, []);
    }
}
