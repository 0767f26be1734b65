//! Who the city is: name, code, office and time zone.

use chrono_tz::Tz;
use serde::Deserialize;

use super::settings::{NAMES, Settings};

/// The city's own particulars, as `seeds/city.toml` states them.
#[derive(Clone, Debug, Deserialize)]
pub struct Profile {
    /// Full name, such as 対馬市.
    pub name: String,
    /// Reading in hiragana.
    pub kana: String,
    /// 全国地方公共団体コード, six digits with the check digit.
    pub code: String,
    /// Prefecture.
    pub prefecture: String,
    /// The zone in which every time is meant.
    pub zone: Tz,
    /// Fiscal year of the plan that codes such as 3-05 belong to unless another is named.
    pub plan_fiscal_year: i32,
    /// The name without 市, where it is not simply that.
    #[serde(default)]
    pub short: String,
    /// What the site is called.
    pub site_title: String,
    /// Codes of the plan's items that liaison meetings fulfil unless those who convene say otherwise.
    #[serde(default)]
    pub meeting_items: Vec<String>,
    /// Codes of the items that a session for an administrative district fulfils.
    #[serde(default)]
    pub district_items: Vec<String>,
    /// Codes of the items that a session for a group or another circle fulfils.
    #[serde(default)]
    pub circle_items: Vec<String>,
    /// Where to ask.
    pub office: Office,
}

/// The office that answers questions about the site.
#[derive(Clone, Debug, Deserialize)]
pub struct Office {
    /// Name of the office.
    pub name: String,
    /// The section in charge.
    pub section: String,
    /// Postal code, seven digits.
    pub postal: String,
    /// Address.
    pub address: String,
    /// Telephone.
    pub phone: String,
    /// Telefax.
    pub fax: String,
}

impl Profile {
    /// The profile that was built in.
    pub fn from_seed() -> Self {
        toml::from_str(include_str!("../../seeds/city.toml")).expect("seeds/city.toml is checked by the tests")
    }

    /// The same with the city's own names over those that were built in.
    pub fn with_own(mut self, settings: &Settings) -> Self {
        for name in NAMES {
            if let (Some(own), Some(text)) = (settings.own(name.key), self.text_mut(name.key)) {
                own.clone_into(text);
            }
        }
        self
    }

    /// The text under the key of a name.
    pub fn text(&self, key: &str) -> String {
        self.clone().text_mut(key).map(std::mem::take).unwrap_or_default()
    }

    fn text_mut(&mut self, key: &str) -> Option<&mut String> {
        Some(match key {
            "city.name" => &mut self.name,
            "city.kana" => &mut self.kana,
            "city.short" => &mut self.short,
            "site.title" => &mut self.site_title,
            "office.name" => &mut self.office.name,
            "office.section" => &mut self.office.section,
            "office.postal" => &mut self.office.postal,
            "office.address" => &mut self.office.address,
            "office.phone" => &mut self.office.phone,
            "office.fax" => &mut self.office.fax,
            _ => return None,
        })
    }

    /// Key of the plan that codes such as 3-05 belong to unless another is named.
    pub fn plan_key(&self) -> String {
        self.plan_fiscal_year.to_string()
    }

    /// The name without 市, as people type it.
    pub fn short_name(&self) -> &str {
        if !self.short.is_empty() {
            return &self.short;
        }
        self.name.strip_suffix('市').unwrap_or(&self.name)
    }

    /// The reading without し, as people type it.
    pub fn short_kana(&self) -> &str {
        self.kana.strip_suffix('し').unwrap_or(&self.kana)
    }
}

#[cfg(test)]
mod tests {
    use super::{NAMES, Profile};

    #[test]
    fn the_built_in_profile_can_be_read() {
        let profile = Profile::from_seed();
        assert_eq!(profile.code.len(), 6);
        assert!(profile.name.starts_with(profile.short_name()));
    }

    #[test]
    fn every_name_that_the_city_may_change_stands_in_the_profile() {
        let profile = Profile::from_seed();
        let empty: Vec<&str> = NAMES.iter().map(|name| name.key).filter(|key| profile.text(key).is_empty()).collect();
        assert_eq!(empty, ["city.short"]);
    }
}
