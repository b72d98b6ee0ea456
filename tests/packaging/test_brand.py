"""The images by which people recognise the integration: as the brands repository wants them, and served."""

from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Final

from homeassistant.components.brands.const import ALLOWED_IMAGES
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from PIL import Image
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.amps.const import DOMAIN

from .files import INTEGRATION
from .png import Png, read_png

BRAND: Final = INTEGRATION / "brand"
IMAGES: Final = sorted(BRAND.iterdir())

NEEDED_CHUNKS: Final = {"IHDR", "PLTE", "tRNS", "IDAT", "IEND"}
"""What a picture is made of; anything else is for painters. Interlaced pictures would do as well: the rules prefer
them, but these are small, would grow by a fifth, and come from the user's own Home Assistant."""
MOST_BYTES: Final = 32 * 1024


def wrong_size(name: str, png: Png) -> str | None:
    """Return what is wrong about the size of an image: icons are square, logos have a shortest side."""
    scale = 2 if "@2x" in name else 1
    shortest = min(png.width, png.height)
    if "icon" in name and (png.width, png.height) != (256 * scale, 256 * scale):
        return f"{png.width} by {png.height} is not the size of an icon"
    if "logo" in name and not 128 * scale <= shortest <= 256 * scale:
        return f"the shortest side of {shortest} is not that of a logo"
    return None


def twins(images: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    """Return images that are equal: Home Assistant has the one stand in for the other by itself."""
    names = sorted(images)
    for at, one in enumerate(names):
        yield from ((one, other) for other in names[at + 1 :] if images[one] == images[other])


def test_there_is_an_icon_and_nothing_that_nobody_asks_for() -> None:
    names = {path.name for path in IMAGES}
    assert {"icon.png", "icon@2x.png"} <= names <= ALLOWED_IMAGES
    assert {name.replace("@2x", "") for name in names} <= names


def test_no_two_images_are_the_same() -> None:
    assert not list(twins({path.name: path.read_bytes() for path in IMAGES}))


@pytest.mark.parametrize("path", IMAGES, ids=lambda path: path.name)
def test_an_image_is_a_small_transparent_png_of_the_right_size(path: Path) -> None:
    data = path.read_bytes()
    png = read_png(data)
    assert wrong_size(path.name, png) is None
    assert png.is_transparent
    assert set(png.chunks) <= NEEDED_CHUNKS
    assert len(data) <= MOST_BYTES


@pytest.mark.parametrize("path", IMAGES, ids=lambda path: path.name)
def test_an_image_is_trimmed(path: Path) -> None:
    with Image.open(path) as image:
        assert image.getchannel("A").getbbox() == (0, 0, *image.size)


@pytest.mark.usefixtures("enable_custom_integrations")
async def test_home_assistant_serves_them(hass: HomeAssistant, hass_client: ClientSessionGenerator) -> None:
    """What there is no image for, it serves the next best of ours."""
    assert await async_setup_component(hass, "brands", {})
    client = await hass_client()
    ours = {path.name: path.read_bytes() for path in IMAGES}
    for name in sorted(ALLOWED_IMAGES):
        answer = await client.get(f"/api/brands/integration/{DOMAIN}/{name}")
        assert answer.status == HTTPStatus.OK
        served = await answer.read()
        assert served == ours[name] if name in ours else served in ours.values()


@pytest.mark.parametrize("damage", [b"", b"\xff\xd8\xff", "cut", "changed", "headless"])
def test_what_is_no_png_is_found(damage: bytes | str) -> None:
    data = (BRAND / "icon.png").read_bytes()
    damaged = {
        "cut": data[:-12],
        "changed": data[:40] + b"!" + data[41:],
        "headless": data[:8] + data[33:],
    }
    with pytest.raises(ValueError, match=r"PNG|damaged|beginning"):
        read_png(damaged[damage] if isinstance(damage, str) else damage)


@pytest.mark.parametrize(
    ("name", "width", "height", "is_wrong"),
    [
        ("icon.png", 256, 256, False),
        ("icon.png", 256, 250, True),
        ("icon@2x.png", 256, 256, True),
        ("dark_icon@2x.png", 512, 512, False),
        ("logo.png", 600, 256, False),
        ("logo.png", 600, 100, True),
        ("logo@2x.png", 600, 200, True),
        ("dark_logo@2x.png", 1200, 513, True),
    ],
)
def test_a_wrong_size_is_found(name: str, width: int, height: int, *, is_wrong: bool) -> None:
    png = Png(width=width, height=height, colour_type=6, chunks=())
    assert bool(wrong_size(name, png)) is is_wrong


def test_twins_are_found() -> None:
    assert list(twins({"icon.png": b"1", "logo.png": b"1", "dark_icon.png": b"2"})) == [("icon.png", "logo.png")]


def test_an_opaque_image_is_found() -> None:
    assert not Png(width=1, height=1, colour_type=2, chunks=("IHDR",)).is_transparent
    assert Png(width=1, height=1, colour_type=3, chunks=("IHDR", "PLTE", "tRNS")).is_transparent
