"""The words around a scene, and the ways people type: openings, closings, haste, missing diacritics."""

import random
import re
import unicodedata
from collections.abc import Mapping

# All in the first person of "tôi"; composing makes it agree with the sender.
OPENINGS = (
    "Chào anh chị.",
    "Xin chào ban quản trị.",
    "Tôi xin phản ánh một việc như sau.",
    "Tôi có chuyện này mong được lắng nghe.",
    "Tôi viết mấy dòng này vì đã hỏi nhiều nơi mà chưa có câu trả lời.",
    "Lần đầu tôi gửi qua hệ thống này, có gì chưa đúng mong bỏ qua.",
    "Tôi nói ngắn gọn thế này.",
    "Kính thưa quý cơ quan,",
    "Thưa các đồng chí,",
    "Mong mọi người xem giúp trường hợp này.",
    "Sự việc cụ thể như sau.",
    "Tôi được bạn bè giới thiệu hệ thống này nên gửi thử.",
    "Hôm nay tôi xin trình bày một vướng mắc.",
    "Tôi đắn đo mãi mới gửi phản ánh này.",
    "Gửi bộ phận tiếp nhận.",
    "Tôi đọc báo thấy nói cơ quan rất cầu thị nên mạnh dạn góp lời.",
    "Đôi lời gửi tới cơ quan phụ trách.",
    "Nhờ anh chị chuyển giúp tới đúng nơi giải quyết.",
    "Xin trình bày vắn tắt.",
    "Tôi kể lại đúng những gì đã xảy ra, không thêm bớt.",
)
KIND_OPENINGS: Mapping[str, tuple[str, ...]] = {
    "feedback": (
        "Tôi phản ánh tình trạng sau đây.",
        "Xin phản ánh tới cơ quan chức năng.",
        "Tôi muốn phản ánh một chuyện bức xúc.",
        "Phản ánh của tôi như sau.",
        "Tôi gửi phản ánh này mong được xử lý sớm.",
    ),
    "recommendation": (
        "Tôi có kiến nghị như sau.",
        "Tôi xin kiến nghị một nội dung.",
        "Qua thực tế, tôi xin nêu kiến nghị.",
        "Kiến nghị của tôi xuất phát từ công việc hằng ngày.",
        "Mong cơ quan xem xét kiến nghị dưới đây.",
    ),
    "question": (
        "Tôi có câu hỏi mong được giải đáp.",
        "Tôi chưa rõ quy định nên xin hỏi.",
        "Nhờ cơ quan hướng dẫn giúp tôi việc này.",
        "Tôi tìm trên mạng không thấy câu trả lời nên hỏi ở đây.",
        "Cho tôi hỏi việc sau.",
    ),
    "initiative": (
        "Tôi xin gửi một sáng kiến.",
        "Đây là sáng kiến tôi ấp ủ đã lâu.",
        "Tôi muốn chia sẻ một cách làm mới.",
        "Tôi có ý tưởng này, mong được xem xét.",
    ),
    "solution": (
        "Tôi xin giới thiệu một giải pháp.",
        "Tôi gửi đề xuất giải pháp, tài liệu chi tiết sẽ nộp sau.",
        "Tôi có giải pháp cho vấn đề nhiều nơi đang gặp.",
        "Xin đề xuất giải pháp sau.",
    ),
    "commission": (
        "Tôi gửi đề nghị đặt hàng như sau.",
        "Nội dung đặt hàng tóm tắt dưới đây.",
        "Đề nghị ghi nhận nhu cầu đặt hàng nghiên cứu.",
        "Tôi có nhu cầu đặt hàng sản phẩm.",
    ),
    "draft_comment": (
        "Sau khi nghiên cứu dự thảo, tôi có ý kiến.",
        "Tôi xin tham gia góp ý.",
        "Ý kiến góp ý của tôi như sau.",
        "Tôi gửi góp ý trong thời hạn lấy ý kiến.",
    ),
    "complaint": ("Tôi làm đơn này trình bày.", "Nội dung khiếu nại như sau."),
    "denunciation": ("Tôi xin trình bày sự việc.", "Nội dung tố cáo như sau."),
    "crime_report": ("Tôi trình bày sự việc để cơ quan công an nắm.", "Nội dung tin báo như sau."),
}
RECIPIENTS = (
    "Cơ quan Thường trực Ban Chỉ đạo Trung ương về phát triển khoa học, công nghệ, đổi mới sáng tạo và chuyển đổi số",
    "Cơ quan có thẩm quyền",
    "Bộ phận tiếp nhận phản ánh, kiến nghị",
    "Các cơ quan liên quan",
    "Lãnh đạo các bộ, ngành và địa phương có liên quan",
    "Văn phòng Ban Chỉ đạo",
    "Quý cơ quan",
)
_PERSON = (
    "Tôi là công dân hiện cư trú tại {place}.",
    "Tôi đang sinh sống và làm việc ở {place}.",
    "Tôi tên như đã đăng ký, ở {place}.",
    "Với tư cách một người dân, tôi xin trình bày.",
)
SELF_INTRODUCTIONS: Mapping[str, tuple[str, ...]] = {
    "citizen": _PERSON,
    "firm": (
        "Công ty chúng tôi hoạt động tại {place}.",
        "Chúng tôi là doanh nghiệp nhỏ và vừa ở {place}.",
        "Thay mặt doanh nghiệp, chúng tôi xin trình bày.",
        "Doanh nghiệp chúng tôi đã hoạt động nhiều năm trong lĩnh vực này.",
    ),
    "institute": (
        "Viện chúng tôi xin báo cáo nội dung sau.",
        "Tập thể cán bộ nghiên cứu của viện có ý kiến.",
        "Từ thực tiễn nghiên cứu tại {place}, chúng tôi xin nêu.",
    ),
    "university": (
        "Nhà trường xin gửi tới quý cơ quan nội dung sau.",
        "Trường chúng tôi đóng tại {place}.",
        "Thay mặt tập thể giảng viên, chúng tôi xin trình bày.",
    ),
    "scientist": (
        "Tôi là cán bộ nghiên cứu đang công tác tại {place}.",
        "Tôi làm nghiên cứu đã nhiều năm.",
        "Từ góc độ người làm khoa học, tôi xin có ý kiến.",
    ),
    "inventor": (
        "Tôi là người tự mày mò sáng chế ở {place}.",
        "Tôi không có bằng cấp cao, chỉ có kinh nghiệm nghề.",
        "Tôi theo đuổi việc cải tiến kỹ thuật này đã lâu.",
    ),
    "agency": (
        "Đơn vị chúng tôi xin báo cáo và kiến nghị.",
        "Qua thực hiện nhiệm vụ tại {place}, chúng tôi xin nêu.",
        "Thực hiện chế độ báo cáo vướng mắc, đơn vị chúng tôi trình bày như sau.",
    ),
    "overseas": (
        "Tôi là người Việt Nam đang sống ở nước ngoài.",
        "Xa quê đã lâu nhưng tôi luôn dõi theo tình hình trong nước.",
        "Thay mặt một số anh chị em kiều bào, tôi xin trình bày.",
    ),
}
BRIDGES = (
    "Nếu cần thêm thông tin, tôi sẵn sàng cung cấp.",
    "Tôi có lưu lại giấy tờ, hình ảnh liên quan.",
    "Tôi cũng đã thử tự tìm cách gỡ nhưng ngoài khả năng.",
    "Điều tôi cần nhất là một câu trả lời rõ ràng.",
    "Tôi xin chịu trách nhiệm về những gì đã nêu.",
    "Đây là những gì tôi nắm được đến lúc này.",
    "Tôi đã tìm hiểu nhưng thông tin mỗi nơi một khác.",
    "Thời gian và công sức bỏ ra không nhỏ.",
    "Mong được trả lời để tôi còn tính bước tiếp theo.",
    "Nếu tôi nêu chưa đúng nơi, nhờ chuyển giúp.",
    "Tôi ghi đúng số liệu đang có, sai sót nhỏ xin thông cảm.",
    "Hồ sơ chi tiết tôi gửi sau nếu được yêu cầu.",
)
GRIEVANCES = (
    "Tôi nêu ra không phải để trách ai mà mong công việc tốt hơn.",
    "Việc này nhìn thì nhỏ nhưng đụng tới rất nhiều người.",
    "Tôi hiểu cơ quan nhiều việc, nhưng để lâu thì thiệt cho dân.",
    "Tôi đã kiên nhẫn chờ nhưng không thấy chuyển biến.",
    "Nói thật là tôi khá thất vọng.",
    "Tôi tin là sửa được nếu có người chịu trách nhiệm.",
    "Hỏi quanh thì không phải chỉ mình tôi gặp.",
    "Chuyện này đã nói ở nhiều cuộc họp nhưng đâu vẫn hoàn đấy.",
    "Cán bộ trực tiếp thì nhiệt tình, vướng là ở cách tổ chức.",
    "Ở nơi khác tôi thấy họ làm được.",
    "Mong cơ quan xuống xem tận nơi một lần.",
    "Nghị quyết rất hay, chỉ mong khi xuống cơ sở không bị rơi rụng.",
    "Càng chậm thì cái giá phải trả càng tăng.",
    "Nhiều người ngại nói, tôi xin nói thay.",
    "Đây là ý kiến cá nhân, nếu có chỗ chưa đúng xin được chỉ giúp.",
    "Chỉ cần phối hợp tốt hơn một chút là ổn.",
    "Trong khi đó trên báo cáo mọi thứ vẫn đẹp.",
    "Tôi mong việc này được xem như một ví dụ để sửa chung.",
    "Hết người này đến người khác hứa mà chưa thấy làm.",
    "Bà con bàn tán nhiều, tôi chỉ ghi lại điều ai cũng thấy.",
    "Cứ thế này thì chẳng ai còn muốn góp ý nữa.",
    "Tôi không xin đặc cách, chỉ xin làm đúng quy định.",
)
OFFERS = (
    "Nếu cần thêm thông tin, tôi sẵn sàng cung cấp.",
    "Tôi sẵn sàng trình bày trực tiếp hoặc trực tuyến.",
    "Tôi cam kết phối hợp trong suốt quá trình thử nghiệm.",
    "Tài liệu chi tiết sẽ gửi khi có đầu mối tiếp nhận.",
    "Tôi mong nhận được cả những nhận xét khắt khe.",
    "Điều tôi cần nhất là một nơi thử thật.",
    "Tôi không đặt nặng lợi nhuận, chỉ mong làm ra cái dùng được.",
    "Kết quả đến nay tuy nhỏ nhưng chắc.",
    "Tôi nghĩ việc này có thể làm ngay, không phải chờ.",
    "Người dùng đã góp nhiều ý kiến và được chỉnh sửa.",
    "Số liệu nêu ở đây có thể kiểm tra được.",
    "Rất mong có một buổi làm việc để trao đổi kỹ.",
)
ASK_LEADS = (
    "Tôi đề nghị:",
    "Vì vậy tôi có mấy đề nghị sau:",
    "Tôi mong được giải quyết các việc:",
    "Nội dung đề nghị:",
    "Cụ thể, tôi xin nêu:",
    "Tôi kiến nghị:",
    "Mong cơ quan xem xét từng ý:",
    "Những việc cần làm theo tôi là:",
)
QUESTION_LEADS = (
    "Tôi xin hỏi:",
    "Mong cơ quan trả lời từng ý:",
    "Các câu hỏi của tôi:",
    "Cụ thể tôi muốn biết:",
)
CLOSINGS = (
    "Xin cảm ơn.",
    "Trân trọng cảm ơn!",
    "Trân trọng.",
    "Mong sớm nhận được trả lời.",
    "Tôi xin chân thành cảm ơn.",
    "Rất mong được quan tâm.",
    "Tôi chờ hồi âm của quý cơ quan.",
    "Cảm ơn đã đọc.",
    "Kính mong được xem xét.",
    "Chúc các anh chị sức khỏe.",
    "Mong lần này có kết quả.",
    "Tôi sẽ theo dõi trên hệ thống.",
    "Nếu cần xin gọi cho tôi ngoài giờ hành chính.",
    "Xin trả lời bằng văn bản giúp tôi.",
    "Cảm ơn nhiều ạ.",
    "Xin nhận nơi tôi lời cảm ơn chân thành.",
)
SOON = (
    "trong 10 ngày làm việc tới",
    "trong 15 ngày làm việc",
    "trong tháng tới",
    "trước ngày 15 tháng sau",
    "trước cuối tháng này",
    "trong quý này",
    "trong vòng ba tuần",
    "trước ngày 30 tháng sau",
)
COMPOSED_ANSWER_CLOSINGS = (
    "",
    "Trân trọng.",
    "Trân trọng cảm ơn {whom}.",
    "Nếu chưa đồng ý với nội dung trả lời, {whom} có thể đề nghị xem xét lại ngay trên trang hồ sơ.",
    "Mong {whom} tiếp tục theo dõi và góp ý.",
    "Kính mong {whom} đánh giá mức độ hài lòng để chúng tôi phục vụ tốt hơn.",
    "{whom} có thể theo dõi tiến độ bằng mã hồ sơ đã cấp.",
)
ENGLISH_OPENINGS = (
    "",
    "Hello,",
    "Dear Sir or Madam,",
    "To whom it may concern,",
    "Good morning,",
    "I am writing about the following matter.",
    "Please excuse that I write in English.",
)
ENGLISH_CLOSINGS = (
    "",
    "Thank you.",
    "Kind regards.",
    "I look forward to your reply.",
    "Thank you for your help with this.",
    "Further documents are available on request.",
)
ENGLISH_SOON = (
    "within fifteen working days",
    "next month",
    "within three weeks",
    "by the end of this month",
    "this quarter",
)
ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
ENGLISH_ANSWER_CLOSINGS = (
    "",
    "Kind regards.",
    "If you disagree with this reply you may ask for a review on the page of your petition.",
    "You can follow the progress with your petition code.",
)

