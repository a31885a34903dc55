"""Words of dates in the languages of the news: months, weekdays, what stands before a clock time, zones. Data only."""

from typing import Final

_MONTHS_BY_LANGUAGE: Final = {
    "en": "january february march april may june july august september october november december",
    "en short": "jan feb mar apr may jun jul aug sep oct nov dec",
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "de short": "jän feb mär apr mai jun jul aug sept okt nov dez",
    "de at": "jänner feber mrz apr mai juni juli august september oktober november dezember",
    "de plain": "januar februar maerz april mai juni juli august september oktober november dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "fr short": "janv févr mars avr mai juin juil aout sept oct nov déc",
    "fr plain": "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "es short": "ene feb mar abr may jun jul ago sept oct nov dic",
    "es other": "ene febr mzo abr may jun jul agto setiembre oct nov dic",
    "ca": "gener febrer març abril maig juny juliol agost setembre octubre novembre desembre",
    "gl": "xaneiro febreiro marzo abril maio xuño xullo agosto setembro outubro novembro decembro",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "it short": "gen feb mar apr mag giu lug ago set ott nov dic",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "pt short": "jan fev mar abr mai jun jul ago set out nov dez",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "nl short": "jan febr mrt apr mei jun jul aug sep okt nov dec",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "pl short": "sty lut mar kwi maj cze lip sie wrz paź lis gru",
    "pl nominative": "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień",
    "cs": "ledna února března dubna května června července srpna září října listopadu prosince",
    "cs nominative": "leden únor březen duben květen červen červenec srpen září říjen listopad prosinec",
    "sk": "januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra",
    "sk nominative": "január február marec apríl máj jún júl august september október november december",
    "hu": "január február március április május június július augusztus szeptember október november december",
    "hu short": "jan febr márc ápr máj jún júl aug szept okt nov dec",
    "ro": "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    "ro short": "ian feb mar apr mai iun iul aug sept oct noi dec",
    "sl": "januarja februarja marca aprila maja junija julija avgusta septembra oktobra novembra decembra",
    "sr": "januar februar mart april maj jun jul avgust septembar oktobar novembar decembar",
    "hr": "siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna listopada studenoga prosinca",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "da": "januar februar marts april maj juni juli august september oktober november december",
    "no": "januar februar mars april mai juni juli august september oktober november desember",
    "no short": "jan feb mar apr mai jun jul aug sep okt nov des",
    "is": "janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember",
    "fi": "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta"
    " heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta",
    "fi nominative": "tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu"
    " heinäkuu elokuu syyskuu lokakuu marraskuu joulukuu",
    "et": "jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember",
    "lv": "janvāris februāris marts aprīlis maijs jūnijs jūlijs augusts septembris oktobris novembris decembris",
    "lt": "sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio gruodžio",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "ru nominative": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "ru short": "янв фев мар апр мая июн июл авг сен окт ноя дек",
    "ru other": "янв февр мар апр мая июн июл авг сент окт нояб дек",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "bg": "януари февруари март април май юни юли август септември октомври ноември декември",
    "sr cyrillic": "јануар фебруар март април мај јун јул август септембар октобар новембар децембар",
    "el": "ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου"
    " ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου νοεμβρίου δεκεμβρίου",
    "el short": "ιαν φεβ μαρ απρ μαϊ ιουν ιουλ αυγ σεπ οκτ νοε δεκ",
    "tr": "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "tr short": "oca şub mar nis may haz tem ağu eyl eki kas ara",
    "az": "yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr",
    "id": "januari februari maret april mei juni juli agustus september oktober november desember",
    "id short": "jan feb mar apr mei jun jul agt sep okt nov des",
    "ms": "januari februari mac april mei jun julai ogos september oktober november disember",
    "tl": "enero pebrero marso abril mayo hunyo hulyo agosto setyembre oktubre nobyembre disyembre",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "he": "בינואר בפברואר במרץ באפריל במאי ביוני ביולי באוגוסט בספטמבר באוקטובר בנובמבר בדצמבר",
    "hi": "जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर",
}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _month_table() -> dict[str, int]:
    table: dict[str, int] = {}
    for names in _MONTHS_BY_LANGUAGE.values():
        for number, name in enumerate(names.split(), start=1):
            table.setdefault(name.casefold(), number)
    return table


MONTHS: Final = _month_table()
"""Month name or its abbreviation without the point, case folded -> 1..12. Where two languages give one word to two
months (Croatian and Polish listopada), the one named first here has it."""

BETWEEN: Final = _words(
    # weekdays never change what a date says, so those that stand between date and clock are passed over
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun"
    " montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so"
    " lundi mardi mercredi jeudi vendredi samedi dimanche lun mar mer jeu ven sam dim"
    " lunes martes miércoles jueves viernes sábado domingo mié jue vie sáb dom"
    " lunedì martedì mercoledì giovedì venerdì sabato domenica gio sab"
    " segunda terça quarta quinta sexta feira maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"
    " poniedziałek wtorek środa czwartek piątek sobota niedziela"
    " понедельник вторник среда четверг пятница суббота воскресенье пн вт ср чт пт сб вс"
    " måndag tisdag onsdag torsdag fredag lördag söndag mandag tirsdag lørdag søndag"
    " maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai"
    " pazartesi salı çarşamba perşembe cuma cumartesi pazar"
    # what leads up to a clock time
    " at on um à a as às las la ore alle kl klo ob om o od godz godzina godz. в о об u ve saat pukul jam lúc ora orele"
    " os from de h hs hrs uhr time г года р року"
)

