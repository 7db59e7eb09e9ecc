"""Where the demo's senders live: provinces by rough population, and names of places in them.

The codes are those of the directory of agencies. Places are well-known towns and areas; nothing said about
them in the demo is true.
"""

from collections.abc import Mapping

# Millions of people, roughly, after the mergers of 2025.
PROVINCE_WEIGHTS: Mapping[str, float] = {
    "01": 8.8,
    "04": 0.6,
    "08": 1.9,
    "11": 0.7,
    "12": 0.5,
    "14": 1.4,
    "15": 1.8,
    "19": 1.8,
    "20": 0.9,
    "22": 1.5,
    "24": 3.6,
    "25": 4.0,
    "31": 4.7,
    "33": 3.6,
    "37": 4.4,
    "38": 4.3,
    "40": 3.8,
    "42": 1.6,
    "44": 1.9,
    "46": 1.4,
    "48": 3.1,
    "51": 2.2,
    "52": 3.6,
    "56": 2.2,
    "66": 3.3,
    "68": 3.9,
    "75": 4.5,
    "79": 14.0,
    "80": 3.3,
    "82": 4.4,
    "86": 4.3,
    "91": 5.0,
    "92": 4.2,
    "96": 2.6,
}
SOUTHERN = ("75", "79", "80", "82", "86", "91", "92", "96")
CENTRAL = ("40", "42", "44", "46", "48", "51")
_COAST = (
    "22", "31", "33", "37", "38", "40", "42", "44", "46", "48", "51", "52", "56", "66", "68", "79", "82", "86",
    "91", "92", "96",
)  # fmt: skip
# What a scene may require of its place.
WHERE: Mapping[str, tuple[str, ...]] = {
    "coast": _COAST,
    "storm": ("22", "31", "38", "40", "42", "44", "46", "48", "51", "15", "25"),
    "mountain": ("04", "08", "11", "12", "14", "15", "19", "20", "25", "38", "40", "44", "48", "51"),
    "city": ("01", "22", "24", "31", "46", "48", "75", "79", "92"),
    "metro": ("01", "79"),
    "nuclear": ("56",),
    "industry": ("01", "24", "31", "48", "75", "79", "80"),
}