_TEENCODE: Mapping[str, str] = {
    "không": "ko",
    "được": "dc",
    "với": "vs",
    "rồi": "r",
    "gì": "j",
    "người": "ng",
    "nhưng": "nhg",
    "bây giờ": "bh",
    "mọi người": "mn",
    "trước": "trc",
    "cũng": "cx",
    "những": "nhg~",
    "quá": "wá",
    "như thế nào": "ntn",
    "thế nào": "ntn",
    "điện thoại": "đt",
    "biết": "bít",
    "luôn": "lun",
    "như vậy": "nv",
    "nhiều": "nhìu",
    "anh chị": "ac",
    "cảm ơn": "tks",
    "tháng": "th",
    "phải": "fải",
}
_TEEN_WORDS = re.compile(
    r"\b(" + "|".join(sorted((re.escape(word) for word in _TEENCODE), key=len, reverse=True)) + r")\b"
)


def normalised(text: str) -> str:
    """Composed letters, one space between words, no blanks at line ends."""
    text = unicodedata.normalize("NFC", text)
    lines = (re.sub(r"[ \t]+", " ", line).strip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def without_diacritics(text: str) -> str:
    """As typed on a keyboard without Vietnamese."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return unicodedata.normalize("NFC", "".join(each for each in plain if not unicodedata.combining(each)))


def teencode(rng: random.Random, text: str) -> str:
    """Lower case, with the abbreviations of young people; some are left out."""
    short = _TEEN_WORDS.sub(
        lambda match: _TEENCODE[match[0]] if rng.random() < 0.85 else match[0], text.lower()
    )
    short = re.sub(r"\. ", lambda _: rng.choice((" ", ", ", ". ")), short).rstrip(".")
    return short + rng.choice(("", " ạ", " :(", " huhu", " hic", "!!", " nha ac"))


def hasty(rng: random.Random, text: str) -> str:
    """Typed in a hurry: few capitals, commas for full stops, one or the other letter lost."""
    text = re.sub(r"\. (\w)", lambda match: f"{rng.choice((', ', '. ', ' '))}{match[1].lower()}", text)
    words = text.split(" ")
    for position in rng.sample(range(len(words)), max(1, len(words) // 40)):
        word = words[position]
        if len(word) > 4 and word.isalpha():
            spot = rng.randrange(1, len(word) - 1)
            words[position] = word[:spot] + word[spot + 1 :]
    text = " ".join(words)
    return (text[0].lower() + text[1:]).rstrip(".") if rng.random() < 0.7 else text
