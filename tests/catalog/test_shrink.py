"""Pictures get lighter in their place, and never anything else."""

import random
import zlib
from io import BytesIO

import pytest
from click.testing import CliRunner
from PIL import Image, ImageCms, PngImagePlugin

from learnpeace.catalog.pictures import ENOUGH, LONGEST, NoPicture, lighter
from learnpeace.catalog.shrink import replace_file, shrink_course
from learnpeace.cli import course as course_commands
from tests.catalog.good_course import SVG, write

pytestmark = pytest.mark.once

ORIENTATION, ARTIST, GPS = 0x0112, 0x013B, 0x8825
SUFFIXES = ["png", "jpg", "jpeg", "webp"]


def photo(width, height, mode="RGB"):
    """A picture with much detail that is dark on the left and light on the right."""
    noise = random.Random(1)
    small = Image.new("RGB", (64, 48))
    small.putdata(
        [tuple(min(255, 3 * (n % 64) + noise.randrange(60)) for _ in "rgb") for n in range(3072)]
    )
    return small.resize((width, height), Image.Resampling.BICUBIC).convert(mode)


def encoded(picture, suffix, **options):
    out = BytesIO()
    kind = {"png": "PNG", "webp": "WEBP"}.get(suffix, "JPEG")
    picture.save(out, kind, **({"quality": 98} if kind == "JPEG" else {}), **options)
    return out.getvalue()


def camera_exif():
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # held upright: to be turned by 90 degrees
    exif[ARTIST] = "Somebody with a name"
    exif.get_ifd(GPS)[1] = "N"
    return exif


def opened(content):
    picture = Image.open(BytesIO(content))
    picture.load()
    return picture


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_large_picture_fits_a_phone_and_keeps_its_type(suffix):
    content = encoded(photo(1600, 1200), suffix)
    made = lighter(content, suffix)
    assert len(made.content) < len(content)
    picture = opened(made.content)
    assert picture.size == (LONGEST, 960) == (made.width, made.height)
    assert picture.format == opened(content).format


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_photograph_stands_upright_and_says_nothing_of_who_took_it_and_where(suffix):
    content = encoded(photo(400, 300), suffix, exif=camera_exif())
    assert b"Somebody" in content
    made = lighter(content, suffix)
    picture = opened(made.content)
    assert picture.size == (300, 400)
    assert not picture.getexif()
    assert b"Somebody" not in made.content
    top, bottom = (
        picture.convert("L").getpixel((150, 10)),
        picture.convert("L").getpixel((150, 390)),
    )
    assert top < bottom - 50  # the dark left side is above now


def test_comments_and_texts_are_metadata_too():
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", "Somebody with a name")
    made = lighter(encoded(photo(80, 60), "png", pnginfo=words), "png")
    assert b"Somebody" not in made.content
    made = lighter(encoded(photo(80, 60), "jpg", comment="Somebody with a name"), "jpg")
    assert b"Somebody" not in made.content


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("size", [(60, 40), (1280, 200), (2000, 300)])
@pytest.mark.parametrize("exif", [True, False])
def test_twice_does_nothing_more_and_nothing_gets_heavier(suffix, size, exif):
    content = encoded(photo(*size), suffix, **({"exif": camera_exif()} if exif else {}))
    once = lighter(content, suffix).content or content
    assert len(once) <= len(content)
    assert lighter(once, suffix).content is None


def test_a_picture_with_much_detail_gets_below_what_the_checker_asks():
    content = encoded(Image.effect_noise((700, 500), 60).convert("RGB"), "jpg")
    assert len(content) > 300_000
    once = lighter(content, "jpg").content
    assert len(once) < ENOUGH
    assert lighter(once, "jpg").content is None


def test_a_photograph_saved_low_before_loses_its_metadata_all_the_same():
    content = photo(600, 400)
    out = BytesIO()
    content.save(out, "JPEG", quality=50, exif=camera_exif())
    assert b"Somebody" not in lighter(out.getvalue(), "jpg").content


