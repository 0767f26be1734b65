"""Writes the files that bin/bench feeds to the importers: generate.py FOLDER TODAY

Everything is invented (見本) and the same in every run on the same day.
  groups-*.csv       100,000 groups in the register's import layout
  events-*.csv       100,000 dated entries over five years, in the layout of the recommended open data set
  feed-*.ics         10, 100 and 1,000 entries of the coming year, for the feed
  components.ics     10,000 calendar components, a third of them recurring, over two years
"""

import csv
import random
import sys
from datetime import date, timedelta
from pathlib import Path

ROWS = 100_000
ROWS_IN_A_FILE = 10_000
FEED_SIZES = (10, 100, 1000)
COMPONENTS = 10_000

TOWNS = {
    "厳原町": ("いづはら", "今屋敷"),
    "美津島町": ("みつしま", "雞知"),
    "豊玉町": ("とよたま", "仁位"),
    "峰町": ("みね", "三根"),
    "上県町": ("かみあがた", "佐須奈"),
    "上対馬町": ("かみつしま", "比田勝"),
}
THEMES = [
    ("海岸清掃", "かいがんせいそう", "海の浜で流れ着いたごみを拾い、種類ごとに数えて記録しています。"),
    ("読み聞かせ", "よみきかせ", "図書室と学校で、月に二回の読み聞かせを続けています。"),
    ("神楽保存", "かぐらほぞん", "地区に伝わる神楽を、子どもからお年寄りまで一緒に稽古しています。"),
    ("健康体操", "けんこうたいそう", "公民館で週に一度、座ったままでもできる体操をしています。"),
    ("里山の道", "さとやまのみち", "古い山道の草を刈り、歩けるように直しています。"),
    ("見守り", "みまもり", "登下校の時間に、通学路で子どもたちを見守っています。"),
    ("山猫観察", "やまねこかんさつ", "ツシマヤマネコのくらす森を静かに歩き、痕跡を記録しています。"),
    ("韓国語", "かんこくご", "釜山から来る人を案内できるように、言葉と文化を学んでいます。"),
]
FIELDS = ["環境の保全を図る活動", "社会教育の推進を図る活動", "まちづくりの推進を図る活動", "子どもの健全育成を図る活動"]
FAMILIES = "青 赤 朝 石 磯 梅 浦 沖 風 潮 島 白 砂 空 竹 月 波 浜 春 光 星 松 緑 岬 港 森 夕 雪 若 渡".split()
FAMILY_READINGS = "あお あか あさ いし いそ うめ うら おき かぜ しお しま しろ すな そら たけ つき なみ はま はる ひかり ほし まつ みどり みさき みなと もり ゆう ゆき わか わたり".split()


def write_groups(folder, chance):
    for first in range(0, ROWS, ROWS_IN_A_FILE):
        path = folder / f"groups-{first // ROWS_IN_A_FILE:02}.csv"
        write_csv(path, (group(number, chance) for number in range(first, first + ROWS_IN_A_FILE)))


def group(number, chance):
    town, (town_reading, place) = chance.choice(list(TOWNS.items()))
    theme, theme_reading, work = chance.choice(THEMES)
    family = chance.randrange(len(FAMILIES))
    return {
        "登録番号": f"測定{number:06}",
        "団体名": f"見本 {FAMILIES[family]}{theme}の会{number}",
        "団体名ふりがな": f"{FAMILY_READINGS[family]}{theme_reading}のかい",
        "団体種別": "任意団体",
        "代表者氏名": f"見本 {FAMILIES[family]}子",
        "代表者氏名の公開": chance.choice(["公開", "事務局のみ"]),
        "電話": f"0920-00-{number % 10_000:04}",
        "電話の公開": chance.choice(["公開", "事務局のみ"]),
        "所在地": f"長崎県対馬市{town}{place}0番地{number}（見本）",
        "所在地の公開": "公開",
        "設立年月": f"{chance.randint(1970, 2025)}-{chance.randint(1, 12):02}",
        "会員数": chance.randint(3, 80),
        "活動分野": ";".join(chance.sample(FIELDS, chance.randint(1, 2))),
        "活動の目的": f"{town}の{theme}を通して、島のくらしを次の世代へ渡すことを目的としています。",
        "活動の内容": work + chance.choice(THEMES)[2] + f"よみは{town_reading}です。",
        "活動地域": town,
        "登録年月日": "2020-04-01",
        "状態": "公開",
    }


