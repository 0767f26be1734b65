//! The plan as a file: the shape in which a plan comes in, goes out and is seeded.

use serde::{Deserialize, Serialize};

use super::item::Mark;

/// A whole plan as published.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Script {
    /// Key in addresses; the fiscal year where none is given.
    #[serde(default)]
    pub key: Option<String>,
    /// Fiscal year, by the year it begins in.
    pub fiscal_year: i32,
    /// Title.
    pub title: String,
    /// Subtitle.
    #[serde(default)]
    pub subtitle: String,
    /// Month of publication, such as 2009-04.
    #[serde(default)]
    pub published: String,
    /// Who published it.
    #[serde(default)]
    pub publisher: String,
    /// The number of groups the plan says are listed.
    #[serde(default)]
    pub recorded_groups: Option<i32>,
    /// Everything before the items.
    #[serde(flatten)]
    pub preface: Preface,
    /// The policies in order.
    pub policies: Vec<PolicyScript>,
}

/// What stands before the items: aims, story, stages.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Preface {
    /// Headed paragraphs.
    #[serde(default)]
    pub introduction: Vec<Paragraph>,
    /// Sentence before the aims.
    #[serde(default)]
    pub aims_lead: String,
    /// The aims.
    #[serde(default)]
    pub aims: Vec<String>,
    /// The story in four steps (起承転結).
    #[serde(default)]
    pub story: Vec<Step>,
    /// The process.
    #[serde(default)]
    pub process: Vec<String>,
    /// The stages of the plan.
    #[serde(default)]
    pub stages: Vec<Stage>,
}

/// A headed paragraph.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Paragraph {
    /// Heading.
    pub heading: String,
    /// Text.
    pub text: String,
}

/// A step of the story.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Step {
    /// 起, 承, 転 or 結.
    pub step: String,
    /// What happens in it.
    pub word: String,
}

/// A stage of the plan.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Stage {
    /// Number.
    pub number: i32,
    /// Name.
    pub label: String,
    /// Period as written.
    pub period: String,
    /// Fiscal year in which it begins.
    pub from_fiscal_year: i32,
}

/// A policy with its themes.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct PolicyScript {
    /// Number of the policy.
    pub number: i32,
    /// Title.
    pub title: String,
    /// The ■ headings.
    pub themes: Vec<ThemeScript>,
}

/// A theme with its items.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ThemeScript {
    /// Heading without the flag.
    pub heading: String,
    /// 新規 or 再掲, where written.
    #[serde(default)]
    pub flags: Vec<String>,
    /// The flag exactly as printed.
    #[serde(default)]
    pub flag_as_written: Option<String>,
    /// The items in order.
    pub items: Vec<ItemScript>,
}

/// An action item.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ItemScript {
    /// Policy and sequence, such as 3-05.
    pub code: String,
    /// Who leads.
    pub mark: Mark,
    /// Title.
    pub title: String,
    /// Text as published.
    pub content: String,
    /// Remarks within the text.
    #[serde(default)]
    pub notes: Vec<String>,
    /// How often, as written.
    #[serde(default)]
    pub cadence: Option<String>,
    /// 継続, where written.
    #[serde(default)]
    pub flags: Vec<String>,
    /// Departments as written.
    #[serde(default)]
    pub departments: Vec<String>,
    /// The item that is the same activity under another policy.
    #[serde(default)]
    pub same_activity_as: Option<String>,
}
