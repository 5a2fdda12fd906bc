// The fonts in use: the own font of each style, and others for the characters that it lacks, found
// and opened when they are first needed.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "app/text/font_face.h"
#include "app/text/font_finder.h"

namespace heed::app {

// What a cluster asks of a font besides its characters.
struct FontWish {
    FontStyle style = FontStyle::kSans;
    std::string language;       // "ja"; "" for any
    unsigned script = 0;        // fonts found for one script are not tried for another
    bool wants_colour = false;  // an emoji

    auto key() const { return std::tie(style, language, script, wants_colour); }
    bool operator<(const FontWish& other) const { return key() < other.key(); }
};

class FontBook {
  public:
    // The style's own font; -1 where the machine has none.
    int own(FontStyle style);
    // The font that draws all of `characters` (a grapheme cluster without what is invisible): the
    // own one, unless coloured ones are wanted; else another; -1 where none has them.
    int find(const FontWish& wish, std::u32string_view characters);
    FontFace& face(int font) { return *faces_[static_cast<std::size_t>(font)]; }
    const FontFace& face(int font) const { return *faces_[static_cast<std::size_t>(font)]; }

  private:
    static constexpr int kNotAsked = -2;

    int open(const FontFile& file);
    bool has_all(int font, std::u32string_view characters) const;
    int find_other(const FontWish& wish, std::u32string_view characters);

    FontFinder finder_;
    FontLibrary library_;
    std::vector<std::unique_ptr<FontFace>> faces_;
    std::array<int, kFontStyleCount> own_ = {kNotAsked, kNotAsked, kNotAsked,
                                             kNotAsked, kNotAsked, kNotAsked};
    std::map<FontWish, std::vector<int>> others_;  // found before for such a wish
    std::map<FontWish, std::set<std::u32string>> nowhere_;
};

}  // namespace heed::app
