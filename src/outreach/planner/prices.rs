//! Prices on what joins the days, and what they promise: no plan needs less than that.

use super::steps::{Step, Steps};

/// What is to be as little as possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// The sum of the squares of what each person has.
    Squares,
    /// The minutes of driving, with no more than this sum of the squares.
    Driving(usize),
}

/// What is paid for what joins the days.
#[derive(Clone, Debug)]
pub struct Prices {
    goal: Goal,
    /// A session of each person.
    people: Vec<f64>,
    /// Each request.
    requests: Vec<f64>,
    /// The worth, in units of one request.
    worth: f64,
    /// The sum of the squares.
    squares: f64,
}

/// A price on the squares that is lower is none.
const LEAST: f64 = 1e-6;

impl Prices {
    /// The first prices.
    pub fn of(steps: &Steps, goal: Goal) -> Self {
        let (people, requests) = (steps.standing.sum.len(), steps.master.requests);
        let squares = if goal == Goal::Squares { 1.0 } else { 0.01 };
        Self { goal, people: vec![0.0; people], requests: vec![0.0; requests], worth: 0.0, squares }
    }

    /// What a step costs.
    pub fn cost(&self, steps: &Steps, day: usize, step: &Step) -> f64 {
        let own = if self.goal == Goal::Squares { 0.0 } else { step.driving as f64 };
        let people: f64 = step.load.iter().zip(&self.people).map(|(count, price)| f64::from(*count) * price).sum();
        let requests: f64 = steps.requests(day, step).map(|request| self.requests[request]).sum();
        own + people + requests - self.worth * step.value as f64 / steps.master.unit as f64
    }

    /// How many sessions each person would have at these prices, and what they promise beside the days to a plan that is better
    /// than one that needs so much.
    pub fn beside(&self, steps: &Steps, need: i64) -> (Vec<f64>, f64) {
        let allowed = self.allowed();
        let most = if self.goal == Goal::Squares { need as f64 } else { allowed }.sqrt().floor();
        let mut rest = self.worth * steps.wanted as f64 / steps.master.unit as f64;
        rest -= self.requests.iter().sum::<f64>() + self.squares * allowed;
        let mut sums = Vec::with_capacity(self.people.len());
        for (price, held) in self.people.iter().zip(&steps.standing.sum) {
            let held = *held as f64;
            let worth = |sum: f64| price * (sum - held) - self.squares * sum * sum;
            let near = if self.squares > 0.0 { price / (2.0 * self.squares) } else { price * f64::MAX };
            let near = near.clamp(held, most.max(held)).floor();
            let sum = if near < most && worth(near + 1.0) > worth(near) { near + 1.0 } else { near };
            rest -= worth(sum);
            sums.push(sum);
        }
        (sums, rest)
    }

    /// The sum of the squares that is allowed at no price.
    fn allowed(&self) -> f64 {
        if let Goal::Driving(squares) = self.goal { squares as f64 } else { 0.0 }
    }

    /// By how much squares change faster than what people have.
    fn scale(&self) -> f64 {
        2.0 * (self.allowed() / self.people.len().max(1) as f64).sqrt().max(1.0)
    }

    /// What these prices promise, and in which direction each of them promises more.
    pub fn slopes(&self, steps: &Steps, need: i64) -> (f64, Self) {
        let unit = steps.master.unit as f64;
        let (sums, mut promised) = self.beside(steps, need);
        let over = sums.iter().map(|sum| sum * sum).sum::<f64>() - self.allowed();
        let mut slopes = Self {
            goal: self.goal,
            people: sums.iter().zip(&steps.standing.sum).map(|(sum, held)| *held as f64 - sum).collect(),
            requests: vec![-1.0; self.requests.len()],
            worth: steps.wanted as f64 / unit,
            squares: if self.goal == Goal::Squares { 0.0 } else { over / self.scale() },
        };
        for (day, own) in steps.days.iter().enumerate() {
            let costs = own.iter().map(|step| (self.cost(steps, day, step), step));
            let Some((cost, step)) = costs.min_by(|one, other| one.0.total_cmp(&other.0)) else { continue };
            promised += cost;
            slopes.people.iter_mut().zip(&step.load).for_each(|(sum, count)| *sum += f64::from(*count));
            steps.requests(day, step).for_each(|request| slopes.requests[request] += 1.0);
            slopes.worth -= step.value as f64 / unit;
        }
        (promised, slopes)
    }

    /// The square of the length of a step, without what would only lower a price below nothing.
    pub fn length(&self, now: &Self) -> f64 {
        let open = |slope: f64, price: f64| if slope < 0.0 && price <= 0.0 { 0.0 } else { slope * slope };
        let requests = self.requests.iter().zip(&now.requests).map(|(slope, price)| open(*slope, *price));
        self.people.iter().map(|slope| slope * slope).sum::<f64>()
            + requests.sum::<f64>()
            + open(self.worth, now.worth)
            + open(self.squares, now.squares)
    }

    /// Moves the prices along their slopes.
    pub fn move_by(&mut self, slopes: &Self, stride: f64) {
        self.people.iter_mut().zip(&slopes.people).for_each(|(price, slope)| *price += stride * slope);
        let requests = self.requests.iter_mut().zip(&slopes.requests);
        requests.for_each(|(price, slope)| *price = (*price + stride * slope).max(0.0));
        self.worth = (self.worth + stride * slopes.worth).max(0.0);
        self.squares = (self.squares + stride * slopes.squares / self.scale()).max(0.0);
        if self.squares < LEAST {
            self.squares = 0.0;
        }
    }
}
