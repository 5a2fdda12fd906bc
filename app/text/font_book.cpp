#include "app/text/font_book.h"

#include <algorithm>

#include "core/base/error.h"

namespace heed::app {

int FontBook::open(const FontFile& file) {
    for (std::size_t i = 0; i < faces_.size(); ++i) {
        if (faces_[i]->file() == file) return static_cast<int>(i);
    }
    // A file that fontconfig knows and FreeType cannot open is as good as none.
    try {
        faces_.push_back(std::make_unique<FontFace>(library_, file));
    } catch (const Error&) {
        return -1;
    }
    return static_cast<int>(faces_.size()) - 1;
}

int FontBook::own(FontStyle style) {
    int& font = own_[static_cast<std::size_t>(style)];
    if (font != kNotAsked) return font;
    const std::optional<FontFile> file = finder_.own(style);
    font = file ? open(*file) : -1;
    return font;
}

bool FontBook::has_all(int font, std::u32string_view characters) const {
    return font >= 0 && std::all_of(characters.begin(), characters.end(),
                                    [&](char32_t c) { return face(font).has(c); });
}

int FontBook::find(const FontWish& wish, std::u32string_view characters) {
    const int first = own(wish.style);
    if (!wish.wants_colour && has_all(first, characters)) return first;
    const int other = find_other(wish, characters);
    if (other >= 0 || !wish.wants_colour) return other;
    FontWish plain = wish;
    plain.wants_colour = false;
    return find(plain, characters);
}

int FontBook::find_other(const FontWish& wish, std::u32string_view characters) {
    std::vector<int>& known = others_[wish];
    for (const int font : known) {
        if (has_all(font, characters)) return font;
    }
    const bool is_hopeless = !std::all_of(characters.begin(), characters.end(),
                                          [&](char32_t c) { return finder_.is_anywhere(c); });
    if (is_hopeless) return -1;
    std::set<std::u32string>& nowhere = nowhere_[wish];
    if (nowhere.count(std::u32string(characters)) != 0) return -1;
    const std::optional<FontFile> file =
        finder_.other(wish.style, characters, wish.language, wish.wants_colour);
    const int font = file ? open(*file) : -1;
    if (!has_all(font, characters)) {
        nowhere.insert(std::u32string(characters));
        return -1;
    }
    known.push_back(font);
    return font;
}

}  // namespace heed::app
