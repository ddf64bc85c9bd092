"""The words dates are printed in: months, days of the week, units, half days, zones, and what stands around them."""

from __future__ import annotations

import re
from typing import Final

_MONTHS: Final = (
    "january jan januar jänner jän janvier janv enero ene gennaio gen janeiro januari january января янв "
    "января січня "
    "stycznia ledna január ocak tammikuuta januára มกราคม ม.ค. জানুয়ারি জানুয়ারী ιανουαρίου januar. tháng.1",
    "february feb februar feber février févr fév fevrier febrero febbraio febb fevereiro fev februari февраля фев "
    "лютого "
    "lutego února február şubat helmikuuta กุมภาพันธ์ ก.พ. ফেব্রুয়ারি ফেব্রুয়ারী φεβρουαρίου",
    "march mar märz mär mrz mars marzo março marco maart mrt марта мар березня marca března március mart maaliskuuta "
    "มีนาคม มี.ค. মার্চ μαρτίου",
    "april apr avril avr abril abr aprile aprilis апреля апр квітня kwietnia dubna április nisan huhtikuuta เมษายน "
    "เม.ย. "
    "এপ্রিল απριλίου",
    "may mai mayo maggio mag maio mei maj мая май травня maja května május mayıs toukokuuta พฤษภาคม พ.ค. মে μαΐου",
    "june jun juni juin junio giugno giu junho июня июн червня czerwca června június haziran kesäkuuta "
    "มิถุนายน มิ.ย. "
    "জুন ιουνίου",
    "july jul juli juillet juil julio luglio lug julho июля июл липня lipca července július temmuz "
    "heinäkuuta กรกฎาคม "
    "ก.ค. জুলাই ιουλίου",
    "august aug août aout agosto ago augustus augusti августа авг серпня sierpnia srpna augusztus ağustos elokuuta "
    "สิงหาคม ส.ค. আগস্ট αυγούστου",
    "september sept sep septembre septiembre setiembre settembre set setembro сентября сен сент вересня "
    "września září "
    "szeptember eylül syyskuuta กันยายน ก.ย. সেপ্টেম্বর σεπτεμβρίου",
    "october oct oktober okt octobre octubre ottobre ott outubro out октября окт жовтня października října október "
    "ekim "
    "lokakuuta ตุลาคม ต.ค. অক্টোবর οκτωβρίου",
    "november nov novembre noviembre novembro ноября ноя листопада listopada listopadu kasım marraskuuta พฤศจิกายน "
    "พ.ย. "
    "নভেম্বর νοεμβρίου",
    "december dec dezember dez décembre déc decembre diciembre dic dicembre dezembro desember декабря дек грудня "
    "grudnia "
    "prosince aralık joulukuuta ธันวาคม ธ.ค. ডিসেম্বর δεκεμβρίου",
)
MONTHS: Final = {word: number for number, words in enumerate(_MONTHS, start=1) for word in words.split()}

_WEEKDAYS_WORDS = """
    monday tuesday wednesday thursday friday saturday sunday mon tue tues wed weds thu thur thurs
    fri sat sun montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr
    sa so lundi mardi mercredi jeudi vendredi samedi dimanche lun mer jeu ven sam dim lunes martes
    miércoles jueves viernes sábado domingo mié jue vie sáb dom lunedì martedì mercoledì giovedì
    venerdì sabato domenica gio segunda terça quarta quinta sexta segunda-feira terça-feira
    quarta-feira quinta-feira sexta-feira maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
    ma wo vr za zo понедельник вторник среда четверг пятница суббота воскресенье 월요일 화요일 수요일 목요일 금요일
    토요일 일요일 월 화 수 목 금 토 일 月曜日 火曜日 水曜日 木曜日 金曜日
    土曜日 日曜日 月 火 水 木 金 土 日 星期一 星期二 星期三 星期四 星期五 星期六 星期日 星期天
    周一 周二 周三 周四 周五 周六 周日 måndag tisdag onsdag torsdag fredag lördag søndag lørdag mandag tirsdag
"""
WEEKDAYS: Final = frozenset(_WEEKDAYS_WORDS.split())

