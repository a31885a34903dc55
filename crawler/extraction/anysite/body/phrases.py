"""Whole lines that stand in an article's container and are not of the article, in the languages of the news.

A form is matched against a whole block, or the start of a short one: never a word inside a sentence. PROMPT and
CREDIT_INSIDE are looked for inside a line, and only where its place, its links or its signs already speak against it.
All but CREDIT_INSIDE are matched against text in lower case: to ignore case costs Python's engine ten times the time.
"""

import re

FOREIGN_HEADING = re.compile(
    r"\W*(?:(?:相关(?!词|单词|表达|用语|句型)|推荐|延伸|热门|热点|精彩|更多|最新|猜你|为您|为你|编辑推荐|往期|扩展|网友|今日)(?:阅读|新闻"
    r"|报道|文章|推荐|资讯|内容|链接|喜欢|专题|话题|视频|排行|评论"
    r"|热点)?.{0,6}"
    r"|(?:related|recommended|read (?:more|also|next)|more (?:on|from|about|stories|news|in|like|articles|coverage"
    r"|to read|\w+ advice)|also (?:read|on|in)"
    r"|you (?:may|might)|see also|don['’]t miss|most (?:read|popular|viewed|shared)|popular|trending|latest"
    r"|top stories|editor['’]?s? (?:picks?|choice)"
    r"|what to read|up next|keep reading|further reading|sign up|subscribe|newsletter|follow us|share (?:this|on"
    r"|your)|comments?\b|leave a (?:reply|comment)"
    r"|about the authors?|about the writer|join the|tags?\b|topics?\b|filed under|our standards|advertisement"
    r"|explore more|contributors?$"
    r"|lesen sie (?:auch|mehr)|mehr zum thema|mehr (?:zu|aus|von|über)|das könnte|auch interessant|schlagwörter"
    r"|weitere (?:informationen|themen|artikel|nachrichten|meldungen)|zum thema"
    r"|dieses thema im programm|lees (?:ook|meer)|lire aussi|à lire|sur le même|en lien|voir aussi|dans la même"
    r"|les plus lus"
    r"|te puede|lea también|lee también|ver también|relacionad|más (?:noticias|sobre|en|leíd)"
    r"|noticias relacionadas|leia (?:também|mais)|veja (?:também|mais)|saiba mais"
    r"|mais (?:sobre|lidas)|leggi anche|potrebbe|ti potrebbe|czytaj (?:też|także|więcej)|zobacz (?:też|także)"
    r"|polecane|läs (?:också|mer)|les også|læs også|lue myös"
    r"|читайте|по теме|читать также|также|關聯|相關|延伸|推薦|関連|おすすめ|あわせて読みたい|인기|관련|baca juga"
    r"|simak juga|ilgili|اقرأ أيضا"
    r"|यह भी पढ़ें)[^.。!?！？]{0,80})[:：\s]*",
)
READ_ALSO = re.compile(
    r"\W*(?:read (?:more|also|next|the full)|also read|see also|related\b|recommended\b|more:|must read"
    r"|watch(?: now| more)?:|listen(?: now)?:|click here|lesen sie|lees (?:ook|meer)"
    r"|mehr (?:zum|dazu|lesen)|auch interessant|lire aussi|à lire|lire :|voir aussi|lea también|lee también"
    r"|te puede|ver también|le puede|leia (?:também|mais)|veja (?:também|mais)|saiba mais"
    r"|leggi anche|czytaj (?:też|także|więcej)|zobacz (?:też|także)|läs (?:också|mer|även)|les (?:også|mer)"
    r"|læs (?:også|mere)|lue (?:myös|lisää)|читайте|читать|baca juga|simak juga"
    r"|>{2,}|▶|►|→|»|相关(?:阅读|新闻|报道|链接)|延伸阅读|推荐阅读|更多精彩|点击(?:查看|进入|阅读)|相關(?:閱讀"
    r"|新聞|報導)|延伸閱讀|अये|यह भी पढ़ें"
    r"|ये भी पढ़ें|اقرأ أيضا)",
)
LABEL = re.compile(
    r"\W*(?:advertisement|advertising|ad|ads|sponsored(?: content)?|promoted|(?:story|article) continues (?:below"
    r"|after)(?: this)?(?: the)?(?: ad(?:vertisement)?)?|continue reading(?: below)?|continues below"
    r"|scroll to continue(?: with content)?|anzeige|werbung|publicité|publicidad|publicidade|pubblicità|reklama"
    r"|reklame|mainos|annons|advertentie|реклама|広告|广告|廣告|광고|iklan"
    r"|skip (?:to|advertisement|ad).{0,40}|loading\.*|play video|show caption|hide caption|view (?:gallery"
    r"|comments|image)|image|photo|video|audio|enlarge(?: (?:image|this image))?|toggle caption|close|expand"
    r"|copy link|link copied"
    r"|listen(?: to (?:this )?article)?|listen now|vorlesen|druckansicht|in pocket speichern"
    r"|konten disembunyikan.{0,60}|muat ulang.{0,60}|\(?جاری ہے\)?|播报文章|打开app|收藏|举报|分享|微信|微博|点赞"
    r"|(?:内容)?(?:摘要|提要)|核心提示"
    r"|朗读|字号.{0,8}"
    r"|go to the video|jump to.{0,30}|back to top|read (?:more|on)|show (?:more|less)|see more|learn more|more"
    r"|save|share|gift(?: this article)?|print|email|facebook|twitter|x|whatsapp|linkedin|reddit|pinterest|copy"
    r"|bookmark|flipboard"
    r"|pocket|telegram|tumblr|messenger|viber|link|e-mail|mail|teilen|merken|drucken|partager|compartir"
    r"|compartilhar|condividi|udostępnij|dela|del|jaa|शेयर|कॉपी लिंक|comments?|follow|tweet|pin|post|threads"
    r"|bluesky|mastodon|line|hatena)\W*",
)
META_LINE = re.compile(
    r"\W*(?:(?:by|von|par|por|di|door|av|af|oleh|автор|text|texte|texto)[:\s]+\S.{0,80}"
    r"|(?:published|updated|posted|last (?:updated|modified)|created|stand|veröffentlicht|aktualisiert|publié"
    r"|mis à jour|publicado|actualizado|atualizado|pubblicato|aggiornato|gepubliceerd|opublikowano|aktualizacja"
    r"|publicerad|uppdaterad)\b.{0,90}"
    r"|(?:reading time|lesezeit|lesedauer|temps de lecture|tiempo de lectura)\W.{0,30}"
    r"|\d{1,3}[\s-]?(?:min(?:ute)?s?|minuten)(?:\s(?:read|to read|lesezeit|lecture|de lecture|de lectura"
    r"|leestijd|czytania))?\W{0,2}"
    r"|(?:发布|发表|更新|时间|日期|来源|作者|记者|编辑|责编|文|阅读|浏览|点击|评论)[^。！？]{0,40}"
    r"|.{0,40}\d+\s?(?:views|comments|shares|reads"
    r"|minutes? ago|hours? ago|days? ago))\W*",
)
PROMPT = re.compile(
    r"newsletter|sign(?:ing)?[ -]?up|subscrib|download (?:the|our) .{0,30}app\b|follow (?:us|our|\w+ on)"
    r"|join (?:our|us|the conversation|the debate|thousands)|whatsapp[- ](?:kanal|channel|canal)|google news"
    r"|telegram[- ](?:kanal|channel|canal)"
    r"|your inbox|click here to|support (?:our|us|the)|become a (?:member"
    r"|supporter|subscriber)|make a donation|donate|we may (?:earn|receive)|affiliate|earn (?:a )?commission"
    r"|independently (?:selected|reviewed)"
    r"|have (?:a|any) (?:tip|story|question|news tip)|send (?:us )?(?:your |a )?(?:tips?|letters?)|contact (?:us"
    r"|the (?:author|reporter))|email us|let us know|what do you think"
    r"|this article (?:was )?(?:originally )?(?:appeared|published|first)"
    r"|originally (?:published|appeared)|read (?:more|the (?:full|original))|check out (?:more|our|the)"
    r"|watch (?:the )?(?:full|more|video)|listen to (?:the|our)|for more (?:on|news|stories|information|from)"
    r"|get (?:the )?(?:latest|more|cnbc)|stay (?:up to date|informed|connected)"
    r"|all rights reserved|©|copyright|reproduction|republish|trademark|terms of (?:use|service)|privacy (?:policy"
    r"|notice)|unterstützen sie uns|jetzt (?:unterstützen|abonnieren|testen)|abonnieren|registrieren"
    r"|kostenlos testen|folgen sie uns|folge uns|in unserer app|news-app|social media"
    r"|inscrivez|abonnez|suivez-nous|suscríb|síguenos|síganos|únete|regístrate|assine|inscreva|siga (?:o|a|nos)"
    r"|iscriviti|seguici|zapisz się|prenumerera|abonner|подпис|следите|関連記事|有料会員|有料記事|会員登録|登録",
)
CLOSING_CREDIT = re.compile(
    r"\W*(?:(?:additional |further )?(?:reporting|writing|editing|compiled|edited|produced|translation|translated"
    r"|reported|written) by .{2,200}|our standards:.{0,80}"
    r"|(?:mit|with|avec|con|com|z) (?:material|agentur|files|agences|inform)\w*.{0,80}|(?:afp|ap|dpa|reuters|epd"
    r"|kna|sid|efe|ansa|pap|ntb|tt|ritzau|apa)(?:[/,; ]+(?:afp|ap|dpa|reuters|epd|kna|sid|[a-z]{2,4}))*)\W*"
)
CREDIT = re.compile(
    r"\W*(?:©|\(c\)|photos?(?:graph)?(?: by| courtesy| credit)?\b|images?(?: by| credit| source)?\b"
    r"|pictures?(?: by)?\b|credits?\b|courtesy|source\s*:|fotos?\b|bilder?\b|bildquelle|quelle\s*:|crédits?\b"
    r"|imagen\b|imagem\b|foto\s*:"
    r"|screenshot|screen ?grab|illustration|getty|reuters|afp|ap photo|shutterstock|istock|alamy|epa|dpa|写真"
    r"|撮影)[^.!?。！？]{0,120}\.?",
)
CREDIT_INSIDE = re.compile(
    r"(?:\b(?:Foto|Photo|Bild|Image|Picture|Credit|Credits|Crédit|Quelle|Grafik|Fotó|Foto ilustrasi"
    r"|Dok)s?\s*(?:by)?\s*[:：/]|©|\((?:[^()]{0,40}(?:Getty|Reuters|AFP|AP|EPA|dpa|Shutterstock|iStock|Archiv|Photo"
    r"|Foto|via|Courtesy)[^()]{0,40})\)\W*$"
    r"|(?:Getty Images|REUTERS|Shutterstock|AFP|picture alliance|via AP|/AP|AP Photo)\W*$)"
)
SHARE_LINE = re.compile(
    r"\W*(?:分享(?:到|至|给)|用微信|打开微信|微信扫|扫一扫|扫描(?:下方|上方|左侧|右侧)?二维码|扫码"
    r"|长按识别)[^。！？]{0,60}"
    r"(?:[。！？]?[^。！？]{0,40}(?:扫一扫|朋友圈|二维码|分享|阅读|打开|关注)[^。！？]{0,30})?\W*"
)
_TOOL = (
    r"(?:返回(?:页首|顶部|首页|列表|上[一级]?页)|回到?顶部|关闭(?:窗口|本页)?|打印(?:本[页文稿])?|加入收藏"
    r"|收藏(?:本文)?|推荐(?:给好友)?|发表评论|我来说两句|我要评论|评论"
    r"|复制(?:链接|本文)?|第\s?\d+\s?页|共\s?\d+\s?页|上一[页篇]|下一[页篇]|首页|尾页|末页|字[号体]|大|中|小|转发"
    r"|投稿|纠错|举报|保存|发送)"
)
TOOL_LINE = re.compile(
    rf"[\W_]*{_TOOL}(?:[\W_]+{_TOOL})+[\W_]*|[\W_]*(?:关闭窗口|返回页首|返回顶部|打印本[页文])[\W_]*"
)
"""A row of a page's tools: 返回页首 | 关闭窗口; 第1页/共1页 << 上一页 | 下一页 >>."""
