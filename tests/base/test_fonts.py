"""Source Sans comes from the installed Streamlit, cut to what is shown, always the same."""

import io

from fontTools.ttLib import TTFont

from geo.base import font_source, fonts
from geo.publish.hashed_files import HashedFiles, font_style
from geo.webmap import geometry_routes

NORTH_SAMI = "ÁáČčĐđŊŋŠšŦŧŽž"


def signs(content):
    return {chr(code) for code in TTFont(io.BytesIO(content)).getBestCmap()}


def test_a_part_for_browsers_is_small_and_has_what_our_languages_need():
    latin = fonts.woff2(400, fonts.LATIN)
    assert len(latin) < 16_000
    assert set("æøåÆØÅéü«»–−·←→") <= signs(latin)
    assert set(NORTH_SAMI) - set("Áá") <= signs(fonts.woff2(400, fonts.EXTENDED))


def test_the_same_font_gives_the_same_bytes():
    again = fonts._weights()
    for weight in fonts.WEIGHTS:
        assert fonts.truetype(weight).read_bytes() == again[weight]
    assert fonts.woff2.__wrapped__(600, fonts.LATIN) == fonts.woff2(600, fonts.LATIN)


def test_what_is_made_of_the_font_has_a_name_of_its_own_and_its_licence():
    for weight in fonts.WEIGHTS:
        font = TTFont(fonts.truetype(weight))
        names = {one.nameID: str(one) for one in font["name"].names}
        for number in (1, 4, 6, 16):
            assert "Source" not in names[number]
        assert "Open Font License" in names[13]
        assert "Reserved Font Name" in names[0]
        assert font["OS/2"].usWeightClass == weight


def test_the_edition_has_its_fonts_beside_the_style_that_names_them():
    hashed = HashedFiles()
    style = font_style(hashed).decode()
    assert "Open Font License" in style
    assert len(hashed.files) == len(fonts.WEIGHTS) * len(fonts.PARTS)
    for path in hashed.files:
        assert f"url({path.replace('files/', '../', 1)})" in style


def test_the_dashboards_map_uses_the_file_that_its_page_has_loaded():
    style = geometry_routes.asset("map.css").decode()
    assert f"url(../../static/media/{font_source.original().name})" in style
    assert "/static/" not in geometry_routes.map_style().decode()
