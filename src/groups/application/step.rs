//! The steps of an application, each small enough for a telephone, and the fields of each.

/// A step of the way from the name of a group to its application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// What the group is called and what it is.
    Name,
    /// What it is for, what it does and where.
    Activity,
    /// Its members and how one joins.
    Members,
    /// Who answers for it, and how to reach it.
    Contacts,
    /// What the city asks of every group.
    Requirements,
    /// Everything once more, and the button.
    Confirm,
}

/// Who sees what is typed into a field once the group is in the register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// 公開: everybody.
    Public,
    /// 事務局のみ.
    Office,
    /// As the person behind it chose, contact by contact.
    Chosen,
    /// Nobody: it says something of another field.
    Never,
}

/// A field: its name in the form, what people call it, and who will see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Name in the form.
    pub name: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// Who will see it.
    pub shown: Shown,
}

const fn field(name: &'static str, label: &'static str, shown: Shown) -> Field {
    Field { name, label, shown }
}

use Shown::{Chosen, Never, Office, Public};

const NAME: [Field; 4] = [
    field("name", "団体名", Public),
    field("kana", "団体名のよみ", Public),
    field("kind", "団体の種類", Public),
    field("corporate_number", "法人番号", Public),
];
const ACTIVITY: [Field; 8] = [
    field("purpose", "活動の目的", Public),
    field("activities", "活動の内容", Public),
    field("fields", "活動の分野", Public),
    field("town", "拠点のある町", Public),
    field("towns", "活動する町", Public),
    field("places", "活動場所", Public),
    field("website", "ホームページ", Public),
    field("items", "関係する計画の項目", Public),
];
const MEMBERS: [Field; 6] = [
    field("founded", "設立", Public),
    field("members", "会員数", Public),
    field("members_on", "会員数を数えた日", Public),
    field("fee", "会費", Public),
    field("recruiting", "会員募集", Public),
    field("joining", "入会の条件", Public),
];
const CONTACTS: [Field; 15] = [
    field("representative_title", "代表者の役職名", Public),
    field("representative", "代表者の氏名", Chosen),
    field("publish_representative", "", Never),
    field("person", "担当者の氏名", Chosen),
    field("publish_person", "", Never),
    field("phone", "電話", Chosen),
    field("publish_phone", "", Never),
    field("fax", "FAX", Chosen),
    field("publish_fax", "", Never),
    field("mail", "メール", Chosen),
    field("publish_mail", "", Never),
    field("postal", "郵便番号", Chosen),
    field("address", "住所", Chosen),
    field("publish_address", "", Never),
    field("applicant", "申請する方のお名前", Office),
];
const REQUIREMENTS: [Field; 5] = [
    field("has_rules", "規約・会則", Office),
    field("grants", "助成の実績", Office),
    field("local", "市内で活動していること", Office),
    field("aims", "宗教・政治・営利が主な目的でないこと", Office),
    field("pledged", "暴力団と関わりがないことの誓約", Office),
];

impl Step {
    /// All steps in their order.
    pub const ALL: [Self; 6] =
        [Self::Name, Self::Activity, Self::Members, Self::Contacts, Self::Requirements, Self::Confirm];
    /// The steps in which something is typed about the group.
    pub const TYPED: [Self; 5] = [Self::Name, Self::Activity, Self::Members, Self::Contacts, Self::Requirements];

    /// Key in addresses and in the database.
    pub fn key(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Activity => "activity",
            Self::Members => "members",
            Self::Contacts => "contacts",
            Self::Requirements => "requirements",
            Self::Confirm => "confirm",
        }
    }

    /// The step under a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.key() == key)
    }

    /// What the step is about.
    pub fn label(self) -> &'static str {
        match self {
            Self::Name => "団体の名前",
            Self::Activity => "活動",
            Self::Members => "会員と設立",
            Self::Contacts => "代表者と連絡先",
            Self::Requirements => "登録の要件と誓約",
            Self::Confirm => "確認して申請",
        }
    }

    /// Its number, from 1.
    pub fn number(self) -> usize {
        1 + Self::ALL.iter().position(|step| *step == self).unwrap_or_default()
    }

    /// The step after it.
    pub fn next(self) -> Self {
        Self::ALL.get(self.number()).copied().unwrap_or(Self::Confirm)
    }

    /// The step before it.
    pub fn before(self) -> Self {
        Self::ALL[self.number().saturating_sub(2)]
    }

    /// The fields of the step, in the order of the form.
    pub fn fields(self) -> &'static [Field] {
        match self {
            Self::Name => &NAME,
            Self::Activity => &ACTIVITY,
            Self::Members => &MEMBERS,
            Self::Contacts => &CONTACTS,
            Self::Requirements => &REQUIREMENTS,
            Self::Confirm => &[],
        }
    }

    /// The step in which a field stands.
    pub fn of_field(name: &str) -> Option<Self> {
        Self::TYPED.into_iter().find(|step| step.fields().iter().any(|field| field.name == name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steps_lead_from_the_name_to_the_button_and_back() {
        assert_eq!(Step::Name.before(), Step::Name);
        assert_eq!(Step::Name.next(), Step::Activity);
        assert_eq!(Step::Confirm.next(), Step::Confirm);
        assert_eq!(Step::Confirm.before(), Step::Requirements);
        assert_eq!(Step::ALL.map(Step::number), [1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn no_two_fields_of_the_whole_form_share_a_name() {
        let names: Vec<&str> = Step::TYPED.iter().flat_map(|step| step.fields()).map(|field| field.name).collect();
        let once: std::collections::HashSet<&str> = names.iter().copied().collect();
        assert_eq!(names.len(), once.len());
    }
}
