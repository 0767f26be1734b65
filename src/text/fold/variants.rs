//! Kanji that stand for one another in names of people and places, each with the form in usual print.
//!
//! Sources: the 康熙字典体 in brackets in 常用漢字表, the paired forms of 人名用漢字別表, the print forms of JIS X 0213, and the
//! place names of Tsushima (雞知, 鑓川, 桟原, 田渕). Pairs that are different names (坂 阪, 洲 州, 畑 畠) are kept apart.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The usual form of a kanji, or the character itself.
pub(super) fn usual_form(letter: char) -> char {
    if letter < FIRST_KANJI {
        return letter;
    }
    static FORMS: LazyLock<HashMap<char, char>> = LazyLock::new(|| pairs().collect());
    FORMS.get(&letter).copied().unwrap_or(letter)
}

const FIRST_KANJI: char = '\u{3400}';

/// Every unusual form with its usual one.
fn pairs() -> impl Iterator<Item = (char, char)> {
    let groups = USUAL_THEN_OTHERS.split_whitespace();
    groups.flat_map(|group| {
        let usual = group.chars().next().unwrap_or_default();
        group.chars().skip(1).map(move |other| (other, usual))
    })
}

const USUAL_THEN_OTHERS: &str = "
    亜亞 悪惡 圧壓 囲圍 医醫 為爲 壱壹 稲稻 隠隱 飲飮 鬱欝 栄榮 営營 衛衞 鋭銳 駅驛 悦悅 閲閱 円圓 園薗 塩鹽 縁緣
    艶艷 応應 欧歐 殴毆 桜櫻 奥奧 横橫 鴎鷗 黄黃 温溫 穏穩 仮假 価價 画畫 会會 絵繪 壊壞 懐懷 拡擴 殻殼 覚覺 学學斈
    岳嶽 楽樂 噛嚙 巻卷 陥陷 勧勸 寛寬 関關 歓歡 観觀 缶罐 雁鴈 巌巖 顔顏 喜㐂 気氣 帰歸 器噐 亀龜 偽僞 戯戲 犠犧
    吉𠮷 旧舊 拠據 挙擧舉 虚虛 峡峽 挟挾 狭狹 郷鄕 尭堯 暁曉 競竸 区區 駆驅駈 躯軀 勲勳 薫薰 桑桒 径徑 茎莖 恵惠
    渓溪 経經 蛍螢 軽輕 継繼 鶏雞鷄 頸頚 繋繫 芸藝 撃擊 県縣 倹儉 剣劍劔劒剱 険險 検檢 献獻 権權 顕顯 験驗 厳嚴 呉吳
    娯娛 広廣 恒恆 昂昻 晃晄 皐皋 効效 高髙 鉱鑛 鉤鈎 麹麴 号號 国國圀 黒黑 歳歲 済濟 砕碎 斉齊斎齋 剤劑 崎﨑嵜 桟棧
    参參 蚕蠶 産產 惨慘 賛贊 讃讚 残殘 糸絲 姉姊 歯齒 児兒 爾尓 辞辭 湿濕 実實 写寫 舎舍 釈釋 寿壽 収收 従從 渋澁澀
    獣獸 縦縱 粛肅 処處 緒緖 叙敍 将將 称稱 渉涉 焼燒 証證 奨奬 条條 状狀 乗乘 浄淨 剰剩 畳疊 縄繩 壌壤 嬢孃 穣穰
    譲讓 醸釀 触觸 嘱囑 真眞 晋晉 寝寢 慎愼 尽盡 図圖 粋粹 酔醉 穂穗 随隨 髄髓 枢樞 数數 瀬瀨 声聲 青靑 清淸 静靜
    税稅 窃竊 摂攝 専專 浅淺 戦戰 践踐 銭錢 潜潛濳 繊纖 禅禪 曽曾 双雙 壮壯 荘莊 捜搜 挿插 巣巢 痩瘦 装裝 総總 騒騷
    蔵藏 臓臟 属屬 続續 堕墮 対對 体體躰 帯帶 滞滯 台臺 滝瀧 択擇 沢澤 脱脫 担擔 単單 胆膽 団團 断斷 弾彈 遅遲 痴癡
    虫蟲 昼晝 鋳鑄 庁廳 聴聽 徴徵 鎮鎭 逓遞 鉄鐵銕 点點 転轉 伝傳 填塡 兎兔 灯燈 当當 党黨 盗盜 島嶋嶌 闘鬪鬭 涛濤
    祷禱 読讀 独獨 徳德 届屆 富冨 弐貳 脳腦 覇霸 拝拜 廃廢 売賣 麦麥 発發 髪髮 抜拔 蛮蠻 浜濱濵 繁緐 桧檜 姫姬 彦彥
    氷冰 瓶甁 賓賔 払拂 仏佛 併倂 並竝 餅餠 屏屛 辺邊邉 変變 弁辨瓣辯 歩步 宝寶寳 峰峯 豊豐 褒襃 没沒 枡桝 槙槇 毎每
    万萬 満滿 黙默 麺麵 弥彌 薮藪籔 訳譯 薬藥 柳栁桺 与與 余餘 誉譽 予豫 揺搖 様樣 謡謠 遥遙 瑶瑤 来來 頼賴 莱萊 乱亂
    覧覽 竜龍 両兩 猟獵 緑綠 涙淚 塁壘 礼禮 励勵 戻戾 霊靈 齢齡 暦曆 歴歷 恋戀 炉爐 労勞 郎郞 楼樓 録錄 湾灣 沖冲
    淵渕渊 槍鎗鑓 館舘 籠篭 禰祢 裏裡 竈竃 蠣蛎 鼠鼡 鼓皷 鶯鴬 鯵鰺 栃杤 梅楳 秋穐 松枩柗 箪簞 蝉蟬 焔焰 醤醬 靱靭
    頬頰 纏纒 庵菴 凛凜 涼凉 厩廐廏 肇肈 翻飜 聡聰 砺礪 蝋蠟 蒋蔣 芦蘆 萌萠 舗舖 勅敕
    間閒 村邨 野埜 船舩 昇曻 協恊 須湏 本夲 鶴靍靎鸖 橋槗 場塲 群羣
