//! Pairs of neighbouring letters, by which folded texts are told alike.

/// The pairs of a text, each once, with one bit for each of them by which most other texts are ruled out at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Grams {
    pairs: Vec<u64>,
    bits: u128,
}

impl Grams {
    /// The pairs of a folded text; a single letter is a pair with nothing.
    pub(super) fn of(text: &str) -> Self {
        let mut letters = text.chars();
        let Some(mut before) = letters.next() else { return Self::default() };
        let mut pairs: Vec<u64> = Vec::with_capacity(text.len() / 3);
        for letter in letters {
            pairs.push(u64::from(u32::from(before)) << 32 | u64::from(u32::from(letter)));
            before = letter;
        }
        if pairs.is_empty() {
            pairs.push(u64::from(u32::from(before)) << 32);
        }
        pairs.sort_unstable();
        pairs.dedup();
        let bit = |pair: &u64| 1 << (pair.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 57);
        Self { bits: pairs.iter().fold(0, |bits, pair| bits | bit(pair)), pairs }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// How alike two texts are: 0 for nothing in common, 1 for the same pairs (Dice).
    pub(super) fn dice(&self, other: &Self) -> f64 {
        let (one, other) = (&self.pairs, &other.pairs);
        let (mut left, mut right, mut shared) = (0, 0, 0);
        while left < one.len() && right < other.len() {
            match one[left].cmp(&other[right]) {
                std::cmp::Ordering::Less => left += 1,
                std::cmp::Ordering::Greater => right += 1,
                std::cmp::Ordering::Equal => {
                    shared += 1;
                    left += 1;
                    right += 1;
                }
            }
        }
        share(shared, one.len() + other.len())
    }

    /// Whether [`Grams::dice`] can reach this much, or one of the texts can stand whole in the other; never wrong about a no.
    pub(super) fn can_reach(&self, other: &Self, least: f64) -> bool {
        let common = (self.bits & other.bits).count_ones() as usize;
        let short = if self.pairs.len() < other.pairs.len() { self } else { other };
        let doubled = short.pairs.len() - short.bits.count_ones() as usize;
        let all = self.pairs.len() + other.pairs.len();
        common > 0 && (self.bits & other.bits == short.bits || share(common + doubled, all) >= least)
    }
}

/// The share of what is common in what two texts have together.
fn share(shared: usize, all: usize) -> f64 {
    if all == 0 { 0.0 } else { 2.0 * shared as f64 / all as f64 }
}
