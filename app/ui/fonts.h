// The type scale of the look as ImGui fonts, with glyphs for what is on the screen. Needs a current
// ImGui context; it knows no OpenGL: whoever renders uploads the atlas after a build.
#pragma once

#include <array>
#include <cstdint>
#include <set>
#include <string_view>

#include "app/ui/font_files.h"

struct ImFont;

namespace heed::app {

// What a text is for; sizes are em at scale 1.
enum class Type {
    kName,          // 22 bold: heed's name
    kSentence,      // 19
    kTitle,         // 17 semi-bold
    kBody,          // 14
    kBodyStrong,    // 14 semi-bold
    kLabel,         // 13 semi-bold: titles of cards
    kNote,          // 12
    kNoteStrong,    // 12 semi-bold
    kTiny,          // 11
    kTinyStrong,    // 11 semi-bold
    kResult,        // 22 semi-bold, monospaced
    kCode,          // 14 monospaced
    kNumber,        // 13 monospaced
    kNumberSmall,   // 12 monospaced
    kNumberTiny,    // 11 monospaced
    kFormula,       // 19 serif italic
    kFormulaSmall,  // 14 serif italic
};
constexpr int kTypeCount = static_cast<int>(Type::kFormulaSmall) + 1;

// The face of a type and its em at scale 1, for those who write text into files.
struct TypeFace {
    FontStyle style = FontStyle::kSans;
    float em_px = 0;
};
TypeFace face_of(Type type);

class Fonts {
  public:
    // Makes sure that the characters of `text` will be in the next build. True where they are not
    // in the present one.
    bool want(std::string_view text);
    // Builds ImGui's atlas for `scale` with all wanted characters. Where the machine has no fonts
    // at all, ImGui's own bitmap font stands in.
    void build(float scale);

    ImFont* get(Type type) const { return fonts_[static_cast<std::size_t>(type)]; }
    float scale() const { return scale_; }

  private:
    std::set<char32_t> wanted_;  // beyond the characters that are always there
    std::array<ImFont*, kTypeCount> fonts_{};
    float scale_ = 0;
};

}  // namespace heed::app
