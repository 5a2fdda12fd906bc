// The type scale of the look: what a text is for, and the style and size that go with it.
#pragma once

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

enum class FontStyle { kSans, kSansSemiBold, kSansBold, kMono, kMonoSemiBold, kSerifItalic };
constexpr int kFontStyleCount = static_cast<int>(FontStyle::kSerifItalic) + 1;

struct TypeFace {
    FontStyle style = FontStyle::kSans;
    float em_px = 14;  // at scale 1
};
TypeFace face_of(Type type);

}  // namespace heed::app
