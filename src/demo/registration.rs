//! Sample applications: one that waits, one that looks like a listed group, one sent back with a question, one half written.

use chrono::{DateTime, Duration, Utc};
use sea_orm::ConnectionTrait;

use crate::audit::{Actor, Channel};
use crate::city::City;
use crate::groups::application::{self, Desk, Step};

/// A sample application and what its group typed, step by step.
struct Sample {
    mail: &'static str,
    days: i64,
    steps: &'static [(Step, &'static [(&'static str, &'static str)])],
}

const WAITING: Sample = Sample {
    mail: "mihon71@example.jp",
    days: 6,
    steps: &[
        (Step::Name, &[("name", "見本 灯りの会"), ("kana", "あかりのかい"), ("kind", "voluntary")]),
        (
            Step::Activity,
            &[
                ("purpose", "港の夜を、歩いて楽しい場所にすることを目的としています。"),
                (
                    "activities",
                    "手づくりの灯りを港に並べる夕べを、年に二回開いています。準備は毎月の集まりで進めます。",
                ),
                ("fields", "machizukuri"),
                ("fields", "tourism"),
                ("town", "kamitsushima"),
                ("towns", "kamitsushima"),
                ("places", "比田勝の港のまわり"),
            ],
        ),
        (
            Step::Members,
            &[
                ("founded", "令和6年9月"),
                ("members", "18人"),
                ("members_on", "令和8年4月1日"),
                ("fee", "年額1,000円"),
                ("recruiting", "募集中"),
                ("joining", "どなたでも"),
            ],
        ),
        (
            Step::Contacts,
            &[
                ("representative_title", "代表"),
                ("representative", "見本 灯子"),
                ("publish_representative", "public"),
                ("phone", "0920-00-0071"),
                ("publish_phone", "office"),
                ("mail", "mihon71@example.jp"),
                ("publish_mail", "public"),
                ("applicant", "見本 灯子"),
            ],
        ),
        (Step::Requirements, &[("has_rules", "yes"), ("grants", ""), ("local", "1"), ("aims", "1"), ("pledged", "1")]),
    ],
};

/// Its name differs from a listed sample group by little.
const ALIKE: Sample = Sample {
    mail: "mihon72@example.jp",
    days: 3,
    steps: &[
        (Step::Name, &[("name", "見本 はまゆう手話クラブ"), ("kana", "はまゆうしゅわくらぶ"), ("kind", "voluntary")]),
        (
            Step::Activity,
            &[
                ("purpose", "手話を学ぶ仲間をつくることを目的としています。"),
                ("activities", "毎週木曜の夜に、手話を学んでいます。"),
                ("fields", "health_welfare"),
                ("town", "izuhara"),
                ("towns", "izuhara"),
            ],
        ),
        (Step::Members, &[("founded", "平成6年"), ("members", "21人")]),
        (
            Step::Contacts,
            &[
                ("representative", "見本 花代"),
                ("publish_representative", "office"),
                ("phone", "0920-00-0002"),
                ("publish_phone", "office"),
                ("applicant", "見本 花代"),
            ],
        ),
        (Step::Requirements, &[("has_rules", "yes"), ("local", "1"), ("aims", "1"), ("pledged", "1")]),
    ],
};

const ASKED: Sample = Sample {
    mail: "mihon73@example.jp",
    days: 12,
    steps: &[
        (Step::Name, &[("name", "見本 むかし話の会"), ("kana", "むかしばなしのかい"), ("kind", "voluntary")]),
        (
            Step::Activity,
            &[
                ("purpose", "島のむかし話を、子どもたちに伝えることを目的としています。"),
                ("activities", "むかし話を聞き書きし、読み聞かせをしています。"),
                ("fields", "social_education"),
                ("town", "mine"),
                ("towns", "mine"),
                ("towns", "kamiagata"),
            ],
        ),
        (Step::Members, &[("founded", "平成21年4月"), ("members", "9人"), ("recruiting", "募集中")]),
        (
            Step::Contacts,
            &[
                ("representative", "見本 語"),
                ("publish_representative", "public"),
                ("address", "長崎県対馬市峰町三根0番地73（見本）"),
                ("publish_address", "office"),
                ("applicant", "見本 語"),
            ],
        ),
        (Step::Requirements, &[("has_rules", "yes"), ("local", "1"), ("aims", "1"), ("pledged", "1")]),
    ],
};

const HALF: Sample = Sample {
    mail: "mihon74@example.jp",
    days: 1,
    steps: &[
        (Step::Name, &[("name", "見本 磯の子ども会"), ("kana", "いそのこどもかい"), ("kind", "children")]),
        (Step::Activity, &[("purpose", "磯あそびを通じて、")]),
    ],
};

/// Fills the desk with sample applications.
pub async fn fill(db: &impl ConnectionTrait, city: &City, now: DateTime<Utc>) -> anyhow::Result<()> {
    if application::waiting(db, 1).await?.0 > 0 {
        return Ok(());
    }
    for sample in [&WAITING, &ALIKE] {
        hand_in(db, sample, now).await?;
    }
    let asked = hand_in(db, &ASKED, now).await?;
    let actor = Actor::named("見本 職員");
    let desk = Desk { city, actor: &actor, now: now - Duration::days(10) };
    application::send_back(db, desk, &asked, "聞き書きの会には、市外の方も参加できますか。").await?;
    write(db, &HALF, now).await?;
    Ok(())
}

/// An application as its group typed it, with its address shown to be its own.
async fn write(
    db: &impl ConnectionTrait,
    sample: &Sample,
    now: DateTime<Utc>,
) -> anyhow::Result<application::Application> {
    let at = now - Duration::days(sample.days);
    let id = application::begin(db, sample.mail, (Channel::Screen, ""), at).await?;
    for (step, fields) in sample.steps {
        let values = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        application::keep_step(db, id, (*step, 0), values, at).await?;
    }
    let begun = find(db, id).await?;
    application::verify(db, &begun, at).await?;
    find(db, id).await
}

async fn hand_in(
    db: &impl ConnectionTrait,
    sample: &Sample,
    now: DateTime<Utc>,
) -> anyhow::Result<application::Application> {
    let written = write(db, sample, now).await?;
    application::submit(db, &written, (&[], ""), now - Duration::days(sample.days)).await?;
    application::tell_handed_in(db, &written, "", now - Duration::days(sample.days)).await?;
    find(db, written.id).await
}

async fn find(db: &impl ConnectionTrait, id: uuid::Uuid) -> anyhow::Result<application::Application> {
    application::find(db, id).await?.ok_or_else(|| anyhow::anyhow!("the sample application has gone"))
}
