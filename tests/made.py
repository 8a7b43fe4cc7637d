"""Small files of the formats that people have, written byte by byte or by the standard library."""

from __future__ import annotations

import html
import io
import struct
import zipfile
from email.message import EmailMessage

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TEXT = "2024年某县政府工作报告\n一、2023年工作回顾\n粮食产量7.5万吨，新建校舍3所。\n"


def packed(members: dict[str, bytes | str]) -> bytes:
    """A zip file of some members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def repacked(data: bytes, changed: dict[str, bytes]) -> bytes:
    """A zip file with some members changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return packed({name: archive.read(name) for name in archive.namelist()} | changed)


def as_rtf(text: str, font: bool = True) -> bytes:
    """As Word writes it: escapes in GBK where a font says so, in Unicode otherwise."""
    head = r"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fnil\fcharset134 SimSun;}}{\*\generator x;}\f0 "
    lines = []
    for line in text.splitlines():
        if font:
            body = "".join(
                chr(byte) if 32 <= byte < 128 and byte not in b"\\{}" else f"\\'{byte:02x}"
                for byte in line.encode("gbk")
            )
        else:
            body = "".join(char if char < "\x7f" else f"\\u{(ord(char) + 0x8000) % 0x10000 - 0x8000}?" for char in line)
        lines.append(body + "\\par\n")
    return (head + "".join(lines) + "}").encode("ascii")


def as_ofd(
    pages: list[list[tuple[float, float, float, str]]],
    rules: list[list[tuple[float, float, float, float]]] | None = None,
) -> bytes:
    """Pages of text, each piece with its left, its baseline (in mm from the top) and its size; and the rules of each page,
    by the left and the top of where they begin and how far they go to the right and down."""
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    members: dict[str, bytes | str] = {
        "OFD.xml": f'<ofd:OFD {space} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo/><ofd:DocRoot>Doc_0/Document.xml'
        "</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {space}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297"
        "</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData><ofd:Pages>"
        + "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/P{n}.xml"/>' for n in range(len(pages)))
        + "</ofd:Pages></ofd:Document>",
    }
    for number, pieces in enumerate(pages):
        body = "".join(
            f'<ofd:TextObject ID="{number * 1000 + n}" Boundary="0 0 210 297" Size="{size}" Font="1"><ofd:TextCode X="{x}" Y="{y}">'
            f"{html.escape(text)}</ofd:TextCode></ofd:TextObject>"
            for n, (x, y, size, text) in enumerate(pieces)
        )
        for n, (x, y, wide, high) in enumerate(rules[number] if rules else []):
            body += (
                f'<ofd:PathObject ID="{number * 1000 + 500 + n}" Boundary="{x} {y} {wide} {high}"><ofd:AbbreviatedData>'
                f"M 0 0 L {wide} {high}</ofd:AbbreviatedData></ofd:PathObject>"
            )
        members[f"Doc_0/Pages/P{number}.xml"] = (
            f'<ofd:Page {space}><ofd:Content><ofd:Layer ID="9">{body}</ofd:Layer></ofd:Content></ofd:Page>'
        )
    return packed(members)


def laid_out(text: str, wide: int = 40, high: int = 36, size: float = 4.0) -> bytes:
    """An OFD of a report as a program lays it out: lines 40 characters wide, two blanks before a paragraph, page numbers."""
    lines = []
    for paragraph in text.splitlines():
        x, room, line = 25 + 2 * size, wide - 2.0, ""
        for char in paragraph:
            width = 0.5 if char < "\x7f" else 1.0
            if room < width:
                lines.append((x, line))
                x, room, line = 25.0, float(wide), ""
            line, room = line + char, room - width
        lines.append((x, line))
    pages = []
    for number in range(0, len(lines), high):
        page = [(x, 35 + row * 6.5, size, line) for row, (x, line) in enumerate(lines[number : number + high])]
        pages.append([*page, (100.0, 285.0, size, f"— {number // high + 1} —")])
    return as_ofd(pages)


