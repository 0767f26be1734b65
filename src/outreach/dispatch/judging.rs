//! What a visit that staff put somewhere by hand breaks, and who could go instead.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::names::Called;
use super::situation::{Need, Situation};
use crate::city::City;
use crate::outreach::planner::{Breach, Placed, check_one};
use crate::outreach::rules::{Rules, minutes};

/// Somebody who could be sent, and what is in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The account.
    pub account_id: Uuid,
    /// Name.
    pub name: String,
    /// The town they set out from, and how far it is.
    pub from: String,
    /// What is in the way; empty for whoever could go.
    pub why: Vec<String>,
    /// How many sessions they have in that week.
    pub load: usize,
}

/// What a visit breaks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judged {
    /// Everybody, those who could go and have least first.
    pub candidates: Vec<Candidate>,
    /// What cannot be: nobody is at two places at once, and the way takes its time.
    pub impossible: Vec<String>,
    /// What stands against it, but may be done by whoever knows it.
    pub unusual: Vec<String>,
}

/// Judges a visit at a time with these people against everything that stands but for some sessions that are about to be moved.
pub async fn judge(
    db: &impl ConnectionTrait,
    (city, rules): (&City, Rules),
    need: &Need,
    (starts, people): (DateTime<Utc>, &[Uuid]),
    leaving_out: &[Uuid],
) -> Result<Judged, DbErr> {
    let local = starts.with_timezone(&city.profile.zone);
    let on = local.date_naive();
    let mut situation = Situation::read(db, (city, rules.clone()), (on, on), leaving_out).await?;
    let (Some(day), start) = (situation.day(on), minutes(local.time())) else { return Ok(Judged::default()) };
    let asked = situation.ask(db, need, (vec![(day, start)], Vec::new())).await?;
    let mut judged = Judged { candidates: candidates(&situation, asked, (day, start)), ..Judged::default() };
    let chosen: Vec<usize> = people.iter().filter_map(|id| situation.at(*id)).collect();
    if chosen.len() < people.len() {
        judged.unusual.push("派遣の予定が登録されていない職員がいます。".to_owned());
    }
    if let Err(refusal) = rules.judge_start(on, local.time(), i32::try_from(need.minutes).unwrap_or(i32::MAX)) {
        judged.unusual.push(refusal.to_string());
    }
    let placed = Placed { request: asked, day, start, people: chosen };
    let named = Called { situation: &situation, requests: &[], by_name: true };
    for breach in check_one(&situation.instance, &[placed], 0) {
        let told = breach.told(&named);
        match () {
            () if breach.is_note() => {}
            () if is_impossible(&breach) => judged.impossible.push(told),
            () => judged.unusual.push(told),
        }
    }
    Ok(judged)
}

/// Whether nobody could do it, whatever is allowed.
fn is_impossible(breach: &Breach) -> bool {
    use crate::outreach::planner::Hindrance::{After, Before};
    matches!(
        breach,
        Breach::Alone { hindrance: After { .. } | Before { .. }, .. } | Breach::Near { .. } | Breach::Twice { .. }
    )
}

fn candidates(situation: &Situation<'_>, asked: usize, (day, start): (usize, u32)) -> Vec<Candidate> {
    let named = Called { situation, requests: &[], by_name: true };
    let request = &situation.instance.requests[asked];
    let mut found: Vec<Candidate> = (0..situation.people.len())
        .map(|at| {
            let one = &situation.people[at];
            let alone = Placed { request: asked, day, start, people: vec![at] };
            let own = check_one(&situation.instance, &[alone], 0);
            let minutes = situation.instance.drive(situation.instance.people[at].base, request.place);
            Candidate {
                account_id: one.account_id,
                name: one.name.clone(),
                from: format!("{}から車で{minutes}分", situation.city.town_name(&one.base_town)),
                why: own
                    .iter()
                    .filter(|breach| matches!(breach, Breach::Alone { .. } | Breach::Day { .. } | Breach::Week { .. }))
                    .map(|breach| breach.told(&named))
                    .collect(),
                load: situation.instance.people[at].held.iter().filter(|held| held.day / 7 == day / 7).count(),
            }
        })
        .collect();
    found.sort_by_key(|one| (!one.why.is_empty(), one.load));
    found
}