def write_events(folder, today, chance):
    for first in range(0, ROWS, ROWS_IN_A_FILE):
        path = folder / f"events-{first // ROWS_IN_A_FILE:02}.csv"
        write_csv(path, (event(number, today, chance) for number in range(first, first + ROWS_IN_A_FILE)))


def event(number, today, chance):
    town, (_, place) = chance.choice(list(TOWNS.items()))
    day = today + timedelta(days=chance.randrange(-913, 913))
    hour = chance.randint(8, 19)
    return {
        "NO": f"{number:010}",
        "イベント名": f"見本 {chance.choice(THEMES)[0]} 第{number}回",
        "イベント名_カナ": "ミホン",
        "開始日": day,
        "終了日": day,
        "開始時間": f"{hour:02}:00",
        "終了時間": f"{hour + 2:02}:00",
        "説明": chance.choice(THEMES)[2],
        "場所名称": f"見本 {place}公民館",
        "住所": f"長崎県対馬市{town}{place}0番地",
    }


def write_csv(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = None
        for row in rows:
            if writer is None:
                writer = csv.DictWriter(file, list(row))
                writer.writeheader()
            writer.writerow(row)


def write_feeds(folder, today, chance):
    for size in FEED_SIZES:
        events = [component(number, today + timedelta(days=1 + chance.randrange(360)), "", chance) for number in range(size)]
        write_calendar(folder / f"feed-{size}.ics", events)


def write_components(folder, today, chance):
    first = date(today.year, 4, 1)
    rules = [
        "RRULE:FREQ=WEEKLY;COUNT=20",
        "RRULE:FREQ=WEEKLY;BYDAY=TU,TH;UNTIL={until}",
        "RRULE:FREQ=MONTHLY;BYDAY=2WE",
        "RRULE:FREQ=MONTHLY;BYMONTHDAY=-1",
        "RRULE:FREQ=DAILY;INTERVAL=3;COUNT=60",
    ]
    until = (first + timedelta(days=600)).strftime("%Y%m%dT000000Z")
    events = []
    for number in range(COMPONENTS):
        rule = rules[number // 3 % len(rules)].format(until=until) if number % 3 == 0 else ""
        events.append(component(number, first + timedelta(days=chance.randrange(300)), rule, chance))
    write_calendar(folder / "components.ics", events)


def component(number, day, rule, chance):
    town, (_, place) = chance.choice(list(TOWNS.items()))
    theme, _, work = chance.choice(THEMES)
    hour = chance.randint(8, 19)
    lines = [
        "BEGIN:VEVENT",
        f"UID:mihon-{number}@example.jp",
        "DTSTAMP:20260401T000000Z",
        "LAST-MODIFIED:20260401T000000Z",
        "SEQUENCE:0",
        f"DTSTART;TZID=Asia/Tokyo:{day:%Y%m%d}T{hour:02}0000",
        f"DTEND;TZID=Asia/Tokyo:{day:%Y%m%d}T{hour + 2:02}0000",
        f"SUMMARY:見本 {theme} 第{number}回",
        f"DESCRIPTION:{work}\\nどなたでもお越しください。",
        f"LOCATION:見本 {town}{place}公民館",
        "END:VEVENT",
    ]
    if rule:
        lines.insert(-1, rule)
    return lines


def write_calendar(path, events):
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Mihon//Measure//JA", *TOKYO]
    lines = [line for part in (head, *events, ["END:VCALENDAR"]) for line in part]
    path.write_bytes(b"".join(folded(line) for line in lines))


TOKYO = """BEGIN:VTIMEZONE
TZID:Asia/Tokyo
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:+0900
TZOFFSETTO:+0900
TZNAME:JST
END:STANDARD
END:VTIMEZONE""".split("\n")


def folded(line):
    """RFC 5545 §3.1, between characters."""
    parts, part = [], b""
    for character in line:
        octets = character.encode()
        if len(part) + len(octets) > 75:
            parts.append(part)
            part = b" "
        part += octets
    return b"\r\n".join([*parts, part]) + b"\r\n"


def main(folder, today):
    folder, today = Path(folder), date.fromisoformat(today)
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(20260401)
    write_groups(folder, chance)
    write_events(folder, today, chance)
    write_feeds(folder, today, chance)
    write_components(folder, today, chance)


if __name__ == "__main__":
    main(*sys.argv[1:])