def as_mail(text: str, *attached: tuple[str, bytes], subject: str = "报告") -> bytes:
    """A mail with what is attached."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.org", "b@example.org", subject
    mail.set_content(text, charset="gb18030")
    for name, data in attached:
        mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


def as_mhtml(page: bytes, charset: str = "gb2312") -> bytes:
    """A page as browsers save it in one file, with a picture that stands in it."""
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["MIME-Version"] = "<Saved by Blink>", "page", "1.0"
    mail.set_content("x")
    mail.clear_content()
    mail.set_type("multipart/related")
    for kind, data, place in (
        ("text/html", page, "http://x.example/a.html"),
        ("image/png", b"\x89PNG", "http://x.example/a.png"),
    ):
        part = EmailMessage()
        maintype, subtype = kind.split("/")
        part.set_content(data, maintype, subtype, cte="base64" if maintype == "image" else "quoted-printable")
        if maintype == "text":
            part.set_param("charset", charset)
        part["Content-Location"] = place
        mail.attach(part)
    return mail.as_bytes()


def as_odt(body: str, styles: str = "") -> bytes:
    """An OpenDocument text with a body."""
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "text", "table", "style")
    )
    content = (
        f"<office:document-content {names}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content})


def as_epub(*chapters: str) -> bytes:
    """A book of chapters."""
    items = "".join(
        f'<item id="c{n}" href="t/c{n}.xhtml" media-type="application/xhtml+xml"/>' for n in range(len(chapters))
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    return packed(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="O/b.opf"/></rootfiles></container>',
            "O/b.opf": f'<package xmlns="http://www.idpf.org/2007/opf"><manifest>{items}</manifest><spine>{spine}</spine></package>',
            **{
                f"O/t/c{n}.xhtml": f'<?xml version="1.0" encoding="utf-8"?><html><body>{chapter}</body></html>'
                for n, chapter in enumerate(chapters)
            },
        }
    )


def as_word_2003(body: str) -> bytes:
    """The XML of Word 2003 with a body."""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><?mso-application progid="Word.Document"?>'
        '<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml" '
        'xmlns:wx="http://schemas.microsoft.com/office/word/2003/auxHint" '
        'xmlns:aml="http://schemas.microsoft.com/aml/2001/core">'
        f"<w:body><wx:sect>{body}</wx:sect></w:body></w:wordDocument>"
    ).encode()


def as_ole(streams: dict[str, bytes]) -> bytes:
    """An old Office file (MS-CFB) of streams, one storage deep at most; each is filled up with zeros to 4,096 bytes."""
    sector, end, free = 512, 0xFFFFFFFE, 0xFFFFFFFF
    tree: dict[str, dict[str, bytes] | bytes] = {}
    for path, data in streams.items():
        storage, _, name = path.rpartition("/")
        target = tree.setdefault(storage, {}) if storage else tree
        assert isinstance(target, dict)
        target[name] = data.ljust(4096, b"\0")  # type: ignore[assignment]
    entries: list[list[object]] = [["Root Entry", 5, free, free, b""]]

    def add(children: dict[str, object]) -> int:
        before, first = None, free
        for name, child in children.items():
            number = len(entries)
            entries.append(
                [name, 2 if isinstance(child, bytes) else 1, free, free, child if isinstance(child, bytes) else b""]
            )
            if before is None:
                first = number
            else:
                entries[before][2] = number
            before = number
            if not isinstance(child, bytes):
                entries[number][3] = add(child)  # type: ignore[arg-type]
        return first

    entries[0][3] = add(tree)  # type: ignore[arg-type]
    body, table, starts = b"", list[int](), []
    for entry in entries:
        data = entry[4]
        assert isinstance(data, bytes)
        starts.append(len(table) if data else end)
        count = -(-len(data) // sector)
        table += [len(table) + 1 + n for n in range(count - 1)] + ([end] if count else [])
        body += data.ljust(count * sector, b"\0")
    folder = b"".join(
        (str(name) + "\0").encode("utf-16-le").ljust(64, b"\0")
        + struct.pack("<HBBIII", 2 * len(str(name)) + 2, kind, 1, free, right, child)
        + bytes(36)
        + struct.pack("<IQ", start, len(data))  # type: ignore[arg-type]
        for (name, kind, right, child, data), start in zip(entries, starts, strict=True)
    )
    folder = folder.ljust(-(-len(folder) // sector) * sector, b"\0")
    at = len(table)
    table += [len(table) + 1 + n for n in range(len(folder) // sector - 1)] + [end]
    fats = -(-(len(table) + 40) // 128)
    fat_at = len(table)
    table += [0xFFFFFFFD] * fats
    fat = struct.pack(f"<{len(table)}I", *table).ljust(fats * sector, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIIII", 0, fats, at, 0, 4096, end, 0, end, 0, fat_at)
    header += struct.pack("<108I", *[fat_at + n if n < fats else free for n in range(1, 109)])
    return header + body + folder + fat


def as_msg(text: str, *attached: tuple[str, bytes]) -> bytes:
    """A mail as Outlook keeps it."""
    streams = {"__properties_version1.0": b"\0", "__substg1.0_1000001F": text.encode("utf-16-le")}
    for number, (name, data) in enumerate(attached):
        at = f"__attach_version1.0_#{number:08X}"
        streams[f"{at}/__substg1.0_3707001F"] = name.encode("utf-16-le")
        streams[f"{at}/__substg1.0_37010102"] = data
    return as_ole(streams)