def test_a_light_picture_without_metadata_keeps_its_bytes():
    content = encoded(photo(300, 200), "jpg")
    assert len(content) < ENOUGH
    assert lighter(content, "jpg").content is None


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_mode_of_png_can_be_made_smaller(mode):
    picture = photo(2000, 200, "RGB")
    if mode == "I;16":
        picture = picture.convert("I").point(lambda value: value * 200).convert("I;16")
    content = encoded(picture.convert(mode) if mode != "I;16" else picture, "png")
    made = lighter(content, "png")
    if made.content is not None:
        assert opened(made.content).size == (1280, 128)
    assert made.content is not None or mode == "1"


def test_what_is_clear_stays_clear():
    for mode in ("RGBA", "P"):
        picture = Image.new("RGBA", (2000, 1000), (200, 30, 30, 0))
        picture.paste(photo(1000, 1000, "RGBA"), (1000, 0))
        made = lighter(encoded(picture.quantize() if mode == "P" else picture, "png"), "png")
        small = opened(made.content).convert("RGBA")
        assert small.getpixel((100, 100))[3] == 0
        assert small.getpixel((1200, 100))[3] == 255


def test_colours_stay_when_their_profile_goes():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    content = encoded(photo(400, 300), "jpg", icc_profile=profile)
    picture = opened(lighter(content, "jpg").content)
    assert "icc_profile" not in picture.info
    before, after = opened(content).getpixel((200, 150)), picture.getpixel((200, 150))
    assert all(abs(a - b) < 12 for a, b in zip(before, after, strict=True))


def test_a_picture_for_print_is_brought_to_the_screens_colours():
    made = lighter(encoded(photo(2000, 1000, "CMYK"), "jpg"), "jpg")
    assert opened(made.content).mode == "RGB"


def test_a_lossless_webp_stays_lossless():
    made = lighter(encoded(photo(2000, 1000), "webp", lossless=True), "webp")
    assert made.content[12:16] == b"VP8L"


def test_a_picture_that_moves_keeps_its_bytes():
    frames = [photo(1400, 20), photo(1400, 20).rotate(180)]
    for suffix in ("png", "webp"):
        content = encoded(frames[0], suffix, save_all=True, append_images=frames[1:])
        assert lighter(content, suffix).content is None
        assert lighter(content, suffix).kept == "it moves"


def bomb(side):
    """A png that says it unpacks to side × side pixels."""
    chunk = b"IHDR" + side.to_bytes(4) * 2 + b"\x08\x02\x00\x00\x00"
    crc = zlib.crc32(chunk).to_bytes(4)
    return b"\x89PNG\r\n\x1a\n" + (13).to_bytes(4) + chunk + crc + encoded(photo(8, 8), "png")[33:]


@pytest.mark.parametrize(
    ("content", "suffix"),
    [
        (b"", "png"), (b"no picture", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"GIF89a" * 9, "png"),
        (b"RIFF\x04\0\0\0WEBP", "webp"), (bomb(9_000), "png"), (bomb(60_000), "png"),
        (bomb(2**31 - 1), "png"), (encoded(photo(90, 90), "jpg")[:700], "jpg"),
        (encoded(photo(90, 90), "png")[:-200], "png"), (encoded(photo(90, 90), "png"), "jpg"),
        (encoded(photo(90, 90), "jpg"), "webp"), (b"<svg/>", "png"),
        (b"%!PS-Adobe-3.0 EPSF", "jpg"),
    ],
)  # fmt: skip
def test_bytes_that_are_no_picture_of_their_type_are_refused(content, suffix):
    with pytest.raises(NoPicture) as refusal:
        lighter(content, suffix)
    assert str(refusal.value).startswith("it ")


def course(tmp_path):
    root = write(tmp_path, {
        "listening/photo.jpg": encoded(photo(1600, 1200), "jpg", exif=camera_exif()),
        "listening/light.png": encoded(photo(40, 30), "png"),
        "listening/heavy.svg": SVG.replace("M0 0", "M0 0" * 20_000),
        "what-is-peace/well.png": b"\x89PNG no picture",
        "banks/circle.webp": encoded(photo(1400, 30), "webp"),
    })  # fmt: skip
    outside = tmp_path / "outside.jpg"
    outside.write_bytes(encoded(photo(1600, 1200), "jpg"))
    (root / "listening/link.jpg").symlink_to(outside)
    (tmp_path / "there").mkdir()
    (tmp_path / "there/far.jpg").write_bytes(outside.read_bytes())
    (root / "there").symlink_to(tmp_path / "there")
    return root


