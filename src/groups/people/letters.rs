//! The letters about the people of a group: one function each.

use crate::accounts;
use crate::city::City;
use crate::mail::{Letter, Place, Recipient, Unfilled, Wording};

macro_rules! wording {
    ($name:ident, $key:literal, $title:literal, [$($place:literal => $example:literal),* $(,)?]) => {
        #[doc = concat!("The wording of: ", $title, ".")]
        pub(super) const $name: Wording = Wording {
            key: concat!("groups.", $key),
            title: $title,
            text: include_str!(concat!("../../../templates/groups/mail/", $key, ".txt")),
            places: &[$(Place { name: $place, example: $example }),*],
        };
    };
}

wording!(INVITATION, "invitation", "担当者への招待", [
    "団体名" => "見本 海の会", "宛名" => "見本 花子", "招待した方" => "見本 太郎", "期限" => "令和8年12月7日(月)",
]);
wording!(ACCEPTED, "invitation_accepted", "招待を引き受けたお知らせ", [
    "団体名" => "見本 海の会", "宛名" => "見本 太郎", "招待された方" => "見本 花子", "アドレス" => "https://kyodo.example.jp/me",
]);
wording!(DECLINED, "invitation_declined", "招待を断られたお知らせ", [
    "団体名" => "見本 海の会", "宛名" => "見本 太郎", "招待された方" => "見本 花子", "アドレス" => "https://kyodo.example.jp/me",
]);
wording!(LEFT, "left", "担当者が抜けたお知らせ", [
    "団体名" => "見本 海の会", "宛名" => "見本 太郎", "抜けた方" => "見本 花子", "アドレス" => "https://kyodo.example.jp/me",
]);
wording!(REMOVED, "removed", "担当から外したお知らせ", [
    "団体名" => "見本 海の会", "宛名" => "見本 花子", "外した方" => "見本 太郎", "理由" => "役員の交代",
]);
wording!(ADDED, "added", "事務局が担当者にしたお知らせ", [
    "団体名" => "見本 海の会", "宛名" => "見本 花子", "受けた方法" => "電話", "役割" => "担当者",
    "アドレス" => "https://kyodo.example.jp/sign-in",
]);
wording!(HANDOVER, "handover", "代表者の引継ぎのお願い", [
    "団体名" => "見本 海の会", "宛名" => "見本 花子", "いまの代表者" => "見本 太郎", "期限" => "令和8年12月7日(月)",
]);
wording!(HANDOVER_DONE, "handover_done", "代表者が交代したお知らせ", [
    "団体名" => "見本 海の会", "宛名" => "見本 太郎", "新しい代表者" => "見本 花子",
    "これから" => "あなたは、これからは担当者として、団体のページを直せます。",
]);
wording!(HANDOVER_DECLINED, "handover_declined", "代表者の引継ぎを断られたお知らせ", [
    "団体名" => "見本 海の会", "宛名" => "見本 太郎", "指名された方" => "見本 花子", "アドレス" => "https://kyodo.example.jp/me",
]);
wording!(FORCED_OLD, "handover_forced_old", "事務局が代表者を変えたお知らせ（前の代表者へ）", [
    "団体名" => "見本 海の会", "宛名" => "見本 太郎", "新しい代表者" => "見本 花子", "受けた方法" => "郵送", "理由" => "総会の議決",
]);
wording!(FORCED_NEW, "handover_forced_new", "事務局が代表者を変えたお知らせ（新しい代表者へ）", [
    "団体名" => "見本 海の会", "宛名" => "見本 花子", "受けた方法" => "郵送", "理由" => "総会の議決",
    "アドレス" => "https://kyodo.example.jp/sign-in",
]);
wording!(CLAIM_VERIFY, "claim_verify", "受取りのメールアドレスの確認", [
    "団体名" => "見本 海の会", "宛名" => "見本 花子", "期限" => "令和8年12月7日(月)",
]);
wording!(CLAIM_CONFIRMED, "claim_confirmed", "受取りの承認のお知らせ", [
    "団体名" => "見本 海の会", "宛名" => "見本 花子", "役割" => "代表者", "アドレス" => "https://kyodo.example.jp/sign-in",
]);
wording!(CLAIM_REFUSED, "claim_refused", "受取りをお受けできないお知らせ", [
    "団体名" => "見本 海の会", "宛名" => "見本 花子", "理由" => "団体に確かめられなかったため",
]);
wording!(CLAIM_TOLD, "claim_told", "受取りを届出のメールへ知らせる手紙", [
    "団体名" => "見本 海の会", "受け取った方" => "見本 花子", "役割" => "代表者",
]);

/// Every wording about the people of a group, in the order of the settings page.
pub const WORDINGS: &[&Wording] = &[
    &INVITATION,
    &ACCEPTED,
    &DECLINED,
    &LEFT,
    &REMOVED,
    &ADDED,
    &HANDOVER,
    &HANDOVER_DONE,
    &HANDOVER_DECLINED,
    &FORCED_OLD,
    &FORCED_NEW,
    &CLAIM_VERIFY,
    &CLAIM_CONFIRMED,
    &CLAIM_REFUSED,
    &CLAIM_TOLD,
];

/// Who writes and about what: the city with its own wordings, the address of the site, the group.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    /// The city.
    pub city: &'a City,
    /// Address of the site.
    pub base_url: &'a str,
    /// The group.
    pub group: (uuid::Uuid, &'a str),
}

impl Desk<'_> {
    /// The whole address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base_url)
    }

    /// A letter to one person; the group and the addressee are always known to its wording.
    pub(super) fn write(
        &self,
        wording: &Wording,
        (mail, name): (&str, &str),
        values: &[(&str, &str)],
    ) -> Result<Letter, Unfilled> {
        let (group_id, group_name) = self.group;
        let addressed = if name.is_empty() { mail } else { name };
        let mut all = vec![("団体名", group_name), ("宛名", addressed)];
        all.extend_from_slice(values);
        let to = Recipient { mail: mail.to_owned(), name: name.to_owned() };
        Ok(Letter::new(wording.key, to, wording.fill(&self.city.settings, &all)?).about(group_id))
    }

    /// A letter that says where one signs in.
    pub(super) fn welcome(
        &self,
        wording: &Wording,
        to: (&str, &str),
        values: &[(&str, &str)],
    ) -> Result<Letter, Unfilled> {
        let address = self.url(accounts::SIGN_IN);
        self.write(wording, to, &[values, &[("アドレス", &address)]].concat())
    }

    /// A letter that says where the people of the group are listed.
    pub(super) fn about_people(
        &self,
        wording: &Wording,
        to: (&str, &str),
        values: &[(&str, &str)],
    ) -> Result<Letter, Unfilled> {
        let address = self.url(&super::path(self.group.0));
        self.write(wording, to, &[values, &[("アドレス", &address)]].concat())
    }
}