# What may stand around a date without changing it: how sites introduce it, and joints between its parts.
_FILLING_WORDS = """
    first published updated modified last aktualisiert stand posted date dated on at by am um le el
    il la las los del de den der the of a à às alle ore om kl o op dia día em den vom uhr published:
    original originally erstellt veröffentlicht erschienen publiziert publié publie publiée
    publicado publicada pubblicato geplaatst gepubliceerd опубликовано в г года klockan klokken time
    local 입력 작성 등록 기사입력 승인 公開 配信 掲載 发布 发表 發布 发布时间
    时间 時間 เมื่อ วันที่ เวลา น hrs hours hour h written
    submitted added created article story said says wrote geschrieben schrieb sagte comment
    kommentar commentaire comentario von par por from sagt writes dice dit
"""
FILLING: Final = frozenset(_FILLING_WORDS.split())

UNITS: Final = {
    word: seconds
    for seconds, words in {
        1: "s sec secs second seconds sekunde sekunden sek seconde secondes segundo segundos secondo "
        "secondi seconden "
        "секунд секунды секунду 초 秒 วินาที সেকেন্ড",
        60: "m min mins minute minutes minuten minuto "
        "minutos minuti minuut минут минуты минуту 분 分 分钟 分鐘 นาที মিনিট",
        3600: "h hr hrs hour hours std stunde stunden "
        "heure heures hora horas ora ore uur uren часов часа час 시간 時間 "
        "小时 小時 ชั่วโมง ঘণ্টা ঘন্টা",
        86400: "d day days tag tage tagen jour jours día dia días dias giorno giorni dag dagen дней дня "
        "день 일 日 天 วัน দিন",
    }.items()
    for word in words.split()
}
# Longer ones are known, to tell a date's form, but say too little to be a point in time.
_VAGUE_UNITS_WORDS = """
    week weeks wk wks month months mo mos year years yr yrs woche wochen monat monate monaten jahr
    jahre jahren semaine semaines mois an ans année semana semanas mes meses año años ano anos
    settimana settimane mese mesi anno anni maanden maand weken jaar недель неделю месяцев месяца
    месяц лет года год 주 개월 달 년 週間 か月 ヶ月 年 周 个月 個月
"""
VAGUE_UNITS: Final = tuple(_VAGUE_UNITS_WORDS.split())

PM: Final = frozenset(("pm", "오후", "午後", "下午", "晚上", "অপরাহ্ণ", "বিকাল"))
AM: Final = frozenset(("am", "오전", "午前", "上午", "凌晨", "早上", "পূর্বাহ্ণ", "সকাল"))

_TODAY_WORDS = """
    today heute aujourd'hui aujourd’hui hoy oggi hoje vandaag сегодня 오늘 今日 今天 วันนี้ আজ
"""
TODAY: Final = frozenset(_TODAY_WORDS.split())
_YESTERDAY_WORDS = """
    yesterday gestern hier ayer ieri ontem gisteren вчера 어제 昨日 昨天 เมื่อวาน গতকাল
"""
YESTERDAY: Final = frozenset(_YESTERDAY_WORDS.split())

ZONE_HOURS: Final = {
    "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "BST": 1, "WEST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2,
    "EET": 2, "EEST": 3, "MSK": 3, "SAST": 2, "JST": 9, "KST": 9, "HKT": 8, "SGT": 8, "PKT": 5, "NPT": 5.75,
    "AEST": 10, "AEDT": 11, "ACST": 9.5, "ACDT": 10.5, "AWST": 8, "NZST": 12, "NZDT": 13,
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
    "AKST": -9, "AKDT": -8, "HST": -10, "NST": -3.5, "NDT": -2.5, "BRT": -3, "ART": -3, "ICT": 7, "WIB": 7,
}  # fmt: skip
# Names that hold all year; the rules of the place say which offset a day has.
ZONE_PLACES: Final = {
    "ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles",
    "EASTERN": "America/New_York", "PACIFIC": "America/Los_Angeles", "MOUNTAIN": "America/Denver",
}  # fmt: skip


def any_of(words: object) -> str:
    """Return a pattern of any of the words, longer ones first."""
    assert hasattr(words, "__iter__")
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))