MERIDIEM: Final = {
    "am": 0,
    "pm": 12,
    "凌晨": 0,
    "早上": 0,
    "早晨": 0,
    "清晨": 0,
    "上午": 0,
    "午前": 0,
    "오전": 0,
    "中午": 12,
    "下午": 12,
    "午后": 12,
    "午後": 12,
    "傍晚": 12,
    "晚上": 12,
    "晚间": 12,
    "晚間": 12,
    "深夜": 12,
    "오후": 12,
}
"""Half of the day -> what it adds to an hour below 12."""

ZONES: Final = {
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
    "EASTERN": "America/New_York",
    "CENTRAL": "America/Chicago",
    "MOUNTAIN": "America/Denver",
    "PACIFIC": "America/Los_Angeles",
    "BEIJING": "Asia/Shanghai",
    "LONDON": "Europe/London",
    "TOKYO": "Asia/Tokyo",
    "北京时间": "Asia/Shanghai",
    "北京時間": "Asia/Shanghai",
    "台北時間": "Asia/Taipei",
    "香港時間": "Asia/Hong_Kong",
    "香港时间": "Asia/Hong_Kong",
    "日本時間": "Asia/Tokyo",
    "格林尼治标准时间": "UTC",
    "格林尼治时间": "UTC",
    "格林威治標準時間": "UTC",
    "格林威治時間": "UTC",
}
"""Zone word, in upper case -> IANA name."""

OFFSETS: Final = {
    "Z": 0,
    "UTC": 0,
    "GMT": 0,
    "WET": 0,
    "WEST": 60,
    "BST": 60,
    "CET": 60,
    "MEZ": 60,
    "CEST": 120,
    "MESZ": 120,
    "EET": 120,
    "EEST": 180,
    "MSK": 180,
    "МСК": 180,
    "TRT": 180,
    "SAST": 120,
    "CAT": 120,
    "WAT": 60,
    "EAT": 180,
    "GST": 240,
    "PKT": 300,
    "IST": 330,
    "NPT": 345,
    "BDT": 360,
    "ICT": 420,
    "WIB": 420,
    "WITA": 480,
    "WIT": 540,
    "HKT": 480,
    "SGT": 480,
    "MYT": 480,
    "PHT": 480,
    "AWST": 480,
    "CST": -360,
    "JST": 540,
    "KST": 540,
    "ACST": 570,
    "ACDT": 630,
    "AEST": 600,
    "AEDT": 660,
    "NZST": 720,
    "NZDT": 780,
    "NST": -210,
    "NDT": -150,
    "AST": -240,
    "ADT": -180,
    "EST": -300,
    "EDT": -240,
    "CDT": -300,
    "MST": -420,
    "MDT": -360,
    "PST": -480,
    "PDT": -420,
    "AKST": -540,
    "AKDT": -480,
    "HST": -600,
    "BRT": -180,
    "ART": -180,
}
"""Zone letters -> minutes east of UTC. CST is Chinese where the page or its site is."""

_UNITS: Final = {
    1: "秒 秒钟 秒鐘 second seconds sec secs s sekunde sekunden seconde secondes segundo segundos",
    60: "分 分钟 分鐘 分間 minute minutes min mins m minuten minuto minutos minuti минут минуты минуту minut minuty"
    " minutter minuter dakika 분",
    3600: "小时 小時 个小时 個小時 时 時間 hour hours hr hrs h stunde stunden std heure heures hora horas ora ore uur"
    " uren час часа часов godz godzin godziny timer timmar saat 시간",
    86400: "天 日 day days d tag tage tagen jour jours día días dia dias giorno giorni dag dagen dagar dage день дня"
    " дней dni dzień gün 일",
    604800: "周 週 星期 个星期 week weeks w woche wochen semaine semaines semana semanas 주",
    2592000: "个月 個月 月 month months monat monaten mois mes meses",
    31536000: "年 year years jahr jahren an ans año años",
}

AGO: Final = {word: seconds for seconds, words in _UNITS.items() for word in words.split()}
"""Unit of a distance in time -> seconds."""

NEAR_DAYS: Final = {
    "今天": 0,
    "今日": 0,
    "昨天": 1,
    "昨日": 1,
    "前天": 2,
    "today": 0,
    "yesterday": 1,
    "heute": 0,
    "gestern": 1,
    "vorgestern": 2,
    "aujourd'hui": 0,
    "aujourd’hui": 0,
    "hier": 1,
    "hoy": 0,
    "ayer": 1,
    "oggi": 0,
    "ieri": 1,
    "hoje": 0,
    "ontem": 1,
    "vandaag": 0,
    "gisteren": 1,
    "dzisiaj": 0,
    "dziś": 0,
    "wczoraj": 1,
    "сегодня": 0,
    "вчера": 1,
    "i dag": 0,
    "idag": 0,
    "i går": 1,
    "igår": 1,
    "tänään": 0,
    "eilen": 1,
    "bugün": 0,
    "dün": 1,
    "어제": 1,
    "오늘": 0,
}
"""Word for a day near the fetch -> how many days before it."""

EDITED: Final = (
    "updated modified edited aktualisiert geändert bearbeitet actualisé modifié jour actualizado actualizada modificado"
    " aggiornato modifica atualizado atualizada bijgewerkt gewijzigd uppdaterad oppdatert opdateret päivitetty"
    " aktualizacja обновлено изменено оновлено güncelleme 更新 修改 最終更新 수정"
)
PUBLISHED: Final = (
    "published posted created veröffentlicht erstellt publié publiée publicado publicada pubblicato gepubliceerd"
    " publicerad publisert udgivet julkaistu opublikowano опубликовано опубліковано yayınlanma 发布 發布 发表 發表 刊登"
    " 公開 입력 등록"
)
"""What stands before the time of the last edit, and of publication."""