def contents(root):
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_a_course_says_what_became_of_each_picture(tmp_path):
    root = course(tmp_path)
    (root / "listening/photo.jpg").chmod(0o640)
    outside = [tmp_path / "outside.jpg", tmp_path / "there/far.jpg"]
    before = [path.read_bytes() for path in outside]
    weight = round((root / "listening/photo.jpg").stat().st_size / 1000)
    lines = [str(made) for made in shrink_course(root)]

    assert [path.read_bytes() for path in outside] == before
    assert (root / "listening/link.jpg").is_symlink()
    after = round((root / "listening/photo.jpg").stat().st_size / 1000)
    assert (root / "listening/photo.jpg").stat().st_mode & 0o777 == 0o640
    assert f"listening/photo.jpg: {weight:,} KB → {after} KB (960 × 1280)." in lines
    assert "listening/light.png: 3 KB, left as it is: light already." in lines
    assert (
        "listening/heavy.svg: 80 KB, left as it is: a drawing is made lighter where it was drawn. "
        "It is heavy: save it as plain or optimised SVG."
    ) in lines
    assert "listening/link.jpg: 1 KB" not in "".join(lines)
    assert any(line.startswith("listening/link.jpg: left as it is: it is a sym") for line in lines)
    assert any(line.startswith("what-is-peace/well.png: 1 KB, left as it is: it") for line in lines)
    assert not list(root.rglob(".shrink*"))


def test_a_dry_run_writes_nothing_and_a_second_run_finds_nothing(tmp_path):
    root = course(tmp_path)
    before = contents(root)
    planned = [str(made) for made in shrink_course(root, dry_run=True)]
    assert contents(root) == before
    assert [str(made) for made in shrink_course(root)] == planned
    once = contents(root)
    assert once != before
    assert all(made.content is None for made in shrink_course(root))
    assert contents(root) == once


def test_a_link_put_in_a_files_place_is_replaced_and_not_followed(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("as it was")
    (tmp_path / "a.png").symlink_to(secret)
    replace_file(tmp_path / "a.png", b"new")
    assert secret.read_text() == "as it was"
    assert not (tmp_path / "a.png").is_symlink()


def test_a_failure_in_between_leaves_the_old_picture(tmp_path):
    (tmp_path / "a.png").write_bytes(b"old")
    with pytest.raises(TypeError):
        replace_file(tmp_path / "a.png", "no bytes")
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]
    assert (tmp_path / "a.png").read_bytes() == b"old"


def run(*words):
    return CliRunner().invoke(course_commands, ["shrink", *map(str, words)])


def test_the_command_says_what_it_did_and_can_be_given_twice(tmp_path):
    root = write(tmp_path, {
        "listening/photo.jpg": encoded(photo(1600, 1200), "jpg"),
        "what-is-peace/well.png": encoded(photo(40, 30), "png"),
        "banks/circle.webp": encoded(photo(40, 30), "webp"),
    })  # fmt: skip
    before = contents(root)
    planned = run(root, "--dry-run")
    assert planned.exit_code == 0
    assert contents(root) == before
    assert "1 of 5 pictures would be made lighter by" in planned.output

    first, second = run(root), run(root)
    assert first.exit_code == second.exit_code == 0
    assert f"{root}/listening/photo.jpg: " in first.output
    assert "1 of 5 pictures were made lighter by" in first.output
    assert "Raise the version in course.yaml to publish them." in first.output
    assert "0 of 5 pictures were made lighter by 0 KB." in second.output


def test_the_command_ends_with_one_when_a_picture_cannot_be_read(tmp_path):
    root = write(tmp_path, {"what-is-peace/well.png": b"\x89PNG no picture"})
    answer = run(root)
    assert answer.exit_code == 1
    assert "well.png: 1 KB, left as it is: it cannot be read as .png." in answer.output


def test_the_command_touches_no_pictures_outside_a_course(tmp_path):
    holiday = tmp_path / "holiday.jpg"
    holiday.write_bytes(encoded(photo(1600, 1200), "jpg"))
    before = holiday.read_bytes()
    answer = run(tmp_path)
    assert answer.exit_code == 2
    assert "There is no course.yaml in" in answer.output
    assert holiday.read_bytes() == before