";

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use unicode_normalization::UnicodeNormalization;

    use super::*;

    #[test]
    fn every_unusual_form_leads_to_one_usual_form_that_stays() {
        let mut forms: BTreeMap<char, char> = BTreeMap::new();
        for (other, usual) in pairs() {
            assert_eq!(forms.insert(other, usual), None, "{other} stands in the table twice");
            assert_ne!(other, usual);
        }
        for (other, usual) in &forms {
            assert!(!forms.contains_key(usual), "{other} leads to {usual}, which is not the usual form");
            assert_eq!(other.nfkc().collect::<String>(), other.to_string(), "{other} never reaches this table");
            assert_eq!(usual.nfkc().collect::<String>(), usual.to_string());
        }
        assert!(forms.len() > 300, "{}", forms.len());
    }

    #[test]
    fn names_and_places_find_their_usual_form() {
        let of = |text: &str| text.chars().map(usual_form).collect::<String>();
        assert_eq!(of("雞知 鷄知 髙﨑 渡邉 渡邊 澤田 齋藤 齊藤 斎藤"), "鶏知 鶏知 高崎 渡辺 渡辺 沢田 斉藤 斉藤 斉藤");
        assert_eq!(
            of("嶋 嶌 冨浦 德 廣 國 龍 濱 濵 櫻 眞 瀨 舘 會 學 藝"),
            "島 島 富浦 徳 広 国 竜 浜 浜 桜 真 瀬 館 会 学 芸"
        );
        assert_eq!(of("圓 榮 當 峯 嶽 篭 鎗川 鑓川 田渕 棧原 𠮷田"), "円 栄 当 峰 岳 籠 槍川 槍川 田淵 桟原 吉田");
        assert_eq!(of("坂 阪 畑 畠 州 洲"), "坂 阪 畑 畠 州 洲", "different names stay apart");
    }
}