_TOWNS: Mapping[str, tuple[str, ...]] = {
    "01": ("Đông Anh", "Hà Đông", "Sơn Tây", "Cầu Giấy", "Gia Lâm", "Thạch Thất", "Ba Vì", "Long Biên"),
    "04": ("Trùng Khánh", "Quảng Hòa", "Bảo Lạc", "Hòa An"),
    "08": ("Sơn Dương", "Na Hang", "Đồng Văn", "Vị Xuyên", "Hàm Yên"),
    "11": ("Mường Lay", "Tuần Giáo", "Điện Biên Đông", "Mường Nhé"),
    "12": ("Tam Đường", "Sìn Hồ", "Phong Thổ", "Than Uyên"),
    "14": ("Mộc Châu", "Mai Sơn", "Thuận Châu", "Sông Mã"),
    "15": ("Sa Pa", "Bát Xát", "Nghĩa Lộ", "Văn Yên", "Mù Cang Chải"),
    "19": ("Phổ Yên", "Đại Từ", "Chợ Đồn", "Ba Bể", "Sông Công"),
    "20": ("Lộc Bình", "Hữu Lũng", "Bắc Sơn", "Cao Lộc"),
    "22": ("Hạ Long", "Cẩm Phả", "Uông Bí", "Vân Đồn", "Móng Cái"),
    "24": ("Từ Sơn", "Yên Phong", "Việt Yên", "Lục Ngạn", "Quế Võ"),
    "25": ("Việt Trì", "Vĩnh Yên", "Tân Lạc", "Thanh Ba", "Lạc Sơn", "Phúc Yên"),
    "31": ("Kiến An", "Thủy Nguyên", "Chí Linh", "Thanh Hà", "Đồ Sơn", "Kinh Môn"),
    "33": ("Mỹ Hào", "Khoái Châu", "Tiền Hải", "Thái Thụy", "Đông Hưng"),
    "37": ("Hoa Lư", "Kim Sơn", "Phủ Lý", "Hải Hậu", "Giao Thủy", "Lý Nhân"),
    "38": ("Sầm Sơn", "Bỉm Sơn", "Thọ Xuân", "Quan Hóa", "Nga Sơn", "Mường Lát"),
    "40": ("Vinh", "Diễn Châu", "Kỳ Sơn", "Quỳ Hợp", "Quỳnh Lưu", "Con Cuông"),
    "42": ("Kỳ Anh", "Hương Sơn", "Cẩm Xuyên", "Nghi Xuân"),
    "44": ("Đông Hà", "Đồng Hới", "Ba Đồn", "Hướng Hóa", "Lệ Thủy"),
    "46": ("Phú Vang", "Hương Trà", "A Lưới", "Phong Điền"),
    "48": ("Liên Chiểu", "Hội An", "Tam Kỳ", "Nam Trà My", "Đại Lộc"),
    "51": ("Bình Sơn", "Đức Phổ", "Kon Plông", "Ngọc Hồi", "Lý Sơn"),
    "52": ("Quy Nhơn", "An Nhơn", "Chư Sê", "Ayun Pa", "Hoài Nhơn"),
    "56": ("Cam Ranh", "Ninh Hòa", "Phan Rang", "Ninh Phước", "Vạn Ninh"),
    "66": ("Buôn Hồ", "Krông Pắc", "Tuy Hòa", "Sông Cầu", "Ea Súp"),
    "68": ("Bảo Lộc", "Đức Trọng", "Gia Nghĩa", "Phan Thiết", "La Gi"),
    "75": ("Long Khánh", "Trảng Bom", "Nhơn Trạch", "Chơn Thành", "Bù Đăng"),
    "79": ("Củ Chi", "Bình Chánh", "Thủ Đức", "Dĩ An", "Bến Cát", "Bà Rịa", "Gò Vấp", "Cần Giờ"),
    "80": ("Trảng Bàng", "Gò Dầu", "Đức Hòa", "Cần Giuộc", "Mộc Hóa"),
    "82": ("Cao Lãnh", "Sa Đéc", "Mỹ Tho", "Gò Công", "Cai Lậy"),
    "86": ("Bình Minh", "Mỏ Cày", "Ba Tri", "Càng Long", "Tam Bình"),
    "91": ("Châu Đốc", "Thoại Sơn", "Rạch Giá", "Hà Tiên", "Giồng Riềng"),
    "92": ("Ninh Kiều", "Ô Môn", "Vị Thanh", "Ngã Bảy", "Vĩnh Châu"),
    "96": ("Năm Căn", "Cái Nước", "Giá Rai", "Hồng Dân"),
}
_NAMES: Mapping[str, str] = {
    "01": "Hà Nội", "04": "Cao Bằng", "08": "Tuyên Quang", "11": "Điện Biên", "12": "Lai Châu", "14": "Sơn La",
    "15": "Lào Cai", "19": "Thái Nguyên", "20": "Lạng Sơn", "22": "Quảng Ninh", "24": "Bắc Ninh",
    "25": "Phú Thọ", "31": "Hải Phòng", "33": "Hưng Yên", "37": "Ninh Bình", "38": "Thanh Hóa", "40": "Nghệ An",
    "42": "Hà Tĩnh", "44": "Quảng Trị", "46": "Huế", "48": "Đà Nẵng", "51": "Quảng Ngãi", "52": "Gia Lai",
    "56": "Khánh Hòa", "66": "Đắk Lắk", "68": "Lâm Đồng", "75": "Đồng Nai", "79": "TP Hồ Chí Minh",
    "80": "Tây Ninh", "82": "Đồng Tháp", "86": "Vĩnh Long", "91": "An Giang", "92": "Cần Thơ", "96": "Cà Mau",
}  # fmt: skip

# Each as it may follow "ở" or "tại".
LOCALITIES: Mapping[str, tuple[str, ...]] = {
    code: (
        *towns,
        *(f"{town} ({_NAMES[code]})" for town in towns),
        *(f"vùng ven {town}" for town in towns[:2]),
        _NAMES[code],
    )
    for code, towns in _TOWNS.items()
}
